#include "config/rules/table_rule.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"

namespace pg2duck::config {

void TableRule::apply(TableSettings& settings) const {
  for (const auto& [name, value] : values) {
    value.set(settings, value.texts);
  }
}

bool set_partition_by(TableSettings& settings, const std::vector<std::string>& texts) {
  settings.partition_by = PartitionKey::parse(fmt::format("{}", fmt::join(texts, ", ")));
  return !settings.partition_by.empty();
}

TableRule parse_partition_rule(std::string_view text) {
  const std::size_t equals = text.rfind('=');
  TableSettings scratch;
  const std::vector<std::string> keys{std::string(equals == std::string_view::npos ? "" : text.substr(equals + 1))};
  if (!set_partition_by(scratch, keys)) {
    throw Error(ErrorKind::kConfig, "partition rule '" + std::string(text) + "' is not TABLE=KEYS")
        .set_hint(
            "keys are columns, year(column), month(column), day(column), hour(column), bucket(N, column): "
            "--partition-by 'public.orders=region, year(created_at)'");
  }
  return {.tables = TablePattern::parse(text.substr(0, equals)),
          .values = {{"partition_by", {.set = set_partition_by, .texts = keys}}},
          .text = "partition rule '" + std::string(text) + "'"};
}

}  // namespace pg2duck::config
