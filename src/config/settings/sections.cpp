#include <array>

#include "config/settings/binding.hpp"
#include "config/settings/chapters.hpp"

namespace pg2duck::config {
namespace {

using Kind = Setting::Kind;

constexpr std::array kTable{
    Setting{.name = "table",
            .kind = Kind::kSection,
            .stands_in = {.top = true},
            .summary = "settings of single tables, or of all that match a pattern: [table.\"public.orders\"]",
            .details = "Of sections that match a table, the last one counts, setting by setting."},
    Setting{.name = "where",
            .stands_in = {.table = true},
            .needs = "a condition in SQL",
            .example = "created_at >= '2025-01-01'",
            .summary = "only rows for which this SQL holds; names in it need their schema"},
    Setting{.name = "partition_by",
            .kind = Kind::kList,
            .stands_in = {.table = true},
            .needs = "columns, or year, month, day, hour(column), bucket(N, column)",
            .example = "year(created_at)",
            .summary = "a lake: what the files of the table are divided by: columns, year(column), month, day, hour, "
                       "bucket(N, column)",
            .set_for_table = set_partition_by},
    Setting{.name = "columns",
            .kind = Kind::kSection,
            .stands_in = {.table = true},
            .summary = "how columns arrive, by name or pattern: a type, \"exclude\", \"rename NAME\", or a table",
            .see = "types.md#your-own-choice"},
};

constexpr std::array kColumn{
    Setting{.name = "type",
            .stands_in = {.column = true},
            .example = "decimal(15,2)",
            .summary = "its type in the copy",
            .see = "types.md#your-own-choice"},
    Setting{.name = "rename", .stands_in = {.column = true}, .example = "amount", .summary = "its name in the copy"},
    Setting{.name = "expression",
            .stands_in = {.column = true},
            .example = "sha256(email)",
            .summary = "SQL of DuckDB that gives the value in the copy, over the columns that are copied",
            .see = "#expressions"},
    Setting{.name = "exclude",
            .kind = Kind::kSwitch,
            .stands_in = {.column = true},
            .example = "true",
            .fallback = "false",
            .summary = "leave it out"},
};

}  // namespace

std::span<const Setting> table_section() {
  return kTable;
}

std::span<const Setting> column_settings() {
  return kColumn;
}

}  // namespace pg2duck::config
