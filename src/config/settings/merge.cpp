#include <array>

#include "config/settings/binding.hpp"
#include "config/settings/chapters.hpp"

namespace pg2duck::config {
namespace {

constexpr std::string_view kColumn = "the name of a column";

bool set_key(TableSettings& settings, const std::vector<std::string>& texts) {
  settings.disposition.key = texts;
  return true;
}

std::optional<std::uint64_t> parse_interval(std::string_view text) {
  const std::optional<std::uint64_t> seconds = parse_duration(text);
  return seconds == 0 ? std::nullopt : seconds;
}

constexpr std::array kMerge{
    table_choice<&Disposition::strategy, MergeStrategy>({.name = "strategy",
                                                         .example = "upsert",
                                                         .fallback = "upsert",
                                                         .summary = "how a merge treats rows whose key is there",
                                                         .see = "#versions"}),
    Setting{.name = "key",
            .kind = Setting::Kind::kList,
            .stands_in = {.table = true},
            .needs = "the names of columns",
            .example = "id",
            .fallback = "the primary key",
            .summary = "columns of a merge that tell rows apart; NULL equals NULL",
            .details = "Keys that are not unique are an error, unless newest_by names the column by which one of their "
                       "rows is chosen. With scd2: versions of other keys than those that were read stay open.",
            .set_for_table = set_key},
    table_text<&Disposition::newest_by>(
        {.name = "newest_by",
         .needs = kColumn,
         .example = "updated_at",
         .summary = "of several rows with one key the one with the maximum value of this column counts"}),
    table_text<&Disposition::hard_delete>(
        {.name = "hard_delete",
         .needs = kColumn,
         .example = "deleted",
         .summary = "a column that marks deleted rows, which a merge takes out of the copy: true, or, where it is not "
                    "boolean, set"}),
    Setting{.name = "reconcile",
            .stands_in = {.table = true},
            .needs = "a time, in seconds, minutes, hours, days or weeks",
            .example = "7 days",
            .fallback = "only with --reconcile",
            .summary =
                "after this time a run of a merge also compares the keys of all rows, takes out what is gone and "
                "fetches what was missed",
            .set_for_table = assign_for_table<kOfDisposition<&Disposition::reconcile_seconds>, parse_interval>},
    table_text<&Disposition::valid_from>({.name = "valid_from",
                                          .needs = kColumn,
                                          .example = "valid_from",
                                          .fallback = "valid_from",
                                          .summary = "scd2: the column that says since when a version is valid"}),
    table_text<&Disposition::valid_to>(
        {.name = "valid_to",
         .needs = kColumn,
         .example = "valid_to",
         .fallback = "valid_to",
         .summary = "scd2: the column that says until when a version was valid; NULL: it is still"}),
};

}  // namespace

std::span<const Setting> merge() {
  return kMerge;
}

}  // namespace pg2duck::config
