#pragma once

#include <span>
#include <string>
#include <string_view>

#include "config/object_store.hpp"
#include "destination/targets/error_text.hpp"

namespace pg2duck::destination {

/// The extension of DuckDB that reaches a store.
std::string_view extension_of(config::ObjectStore store);

/// Tells DuckDB where the store answers and who asks, for the whole instance. What the access leaves empty is DuckDB's
/// own business. Secrets are handed over as parameters: no text of SQL holds them.
/// @param connection a raw `duckdb_connection` of an instance that has loaded the extension
/// @error Error(kConfig) for an endpoint that is none
void reach_object_store(void* connection, config::ObjectStore store, const config::StoreAccess& access);

/// What the store of a location says, as its errors come through DuckDB; S3's rules for other locations.
std::span<const ErrorRule> object_store_errors(std::string_view location);

}  // namespace pg2duck::destination
