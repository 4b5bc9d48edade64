#include "source/session/savepoint.hpp"

namespace pg2duck::source {

std::optional<Error> try_asking(Connection& connection, const std::function<void()>& ask) {
  std::optional<Error> failure;
  connection.execute("SAVEPOINT pg2duck");
  try {
    ask();
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::kCancelled || error.kind() == ErrorKind::kConnection) {
      throw;
    }
    failure = error;
    connection.execute("ROLLBACK TO SAVEPOINT pg2duck");
  }
  connection.execute("RELEASE SAVEPOINT pg2duck");
  return failure;
}

}  // namespace pg2duck::source
