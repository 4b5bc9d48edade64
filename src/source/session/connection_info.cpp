#include "source/session/connection_info.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <libpq-fe.h>

#include "base/error.hpp"
#include "base/handle.hpp"
#include "base/percent_encoding.hpp"

namespace pg2duck::source {
namespace {

using OptionsHandle = Handle<PQconninfoOption, PQconninfoFree>;

constexpr const char* kForms =
    "give postgresql://user@host:port/database, key=value pairs, or nothing for the PG* environment";
constexpr const char* kEncode =
    "in a URI, write @ : / ? # % in a user name or password as %40 %3A %2F %3F %23 %25, or leave the password "
    "out and set PGPASSWORD";

struct ParseFailure {
  std::string_view needle;
  const char* message;
};

// libpq's own text quotes the part it stumbled over, which may be (half of) a password: it is only recognised here,
// never passed on.
constexpr std::array<ParseFailure, 7> kParseFailures = {{
    {"missing \"=\"", "a word stands without '=' (a value with blanks goes between single quotes)"},
    {"unterminated quoted string", "a single quote is left open"},
    {"invalid connection option", "it names an option that libpq does not know"},
    {"URI query parameter",
     "the part after '?' in the URI is not name=value, or names an option that libpq does not know"},
    {"percent-encoded", "a % in the URI is not followed by two hexadecimal digits"},
    {"IPv6", "the IPv6 address in the URI is not between [ and ]"},
    {"unexpected character", "a character stands in the URI where ':' or '/' is expected"},
}};

Error parse_error(std::string_view libpq_text, bool is_uri) {
  std::string message = "libpq cannot read it";
  for (const ParseFailure& failure : kParseFailures) {
    if (libpq_text.find(failure.needle) != std::string_view::npos) {
      message = failure.message;
      break;
    }
  }
  return Error(ErrorKind::kUsage, "the source's connection string is wrong: " + message)
      .set_hint(is_uri ? kEncode : kForms);
}

bool looks_like_uri(const std::string& text) {
  return text.starts_with("postgresql://") || text.starts_with("postgres://");
}

/// A password with a raw @ or / makes libpq take its rest for a host, port or database, which would be shown.
void refuse_misplaced_password(const std::map<std::string, Secret>& parameters) {
  const auto value = [&](const char* key) {
    const auto found = parameters.find(key);
    return found == parameters.end() ? std::string() : found->second.reveal();
  };
  const std::string port = value("port");
  const bool bad_port = port.find_first_not_of("0123456789,") != std::string::npos;
  const bool bad_host = value("host").find('@') != std::string::npos && value("host").front() != '@';
  const bool bad_database = value("user").empty() && value("dbname").find('@') != std::string::npos;
  if (bad_port || bad_host || bad_database) {
    throw Error(ErrorKind::kUsage, std::string("the source's connection string is wrong: its ") +
                                       (bad_port ? "port is not a number"
                                                 : "host or database holds an '@', as if a password were not encoded"))
        .set_hint(kEncode);
  }
}

std::map<std::string, std::string> libpq_defaults() {
  std::map<std::string, std::string> defaults;
  const OptionsHandle options(PQconndefaults());
  for (const PQconninfoOption* option = options.get(); option != nullptr && option->keyword != nullptr; ++option) {
    if (option->val != nullptr) {
      defaults.emplace(option->keyword, option->val);
    }
  }
  return defaults;
}

/// Where a connection goes, and as whom. Hosts and ports may be lists.
struct Place {
  std::string user;
  std::string host;  ///< empty: a socket in libpq's own directory, or what the service says
  std::string port;
  std::string database;
  std::string service;
};

Place place_of(const std::map<std::string, Secret>& parameters) {
  const bool by_service = parameters.contains("service");
  // The defaults do not know the service file's section that is named in the string itself.
  const auto defaults = by_service ? std::map<std::string, std::string>() : libpq_defaults();
  const auto value = [&](const char* key) {
    if (const auto given = parameters.find(key); given != parameters.end() && !given->second.empty()) {
      return given->second.reveal();
    }
    const auto found = defaults.find(key);
    return found == defaults.end() ? std::string() : found->second;
  };
  Place place{.user = value("user"),
              .host = value("host").empty() ? value("hostaddr") : value("host"),
              .port = value("port"),
              .database = value("dbname"),
              .service = by_service ? value("service") : ""};
  if (place.database.empty() && !by_service) {
    place.database = place.user;
  }
  return place;
}

/// A dbname that libpq would expand: a connection string of its own, maybe with a password.
bool is_connection_string(const std::string& database) {
  return database.find('=') != std::string::npos || looks_like_uri(database);
}

std::vector<std::string> parts_of(const std::string& list) {
  std::vector<std::string> parts(1);
  for (const char byte : list) {
    if (byte == ',') {
      parts.emplace_back();
    } else {
      parts.back() += byte;
    }
  }
  return parts;
}

/// host:port,host:port of two lists, of which that of the ports may hold one for all hosts.
std::string uri_hosts(const std::string& hosts, const std::string& ports) {
  const std::vector<std::string> each = parts_of(hosts);
  const std::vector<std::string> port = parts_of(ports);
  std::string text;
  for (std::size_t i = 0; i < each.size(); ++i) {
    const std::string& own = port[std::min(i, port.size() - 1)];
    const bool is_ipv6 = each[i].find(':') != std::string::npos && !each[i].starts_with('/');
    text += (i == 0 ? "" : ",") + (is_ipv6 ? "[" + each[i] + "]" : percent_encoded(each[i])) +
            (own.empty() ? "" : ":" + own);
  }
  return text;
}

}  // namespace

ConnectionInfo ConnectionInfo::parse(const Secret& text, std::string password_origin) {
  const bool is_uri = looks_like_uri(text.reveal());
  char* error_text = nullptr;
  const OptionsHandle options(PQconninfoParse(text.reveal().c_str(), &error_text));
  const Handle<char, PQfreemem> error_owner(error_text);
  if (!options) {
    throw parse_error(error_text == nullptr ? "" : error_text, is_uri);
  }
  ConnectionInfo info;
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->val != nullptr) {
      info.parameters_.emplace(option->keyword, Secret(option->val));
    }
  }
  if (info.parameters_.contains("password")) {
    info.password_origin_ = std::move(password_origin);
  }
  if (is_uri) {
    refuse_misplaced_password(info.parameters_);
  }
  return info;
}

