#pragma once

#include <cstdint>
#include <string>

#include "base/handle.hpp"
#include "engine/native.hpp"

namespace pg2duck::engine {

struct InstanceOptions {
  unsigned threads = 1;                  ///< DuckDB's own threads, the caller's among them
  std::uint64_t memory_limit_bytes = 0;  ///< 0: DuckDB's default
  std::string temp_directory;            ///< where it puts what does not fit into memory; empty: DuckDB's default
};

/// DuckDB's version, e.g. "v1.5.5".
std::string library_version();

void close_instance(_duckdb_database** instance);

/// A DuckDB in this process's memory, to which nothing is attached. To start one takes some 20 ms, which are well spent
/// beside something that waits.
///
/// @thread one at a time; its connections may be used from several
class Instance {
 public:
  /// Parallel and offline: rows are stored in the order in which they come, and nothing is downloaded or loaded that
  /// nobody asked for.
  /// @error Error(kDestination)
  static Instance start(const InstanceOptions& options);
  /// Somebody else's, who closes it.
  static Instance borrow(_duckdb_database* instance);

  [[nodiscard]] bool is_borrowed() const { return borrowed_ != nullptr; }

  /// The `duckdb_database`.
  [[nodiscard]] _duckdb_database* native() const { return is_borrowed() ? borrowed_ : own_.get(); }

 private:
  Instance() = default;

  AddressHandle<_duckdb_database*, close_instance> own_;
  _duckdb_database* borrowed_ = nullptr;
};

}  // namespace pg2duck::engine
