#include "destination/targets/service.hpp"

#include <string_view>

#include "base/identifier.hpp"
#include "destination/targets/attachment.hpp"
#include "destination/targets/extensions.hpp"
#include "engine/rows.hpp"
#include "engine/statement.hpp"

namespace pg2duck::destination {
namespace {

/// The first value of the rows; empty when there are none, or this version of the service has no such function.
std::string answer(const engine::Connection& connection, const std::string& sql, const Dialect& dialect) {
  try {
    const engine::Rows found = engine::run_query(connection, sql, {dialect.errors});
    return found.rows.empty() ? "" : found.rows[0].at(0).value_or("");
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kDestination) {
      throw;
    }
    return {};
  }
}

/// Whether its name ends in ".rs." and a number.
bool is_replica(std::string_view instance) {
  const std::size_t end = instance.find_last_not_of("0123456789") + 1;
  return end < instance.size() && instance.substr(0, end).ends_with(".rs.");
}

Error for_reading_only(const std::string& what, const std::string& hint) {
  return Error(ErrorKind::kPermission, what).set_hint(hint);
}

}  // namespace

void create_database(const DatabaseOptions& options, const Dialect& dialect) {
  const engine::Instance instance = start_instance(options);
  const engine::Connection connection(instance);
  load_extensions(connection, dialect, options);
  const std::string attach = "ATTACH " + quote_literal(dialect.service.path);
  run_with_token(connection, dialect, options, options.token.empty() ? attach : attach + " (" + kTokenOption + ")");
  const std::string create = "CREATE DATABASE IF NOT EXISTS " + quote_identifier(options.path);
  tell(options.on_statement, create);
  engine::run_statement(connection, create, {dialect.errors});
}

/// @source MotherDuck's own connector for another product: types are "motherduck", "motherduck share", "motherduck
///         ducklake"; the name of an instance ends in ".rw", of a read-scaling one in ".rs." and a number
void adapt_to_service(const engine::Connection& connection, const std::string& database, Dialect& dialect) {
  const std::string type = answer(connection,
                                  "SELECT type FROM " + std::string(dialect.service.databases) +
                                      "() WHERE is_attached AND alias = " + quote_literal(database),
                                  dialect);
  if (type.find("share") != std::string::npos) {
    throw for_reading_only("'" + database + "' is a share, which is for reading only",
                           "name a database of your own, or make one with --create-database");
  }
  const std::string instance = answer(connection, "FROM " + std::string(dialect.service.instance) + "()", dialect);
  if (is_replica(instance)) {
    throw for_reading_only("the token is a read-scaling one, which is for reading only",
                           "make a read/write token in MotherDuck's settings, and set motherduck_token to it");
  }
  if (type.find("ducklake") != std::string::npos) {
    limit_to_lake(dialect);
  }
}

}  // namespace pg2duck::destination
