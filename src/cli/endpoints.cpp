#include "cli/endpoints.hpp"

#include <filesystem>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/redaction.hpp"
#include "cli/terminal/display_text.hpp"
#include "config/target.hpp"

namespace pg2duck::cli {
namespace {

constexpr std::string_view kExample = "pg2duck copy 'postgresql://user@host/database' copy.duckdb";

Error usage(const std::string& message, std::string hint) {
  return Error(ErrorKind::kUsage, message).set_hint(std::move(hint));
}

std::string shown(const std::string& text) {
  return printable(redact(text));
}

void check_source(const std::string& source) {
  if (source.empty() || is_connection_string(source)) {
    return;
  }
  const bool bare_name = source.find_first_of(":/.= ") == std::string::npos;
  throw usage(fmt::format("SOURCE '{}' is not a Postgres connection string", shown(source)),
              bare_name ? fmt::format("for a database of that name write 'dbname={}'", shown(source))
                        : fmt::format("SOURCE comes first, as a URI or as 'host=... dbname=...': {}", kExample));
}

config::Target parsed_target(const std::string& target) {
  try {
    return config::parse_target(target);
  } catch (Error& error) {
    throw error.add_context(fmt::format("TARGET '{}'", shown(target)));
  }
}

void check_not_blank(const std::string& target) {
  if (target.find_first_not_of(" \t\n") == std::string::npos) {
    throw usage("TARGET is empty", fmt::format("give the DuckDB file to write: {}", kExample));
  }
}

void check_target(const std::string& target) {
  check_not_blank(target);
  if (is_connection_string(target)) {
    throw usage(fmt::format("TARGET '{}' is a Postgres connection string; pg2duck copies into DuckDB", shown(target)),
                fmt::format("the last argument is the DuckDB file: {}", kExample));
  }
  const config::Target parsed = parsed_target(target);
  std::error_code ignored;
  const std::filesystem::path path(parsed.location);
  if (config::is_one_file(parsed) && (parsed.location.ends_with('/') || std::filesystem::is_directory(path, ignored))) {
    throw usage(fmt::format("TARGET '{}' is a directory", shown(target)),
                fmt::format("name a file in it, e.g. {}", shown((path / "copy.duckdb").string())));
  }
}

void check_order(const std::string& source, const std::string& target) {
  if (!source.empty() && !is_connection_string(source) && is_connection_string(target)) {
    throw usage("the arguments are swapped: SOURCE (Postgres) comes first, TARGET (DuckDB file) second",
                fmt::format("pg2duck copy '{}' '{}'", shown(target), shown(source)));
  }
}

}  // namespace

std::optional<config::GivenToken> token_of_environment(const std::string& target,
                                                       const config::Environment& environment) {
  for (const char* name : config::token_variables(config::parse_target(target))) {
    if (auto token = environment(name)) {
      return config::GivenToken{.token = Secret(std::move(*token)),
                                .target = target,
                                .part = {.name = "target.token", .value = Secret::display(), .origin = name}};
    }
  }
  return std::nullopt;
}

Endpoints resolve_endpoints(std::span<const std::string> positionals, const config::Environment& environment) {
  std::optional<std::string> source = environment("PG2DUCK_SOURCE");
  std::optional<std::string> target = environment("PG2DUCK_TARGET");
  if (positionals.size() == 1 && is_connection_string(positionals[0])) {
    source = positionals[0];
  } else if (positionals.size() == 1) {
    target = positionals[0];
  } else if (positionals.size() == 2) {
    source = positionals[0];
    target = positionals[1];
  }
  if (!target) {
    throw usage("TARGET is missing: the DuckDB file to write", fmt::format("{}, or set PG2DUCK_TARGET", kExample));
  }
  if (source && source->empty()) {
    throw usage("SOURCE is empty", "leave it out to connect as psql would, with the PG* variables");
  }
  check_not_blank(*target);
  check_order(source.value_or(""), *target);
  check_source(source.value_or(""));
  return {.source = Secret(source.value_or("")), .target = *target};
}

void check_endpoints(const Secret& source, const std::string& target) {
  if (target.empty()) {
    throw usage("no target is named: the DuckDB file to write",
                "write target = \"copy.duckdb\" into pg2duck.toml, or give --target copy.duckdb");
  }
  check_target(target);
  check_source(source.reveal());
}

}  // namespace pg2duck::cli
