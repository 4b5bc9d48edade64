#pragma once

#include "destination/targets/database_options.hpp"
#include "destination/targets/dialect.hpp"
#include "engine/connection.hpp"

namespace pg2duck::destination {

/// Loads the extensions that the dialect needs for the target: from the options' directory where their files stand
/// there, else from where DuckDB keeps what was installed. Nothing is downloaded by us; MotherDuck's own loader fetches
/// the library of its service.
/// @error Error(kDestination) with what to install, or as the dialect's rules say
void load_extensions(const engine::Connection& connection, const Dialect& dialect, const DatabaseOptions& options);

}  // namespace pg2duck::destination
