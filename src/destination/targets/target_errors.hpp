#pragma once

#include <span>
#include <string_view>

#include "config/target.hpp"
#include "engine/error_text.hpp"

namespace pg2duck::destination {

/// What the engine or service behind a kind of target says, as its errors come through DuckDB.
std::span<const engine::ErrorRule> target_errors(config::TargetKind kind);

/// The SQLSTATE of rules that say: there is nothing where the target is to be (invalid_catalog_name).
inline constexpr std::string_view kAbsent = "3D000";

/// Whether opening a target has failed for that.
bool says_absent(const Error& error);

}  // namespace pg2duck::destination
