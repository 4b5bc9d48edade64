#include "config/rules/table_rule.hpp"

#include "base/error.hpp"
#include "config/options.hpp"

namespace pg2duck::config {

TableRule parse_partition_rule(std::string_view text) {
  const std::size_t equals = text.rfind('=');
  TableRule rule;
  if (equals != std::string_view::npos) {
    rule.partition_by = PartitionKey::parse(text.substr(equals + 1));
  }
  if (rule.partition_by.empty()) {
    throw Error(ErrorKind::kConfig, "partition rule '" + std::string(text) + "' is not TABLE=KEYS")
        .set_hint(
            "keys are columns, year(column), month(column), day(column), hour(column), bucket(N, column): "
            "--partition-by 'public.orders=region, year(created_at)'");
  }
  rule.tables = TablePattern::parse(text.substr(0, equals));
  rule.text = "partition rule '" + std::string(text) + "'";
  return rule;
}

TableSettings settings_for(const CopyOptions& options, const TableName& table) {
  TableSettings settings{.read = options.read,
                         .numeric = options.numeric,
                         .primary_keys = options.primary_keys,
                         .on_schema_change = options.on_schema_change,
                         .disposition = {},
                         .partition_by = {}};
  Disposition& disposition = settings.disposition;
  disposition.mode = options.mode;
  for (const TableRule& rule : options.table_rules) {
    if (rule.tables.matches(table)) {
      settings.read = rule.read.value_or(settings.read);
      settings.numeric = rule.numeric.value_or(settings.numeric);
      settings.primary_keys = rule.primary_keys.value_or(settings.primary_keys);
      settings.on_schema_change = rule.on_schema_change.value_or(settings.on_schema_change);
      disposition.mode = rule.mode.value_or(disposition.mode);
      apply(rule.disposition, disposition);
      settings.partition_by = rule.partition_by.empty() ? settings.partition_by : rule.partition_by;
    }
  }
  return settings;
}

}  // namespace pg2duck::config
