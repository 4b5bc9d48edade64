#include "destination/load/bulk_load.hpp"

#include <functional>

#include "base/identifier.hpp"
#include "destination/ledger/ledger.hpp"
#include "destination/load/batched_source.hpp"
#include "destination/load/staging_files.hpp"
#include "destination/parquet/parquet_catalog.hpp"
#include "destination/tables/transformation.hpp"
#include "destination/targets/load_function.hpp"

namespace pg2duck::destination {
namespace {

/// The values of the function's columns.
std::string as_read(const ColumnShape& column) {
  const std::string name = quote_identifier(column.name);
  return column.type.id == types::DuckTypeId::kGeometry ? "ST_GeomFromWKB(" + name + ")" : name;
}

/// The columns as the target wants them, or as Parquet files hold those.
std::string loaded_columns(const Session& session, const TableShape& shape, bool for_files = false) {
  const bool transforms = has_transformations(shape);
  std::string list;
  for (const ColumnShape& column : shape.columns) {
    const std::string name = quote_identifier(column.name);
    std::string value = transforms ? transformed(column) : as_read(column);
    const types::DuckType target =
        for_files ? parquet_type(target_type(session, column)) : target_type(session, column);
    if (target != (column.expression.empty() ? column.type : column.result)) {
      value = "CAST(" + value + " AS " + target.sql() + ")";
    }
    list += (list.empty() ? "" : ", ") + (value == name ? value : value + " AS " + name);
  }
  return list;
}

/// Where they come from: the function itself, or its columns under the names that expressions use.
std::string loaded_from(const TableShape& shape, std::uint64_t load) {
  const std::string function = std::string(kLoadFunction) + "(" + std::to_string(load) + "::UBIGINT)";
  return has_transformations(shape) ? transformed_from(shape, as_read, function) : function;
}

/// What becomes of the rows of a query.
using Use = std::function<std::string(const std::string& query)>;

std::uint64_t run(Session& session, const TableShape& shape, ChunkSource& source, const Use& use) {
  RunningLoad load(session, shape, source);
  std::uint64_t rows = 0;
  try {
    rows = session.execute_load(use("FROM " + loaded_from(shape, load.id())));
  } catch (...) {
    load.wait_for_threads();
    load.rethrow_failure();
    const Error error = current_error();
    if (has_transformations(shape) && error.kind() == ErrorKind::kDestination) {
      throw without_values(shape, error);
    }
    throw;
  }
  load.wait_for_threads();
  load.rethrow_failure();
  return rows;
}

/// The table as this process's DuckDB names it.
std::string name_here(const Session& session, const TableName& table) {
  return quote_identifier(session.catalog_here()) + "." + table.quoted();
}

void create_table(Session& session, const TableShape& shape, const TableName& as) {
  session.execute(create_table_sql(session, shape, as));
  if (const std::string partitions = partition_sql(session, shape, as); !partitions.empty()) {
    session.execute(partitions);
  }
}

/// The table without rows, and its rows as files.
std::uint64_t stage_files(Session& session, const TableShape& shape, const TableName& as, BatchedSource& batches) {
  ParquetCatalog& files = *session.files();
  session.execute(create_table_sql(session, shape, as));
  const std::string stem = "pg2duck_" + as.name.substr(std::string_view(kStagedPrefix).size());
  std::uint64_t rows = 0;
  do {
    rows += run(session, shape, batches, [&](const std::string& from) {
      return files.copy_sql("SELECT " + loaded_columns(session, shape) + " " + from, shape.name, stem);
    });
  } while (batches.next_batch());
  // In a transaction: without one DuckDB opens no file of an object store.
  session.execute_all({}, [&] { files.note_files(session.native(), as, shape.name, stem); });
  return rows;
}

}  // namespace

std::uint64_t bulk_load(Session& session, const TableShape& shape, const TableName& into, ChunkSource& source) {
  return run(session, shape, source, [&](const std::string& from) {
    return "INSERT INTO " + name_here(session, into) + " SELECT " + loaded_columns(session, shape) + " " + from;
  });
}

std::uint64_t load_into(Session& session, const TableShape& shape, ChunkSource& source,
                        const std::function<std::string(const std::string& query)>& statement) {
  return run(session, shape, source, [&](const std::string& from) {
    return statement("SELECT " + loaded_columns(session, shape, true) + " " + from);
  });
}

std::uint64_t stage(Session& session, const TableShape& shape, const TableName& as, ChunkSource& source) {
  const Limits& limits = session.dialect().limits;
  BatchedSource batches(source, limits.batch_rows, limits.batch_seconds);
  std::uint64_t rows = 0;
  batches.next_batch();
  if (session.files() != nullptr) {
    return stage_files(session, shape, as, batches);
  }
  if (session.staging() != nullptr) {
    create_table(session, shape, as);
    return session.staging()->load(session, shape, as, batches);
  }
  if (session.dialect().engine == Engine::kRemote) {
    rows += run(session, shape, batches, [&](const std::string& from) {
      return "CREATE TABLE " + name_here(session, as) + " AS SELECT " + loaded_columns(session, shape) + " " + from;
    });
  } else {
    create_table(session, shape, as);
    rows += bulk_load(session, shape, as, batches);
  }
  while (batches.next_batch()) {
    session.renew_if_old();
    rows += bulk_load(session, shape, as, batches);
  }
  return rows;
}

void read_only(Session& session, const TableShape& shape, ChunkSource& source) {
  run(session, shape, source, [](const std::string& from) { return "SELECT count(*) " + from; });
}

}  // namespace pg2duck::destination
