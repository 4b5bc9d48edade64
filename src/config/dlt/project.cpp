#include "config/dlt/project.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/identifier.hpp"
#include "config/dlt/credentials.hpp"
#include "config/dlt/keys.hpp"
#include "config/dlt/tables.hpp"

namespace pg2duck::config {
namespace {

using Sections = DltSettings::Sections;

/// The dataset that the guide's pipeline loads into.
constexpr const char* kDataset = "pg2md_data";

const Sections& source_sections() {
  static const Sections sections{"sources", "sql_database", "sql_database"};
  return sections;
}

/// Takes one thing after the other out of the settings.
class Project {
 public:
  Project(const DltSettings& settings, const Environment& environment)
      : settings_(settings), environment_(environment) {}

  void take_source();
  void take_tables(bool required);
  void take_connections();
  void take_dataset();
  void take_target();
  void take_rest();
  Layer finish();

 private:
  void give(const char* setting, std::vector<std::string> values, std::string origin);

  void explain(std::string name, std::string value, std::string origin) {
    layer_.explained.push_back({.name = std::move(name), .value = std::move(value), .origin = std::move(origin)});
  }

  void explain_stage(const char* stage);

  const DltSettings& settings_;
  const Environment& environment_;
  Layer layer_;
};

/// Where the key is only misspelt, that is what helps.
std::string how_to_name_tables(const DltSettings& settings) {
  const std::vector<UnusedDltKey> unused = unused_dlt_keys(settings);
  const auto misspelt = std::ranges::find(unused, "tables", &UnusedDltKey::nearest);
  return misspelt != unused.end()
             ? misspelt->sentence
             : "tables = [\"customer\", \"item\"] there, SOURCES__SQL_DATABASE__TABLES, or --tables";
}

void Project::give(const char* setting, std::vector<std::string> values, std::string origin) {
  layer_.values.push_back({.setting = setting,
                           .values = std::move(values),
                           .label = origin + ": " + setting,
                           .origin = std::move(origin),
                           .good = {}});
}

void Project::take_source() {
  std::vector<std::string> ignored;
  layer_.source = source_of(source_credentials(settings_), ignored);
  for (const std::string& option : ignored) {
    layer_.notices.push_back(
        fmt::format("option {} of the source's credentials is not libpq's and is not used", option));
  }
}

void Project::take_tables(bool required) {
  const auto schema = settings_.find(source_sections(), "schema");
  const auto tables = settings_.find_exactly({"sources", "sql_database"}, "tables");
  const std::vector<std::string> names = tables ? list_of(*tables, "tables") : std::vector<std::string>();
  if (names.empty() && required) {
    throw Error(ErrorKind::kConfig,
                tables ? tables->place + ": no tables configured: sources.sql_database.tables is empty"
                       : "no tables configured in .dlt/config.toml under [sources.sql_database], tables")
        .set_hint(how_to_name_tables(settings_));
  }
  const std::string in_schema = schema && !schema->text.empty() ? schema->text : "public";
  std::vector<std::string> patterns;
  for (const std::string& name : names) {
    patterns.push_back(quote_identifier(in_schema) + "." + quote_identifier(name));
  }
  if (!patterns.empty()) {
    give("tables", std::move(patterns), tables->place);
    read_dlt_tables(settings_, in_schema, names, layer_);
  }
  explain("sources.sql_database.schema", in_schema, schema ? schema->place : "default");
}

void Project::take_connections() {
  const auto workers = settings_.find_exactly({"sources", "sql_database"}, "workers");
  const auto extract = settings_.find(source_sections(), "workers", "extract");
  const auto pool = settings_.find_exactly({"postgres"}, "pool_size");
  std::optional<std::int64_t> jobs;
  std::string origin;
  for (const auto& found : {workers, extract}) {
    if (found && (!jobs || integer_of(*found, "workers") < *jobs)) {
      jobs = integer_of(*found, "workers");
      origin = found->place + ": workers";
    }
  }
  // The session that holds the snapshot is one of the pool.
  if (pool && (!jobs || integer_of(*pool, "pool_size") - 1 < *jobs)) {
    jobs = std::max<std::int64_t>(integer_of(*pool, "pool_size") - 1, 1);
    if (integer_of(*pool, "pool_size") < 2) {
      layer_.notices.push_back(pool->place +
                               ": the minimum of pool_size is 2: one connection reads, one holds the snapshot");
    }
    origin = pool->place + ": pool_size, of which one holds the snapshot";
  }
  if (jobs) {
    give("jobs", {std::to_string(*jobs)}, origin);
    layer_.values.back().label = origin;
    layer_.values.back().good = "workers = 4, pool_size = 5";
  }
}

void Project::take_dataset() {
  const auto name = settings_.find({"pipelines", settings_.pipeline()}, "dataset_name");
  give("dataset", {name ? name->text : kDataset}, name ? name->place : "the guide's pipeline");
}

void Project::take_target() {
  DltMotherduck motherduck = motherduck_credentials(settings_, environment_);
  std::ranges::move(motherduck.parts, std::back_inserter(layer_.explained));
  give("target", {"md:" + motherduck.database}, "destination.motherduck");
  if (!motherduck.token.empty()) {
    layer_.token = GivenToken{.token = std::move(motherduck.token), .target = "md:" + motherduck.database, .part = {}};
  }
  if (const auto rows = settings_.find_exactly({"destination", "motherduck"}, "batch_size")) {
    give("batch_rows", {std::to_string(integer_of(*rows, "batch_size"))}, rows->place);
  }
}

void Project::explain_stage(const char* stage) {
  if (const auto workers = settings_.find_integer({stage}, "workers")) {
    explain(fmt::format("{}.workers", stage),
            fmt::format("{}; decoding and loading are done by the threads of the reading connections", *workers),
            settings_.find({stage}, "workers")->place);
  }
}

void Project::take_rest() {
  if (const auto level = settings_.find({}, "log_level", "runtime")) {
    layer_.log_level = level->text;
    explain("runtime.log_level", level->text, level->place);
  }
  if (const auto telemetry = settings_.find({}, "dlthub_telemetry", "runtime")) {
    explain("runtime.dlthub_telemetry", telemetry->text + "; nothing is ever sent", telemetry->place);
  }
  if (const auto format = settings_.find_exactly({"data_writer"}, "format")) {
    explain("data_writer.format", format->text + "; rows go to a DuckDB file without interim files", format->place);
  }
  if (const auto rows = settings_.find_exactly({"destination", "motherduck"}, "batch_size")) {
    explain("destination.motherduck.batch_size",
            fmt::format("{}; rows of one loading statement into MotherDuck", integer_of(*rows, "batch_size")),
            rows->place);
  }
  explain_stage("normalize");
  explain_stage("load");
}

Layer Project::finish() {
  for (const DltSettings::File& file : settings_.files()) {
    if (file.secrets && !file.exposure.empty()) {
      layer_.notices.push_back(
          fmt::format("{} holds secrets, and {}: chmod 600 '{}'", file.name, file.exposure, file.name));
    }
  }
  std::ranges::transform(unused_dlt_keys(settings_), std::back_inserter(layer_.notices), &UnusedDltKey::sentence);
  return std::move(layer_);
}

}  // namespace

Layer read_dlt_project(const DltFolders& folders, const DltRequest& request, const Environment& environment) {
  const DltSettings settings = DltSettings::read(folders, environment, request.pipeline);
  Project project(settings, environment);
  project.take_tables(request.tables_wanted);
  if (request.source_wanted) {
    project.take_source();
  }
  project.take_connections();
  project.take_dataset();
  if (request.target_wanted) {
    project.take_target();
  }
  project.take_rest();
  return project.finish();
}

}  // namespace pg2duck::config
