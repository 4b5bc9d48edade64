#pragma once

#include <span>
#include <string_view>

#include "engine/error_text.hpp"

namespace pg2duck::destination {

/// What the object store of a location says, as its errors come through DuckDB; S3's rules for other locations.
std::span<const engine::ErrorRule> object_store_errors(std::string_view location);

}  // namespace pg2duck::destination
