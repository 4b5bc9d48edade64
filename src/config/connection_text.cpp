#include "config/connection_text.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/identifier.hpp"
#include "base/percent_encoding.hpp"
#include "base/spelling.hpp"

namespace pg2duck::config {
namespace {

constexpr std::array<std::string_view, 47> kKeywords{
    "host",
    "hostaddr",
    "port",
    "dbname",
    "user",
    "password",
    "passfile",
    "require_auth",
    "channel_binding",
    "connect_timeout",
    "client_encoding",
    "options",
    "application_name",
    "fallback_application_name",
    "keepalives",
    "keepalives_idle",
    "keepalives_interval",
    "keepalives_count",
    "tcp_user_timeout",
    "replication",
    "gssencmode",
    "sslmode",
    "requiressl",
    "sslnegotiation",
    "sslcompression",
    "sslcert",
    "sslkey",
    "sslpassword",
    "sslcertmode",
    "sslrootcert",
    "sslcrl",
    "sslcrldir",
    "sslsni",
    "requirepeer",
    "ssl_min_protocol_version",
    "ssl_max_protocol_version",
    "krbsrvname",
    "gsslib",
    "gssdelegation",
    "service",
    "servicefile",
    "target_session_attrs",
    "load_balance_hosts",
    "min_protocol_version",
    "max_protocol_version",
    "oauth_issuer",
    "oauth_client_id",
};

bool is_uri(std::string_view text) {
  const std::string start = fold_case(text.substr(0, 16));
  return start.starts_with("postgresql://") || start.starts_with("postgres://");
}

std::string conninfo_quoted(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) {
    quoted += c == '\'' || c == '\\' ? std::string{'\\', c} : std::string(1, c);
  }
  return quoted + "'";
}

}  // namespace

bool is_connection_keyword(std::string_view word) {
  return std::ranges::find(kKeywords, word) != kKeywords.end();
}

std::optional<std::string> nearest_connection_keyword(std::string_view word) {
  constexpr std::array<std::array<std::string_view, 2>, 6> kOtherWords{{{"database", "dbname"},
                                                                        {"db", "dbname"},
                                                                        {"username", "user"},
                                                                        {"hostname", "host"},
                                                                        {"server", "host"},
                                                                        {"pass", "password"}}};
  const auto* other = std::ranges::find(kOtherWords, word, [](const auto& pair) { return pair[0]; });
  return other == kOtherWords.end() ? nearest_word(word, kKeywords) : std::string((*other)[1]);
}

Secret connection_text(const std::string& url, const ConnectionParts& parts) {
  std::string text = url;
  const bool uri = is_uri(url);
  for (const auto& [keyword, value] : parts) {
    if (uri) {
      text += text.find('?') == std::string::npos ? '?' : '&';
      text += keyword + "=" + percent_encoded(value.reveal());
    } else {
      text += (text.empty() ? "" : " ") + keyword + "=" + conninfo_quoted(value.reveal());
    }
  }
  return Secret(std::move(text));
}

}  // namespace pg2duck::config
