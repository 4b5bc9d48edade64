#include "config/dlt/credentials.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/percent_encoding.hpp"
#include "config/connection_text.hpp"
#include "config/rules/table_pattern.hpp"

namespace pg2duck::config {
namespace {

constexpr const char* kCredentials = "credentials";
constexpr const char* kFromUrl = " (url)";

std::map<std::string, std::string> parse_query(std::string_view text) {
  std::map<std::string, std::string> query;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('&'), text.size());
    const std::string_view pair = text.substr(0, end);
    const std::size_t equals = pair.find('=');
    // Python's parse_qsl drops what has no value.
    if (equals != std::string_view::npos && equals + 1 < pair.size()) {
      query[percent_decoded(pair.substr(0, equals), /*plus_is_blank=*/true)] =
          percent_decoded(pair.substr(equals + 1), true);
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return query;
}

/// Takes `user:password@` from the front of `rest`.
void take_user(std::string_view& rest, DltCredentials& credentials) {
  const std::size_t end = std::min(rest.find_first_of(":/"), rest.size());
  if (end < rest.size() && rest[end] == ':') {
    if (const std::size_t at = rest.find('@', end); at != std::string_view::npos) {
      credentials.username = percent_decoded(rest.substr(0, end), false);
      credentials.password = Secret(percent_decoded(rest.substr(end + 1, at - end - 1), false));
      rest.remove_prefix(at + 1);
      return;
    }
  }
  if (const std::size_t at = rest.substr(0, end).rfind('@'); at != std::string_view::npos) {
    credentials.username = percent_decoded(rest.substr(0, at), false);
    rest.remove_prefix(at + 1);
  }
}

/// Takes `host:port`. @return false when the port is no number
bool take_host(std::string_view& rest, DltCredentials& credentials) {
  const bool bracketed = rest.starts_with('[') && rest.find(']') != std::string_view::npos;
  const std::size_t start = bracketed ? 1 : 0;
  const std::size_t end = std::min(rest.find_first_of(bracketed ? "]" : "/:?"), rest.size());
  if (end > start) {
    credentials.host = std::string(rest.substr(start, end - start));
  }
  rest.remove_prefix(end + start);
  if (!rest.starts_with(':')) {
    return true;
  }
  const std::size_t stop = std::min(rest.find_first_of("/?"), rest.size());
  const std::string_view port = rest.substr(1, stop - 1);
  rest.remove_prefix(stop);
  credentials.port = python_integer(port);
  return port.empty() || credentials.port.has_value();
}

/// A field's query as a table of a file, or as JSON of the environment.
std::map<std::string, std::string> query_of(const DltValue& value) {
  std::map<std::string, std::string> query;
  if (value.node != nullptr && value.node->is_table()) {
    for (const auto& [key, node] : *value.node->as_table()) {
      if (const auto* text = node.as_string()) {
        query[std::string(key.str())] = text->get();
      } else if (const auto* number = node.as_integer()) {
        query[std::string(key.str())] = std::to_string(number->get());
      }
    }
    return query;
  }
  const auto json = nlohmann::json::parse(value.text, nullptr, false);
  if (!json.is_object()) {
    throw Error(ErrorKind::kConfig, value.place + ": query needs a table of options, as JSON in the environment")
        .set_hint(R"(e.g. query = { sslmode = "require" }, or QUERY='{"sslmode": "require"}')");
  }
  for (const auto& [key, option] : json.items()) {
    query[key] = option.is_string() ? option.get<std::string>() : option.dump();
  }
  return query;
}

/// The path that people write: a source that is called as its module stands there once.
std::string joined(const DltSettings::Sections& sections) {
  std::string name;
  for (std::size_t i = 0; i < sections.size(); ++i) {
    name += i > 0 && sections[i] == sections[i - 1] ? "" : sections[i] + ".";
  }
  return name + kCredentials;
}

/// The credentials as one text, when they are given so.
DltCredentials from_url(const DltSettings& settings, const DltSettings::Sections& sections, std::string_view shown_as) {
  const auto url = settings.find(sections, kCredentials, {}, true);
  if (!url || (url->node != nullptr && url->node->is_table())) {
    return {};
  }
  std::string text = url->text;
  // dlt's short form for MotherDuck.
  if (shown_as == "md" && text.starts_with("md:") && !text.starts_with("md:/")) {
    text.insert(3, "///");
  }
  auto credentials = parse_sqlalchemy_url(text);
  if (!credentials) {
    throw Error(ErrorKind::kConfig, fmt::format("{}: {} is no URL", url->place, joined(sections)))
        .set_hint(shown_as == "md" ? "e.g. md:my_db?motherduck_token=..."
                                   : "e.g. postgresql://user:password@host:5432/database, or a table of its parts");
  }
  const std::string name = joined(sections);
  // A URL that stands further out is for several ends, and dlt takes of it what it can.
  const auto exact = settings.find_exactly(sections, kCredentials);
  const bool own = shown_as == "md" && exact && exact->place == url->place;
  if (own && credentials->drivername != "md" && credentials->drivername != "motherduck") {
    throw Error(ErrorKind::kConfig, fmt::format("{}: {} is of {}, and not of MotherDuck", url->place, name,
                                                credentials->drivername.value_or("")))
        .set_hint("e.g. md:my_db?motherduck_token=...; another target is named by --target, e.g. --target copy.duckdb");
  }
  const auto explain = [&](const char* field, const std::optional<std::string>& value) {
    if (value) {
      credentials->parts.push_back({.name = name + "." + field, .value = *value, .origin = url->place + kFromUrl});
    }
  };
  explain("drivername", credentials->drivername);
  explain("host", credentials->host);
  explain("port", credentials->port ? std::optional(std::to_string(*credentials->port)) : std::nullopt);
  explain("database", credentials->database);
  explain("username", credentials->username);
  explain("password", credentials->password ? std::optional(Secret::display()) : std::nullopt);
  return *credentials;
}

/// Fills what a URL left open, field by field.
class FieldSearch {
 public:
  FieldSearch(const DltSettings& settings, const DltSettings::Sections& sections, DltCredentials& credentials)
      : settings_(settings), sections_(sections), credentials_(credentials) {}

