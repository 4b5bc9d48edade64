#pragma once

#include <string>

#include "destination/targets/database_options.hpp"
#include "destination/targets/dialect.hpp"
#include "engine/connection.hpp"

namespace pg2duck::destination {

/// Makes the options' database in the service, where none has its name. By an instance of its own: one that has the
/// whole service attached cannot attach a single database any more.
/// @error as the dialect says
void create_database(const DatabaseOptions& options, const Dialect& dialect);

/// Asks the service what the attached database is, and what the session may do. `dialect` becomes that of a lake where
/// it is one.
/// @error Error(kPermission) for what is there for reading only: a share, or an instance that is a replica
void adapt_to_service(const engine::Connection& connection, const std::string& database, Dialect& dialect);

}  // namespace pg2duck::destination
