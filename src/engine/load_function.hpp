#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "engine/chunk_source.hpp"
#include "engine/connection.hpp"
#include "types/duckdb_type.hpp"

namespace pg2duck::engine {

/// Makes known the table function that loads read from, `pg2duck_load(id)`. DuckDB keeps functions in its catalog until
/// the instance closes, so there is one for all loads, and its argument says which.
/// @pre the instance does not have it
void register_load_function(const Connection& connection);
/// The same for a borrowed instance, which may have it from an earlier run. @thread any
void register_load_function_once(const Connection& connection);

struct LoadColumn {
  std::string name;
  types::DuckType type;
};

/// What a statement that reads from the table function gets.
struct LoadInput {
  std::vector<LoadColumn> columns;
  ChunkSource& source;
  /// The statement copies a chunk's strings before it asks for the next one, as an INSERT into a table does. Else they
  /// are copied for it.
  bool borrows_strings = true;
  /// Called before each chunk is made, by DuckDB's threads. May be empty.
  std::function<void()> on_chunk;
};

/// A load that runs now.
///
/// @thread all functions from any thread
class RunningLoad {
 public:
  explicit RunningLoad(LoadInput input);
  RunningLoad(const RunningLoad&) = delete;
  RunningLoad& operator=(const RunningLoad&) = delete;
  ~RunningLoad();

  /// What stands behind FROM, for one statement of the instance. A GEOMETRY is a BLOB there: its WKB.
  [[nodiscard]] std::string sql() const;

  /// Returns when DuckDB has destroyed the state of all threads, and with it their producers. Once the statement has
  /// ended, however it did.
  void wait_for_threads();
  /// Throws the first exception of a producer, unchanged, if there was one.
  void rethrow_failure();

  // For DuckDB's callbacks.

  /// The load that `id` names, or null.
  static RunningLoad* find(std::uint64_t id);

  [[nodiscard]] const LoadInput& input() const { return input_; }

  [[nodiscard]] bool failed() const { return failed_; }

  /// Keeps the first exception.
  void fail(std::exception_ptr failure);
  void thread_enters();
  void thread_leaves();

 private:
  LoadInput input_;
  std::uint64_t id_;
  std::atomic<bool> failed_ = false;
  std::mutex mutex_;
  std::condition_variable idle_;
  std::size_t threads_ = 0;
  std::exception_ptr failure_;
};

}  // namespace pg2duck::engine
