#include <array>

#include "config/settings/binding.hpp"
#include "config/settings/chapters.hpp"

namespace pg2duck::config {
namespace {

using Kind = Setting::Kind;

constexpr std::string_view kValue = "a value of the cursor";
constexpr std::array<std::string_view, 2> kSides{"open", "closed"};

/// A side is open, or it is not.
template <auto Field, bool SetWhenOpen>
constexpr Setting side(Setting setting) {
  setting.kind = Kind::kChoice;
  setting.words = kSides;
  setting.stands_in = {.table = true};
  setting.set_for_table = [](TableSettings& settings, const std::vector<std::string>& texts) {
    const bool open = texts.front() == "open";
    settings.disposition.*Field = open == SetWhenOpen;
    return open || texts.front() == "closed";
  };
  return setting;
}

bool set_cursor(TableSettings& settings, const std::vector<std::string>& texts) {
  const std::string& name = texts.front();
  const bool none = name == kNoCursor;
  settings.disposition.cursor = none ? std::string() : name;
  settings.disposition.append_of_all = none ? AppendOfAll::kWanted : AppendOfAll::kRefused;
  return !name.empty();
}

constexpr std::array kCursor{
    Setting{.name = "cursor",
            .stands_in = {.table = true},
            .needs = "the name of a column",
            .example = "updated_at",
            .fallback = "none",
            .summary = "a column that grows with every change: only rows from its last value on are read",
            .details = "xmin: rows of transactions since the last run. Without a cursor each run reads all rows; an "
                       "append, which adds all of them each time, needs cursor = \"none\" for that.",
            .set_for_table = set_cursor},
    table_text<&Disposition::initial>({.name = "initial",
                                       .kind = Kind::kValue,
                                       .needs = kValue,
                                       .example = "2025-01-01",
                                       .fallback = "at the beginning",
                                       .summary = "where the initial load begins, as Postgres reads it"}),
    table_text<&Disposition::lag>(
        {.name = "lag",
         .kind = Kind::kValue,
         .needs = "a number or an interval",
         .example = "1 hour",
         .fallback = "none",
         .summary = "how far before the cursor's last value a run begins, for rows that are committed late",
         .details = "A number (of seconds before a time, days before a date) or an interval. Never before initial."}),
    table_text<&Disposition::end>(
        {.name = "end",
         .kind = Kind::kValue,
         .needs = kValue,
         .example = "2025-02-01",
         .summary = "a backfill: this run reads from initial to here, and leaves the cursor's last value alone",
         .details = "Not with --full."}),
    side<&Disposition::open_start, true>(
        {.name = "range_start",
         .example = "open",
         .fallback = "closed",
         .summary = "whether rows that hold the last value, or initial, itself are read: closed, they are"}),
    side<&Disposition::closed_end, false>(
        {.name = "range_end",
         .example = "closed",
         .fallback = "open",
         .summary = "whether rows that hold end itself are read: open, they are not"}),
    table_choice<&Disposition::null_cursor, NullCursor>(
        {.name = "null_cursor",
         .example = "include",
         .fallback = "include for a merge, raise for an append",
         .summary = "rows whose cursor is NULL: they fail the table, each run reads them, or none does"}),
};

}  // namespace

std::span<const Setting> cursor() {
  return kCursor;
}

}  // namespace pg2duck::config
