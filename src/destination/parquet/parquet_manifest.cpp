#include "destination/parquet/parquet_manifest.hpp"

#include <algorithm>
#include <numeric>

#include <nlohmann/json.hpp>

#include "base/error.hpp"

namespace pg2duck::destination {
namespace {

// Keeps the order in which the members are written.
using Json = nlohmann::ordered_json;

constexpr int kVersion = 1;

Json or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

std::string text_of(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found == json.end() || found->is_null() ? "" : found->get<std::string>();
}

void add_run(Json& json, const ManifestRun& run) {
  json["run_id"] = or_null(run.run_id);
  json["snapshot"] = or_null(run.snapshot);
  json["snapshot_at"] = or_null(run.snapshot_at);
  json["lsn"] = or_null(run.lsn);
}

ManifestRun run_of(const Json& json) {
  return {.run_id = text_of(json, "run_id"),
          .snapshot = text_of(json, "snapshot"),
          .snapshot_at = text_of(json, "snapshot_at"),
          .lsn = text_of(json, "lsn")};
}

Json to_json(const ManifestTable& table) {
  Json json{{"schema", table.name.schema}, {"table", table.name.name}};
  if (!table.source.name.empty()) {
    json["source_schema"] = table.source.schema;
    json["source_table"] = table.source.name;
    add_run(json, table.run);
  }
  json["comment"] = or_null(table.comment);
  json["rows"] = std::accumulate(table.files.begin(), table.files.end(), std::uint64_t{0},
                                 [](std::uint64_t sum, const ManifestFile& file) { return sum + file.rows; });
  for (const ManifestColumn& column : table.columns) {
    json["columns"].push_back(Json{{"name", column.name},
                                   {"type", column.type},
                                   {"nullable", column.nullable},
                                   {"comment", or_null(column.comment)}});
  }
  for (const ManifestFile& file : table.files) {
    json["files"].push_back(
        Json{{"path", file.path}, {"rows", file.rows}, {"bytes", file.bytes}, {"sha256", file.sha256}});
  }
  return json;
}

/// Paths become parts of SQL, quoted, in which DuckDB takes some characters for wildcards; and files that are named
/// once and no longer are removed.
std::string checked_path(std::string path) {
  const bool leads_out = path.empty() || path.front() == '/' || path.find("..") != std::string::npos ||
                         path.find_first_of("*?[") != std::string::npos || !path.ends_with(".parquet");
  if (leads_out) {
    throw Error(ErrorKind::kDestination, "the manifest names a file that cannot be one of its own: " + path);
  }
  return path;
}

ManifestTable table_of(const Json& json) {
  ManifestTable table{.name = {json.at("schema").get<std::string>(), json.at("table").get<std::string>()},
                      .source = {text_of(json, "source_schema"), text_of(json, "source_table")},
                      .comment = text_of(json, "comment"),
                      .run = run_of(json),
                      .columns = {},
                      .files = {}};
  for (const Json& column : json.at("columns")) {
    table.columns.push_back({.name = column.at("name").get<std::string>(),
                             .type = column.at("type").get<std::string>(),
                             .nullable = column.at("nullable").get<bool>(),
                             .comment = text_of(column, "comment")});
  }
  for (const Json& file : json.at("files")) {
    table.files.push_back({.path = checked_path(file.at("path").get<std::string>()),
                           .rows = file.at("rows").get<std::uint64_t>(),
                           .bytes = file.at("bytes").get<std::uint64_t>(),
                           .sha256 = file.at("sha256").get<std::string>()});
  }
  return table;
}

}  // namespace

std::string to_text(const Manifest& manifest) {
  Json json{{"pg2duck_manifest", kVersion}};
  add_run(json, manifest.run);
  json["tables"] = Json::array();
  for (const ManifestTable& table : manifest.tables) {
    json["tables"].push_back(to_json(table));
  }
  json["retired"] = manifest.retired;
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Manifest parse_manifest(std::string_view text) {
  try {
    const Json json = Json::parse(text);
    if (json.at("pg2duck_manifest").get<int>() != kVersion) {
      throw Error(ErrorKind::kDestination, "the manifest was written by a later version of pg2duck")
          .set_hint("use that version, or copy into another place");
    }
    Manifest manifest{.run = run_of(json), .tables = {}, .retired = {}};
    for (const Json& table : json.at("tables")) {
      manifest.tables.push_back(table_of(table));
    }
    for (const Json& path : json.at("retired")) {
      manifest.retired.push_back(checked_path(path.get<std::string>()));
    }
    return manifest;
  } catch (const Json::exception& problem) {
    throw Error(ErrorKind::kDestination, std::string("manifest.json is not a manifest of pg2duck: ") + problem.what())
        .set_hint("restore it from a backup, or copy into another place");
  }
}

}  // namespace pg2duck::destination
