#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace pg2duck::destination {

/// Is told each statement before it is sent to the target. No statement holds a secret.
///
/// @thread called by several threads at once
using OnStatement = std::function<void(std::string_view sql)>;

/// @pre `on_statement` may be empty
void tell(const OnStatement& on_statement, std::string_view sql);

/// Appends them to a file, each ended by a semicolon.
/// @error Error(kUsage) when the file cannot be written
OnStatement log_statements_to(const std::string& path);

}  // namespace pg2duck::destination
