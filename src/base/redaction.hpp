#pragma once

#include <string>
#include <string_view>

namespace pg2duck {

/// Whether `text` reads as a Postgres connection string: a postgres URI, or key=value with a key of libpq.
bool is_connection_string(std::string_view text);

/// `text` with the passwords of a connection string (user:password@, password=, sslpassword=) as `***`.
/// Anything else comes back as it is. Rather hides too much than too little.
std::string redact(std::string_view text);

/// The same in place, for argv: afterwards `ps` does not show the password, nor its length.
void scrub(char* text);

}  // namespace pg2duck
