#include "destination/parquet/parquet_catalog.hpp"

#include <algorithm>
#include <random>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/percent_encoding.hpp"
#include "destination/parquet/parquet_files.hpp"
#include "destination/targets/reserved_names.hpp"
#include "engine/statement.hpp"

namespace pg2duck::destination {
namespace {

constexpr const char* kFilesTable = "files";
constexpr std::string_view kFilePrefix = "pg2duck_";

/// A directory's name for a name: letters, digits, - and _ are themselves.
std::string encoded(const std::string& name) {
  std::string text;
  for (const char byte : percent_encoded(name)) {
    text += byte == '.' ? "%2E" : byte == '~' ? "%7E" : std::string(1, byte);
  }
  return text;
}

std::string directory_of(const TableName& table) {
  return encoded(table.schema) + "/" + encoded(table.name);
}

/// Of rows that are written beside the staged tables.
std::string new_stem() {
  std::random_device random;
  return fmt::format("{}rows_{:08x}{:08x}", kFilePrefix, random(), random());
}

bool is_in_ledger(const TableName& table) {
  return fold_case(table.schema) == kLedgerSchema;
}

std::string same_table(const TableName& table) {
  return fmt::format(" WHERE schema = {} AND \"table\" = {}", quote_literal(fold_case(table.schema)),
                     quote_literal(fold_case(table.name)));
}

/// Its rows in duckdb_tables and duckdb_columns.
std::string in_catalog(const std::string& alias, const TableName& table) {
  return fmt::format(" WHERE database_name = {} AND schema_name = {} AND table_name = {}", quote_literal(alias),
                     quote_literal(table.schema), quote_literal(table.name));
}

std::vector<std::string> paths_of(const std::vector<ManifestFile>& files) {
  std::vector<std::string> paths;
  for (const ManifestFile& file : files) {
    paths.push_back(file.path);
  }
  return paths;
}

}  // namespace

ParquetCatalog::ParquetCatalog(const std::string& location, std::string alias, const Dialect& dialect,
                               std::uint64_t file_bytes)
    : root_(location, dialect.errors), alias_(std::move(alias)), dialect_(dialect), file_bytes_(file_bytes) {}

engine::Rows ParquetCatalog::ask(const engine::Connection& connection, const std::string& sql) const {
  return engine::run_query(connection, sql, {dialect_.errors});
}

void ParquetCatalog::run(const engine::Connection& connection, const std::string& sql) const {
  engine::run_statement(connection, sql, {dialect_.errors});
}

std::string ParquetCatalog::table_here(const TableName& table) const {
  return quote_identifier(alias_) + "." + table.quoted();
}

std::string ParquetCatalog::files_table() const {
  return table_here({kLedgerSchema, kFilesTable});
}

void ParquetCatalog::load(const engine::Connection& connection) {
  run(connection, "CREATE SCHEMA " + quote_identifier(alias_) + "." + quote_identifier(kLedgerSchema));
  run(connection,
      "CREATE TABLE " + files_table() +
          " (schema VARCHAR, \"table\" VARCHAR, path VARCHAR, rows UBIGINT, bytes UBIGINT, sha256 VARCHAR)");
  std::optional<std::string> text = root_.read(connection, kManifestFile);
  if (!text) {
    return;
  }
  manifest_ = parse_manifest(*text);
  text_ = std::move(*text);
  note_named(manifest_);
  retired_.insert(manifest_.retired.begin(), manifest_.retired.end());
  for (const ManifestTable& table : manifest_.tables) {
    load_table(connection, table);
  }
}

void ParquetCatalog::load_table(const engine::Connection& connection, const ManifestTable& table) {
  run(connection,
      "CREATE SCHEMA IF NOT EXISTS " + quote_identifier(alias_) + "." + quote_identifier(table.name.schema));
  const std::string create = "CREATE TABLE " + table_here(table.name);
  if (is_in_ledger(table.name)) {
    run(connection, create + " AS FROM " + read_parquet(root_, paths_of(table.files)));
    written_[table.name] = content_of(connection, table.name);
    note_rows(connection, table);
    return;
  }
  // Its columns stand in the manifest, and go from there into the next one.
  run(connection, create + " (in_the_manifest INTEGER)");
  note_rows(connection, table);
}

void ParquetCatalog::note_rows(const engine::Connection& connection, const ManifestTable& table) {
  std::vector<std::string> rows;
  for (const ManifestFile& file : table.files) {
    rows.push_back(fmt::format("({}, {}, {}, {}, {}, {})", quote_literal(fold_case(table.name.schema)),
                               quote_literal(fold_case(table.name.name)), quote_literal(file.path), file.rows,
                               file.bytes, quote_literal(file.sha256)));
  }
  run(connection, fmt::format("INSERT INTO {} VALUES {}", files_table(), fmt::join(rows, ", ")));
}

std::string ParquetCatalog::copy_sql(const std::string& query, const TableName& place, const std::string& stem) const {
  return copy_to_parquet(root_, query, directory_of(place), stem, file_bytes_);
}

void ParquetCatalog::note_files(const engine::Connection& connection, const TableName& table, const TableName& place,
                                const std::string& stem) {
  const std::string path_stem = directory_of(place) + "/" + stem;
  const std::vector<std::string> paths = files_of_stem(root_, connection, path_stem);
  if (paths.empty()) {
    throw Error(ErrorKind::kDestination, "the files that were written are not there")
        .set_hint("look for another program that removes files there; then run again");
  }
  for (const std::string& path : paths) {
    const FileDigest digest = root_.digest(connection, path);
    run(connection,
        fmt::format("INSERT INTO {} SELECT {}, {}, {}, num_rows, {}, {} FROM parquet_file_metadata({})", files_table(),
                    quote_literal(fold_case(table.schema)), quote_literal(fold_case(table.name)), quote_literal(path),
                    digest.bytes, quote_literal(digest.sha256), quote_literal(root_.full(path))));
  }
  check_types(connection, table, paths);
}

void ParquetCatalog::check_types(const engine::Connection& connection, const TableName& table,
                                 const std::vector<std::string>& paths) const {
  const engine::Rows differing =
      ask(connection, fmt::format("SELECT column_name, data_type, column_type FROM (SELECT column_name, data_type FROM "
                                  "duckdb_columns(){}) JOIN (DESCRIBE FROM {}) USING (column_name) WHERE data_type <> "
                                  "column_type",
                                  in_catalog(alias_, table), read_parquet(root_, {paths.front()})));
  if (!differing.rows.empty()) {
    const auto& row = differing.rows.front();
    throw Error(ErrorKind::kBug, fmt::format("Parquet would make {} of the {} in column {}", row[2].value_or(""),
                                             row[1].value_or(""), row[0].value_or("")));
  }
}

std::vector<ManifestFile> ParquetCatalog::files_of(const engine::Connection& connection, const TableName& table) const {
  std::vector<ManifestFile> files;
  const engine::Rows found =
      ask(connection, "SELECT path, rows, bytes, sha256 FROM " + files_table() + same_table(table) + " ORDER BY path");
  for (const auto& row : found.rows) {
    files.push_back({.path = row[0].value_or(""),
                     .rows = std::stoull(row[1].value_or("0")),
                     .bytes = std::stoull(row[2].value_or("0")),
                     .sha256 = row[3].value_or("")});
  }
  return files;
}

std::string ParquetCatalog::rows_of(const engine::Connection& connection, const TableName& table) const {
  return read_parquet(root_, paths_of(files_of(connection, table)));
}

std::string ParquetCatalog::moved_sql(const TableName& from, const TableName& to) const {
  return fmt::format("UPDATE {} SET schema = {}, \"table\" = {}{}", files_table(), quote_literal(fold_case(to.schema)),
                     quote_literal(fold_case(to.name)), same_table(from));
}

std::string ParquetCatalog::dropped_sql(const TableName& table) const {
  return "DELETE FROM " + files_table() + same_table(table);
}

std::vector<TableName> ParquetCatalog::kept_tables(const engine::Connection& connection) const {
  std::vector<TableName> tables;
  const engine::Rows found = ask(
      connection, "SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = " + quote_literal(alias_) +
                      " ORDER BY ALL");
  for (const auto& row : found.rows) {
    TableName table{row[0].value_or(""), row[1].value_or("")};
    if (!table.name.starts_with(kStagedPrefix) && table != TableName{kLedgerSchema, kFilesTable}) {
      tables.push_back(std::move(table));
    }
  }
  return tables;
}

void ParquetCatalog::write_rows(const engine::Connection& connection, const TableName& table) {
  const std::string stem = new_stem();
  run(connection, dropped_sql(table));
  run(connection, copy_sql("FROM " + table_here(table), table, stem));
  note_files(connection, table, table, stem);
}

/// What tells whether rows or columns of a table in memory are others than before.
std::string ParquetCatalog::content_of(const engine::Connection& connection, const TableName& table) const {
  const engine::Rows found =
      ask(connection, fmt::format("SELECT (SELECT string_agg(column_name || ' ' || data_type, ', ' ORDER BY "
                                  "column_index) FROM duckdb_columns(){}) || concat(' ', count(*), ' ', "
                                  "sum(hash(content))) FROM {} AS content",
                                  in_catalog(alias_, table), table_here(table)));
  return found.rows.at(0).at(0).value_or("");
}

void ParquetCatalog::read_columns(const engine::Connection& connection, ManifestTable& table) const {
  const engine::Rows columns =
      ask(connection, "SELECT column_name, data_type, is_nullable, comment FROM duckdb_columns()" +
                          in_catalog(alias_, table.name) + " ORDER BY column_index");
  for (const auto& row : columns.rows) {
    table.columns.push_back({.name = row[0].value_or(""),
                             .type = row[1].value_or(""),
                             .nullable = row[2].value_or("true") == "true",
                             .comment = row[3].value_or("")});
  }
  table.comment = ask(connection, "SELECT comment FROM duckdb_tables()" + in_catalog(alias_, table.name))
                      .rows.at(0)
                      .at(0)
                      .value_or("");
}

void ParquetCatalog::read_origin(const engine::Connection& connection, ManifestTable& table) const {
  const engine::Rows found = ask(
      connection, fmt::format("SELECT t.source_schema, t.source_table, r.run_id::VARCHAR, r.snapshot, "
                              "strftime(r.snapshot_at AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ'), r.lsn FROM {} AS t "
                              "JOIN {} AS r USING (run_id) WHERE t.schema = {} AND t.\"table\" = {}",
                              table_here({kLedgerSchema, "tables"}), table_here({kLedgerSchema, "runs"}),
                              quote_literal(table.name.schema), quote_literal(table.name.name)));
  if (!found.rows.empty()) {
    const auto& row = found.rows.front();
    table.source = {row[0].value_or(""), row[1].value_or("")};
    table.run = {.run_id = row[2].value_or(""),
                 .snapshot = row[3].value_or(""),
                 .snapshot_at = row[4].value_or(""),
                 .lsn = row[5].value_or("")};
  }
}

ManifestRun ParquetCatalog::last_run(const engine::Connection& connection) const {
  const engine::Rows found =
      ask(connection,
          "SELECT run_id::VARCHAR, snapshot, strftime(snapshot_at AT TIME ZONE 'UTC', "
          "'%Y-%m-%dT%H:%M:%S.%fZ'), lsn FROM " +
              table_here({kLedgerSchema, "runs"}) + " WHERE status = 'published' ORDER BY finished_at DESC LIMIT 1");
  if (found.rows.empty()) {
    return {};
  }
  const auto& row = found.rows.front();
  return {.run_id = row[0].value_or(""),
          .snapshot = row[1].value_or(""),
          .snapshot_at = row[2].value_or(""),
          .lsn = row[3].value_or("")};
}

Manifest ParquetCatalog::next_manifest(const engine::Connection& connection) const {
  Manifest next{.run = last_run(connection), .tables = {}, .retired = {}};
  std::set<std::string> named;
  for (const TableName& name : kept_tables(connection)) {
    ManifestTable table{
        .name = name, .source = {}, .comment = {}, .run = {}, .columns = {}, .files = files_of(connection, name)};
    const auto before = std::ranges::find(manifest_.tables, name, &ManifestTable::name);
    if (before != manifest_.tables.end() && before->files == table.files) {
      table = *before;
    } else {
      read_columns(connection, table);
      read_origin(connection, table);
    }
    std::ranges::copy(paths_of(table.files), std::inserter(named, named.end()));
    next.tables.push_back(std::move(table));
  }
  std::ranges::set_difference(named_, named, std::back_inserter(next.retired));
  return next;
}

void ParquetCatalog::check_unchanged(const engine::Connection& connection) const {
  if (root_.read(connection, kManifestFile).value_or("") != text_) {
    throw Error(ErrorKind::kConflict, "another run has written the manifest since this one began")
        .set_hint("let one program at a time write into the target, then run again");
  }
}

void ParquetCatalog::write_manifest(const engine::Connection& connection) {
  check_unchanged(connection);
  std::map<TableName, std::string> written = written_;
  for (const TableName& table : kept_tables(connection)) {
    std::string content = is_in_ledger(table) ? content_of(connection, table) : "";
    std::string& before = written[table];
    if (files_of(connection, table).empty() || content != before) {
      write_rows(connection, table);
    }
    before = std::move(content);
  }
  Manifest next = next_manifest(connection);
  replace_manifest(connection, to_text(next));
  manifest_ = std::move(next);
  written_ = std::move(written);
  note_named(manifest_);
  retired_.clear();
}

/// When the answer is lost, the place is asked what it holds.
void ParquetCatalog::replace_manifest(const engine::Connection& connection, const std::string& text) {
  try {
    root_.replace(connection, kManifestFile, text);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kTransient || root_.read(connection, kManifestFile) != text) {
      throw;
    }
  }
  text_ = text;
}

void ParquetCatalog::note_named(const Manifest& manifest) {
  for (const ManifestTable& table : manifest.tables) {
    std::ranges::copy(paths_of(table.files), std::inserter(named_, named_.end()));
  }
}

std::size_t ParquetCatalog::remove_unnamed(const engine::Connection& connection) {
  std::vector<std::string> files = root_.list(connection, "*/*/" + std::string(kFilePrefix) + "*.parquet");
  std::erase_if(files, [this](const std::string& path) {
    return stem_of(path).empty() || named_.contains(path) || retired_.contains(path);
  });
  root_.remove(connection, files);
  std::set<std::string> stems;
  std::ranges::transform(files, std::inserter(stems, stems.end()), stem_of);
  std::erase_if(stems, [](const std::string& stem) { return stem.find("/pg2duck_rows_") != std::string::npos; });
  return stems.size();
}

}  // namespace pg2duck::destination
