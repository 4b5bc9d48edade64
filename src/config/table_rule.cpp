#include "config/table_rule.hpp"

#include "config/options.hpp"

namespace pg2duck::config {

TableSettings settings_for(const CopyOptions& options, const TableName& table) {
  TableSettings settings{.read = options.read,
                         .numeric = options.numeric,
                         .primary_keys = options.primary_keys,
                         .on_schema_change = options.on_schema_change,
                         .disposition = {}};
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
    }
  }
  return settings;
}

}  // namespace pg2duck::config
