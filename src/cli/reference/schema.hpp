#pragma once

#include <string>

namespace pg2duck::cli {

/// The JSON schema of pg2duck.toml, by which editors complete and check it: docs/pg2duck.schema.json.
std::string schema_json();

}  // namespace pg2duck::cli
