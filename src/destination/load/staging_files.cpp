#include "destination/load/staging_files.hpp"

#include <string>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "destination/load/bulk_load.hpp"
#include "destination/parquet/parquet_files.hpp"
#include "destination/parquet/staging_place.hpp"
#include "destination/targets/reserved_names.hpp"

namespace pg2duck::destination {
namespace {

/// Of the files of a staged table.
std::string stem_of_table(const TableName& staged) {
  return "pg2duck_stage_" + staged.name.substr(std::string_view(kStagedPrefix).size());
}

/// The values of the files, as the table has them.
std::string columns_from_files(const Session& session, const TableShape& shape) {
  std::vector<std::string> list;
  for (const ColumnShape& column : shape.columns) {
    const std::string name = quote_identifier(column.name);
    const types::DuckType type = target_type(session, column);
    list.push_back(parquet_type(type) == type ? name : "CAST(" + name + " AS " + type.sql() + ")");
  }
  return fmt::format("{}", fmt::join(list, ", "));
}

std::uint64_t load_batch(Session& session, const TableShape& shape, const TableName& as, BatchedSource& batch,
                         const std::string& stem) {
  const StagingPlace& place = *session.staging();
  const auto copy = [&](const std::string& query) {
    return copy_to_parquet(place.root, query, "", stem, place.file_bytes);
  };
  const std::uint64_t rows = load_into_files(session, shape, batch, copy, place.errors);
  const std::vector<std::string> files = files_of_stem(place.root, session.connection(), stem);
  if (!files.empty()) {
    session.execute("INSERT INTO " + target_name(session, as) + " SELECT " + columns_from_files(session, shape) +
                        " FROM " + read_parquet(place.root, files),
                    place.errors);
    place.root.remove(session.connection(), files);
  }
  return rows;
}

}  // namespace

std::uint64_t load_through_files(Session& session, const TableShape& shape, const TableName& as,
                                 BatchedSource& batches) {
  const FileRoot& root = session.staging()->root;
  std::uint64_t rows = 0;
  unsigned batch = 0;
  do {
    session.renew_if_old();
    const std::string stem = stem_of_table(as) + "_b" + std::to_string(++batch);
    try {
      rows += load_batch(session, shape, as, batches, stem);
    } catch (const Error&) {
      try {
        root.remove(session.connection(), files_of_stem(root, session.connection(), stem));
      } catch (const Error&) {
        // Nothing on purpose: why the batch failed is what matters.
      }
      throw;
    }
  } while (batches.next_batch());
  return rows;
}

void remove_staging_files(Session& session, const std::vector<TableName>& staged) {
  const FileRoot& root = session.staging()->root;
  for (const TableName& table : staged) {
    root.remove(session.connection(), root.list(session.connection(), stem_of_table(table) + "_b*_*.parquet"));
  }
}

}  // namespace pg2duck::destination
