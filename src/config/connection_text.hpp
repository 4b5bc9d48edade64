#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/secret.hpp"

namespace pg2duck::config {

/// Keywords of a libpq connection with their values, in order.
using ConnectionParts = std::vector<std::pair<std::string, Secret>>;

/// What libpq calls a keyword: "dbname", "sslmode", ... (libpq 17, "Parameter Key Words").
bool is_connection_keyword(std::string_view word);

/// The keyword that was probably meant by `word`: "dbname" for "database", the nearest spelling else.
std::optional<std::string> nearest_connection_keyword(std::string_view word);

/// A connection string of `parts`; with `url` they are added to it, and win over what it says.
Secret connection_text(const std::string& url, const ConnectionParts& parts);

}  // namespace pg2duck::config
