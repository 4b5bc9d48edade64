#include <array>

#include "config/settings/binding.hpp"
#include "config/settings/chapters.hpp"

namespace pg2duck::config {
namespace {

using Kind = Setting::Kind;

constexpr Commands kRunning{.copy = true, .sync = true, .plan = true};
constexpr Commands kForcing{.copy = true, .sync = true, .plan = true, .init = true};

constexpr auto kMode = [](TableSettings& settings) -> auto& { return settings.disposition.mode; };

std::string numeric_text(const CopyOptions& options) {
  using Target = types::NumericTarget::Kind;
  const types::NumericTarget& numeric = options.numeric;
  switch (numeric.kind) {
    case Target::kAuto:
      return "auto";
    case Target::kDecimal:
      return fmt::format("decimal({},{})", numeric.width, numeric.scale);
    case Target::kVarchar:
      return "varchar";
    case Target::kDouble:
      return "double";
  }
  return {};
}

constexpr Setting numeric(Setting setting) {
  setting.set = assign<&CopyOptions::numeric, types::parse_numeric_target, CopyOptions>;
  setting.show = numeric_text;
  return setting;
}

constexpr Setting max_shrink(Setting setting) {
  setting.set = assign<&CopyOptions::max_shrink, parse_percentage, CopyOptions>;
  setting.show = [](const CopyOptions& options) {
    return options.max_shrink ? fmt::format("{} %", *options.max_shrink) : std::string();
  };
  return setting;
}

constexpr std::array kArrival{
    rules<[](CopyOptions& options, std::string_view text) { options.columns.push_back(ColumnRule::parse(text)); }>(
        {.name = "column",
         .flag_of = kAllRuns,
         .value = "TABLE.COLUMN=SETTINGS",
         .needs = "a rule for columns",
         .example = "'public.orders.total=decimal(15,2), rename amount'",
         .fallback = "none",
         .summary = "how a column differs from its default; may be repeated, patterns are allowed",
         .details = "SETTINGS: exclude, rename NAME, unrepresentable error|null|text, a type: varchar (the text that "
                    "Postgres prints), enum, auto, decimal(p,s), double, bigint, ..., and at the end expression SQL, "
                    "which DuckDB evaluates while it loads.",
         .see = "types.md#your-own-choice"}),
    also_for_tables<&TableSettings::numeric, types::parse_numeric_target>(
        numeric({.name = "numeric",
                 .flag_of = kAllRuns,
                 .stands_in = {.top = true},
                 .value = "auto|varchar|double|decimal(p,s)",
                 .pattern = R"(^(auto|varchar|double|decimal\([0-9]+,[0-9]+\))$)",
                 .needs = "auto, varchar, double or decimal(p,s) with p up to 38",
                 .example = "varchar",
                 .fallback = "auto",
                 .summary = "what numeric without a precision becomes",
                 .details = "auto: DECIMAL(38,s) while all values fit, else VARCHAR with the exact digits.",
                 .see = "types.md#numeric-without-a-precision"})),
    choice<&CopyOptions::unrepresentable>(
        {.name = "unrepresentable",
         .flag_of = kAllRuns,
         .stands_in = {.top = true, .table = true, .column = true},
         .example = "null",
         .fallback = "error",
         .summary = "what happens to a value that its DuckDB type cannot hold, NaN in a DECIMAL for one",
         .details = "error: its table is refused; null: it becomes NULL and is counted; text: it becomes NULL and its "
                    "text goes to a column named COLUMN__text.",
         .see = "types.md#what-cannot-be-held"}),
    text<&CopyOptions::dataset>(
        {.name = "dataset",
         .flag_of = {.copy = true, .sync = true, .plan = true, .init = true, .explain_config = true},
         .stands_in = {.top = true},
         .value = "SCHEMA",
         .needs = "the name of a schema",
         .example = "replica",
         .fallback = "public becomes main, other schemas keep their name",
         .summary = "put all tables into this one schema"}),
    also_for_tables<kMode, parse_choice<Mode>>(choice<&CopyOptions::mode>(
        {.name = "mode",
         .flag_of = kAllRuns,
         .stands_in = {.top = true},
         .example = "merge",
         .fallback = "replace",
         .summary = "what happens to a copy that is there",
         .details = "replace: a new one takes its place; append: rows are added to it; merge: rows are put into it by "
                    "key. The initial load makes a whole copy in any mode.",
         .see = "#append-and-merge"})),
    also_for_tables<&TableSettings::on_schema_change, parse_choice<OnSchemaChange>>(
        choice<&CopyOptions::on_schema_change>(
            {.name = "on_schema_change",
             .flag_of = kAllRuns,
             .stands_in = {.top = true},
             .example = "fail",
             .fallback = "apply",
             .summary = "when the columns of a table have changed since it was copied",
             .details = "apply: the copy follows; ignore: it stays without new columns and new names; fail: the table "
                        "is not copied.",
             .see = "#schema-changes"})),
    also_for_tables<&TableSettings::max_shrink, parse_percentage>(max_shrink(
        {.name = "max_shrink",
         .flag_of = kAllRuns,
         .stands_in = {.top = true},
         .value = "PERCENT",
         .needs = "a whole number up to 100, and %",
         .example = "'50 %'",
         .fallback = "none",
         .summary = "the share of its rows that a table may lose between two runs: one that has lost more is "
                    "not published, unless the run is forced",
         .details = "`init` writes 50 %. Limited copies are not held against it.",
         .see = "#row-counts"})),
    on_or_off<&CopyOptions::full>(
        {.name = "full",
         .flag_of = kRunning,
         .summary = "replace every table this time, whatever its mode; versions (scd2) are kept"}),
    on_or_off<&CopyOptions::reconcile>(
        {.name = "reconcile",
         .flag_of = kAllRuns,
         .summary = "look in every merged table for rows that are gone from the source, or were missed, by their keys",
         .details = "Without it: as often as `reconcile` of the table says.",
         .see = "#cursors"}),
    also_for_tables<&TableSettings::primary_keys, parse_switch>(
        on_or_off<&CopyOptions::primary_keys>({.name = "primary_keys",
                                               .flag_of = kAllRuns,
                                               .stands_in = {.top = true},
                                               .summary = "carry primary keys over; such tables load about 40 % slower",
                                               .details = "DuckDB keeps the index in memory."})),
    on_or_off<&CopyOptions::force>({.name = "force",
                                    .flag_of = kForcing,
                                    .summary = "replace what is in the way: a full copy by a limited one, a view by a "
                                               "table, the copy of another source, one that had more rows than "
                                               "max_shrink lets go; of init: a file that is there"}),
    choice<&CopyOptions::on_error>(
        {.name = "on_error",
         .flag_of = kAllRuns,
         .stands_in = {.top = true},
         .example = "skip",
         .fallback = "abort",
         .summary = "when a table cannot be copied: publish nothing, or publish the others and exit with 3",
         .details = "A table that is left out keeps its old rows, though last_sync_time moves on; "
                    "_pg2duck.table_runs says which."}),
};

}  // namespace

std::span<const Setting> arrival() {
  return kArrival;
}

}  // namespace pg2duck::config
