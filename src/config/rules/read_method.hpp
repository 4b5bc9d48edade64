#pragma once

#include <array>

#include "config/rules/choice.hpp"

namespace pg2duck::config {

/// How rows are asked for.
enum class ReadMethod {
  kAuto,    ///< pages where that is allowed and pays, else COPY
  kCopy,    ///< COPY of block ranges, several of a table at once
  kPages,   ///< pages of the heap wherever they can be read, else COPY
  kGentle,  ///< one COPY of a whole table at a time: the server keeps its cache for others
};

template <>
inline constexpr std::array kChoices<ReadMethod>{Choice{"auto", ReadMethod::kAuto}, Choice{"copy", ReadMethod::kCopy},
                                                 Choice{"pages", ReadMethod::kPages},
                                                 Choice{"gentle", ReadMethod::kGentle}};

}  // namespace pg2duck::config
