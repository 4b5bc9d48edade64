#include "engine/connection.hpp"

#include <duckdb.h>

#include "base/error.hpp"

namespace pg2duck::engine {

void close_connection(_duckdb_connection** connection) {
  duckdb_disconnect(connection);
}

Connection::Connection(const Instance& instance) {
  if (duckdb_connect(instance.native(), handle_.out()) == DuckDBError) {
    throw Error(ErrorKind::kDestination, "DuckDB cannot make a connection");
  }
}

void Connection::interrupt() const {
  duckdb_interrupt(handle_.get());
}

}  // namespace pg2duck::engine
