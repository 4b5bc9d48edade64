#pragma once

#include "base/handle.hpp"
#include "engine/instance.hpp"
#include "engine/native.hpp"

namespace pg2duck::engine {

void close_connection(_duckdb_connection** connection);

/// One connection of an instance: a transaction, settings, and one statement at a time.
///
/// @thread one caller at a time, but `interrupt` may come from any thread
class Connection {
 public:
  /// @error Error(kDestination)
  explicit Connection(const Instance& instance);

  /// Stops the statement that runs now; it then throws Error(kCancelled). One that has not begun does not notice.
  void interrupt() const;

  /// The `duckdb_connection`.
  [[nodiscard]] _duckdb_connection* native() const { return handle_.get(); }

 private:
  AddressHandle<_duckdb_connection*, close_connection> handle_;
};

}  // namespace pg2duck::engine
