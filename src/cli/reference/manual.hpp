#pragma once

#include <string>
#include <string_view>

namespace pg2duck::cli {

/// `text`, a page of docs/, with its tables of settings made anew. A table stands between the lines
/// `<!-- settings: CHAPTER -->` and `<!-- end of settings -->`.
/// @error Error(kBug) for a chapter that is none, or one that is not ended
std::string with_tables(std::string_view text);

}  // namespace pg2duck::cli
