#pragma once

#include <optional>
#include <span>
#include <string>

#include "base/secret.hpp"
#include "config/environment.hpp"
#include "config/settings/layers.hpp"

namespace pg2duck::cli {

/// Where a copy comes from and goes to.
struct Endpoints {
  Secret source;  ///< empty: the PG* environment
  std::string target;
};

/// Takes `[SOURCE] TARGET`; what is not given comes from PG2DUCK_SOURCE and PG2DUCK_TARGET.
/// @error Error(kUsage) with a hint: no target, arguments swapped, a source that is no connection string. Messages
///        never show a password.
Endpoints resolve_endpoints(std::span<const std::string> positionals, const config::Environment& environment);

/// Looks at what holds after all: the configuration's source and target.
/// @error Error(kUsage) with a hint: as above, or a target that is none or of a kind that is not supported
void check_endpoints(const Secret& source, const std::string& target);

/// The token for a target, from the variables that its kind reads; nullopt: none is set, or it takes none.
std::optional<config::GivenToken> token_of_environment(const std::string& target,
                                                       const config::Environment& environment);

}  // namespace pg2duck::cli
