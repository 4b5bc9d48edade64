#include "config/options.hpp"

namespace pg2duck::config {

TableSettings settings_for(const CopyOptions& options, const TableName& table) {
  TableSettings settings{.read = options.read,
                         .numeric = options.numeric,
                         .primary_keys = options.primary_keys,
                         .on_schema_change = options.on_schema_change,
                         .max_shrink = options.max_shrink,
                         .disposition = {},
                         .partition_by = {}};
  settings.disposition.mode = options.mode;
  for (const TableRule& rule : options.table_rules) {
    if (rule.tables.matches(table)) {
      rule.apply(settings);
    }
  }
  return settings;
}

}  // namespace pg2duck::config
