#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <mutex>

#include "destination/load/bulk_load.hpp"

namespace pg2duck::destination {

/// The table function that loads read from, `pg2duck_load(id)`. DuckDB keeps functions in its catalog
/// until the instance closes, so there is one for all loads, and its argument says which.
inline constexpr const char* kLoadFunction = "pg2duck_load";

/// Once per instance, before anything else uses it.
void register_load_function(void* connection);
/// The same for an instance that is lent, and may have it from an earlier run. @thread any
void register_load_function_once(void* connection);

/// A load that runs now, as the callbacks see it.
///
/// @thread all functions from any thread
class RunningLoad {
 public:
  /// The references must live longer than this.
  RunningLoad(Session& session, const TableShape& shape, ChunkSource& source);
  RunningLoad(const RunningLoad&) = delete;
  RunningLoad& operator=(const RunningLoad&) = delete;
  ~RunningLoad();

  /// The load that `id` names, or null.
  static RunningLoad* find(std::uint64_t id);

  [[nodiscard]] std::uint64_t id() const { return id_; }

  [[nodiscard]] const TableShape& shape() const { return shape_; }

  [[nodiscard]] ChunkSource& source() { return source_; }

  [[nodiscard]] bool borrows_strings() const { return session_.dialect().supports.borrowed_strings; }

  /// Keeps the first exception.
  void fail(std::exception_ptr failure);

  [[nodiscard]] bool failed() const { return failed_; }

  void rethrow_failure();
  /// Hands DuckDB an interrupt that came before the statement had begun, and was lost by that.
  void repeat_lost_interrupt();

  void thread_enters();
  void thread_leaves();
  /// Until DuckDB has destroyed the state of all threads, and with it their producers.
  void wait_for_threads();

 private:
  Session& session_;
  const TableShape& shape_;
  ChunkSource& source_;
  std::uint64_t id_;
  std::atomic<bool> failed_ = false;
  std::mutex mutex_;
  std::condition_variable idle_;
  std::size_t threads_ = 0;
  std::exception_ptr failure_;
};

}  // namespace pg2duck::destination
