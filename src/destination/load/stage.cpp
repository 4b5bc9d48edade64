#include "destination/load/stage.hpp"

#include <string>
#include <string_view>

#include "destination/load/batched_source.hpp"
#include "destination/load/staging_files.hpp"
#include "destination/parquet/parquet_catalog.hpp"
#include "destination/targets/reserved_names.hpp"

namespace pg2duck::destination {
namespace {

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
    rows += load_by(session, shape, batches,
                    [&](const std::string& query) { return files.copy_sql(query, shape.name, stem); });
  } while (batches.next_batch());
  // In a transaction: without one DuckDB opens no file of an object store.
  session.execute_all({}, [&] { files.note_files(session.connection(), as, shape.name, stem); });
  return rows;
}

}  // namespace

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
    return load_through_files(session, shape, as, batches);
  }
  if (session.dialect().engine == Engine::kRemote) {
    rows += create_and_load(session, shape, as, batches);
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

}  // namespace pg2duck::destination