std::string ConnectionInfo::display() const {
  const Place place = place_of(parameters_);
  std::string host = place.host;
  if (host.empty()) {
    host = place.service.empty() ? "[local]" : "";
  } else if (host.starts_with('/') || host.find(':') != std::string::npos) {
    host = "[" + host + "]";
  }
  const std::string database = is_connection_string(place.database) ? "***" : place.database;
  const std::string text = "postgresql://" + (place.user.empty() ? "" : place.user + "@") + host +
                           (place.port.empty() ? "" : ":" + place.port) + "/" + database;
  return place.service.empty() ? text : text + "?service=" + place.service;
}

std::string ConnectionInfo::uri() const {
  Place place = place_of(parameters_);
  if (is_connection_string(place.database)) {
    // What it says goes over what stands beside it.
    std::map<std::string, Secret> merged = parameters_;
    merged.erase("dbname");
    for (const auto& [key, value] : parse(Secret(place.database)).parameters_) {
      merged.insert_or_assign(key, value);
    }
    place = place_of(merged);
    if (is_connection_string(place.database)) {
      place.database.clear();
    }
  }
  const std::string text = "postgresql://" + (place.user.empty() ? "" : percent_encoded(place.user) + "@") +
                           uri_hosts(place.host, place.port) + "/" + percent_encoded(place.database);
  return place.service.empty() ? text : text + "?service=" + percent_encoded(place.service);
}

std::string libpq_version() {
  const int version = PQlibVersion();
  return std::to_string(version / 10000) + "." + std::to_string(version % 10000);
}

}  // namespace pg2duck::source
