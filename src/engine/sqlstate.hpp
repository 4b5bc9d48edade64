#pragma once

#include <string_view>

namespace pg2duck::engine {

/// The SQLSTATE that fits what DuckDB said, by the class that its message begins with ("Catalog Error: …") and, within
/// a class, by what it says. DuckDB's C API tells the class of a result's error only, its text that of every error.
/// @return five characters; empty for a text without a class
/// @source DuckDB 1.5: src/common/exception.cpp; Postgres 18's manual, Appendix A
std::string_view sqlstate_of(std::string_view text);

}  // namespace pg2duck::engine
