#pragma once

#include <string>

#include "destination/targets/database_options.hpp"
#include "destination/targets/dialect.hpp"
#include "engine/connection.hpp"

namespace pg2duck::destination {

/// A target as a catalog of a DuckDB instance.
struct Attachment {
  std::string alias;    ///< its name in this instance
  std::string catalog;  ///< its name in the engine that runs its statements; the same where that is this one
};

/// ATTACH under `alias`, or under the target's own name where the dialect says so. The token is handed over as a
/// parameter: no SQL text holds it.
/// @error as the dialect's rules say; Error(kConflict) for a catalog in Postgres that a publication keeps from changing
Attachment attach_target(const engine::Connection& connection, const Dialect& dialect, const DatabaseOptions& options,
                         const std::string& alias);

/// The database that an instance has attached under this name.
/// @error Error(kConfig): there is none
Attachment find_attached(const engine::Connection& connection, const std::string& name);

/// The token as an option of ATTACH, in what `run_with_token` runs.
constexpr const char* kTokenOption = "TOKEN getvariable('pg2duck_token')";

/// Runs `sql`, in which `kTokenOption` means the token of the options.
/// @error as the dialect's rules say
void run_with_token(const engine::Connection& connection, const Dialect& dialect, const DatabaseOptions& options,
                    const std::string& sql);

/// Whether there is something that can be opened for reading. Only paths are looked at; what stands elsewhere is there.
bool target_is_there(const Dialect& dialect, const std::string& location);

/// `sql` for the engine that the target's statements run in.
std::string for_engine(const Dialect& dialect, const Attachment& attachment, const std::string& sql);

}  // namespace pg2duck::destination
