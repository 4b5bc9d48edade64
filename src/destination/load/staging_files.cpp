#include "destination/load/staging_files.hpp"

#include <string_view>

#include "base/identifier.hpp"
#include "destination/ledger/ledger.hpp"
#include "destination/load/bulk_load.hpp"
#include "destination/parquet/parquet_files.hpp"
#include "destination/targets/object_store.hpp"

namespace pg2duck::destination {
namespace {

/// Before what DuckDB says that no rule knows.
constexpr std::string_view kUnknown = "DuckDB: ";

/// Of the files of a staged table.
std::string stem_of_table(const TableName& staged) {
  return "pg2duck_stage_" + staged.name.substr(std::string_view(kStagedPrefix).size());
}

/// The values of the files, as the table has them.
std::string columns_from_files(const Session& session, const TableShape& shape) {
  std::string list;
  for (const ColumnShape& column : shape.columns) {
    const std::string name = quote_identifier(column.name);
    const types::DuckType type = target_type(session, column);
    list +=
        (list.empty() ? "" : ", ") + (parquet_type(type) == type ? name : "CAST(" + name + " AS " + type.sql() + ")");
  }
  return list;
}

/// What the target's own rules do not know may be the object store's.
Error of_object_store(const Error& error, const std::string& location) {
  const std::string& text = error.message();
  if (error.kind() != ErrorKind::kDestination || !text.starts_with(kUnknown)) {
    return error;
  }
  return translate_error(text.substr(kUnknown.size()), object_store_errors(location));
}

}  // namespace

StagingFiles::StagingFiles(const std::string& location, std::uint64_t file_bytes)
    : root_(location, object_store_errors(location)), file_bytes_(file_bytes) {}

std::uint64_t StagingFiles::load(Session& session, const TableShape& shape, const TableName& as,
                                 BatchedSource& batches) const {
  std::uint64_t rows = 0;
  unsigned batch = 0;
  do {
    session.renew_if_old();
    const std::string stem = stem_of_table(as) + "_b" + std::to_string(++batch);
    try {
      rows += load_batch(session, shape, as, batches, stem);
    } catch (const Error& error) {
      try {
        root_.remove(session.native(), files_of_stem(root_, session.native(), stem));
      } catch (const Error&) {
        // Nothing on purpose: why the batch failed is what matters.
      }
      throw of_object_store(error, root_.location());
    }
  } while (batches.next_batch());
  return rows;
}

std::uint64_t StagingFiles::load_batch(Session& session, const TableShape& shape, const TableName& as,
                                       BatchedSource& batch, const std::string& stem) const {
  const std::uint64_t rows = load_into(session, shape, batch, [&](const std::string& query) {
    return copy_to_parquet(root_, query, "", stem, file_bytes_);
  });
  const std::vector<std::string> files = files_of_stem(root_, session.native(), stem);
  if (!files.empty()) {
    session.execute("INSERT INTO " + target_name(session, as) + " SELECT " + columns_from_files(session, shape) +
                    " FROM " + read_parquet(root_, files));
    root_.remove(session.native(), files);
  }
  return rows;
}

void StagingFiles::remove_of(void* connection, const std::vector<TableName>& staged) const {
  for (const TableName& table : staged) {
    root_.remove(connection, root_.list(connection, stem_of_table(table) + "_b*_*.parquet"));
  }
}

}  // namespace pg2duck::destination
