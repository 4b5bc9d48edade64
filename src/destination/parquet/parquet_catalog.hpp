#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/identifier.hpp"
#include "destination/parquet/file_root.hpp"
#include "destination/parquet/parquet_manifest.hpp"
#include "destination/targets/dialect.hpp"
#include "engine/connection.hpp"
#include "engine/rows.hpp"

namespace pg2duck::destination {

/// The tables of a Parquet target, for an instance whose attached catalog is an empty one in memory.
///
/// The catalog shows what the manifest says: an empty table for each one there, so that names, renames and transactions
/// are DuckDB's own; the ledger's tables with their rows; and `_pg2duck.files`, which file belongs to which table. A
/// run stages a table as such an empty one and its files. What it publishes is written as a new manifest, in the
/// transaction that renames. Every file has a name of its own, `SCHEMA/TABLE/pg2duck_….parquet`.
///
/// @thread `directory_of`, `note_files` and `rows_of` by several sessions at once, the others by one caller
class ParquetCatalog {
 public:
  /// @param alias      under which the catalog in memory is attached
  /// @param file_bytes of one file, about
  ParquetCatalog(const std::string& location, std::string alias, const Dialect& dialect, std::uint64_t file_bytes);

  /// Reads the manifest into the catalog; nothing when there is none yet.
  /// @error Error(kDestination) for one that cannot be read, or as the dialect says
  void load(const engine::Connection& connection);

  /// Makes the root's directory, where there are such.
  void make_root() const { root_.make_directory(""); }

  [[nodiscard]] const FileRoot& root() const { return root_; }

  /// `COPY (query) TO …`: into files of the directory for `place`, which is made. Their names begin with `stem`.
  [[nodiscard]] std::string copy_sql(const std::string& query, const TableName& place, const std::string& stem) const;
  /// Takes the files that copy_sql has made of `place` and `stem` for those of `table`: counts their rows, makes them
  /// durable.
  /// @error Error(kBug) when Parquet gives a column back in another type than the table's
  void note_files(const engine::Connection& connection, const TableName& table, const TableName& place,
                  const std::string& stem);
  /// What FROM reads the rows of a table that has files from.
  [[nodiscard]] std::string rows_of(const engine::Connection& connection, const TableName& table) const;

  /// Writes the manifest of what the catalog shows in this transaction, and the tables whose rows are in it.
  /// @error Error(kConflict) when somebody else has written one since it was loaded
  void write_manifest(const engine::Connection& connection);
  /// Removes files of this target that neither the manifest nor the one before it names.
  /// @return how many staged tables they were of
  std::size_t remove_unnamed(const engine::Connection& connection);

  /// The statements that go with `ALTER TABLE … RENAME` and `DROP TABLE` of tables that have files.
  [[nodiscard]] std::string moved_sql(const TableName& from, const TableName& to) const;
  [[nodiscard]] std::string dropped_sql(const TableName& table) const;

 private:
  [[nodiscard]] std::string table_here(const TableName& table) const;
  [[nodiscard]] std::string files_table() const;
  [[nodiscard]] std::vector<ManifestFile> files_of(const engine::Connection& connection, const TableName& table) const;
  [[nodiscard]] std::vector<TableName> kept_tables(const engine::Connection& connection) const;
  [[nodiscard]] engine::Rows ask(const engine::Connection& connection, const std::string& sql) const;
  void run(const engine::Connection& connection, const std::string& sql) const;
  void load_table(const engine::Connection& connection, const ManifestTable& table);
  void note_rows(const engine::Connection& connection, const ManifestTable& table);
  void check_types(const engine::Connection& connection, const TableName& table,
                   const std::vector<std::string>& paths) const;
  void write_rows(const engine::Connection& connection, const TableName& table);
  [[nodiscard]] std::string content_of(const engine::Connection& connection, const TableName& table) const;
  void read_columns(const engine::Connection& connection, ManifestTable& table) const;
  void read_origin(const engine::Connection& connection, ManifestTable& table) const;
  [[nodiscard]] ManifestRun last_run(const engine::Connection& connection) const;
  [[nodiscard]] Manifest next_manifest(const engine::Connection& connection) const;
  void check_unchanged(const engine::Connection& connection) const;
  void replace_manifest(const engine::Connection& connection, const std::string& text);
  void note_named(const Manifest& manifest);

  FileRoot root_;
  std::string alias_;
  const Dialect& dialect_;
  std::uint64_t file_bytes_;
  Manifest manifest_;                         // as it was read or written last
  std::string text_;                          // of it; empty: there is none
  std::map<TableName, std::string> written_;  // content_of the ledger's tables, as their files hold it
  std::set<std::string> named_;               // files that the manifest named when it was loaded, or has named since
  std::set<std::string> retired_;  // what the manifest that was loaded had retired, until the next one is written
};

}  // namespace pg2duck::destination
