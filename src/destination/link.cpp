#include "destination/link.hpp"

#include "base/identifier.hpp"
#include "destination/statement.hpp"

namespace pg2duck::destination {

void run_quietly(duckdb_connection connection, const std::string& sql) noexcept {
  try {
    run_statement(connection, sql);
  } catch (...) {
    // Only from destructors: what is committed is safe in the write-ahead log.
  }
}

Link::~Link() {
  if (owns_attachment_) {
    run_quietly(connection_.get(), "DETACH " + quote_identifier(attachment_.alias));
  }
}

}  // namespace pg2duck::destination
