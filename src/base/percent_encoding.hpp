#pragma once

#include <string>
#include <string_view>

namespace pg2duck {

/// `text` as a part of a URL: every byte but letters, digits and -._~ as %XX.
std::string percent_encoded(std::string_view text);

/// What %XX stands for; a % that two hexadecimal digits do not follow stays. As in a URL's query, a + may be a blank.
std::string percent_decoded(std::string_view text, bool plus_is_blank);

}  // namespace pg2duck
