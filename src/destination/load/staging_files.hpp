#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "destination/load/batched_source.hpp"
#include "destination/parquet/file_root.hpp"
#include "destination/tables/table_ddl.hpp"
#include "destination/targets/database.hpp"

namespace pg2duck::destination {

/// A place for Parquet files through which rows go into the target: this process writes them, the target's engine reads
/// them, and they are removed. Their names begin with the staged table's, by which the next run knows those of a run
/// that was killed. Several targets may share it.
///
/// @thread several sessions at once, each with tables of its own
class StagingFiles {
 public:
  StagingFiles(const std::string& location, std::uint64_t file_bytes);

  /// Loads all of `batches` into the table `as`, which has been created: each batch as files that one statement of the
  /// target reads.
  /// @return rows written
  /// @error  as bulk_load; the files of the batch are removed
  std::uint64_t load(Session& session, const TableShape& shape, const TableName& as, BatchedSource& batches) const;

  /// Removes what a killed run left of these staged tables.
  void remove_of(void* connection, const std::vector<TableName>& staged) const;

 private:
  std::uint64_t load_batch(Session& session, const TableShape& shape, const TableName& as, BatchedSource& batch,
                           const std::string& stem) const;

  FileRoot root_;
  std::uint64_t file_bytes_;
};

}  // namespace pg2duck::destination
