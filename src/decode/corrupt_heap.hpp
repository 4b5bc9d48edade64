#pragma once

#include <string>

namespace pg2duck::decode {

/// @error Error(kCorruptData) for bytes of a heap that break their format; `what` is the whole message, the hint says
///        how to go on
[[noreturn]] void throw_corrupt_heap(const std::string& what);

}  // namespace pg2duck::decode
