#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace pg2duck::destination {

/// The alias under which the target is attached. Every name sent to DuckDB starts with it, so that
/// a schema called `main`, `temp` or like the file can never be taken for something else.
inline constexpr std::string_view kTargetCatalog = "pg2duck_target";

struct DatabaseOptions {
  std::string path;                      ///< the DuckDB file
  unsigned threads = 2;                  ///< DuckDB's own threads
  std::uint64_t memory_limit_bytes = 0;  ///< 0: DuckDB's default
  bool read_only = false;
};

/// All rows of a small result, as text; nullopt is NULL. Not for table data.
struct Rows {
  std::vector<std::string> columns;
  std::vector<std::vector<std::optional<std::string>>> rows;
};

class Session;

/// One DuckDB instance in memory with the target file attached as kTargetCatalog. Closing
/// (destruction) checkpoints and detaches.
///
/// @thread `connect` may be called from any thread
class Database {
 public:
  /// Opens the file, creating it when absent (its directory is not created).
  /// @error Error(kConflict) when another process holds the file, with its name and PID if DuckDB tells;
  ///        Error(kDestination) when the directory is missing, not writable, or the file is no DuckDB file
  static Database open(const DatabaseOptions& options);

  Database(Database&&) noexcept;
  Database& operator=(Database&&) noexcept;
  ~Database();

  [[nodiscard]] Session connect();

  /// DuckDB's version, e.g. "v1.5.5".
  static std::string library_version();

 private:
  struct State;
  explicit Database(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// One DuckDB connection.
///
/// @thread one caller at a time, but `interrupt` may come from any thread
class Session {
 public:
  Session(Session&&) noexcept;
  Session& operator=(Session&&) noexcept;
  ~Session();

  /// Runs one statement or several.
  /// @return rows that the last one changed
  /// @error  Error(kDestination), Error(kCancelled) after `interrupt`
  std::uint64_t execute(const std::string& sql);
  /// Runs one statement that DuckDB's threads work on for long; this thread is one of them.
  /// @return, @error as execute
  std::uint64_t execute_long(const std::string& sql);
  /// A column of a type other than text, number, boolean, date or timestamp must be cast to VARCHAR.
  [[nodiscard]] Rows query(const std::string& sql);
  /// The single value of a one-row, one-column query.
  [[nodiscard]] std::int64_t query_int(const std::string& sql);
  /// Stops the statement that runs now, or else the next one; it then throws Error(kCancelled).
  void interrupt();
  /// `interrupt` was called, and no statement has thrown for it yet.
  [[nodiscard]] bool interrupt_pending() const;

  /// The raw `duckdb_connection`, for bulk_load.
  [[nodiscard]] void* native() const;

 private:
  friend class Database;
  struct State;
  explicit Session(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// BEGIN … COMMIT on a session; rolls back when destroyed before `commit`.
class Transaction {
 public:
  explicit Transaction(Session& session);
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();
  void commit();

 private:
  Session& session_;
  bool open_ = true;
};

}  // namespace pg2duck::destination
