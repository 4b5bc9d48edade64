#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "destination/session/session.hpp"
#include "destination/targets/database_options.hpp"
#include "destination/targets/dialect.hpp"
#include "engine/instance.hpp"

namespace pg2duck::destination {

/// One DuckDB instance in memory with the target attached, or a borrowed one. Closing (destruction) detaches the
/// target, a file after a checkpoint; a borrowed instance stays as it was.
///
/// @thread `connect`, `set_memory_limit` and `keep_row_groups` may be called from any thread
class Database {
 public:
  /// Opens the target in `started`, which start_instance has made of the same options, or in an instance that it starts
  /// itself; a file or a lake is created when absent (its directory is not).
  /// @error Error(kConflict) when another process holds the file, with its name and PID if DuckDB tells;
  ///        Error(kDestination) when the directory is missing, not writable, or the file is no DuckDB file;
  ///        Error(kAuth), Error(kTransient) and others as the dialect says
  static Database open(const DatabaseOptions& options, std::optional<engine::Instance> started = std::nullopt);
  /// Opens it for reading only, whatever `options` say. @return nullopt when there is nothing yet; @error as open
  static std::optional<Database> open_existing(DatabaseOptions options, engine::Instance started);

  Database(Database&&) noexcept;
  Database& operator=(Database&&) noexcept;
  ~Database();

  /// @pre   this lives longer than the session
  /// @error as the dialect says, where a session is a connection to a server
  [[nodiscard]] Session connect();

  [[nodiscard]] const Dialect& dialect() const;

  /// How much memory DuckDB may use here from now on, in bytes; a server of the target has its own, and so has a
  /// borrowed instance.
  /// @error Error(kDestination) when more is in use
  void set_memory_limit(std::uint64_t bytes);

  /// The checkpoint at the end puts no row groups together, neither small ones nor those with deleted rows.
  /// @pre the dialect supports a checkpoint
  void keep_row_groups();

 private:
  struct State;
  explicit Database(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace pg2duck::destination