  void text(const char* field, std::optional<std::string>& value) {
    if (const auto found = value ? std::nullopt : settings_.find(sections_, field, kCredentials)) {
      value = found->text;
      explain(field, found->text, found->place);
    }
  }

  void password() {
    const bool known = credentials_.password.has_value();
    if (const auto found = known ? std::nullopt : settings_.find(sections_, "password", kCredentials, true)) {
      credentials_.password = Secret(found->text);
      explain("password", Secret::display(), found->place);
    }
    if (credentials_.password) {
      credentials_.password = Secret(std::string(trim(credentials_.password->reveal())));
    }
  }

  void port() {
    if (credentials_.port) {
      return;
    }
    credentials_.port = settings_.find_integer(sections_, "port", kCredentials);
    if (credentials_.port) {
      explain("port", std::to_string(*credentials_.port), settings_.find(sections_, "port", kCredentials)->place);
    }
  }

  void query() {
    if (const auto found = credentials_.query ? std::nullopt : settings_.find(sections_, "query", kCredentials)) {
      credentials_.query = query_of(*found);
      explain("query", fmt::format("{} options", credentials_.query->size()), found->place);
    }
  }

 private:
  void explain(const char* field, std::string value, std::string place) {
    credentials_.parts.push_back(
        {.name = joined(sections_) + "." + field, .value = std::move(value), .origin = std::move(place)});
  }

  const DltSettings& settings_;
  const DltSettings::Sections& sections_;
  DltCredentials& credentials_;
};

DltCredentials find(const DltSettings& settings, const DltSettings::Sections& sections, std::string_view scheme) {
  DltCredentials credentials = from_url(settings, sections, scheme);
  FieldSearch fields(settings, sections, credentials);
  if (scheme != "md") {
    fields.text("drivername", credentials.drivername);
  }
  fields.text("database", credentials.database);
  fields.password();
  fields.text("username", credentials.username);
  fields.text("host", credentials.host);
  fields.port();
  fields.query();
  return credentials;
}

/// Where the token comes from when dlt's own keys do not hold one, and who wins when several do.
void take_other_token(const DltSettings& settings, const DltSettings::Sections& sections,
                      const Environment& environment, bool known, DltMotherduck& motherduck) {
  const bool in_environment = environment("motherduck_token") || environment("MOTHERDUCK_TOKEN");
  const auto token = settings.find(sections, "token", kCredentials, true);
  if (!known && !in_environment && !token) {
    throw Error(ErrorKind::kConfig, "no token for MotherDuck: destination.motherduck.credentials.password is not set")
        .set_hint(
            "write token or password into [destination.motherduck.credentials] of .dlt/secrets.toml, set "
            "motherduck_token, or write into a file with --target copy.duckdb");
  }
  if (token) {
    const bool wins = !known && !in_environment;
    const char* other = known ? " (not used: password or URL wins)" : " (not used: motherduck_token wins)";
    motherduck.parts.push_back({.name = joined(sections) + ".token",
                                .value = Secret::display(),
                                .origin = token->place + (wins ? "" : other)});
    motherduck.token = wins ? Secret(std::string(trim(token->text))) : motherduck.token;
  }
}

}  // namespace

std::optional<DltCredentials> parse_sqlalchemy_url(std::string_view url) {
  const std::size_t scheme = url.find("://");
  const auto in_name = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '+';
  };
  if (scheme == std::string_view::npos || scheme == 0 || !std::ranges::all_of(url.substr(0, scheme), in_name)) {
    return std::nullopt;
  }
  DltCredentials credentials;
  credentials.drivername = std::string(url.substr(0, scheme));
  std::string_view rest = url.substr(scheme + 3);
  take_user(rest, credentials);
  if (!take_host(rest, credentials)) {
    return std::nullopt;
  }
  if (rest.starts_with('/')) {
    const std::size_t end = std::min(rest.find('?'), rest.size());
    credentials.database = std::string(rest.substr(1, end - 1));
    rest.remove_prefix(end);
  }
  credentials.query = rest.starts_with('?') ? parse_query(rest.substr(1)) : std::map<std::string, std::string>();
  return credentials;
}

