#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"
#include "config/dlt/settings.hpp"
#include "config/settings/layers.hpp"

namespace pg2duck::config {

/// The parts of a connection, as dlt's credentials have them. Unset: nobody gives it.
struct DltCredentials {
  std::optional<std::string> drivername;
  std::optional<std::string> username;
  std::optional<Secret> password;
  std::optional<std::string> host;
  std::optional<std::int64_t> port;
  std::optional<std::string> database;
  std::optional<std::map<std::string, std::string>> query;
  std::vector<Explained> parts;  ///< where each of them comes from
};

/// Parses `driver://user:password@host:port/database?key=value` exactly as SQLAlchemy does (engine/url.py): user and
/// password are percent-decoded, a raw @ ends the password, what it cannot place it ignores.
/// @return nullopt when it is no such text
std::optional<DltCredentials> parse_sqlalchemy_url(std::string_view url);

/// The credentials below `sections`: a text is a URL whose parts win; what it lacks, or all when there is none, is
/// taken field by field.
/// @error Error(kConfig): no URL, a port that is no number, a secret in config.toml
DltCredentials find_credentials(const DltSettings& settings, const DltSettings::Sections& sections);

/// Credentials of the source, which must say at least the driver, a Postgres one.
/// @error Error(kConfig) that names each place where one was looked for
DltCredentials source_credentials(const DltSettings& settings);

/// As a libpq connection string; options of the query that libpq does not know go to `ignored`.
GivenSource source_of(const DltCredentials& credentials, std::vector<std::string>& ignored);

/// A MotherDuck database and the token for it.
struct DltMotherduck {
  std::string database;
  Secret token;  ///< empty: motherduck_token in the environment is the token
  std::optional<std::map<std::string, std::string>> query;
  std::vector<Explained> parts;
};

/// What `[destination.motherduck.credentials]` says. dlt reads `password`, a URL, or motherduck_token in the
/// environment; the key `token` of some guides is taken here when none of these is there.
/// @error Error(kConfig) when there is no token, or the URL has no database
DltMotherduck motherduck_credentials(const DltSettings& settings, const Environment& environment);

}  // namespace pg2duck::config
