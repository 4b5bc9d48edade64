#pragma once

#include <cstdint>
#include <mutex>
#include <vector>

#include "destination/session/database.hpp"
#include "sync/plan/table_job.hpp"

namespace pg2duck::sync {

/// Bytes of memory in which DuckDB can load `plan` without its temporary files, by an estimate from the tables' sizes:
/// row groups that are being built, for each table in flight and each thread. What DuckDB gets beyond that it spends on
/// keeping written blocks, which nobody reads again.
/// @shape `tables_at_once`, `threads` 1 or more
std::uint64_t estimate_memory(const std::vector<TableJob>& plan, unsigned tables_at_once, unsigned threads);

/// DuckDB's memory limit during a run: a small one while an estimate is enough, all that is allowed once it is not.
///
/// @thread any
class MemoryLimit {
 public:
  /// `most`: bytes that DuckDB may use and has been opened with.
  MemoryLimit(destination::Database& database, std::uint64_t most) : database_(database), most_(most) {}

  /// Sets the limit to `bytes`, or leaves it where that is not less.
  void lower(std::uint64_t bytes);

  /// Sets the limit to all that is allowed.
  void raise();

  /// Whether there is more to be had by `raise`.
  [[nodiscard]] bool is_lowered() const;

 private:
  destination::Database& database_;
  const std::uint64_t most_;
  mutable std::mutex mutex_;
  bool lowered_ = false;  // guarded by mutex_
};

}  // namespace pg2duck::sync
