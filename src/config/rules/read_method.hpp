#pragma once

#include <optional>
#include <string_view>

namespace pg2duck::config {

/// How rows are asked for.
enum class ReadMethod {
  kAuto,    ///< pages where that is allowed and pays, else COPY
  kCopy,    ///< COPY of block ranges, several of a table at once
  kPages,   ///< pages of the heap wherever they can be read, else COPY
  kGentle,  ///< one COPY of a whole table at a time: the server keeps its cache for others
};

/// Reads "auto", "copy", "pages" or "gentle".
std::optional<ReadMethod> parse_read_method(std::string_view text);
std::string_view to_string(ReadMethod method);

}  // namespace pg2duck::config
