#include <array>

#include "config/settings/binding.hpp"
#include "config/settings/chapters.hpp"

namespace pg2duck::config {
namespace {

constexpr Commands kSelecting{.copy = true, .sync = true, .plan = true, .init = true, .explain_config = true};

constexpr std::array kSelection{
    list<&CopyOptions::tables>(
        {.name = "tables",
         .flag_of = kSelecting,
         .stands_in = {.top = true},
         .value = "PATTERNS",
         .needs = "table names or patterns",
         .example = "'public.*'",
         .fallback = "every table outside the system schemas",
         .summary = "tables to copy, separated by commas; may be repeated",
         .details = "* and ? are wildcards, quotes make a name literal: 'public.*,sales.orders,\"Odd Name\"'.",
         .see = "#choosing-tables"}),
    list<&CopyOptions::exclude>({.name = "exclude",
                                 .flag_of = kSelecting,
                                 .stands_in = {.top = true},
                                 .value = "PATTERNS",
                                 .needs = "table names or patterns",
                                 .example = "'public.tmp_*'",
                                 .fallback = "none",
                                 .summary = "tables to leave out of these; may be repeated"}),
    on_or_off<&CopyOptions::views>({.name = "views",
                                    .flag_of = kSelecting,
                                    .stands_in = {.top = true},
                                    .summary = "copy views and materialized views that match a wildcard, too",
                                    .details = "A view that is named without wildcards is always copied."}),
    rules<[](CopyOptions& options, std::string_view text) { options.where.push_back(RowFilter::parse(text)); }>(
        {.name = "where",
         .flag_of = kAllRuns,
         .value = "TABLE=CONDITION",
         .needs = "a condition for rows",
         .example = R"("public.orders=created_at >= '2025-01-01'")",
         .fallback = "all rows",
         .summary = "only the rows of a table for which this SQL holds; may be repeated",
         .details = "Names in it need their schema, as the search path is empty."}),
    count<&CopyOptions::limit, 1, UINT64_MAX>({.name = "limit",
                                               .flag_of = kAllRuns,
                                               .stands_in = {.top = true},
                                               .value = "N",
                                               .example = "1000",
                                               .fallback = "all rows",
                                               .summary = "at most N rows of each table, for a first try",
                                               .see = "#test-copies"}),
};

}  // namespace

std::span<const Setting> selection() {
  return kSelection;
}

}  // namespace pg2duck::config
