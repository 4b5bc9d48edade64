#include "base/percent_encoding.hpp"

#include <cstddef>

#include <uriparser/Uri.h>

namespace pg2duck {

std::string percent_encoded(std::string_view text) {
  if (text.empty()) {
    return {};
  }
  constexpr std::size_t kLongestCode = 3;
  std::string encoded(kLongestCode * text.size() + 1, '\0');
  const char* end =
      uriEscapeExA(text.data(), text.data() + text.size(), encoded.data(), URI_FALSE, /*normalizeBreaks=*/URI_FALSE);
  encoded.resize(static_cast<std::size_t>(end - encoded.data()));
  return encoded;
}

std::string percent_decoded(std::string_view text, bool plus_is_blank) {
  std::string decoded(text);
  const char* end = uriUnescapeInPlaceExA(decoded.data(), plus_is_blank ? URI_TRUE : URI_FALSE, URI_BR_DONT_TOUCH);
  decoded.resize(static_cast<std::size_t>(end - decoded.data()));
  return decoded;
}

}  // namespace pg2duck
