#include "config/options.hpp"

#include <utility>

namespace pg2duck::config {

std::optional<ReadMethod> parse_read_method(std::string_view text) {
  for (const auto& [word, method] :
       {std::pair("auto", ReadMethod::kAuto), std::pair("copy", ReadMethod::kCopy),
        std::pair("pages", ReadMethod::kPages), std::pair("gentle", ReadMethod::kGentle)}) {
    if (text == word) {
      return method;
    }
  }
  return std::nullopt;
}

}  // namespace pg2duck::config