DltCredentials find_credentials(const DltSettings& settings, const DltSettings::Sections& sections) {
  return find(settings, sections, "postgresql");
}

DltCredentials source_credentials(const DltSettings& settings) {
  // The module and the source within it are both called so.
  const DltSettings::Sections sections{"sources", "sql_database", "sql_database"};
  DltCredentials credentials = find_credentials(settings, sections);
  if (!credentials.drivername) {
    throw Error(ErrorKind::kConfig,
                "no credentials for Postgres: sources.sql_database.credentials.drivername is not set")
        .set_hint(
            "write [sources.sql_database.credentials] with drivername, host, port, database, username and password "
            "into .dlt/secrets.toml, set SOURCES__SQL_DATABASE__CREDENTIALS to a URL, or give --source");
  }
  const std::string driver = credentials.drivername->substr(0, credentials.drivername->find('+'));
  if (driver != "postgresql" && driver != "postgres") {
    throw Error(ErrorKind::kConfig, "drivername " + *credentials.drivername + ": pg2duck copies from Postgres only")
        .set_hint("e.g. drivername = \"postgresql\"");
  }
  return credentials;
}

GivenSource source_of(const DltCredentials& credentials, std::vector<std::string>& ignored) {
  ConnectionParts parts;
  const auto add = [&parts](const char* keyword, const std::optional<std::string>& value) {
    if (value && !value->empty()) {
      parts.emplace_back(keyword, Secret(*value));
    }
  };
  add("host", credentials.host);
  add("port", credentials.port ? std::optional(std::to_string(*credentials.port)) : std::nullopt);
  add("dbname", credentials.database);
  add("user", credentials.username);
  if (credentials.password && !credentials.password->empty()) {
    parts.emplace_back("password", *credentials.password);
  }
  for (const auto& [option, value] : credentials.query.value_or(std::map<std::string, std::string>())) {
    if (is_connection_keyword(option)) {
      parts.emplace_back(option, Secret(value));
    } else {
      ignored.push_back(option);
    }
  }
  return {.connection = connection_text("", parts), .parts = credentials.parts};
}

DltMotherduck motherduck_credentials(const DltSettings& settings, const Environment& environment) {
  const DltSettings::Sections sections{"destination", "motherduck"};
  DltCredentials found = find(settings, sections, "md");
  DltMotherduck motherduck{.database = found.database.value_or("my_db"),
                           .token = found.password.value_or(Secret()),
                           .query = std::move(found.query),
                           .parts = std::move(found.parts)};
  for (const char* name : {"token", "motherduck_token"}) {
    const auto option =
        motherduck.query ? motherduck.query->extract(name) : decltype(motherduck.query->extract(name))();
    if (option) {
      motherduck.token = Secret(option.mapped());
      found.password = motherduck.token;
    }
  }
  if (motherduck.database.empty()) {
    throw Error(ErrorKind::kConfig, "the URL of MotherDuck names no database")
        .set_hint("e.g. md:my_db?motherduck_token=..., or --target copy.duckdb");
  }
  take_other_token(settings, sections, environment, found.password.has_value(), motherduck);
  return motherduck;
}

}  // namespace pg2duck::config
