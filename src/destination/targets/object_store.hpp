#pragma once

#include <string_view>

#include "config/object_store.hpp"
#include "engine/connection.hpp"

namespace pg2duck::destination {

/// The extension of DuckDB that reaches a store.
std::string_view extension_of(config::ObjectStore store);

/// Tells DuckDB where the store answers and who asks, for the whole instance. What the access leaves empty is DuckDB's
/// own business. Secrets are handed over as parameters: no text of SQL holds them.
/// @pre   the instance has loaded the extension
/// @error Error(kConfig) for an endpoint that is none
void reach_object_store(const engine::Connection& connection, config::ObjectStore store,
                        const config::StoreAccess& access);

}  // namespace pg2duck::destination
