#include "base/redaction.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>
#include <vector>

#include "base/identifier.hpp"

namespace pg2duck {
namespace {

constexpr std::string_view kStars = "***";

/// Offset and length of a secret within a text.
using Span = std::pair<std::size_t, std::size_t>;

bool is_uri(std::string_view text) {
  const std::string start = fold_case(text.substr(0, 16));
  return start.starts_with("postgresql://") || start.starts_with("postgres://");
}

/// The value behind `key=` from `value` on, as libpq reads it: quoted, or up to a separator.
std::size_t value_length(std::string_view text, std::size_t value, bool uri) {
  std::size_t end = value;
  if (!uri && end < text.size() && text[end] == '\'') {
    for (++end; end < text.size() && text[end] != '\''; ++end) {
      end += text[end] == '\\' ? 1 : 0;
    }
    return std::min(end + 1, text.size()) - value;
  }
  const std::string_view separators = uri ? "&#" : " \t\n\r";
  while (end < text.size() && separators.find(text[end]) == std::string_view::npos) {
    end += !uri && text[end] == '\\' ? 2 : 1;
  }
  return std::min(end, text.size()) - value;
}

void find_keyword_values(std::string_view text, bool uri, std::vector<Span>& spans) {
  // Also finds sslpassword and whatever else ends in these words.
  constexpr std::array<std::string_view, 4> kKeys{"password", "passwd", "secret", "token"};
  const std::string folded = fold_case(text);
  for (const std::string_view key : kKeys) {
    for (std::size_t at = folded.find(key); at != std::string::npos; at = folded.find(key, at + key.size())) {
      std::size_t value = folded.find_first_not_of(" \t", at + key.size());
      if (value == std::string::npos || folded[value] != '=') {
        continue;
      }
      value = std::min(folded.find_first_not_of(" \t", value + 1), text.size());
      spans.emplace_back(value, value_length(text, value, uri));
    }
  }
}

void find_user_password(std::string_view text, std::vector<Span>& spans) {
  // Also of a URI whose scheme is misspelt.
  const std::size_t slashes = text.find("//");
  const std::size_t start = slashes == std::string_view::npos ? 0 : slashes + 2;
  const std::string_view before_query = text.substr(0, text.find('?'));
  // A password may wrongly hold a raw @ or /: everything up to the last @ is taken for it.
  const std::size_t end = before_query.rfind('@');
  const std::size_t colon = text.find(':', start);
  if (end != std::string_view::npos && colon < end) {
    spans.emplace_back(colon + 1, end - colon - 1);
  }
}

/// Secrets in `text`, last first, so that replacing one does not move the others.
std::vector<Span> find_secrets(std::string_view text) {
  std::vector<Span> spans;
  const bool uri = is_uri(text);
  if (uri || text.find('@') != std::string_view::npos) {
    find_user_password(text, spans);
  }
  if (uri || text.find('=') != std::string_view::npos) {
    find_keyword_values(text, uri, spans);
  }
  std::ranges::sort(spans);
  std::vector<Span> apart;
  for (const Span& span : spans) {
    if (!apart.empty() && span.first < apart.back().first + apart.back().second) {
      apart.back().second = std::max(apart.back().second, span.first + span.second - apart.back().first);
    } else if (span.second > 0) {
      apart.push_back(span);
    }
  }
  std::ranges::reverse(apart);
  return apart;
}

}  // namespace

bool is_connection_string(std::string_view text) {
  if (is_uri(text)) {
    return true;
  }
  constexpr std::array<std::string_view, 9> kKeys{"host",    "hostaddr", "port",     "dbname",          "user",
                                                  "service", "password", "passfile", "application_name"};
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos) {
    return false;
  }
  std::string key = fold_case(text.substr(0, equals));
  key.erase(0, std::min(key.find_first_not_of(" \t"), key.size()));
  key.erase(key.find_last_not_of(" \t") + 1);
  return std::ranges::find(kKeys, key) != kKeys.end() || key.starts_with("ssl") || key == "options";
}

std::string redact(std::string_view text) {
  std::string result(text);
  for (const auto& [offset, length] : find_secrets(text)) {
    result.replace(offset, length, kStars);
  }
  return result;
}

void scrub(char* text) {
  const std::size_t size = std::strlen(text);
  std::string redacted = redact(std::string_view(text, size));
  // Stars may be longer than a one-letter password; then the tail of the string goes.
  redacted.resize(size, '\0');
  std::memcpy(text, redacted.data(), size);
}

}  // namespace pg2duck
