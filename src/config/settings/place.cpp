#include <array>
#include <optional>
#include <string>

#include "config/settings/binding.hpp"
#include "config/settings/chapters.hpp"
#include "config/target.hpp"

namespace pg2duck::config {
namespace {

using Kind = Setting::Kind;

constexpr auto kCreateSnapshot = [](auto& options) -> auto& { return options.maintenance.create_snapshot; };
constexpr auto kUpdateShare = [](auto& options) -> auto& { return options.maintenance.update_share; };
constexpr auto kExpireAfter = [](auto& options) -> auto& { return options.maintenance.expire_after; };

bool set_stage(CopyOptions& options, std::string_view text) {
  const std::optional<std::string> place = parquet_place(text);
  options.stage = place.value_or("");
  return place.has_value();
}

constexpr Setting stage(Setting setting) {
  setting.set = set_stage;
  setting.show = [](const CopyOptions& options) {
    return options.stage.empty() ? options.stage : "parquet:" + options.stage;
  };
  return setting;
}

constexpr Setting kept_runs(Setting setting) {
  setting.set = [](CopyOptions& options, std::string_view text) {
    const std::optional<KeptRuns> runs = parse_kept_runs(text);
    options.keep_runs = runs.value_or(options.keep_runs);
    return runs.has_value();
  };
  setting.show = [](const CopyOptions& options) { return describe(options.keep_runs); };
  return setting;
}

constexpr Setting expiry(Setting setting) {
  setting.set = assign<kExpireAfter, parse_duration, CopyOptions>;
  setting.show = [](const CopyOptions& options) {
    return options.maintenance.expire_after == 0 ? std::string()
                                                 : fmt::format("{} seconds", options.maintenance.expire_after);
  };
  return setting;
}

constexpr std::array kPlace{
    text<&CopyOptions::database>({.name = "database",
                                  .flag_of = kAllRuns,
                                  .stands_in = {.top = true},
                                  .value = "NAME",
                                  .needs = "the name of a database",
                                  .example = "shop",
                                  .fallback = "what the target names",
                                  .summary = "MotherDuck: the database, where the target is md: alone",
                                  .see = "targets.md#motherduck"}),
    on_or_off<&CopyOptions::create_database>(
        {.name = "create_database",
         .flag_of = kAllRuns,
         .stands_in = {.top = true},
         .summary = "MotherDuck: create the database where there is none of its name"}),
    on_or_off<kCreateSnapshot>({.name = "create_snapshot",
                                .flag_of = kAllRuns,
                                .stands_in = {.top = true},
                                .summary = "MotherDuck: once published, show it to read-scaling instances at once"}),
    list<kUpdateShare>({.name = "update_share",
                        .flag_of = kAllRuns,
                        .stands_in = {.top = true},
                        .value = "NAME",
                        .needs = "the name of a share",
                        .example = "shop_share",
                        .fallback = "none",
                        .summary = "MotherDuck: once published, show it in this share of the database; may be "
                                   "repeated"}),
    text<&CopyOptions::data_path>({.name = "data_path",
                                   .kind = Kind::kPath,
                                   .flag_of = kAllRuns,
                                   .stands_in = {.top = true},
                                   .value = "PATH",
                                   .needs = "a directory",
                                   .example = "/data/shop",
                                   .fallback = "CATALOG.files beside a catalog that is a file",
                                   .summary = "where a new lake keeps its Parquet files; needed when its catalog is in "
                                              "Postgres",
                                   .see = "targets.md"}),
    rules<[](CopyOptions& options, std::string_view text) {
      options.table_rules.push_back(parse_partition_rule(text));
    }>({.name = "partition_by",
        .flag_of = kAllRuns,
        .value = "TABLE=KEYS",
        .needs = "a table and what its files are divided by",
        .example = "'public.orders=year(created_at)'",
        .fallback = "nothing",
        .summary = "a lake: what the files of a table are divided by; may be repeated",
        .details = "KEYS: columns, year(column), month, day, hour, bucket(N, column)."}),
    expiry({.name = "expire_after",
            .flag_of = kAllRuns,
            .stands_in = {.top = true},
            .value = "TIME",
            .needs = "a time, in seconds, minutes, hours, days or weeks",
            .example = "'7 days'",
            .fallback = "for ever",
            .summary = "a lake: for how long earlier copies can be read"}),
    kept_runs({.name = "keep_runs",
               .kind = Kind::kValue,
               .flag_of = kAllRuns,
               .stands_in = {.top = true},
               .value = "RUNS",
               .needs = "an age, in seconds, minutes, hours, days or weeks, a number of runs, or all",
               .example = "'12 weeks'",
               .fallback = "90 days",
               .summary = "which runs the ledger in the target keeps",
               .details = "An age, a number of runs, or all. Those that made a table or published it last stay.",
               .see = "#ledger"}),
    text<&CopyOptions::storage_version>(
        {.name = "storage_version",
         .flag_of = kAllRuns,
         .stands_in = {.top = true},
         .value = "VERSION",
         .needs = "a version of DuckDB, v1.0.0 or later, or latest",
         .example = "v1.4.0",
         .fallback = "the file's; of a new one v1.0.0, with which large tables take longer to refresh",
         .summary = "a DuckDB file: the oldest DuckDB that is to read it",
         .details = "From v1.4.0 on large tables are brought up to date faster. It can be raised, not lowered.",
         .see = "#compression"}),
    choice<&CopyOptions::profile>(
        {.name = "profile",
         .flag_of = kAllRuns,
         .stands_in = {.top = true},
         .example = "motherduck",
         .fallback = "target",
         .summary = "whose limits the target is written under",
         .details = "motherduck: load in batches and publish in a short transaction, with retries, as MotherDuck wants "
                    "it, on whatever target."}),
    count<&CopyOptions::batch_rows, 1, UINT64_MAX>({.name = "batch_rows",
                                                    .flag_of = kAllRuns,
                                                    .stands_in = {.top = true},
                                                    .value = "N",
                                                    .example = "1000000",
                                                    .fallback = "all of a table; MotherDuck 1,000,000",
                                                    .summary = "rows of one loading statement"}),
    stage({.name = "stage",
           .flag_of = kAllRuns,
           .stands_in = {.top = true},
           .value = "parquet:PLACE",
           .needs = "parquet: and a directory, or a place in an object store",
           .example = "parquet:s3://bucket/stage",
           .fallback = "none",
           .summary = "let rows go through Parquet files at this place, a directory or an object store",
           .details = "The target reads them; they are removed again.",
           .see = "targets.md"}),
};

}  // namespace

std::span<const Setting> place() {
  return kPlace;
}

}  // namespace pg2duck::config
