#include "cli/endpoints.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/identifier.hpp"
#include "cli/display_text.hpp"
#include "cli/redaction.hpp"

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

/// The part before a colon when it reads as a scheme ("md", "s3"), in lower case; else empty.
std::string scheme_of(const std::string& target) {
  const std::size_t colon = target.find(':');
  if (colon == std::string::npos) {
    return {};
  }
  std::string scheme = fold_case(target.substr(0, colon));
  const bool plausible = std::ranges::all_of(
      scheme, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '-'; });
  return plausible ? scheme : std::string();
}

void check_target_kind(const std::string& target) {
  constexpr std::array<std::string_view, 5> kPlanned{"md", "motherduck", "quack", "ducklake", "parquet"};
  const std::string scheme = scheme_of(target);
  if (std::ranges::find(kPlanned, scheme) != kPlanned.end()) {
    throw usage(fmt::format("TARGET '{}': {}: targets are not supported yet", shown(target), scheme),
                "copy into a local DuckDB file, e.g. copy.duckdb");
  }
  if (target.find("://") != std::string::npos) {
    throw usage(fmt::format("TARGET '{}' is a URI; pg2duck writes into a local DuckDB file", shown(target)),
                "give a file name, e.g. copy.duckdb");
  }
  if (target == ":memory:") {
    throw usage("TARGET ':memory:' would be gone when pg2duck ends", "give a file name, e.g. copy.duckdb");
  }
}

void check_target(const std::string& target) {
  if (target.find_first_not_of(" \t\n") == std::string::npos) {
    throw usage("TARGET is empty", fmt::format("give the DuckDB file to write: {}", kExample));
  }
  if (is_connection_string(target)) {
    throw usage(fmt::format("TARGET '{}' is a Postgres connection string; pg2duck copies into DuckDB", shown(target)),
                fmt::format("the last argument is the DuckDB file: {}", kExample));
  }
  check_target_kind(target);
  std::error_code ignored;
  if (target.ends_with('/') || std::filesystem::is_directory(target, ignored)) {
    throw usage(
        fmt::format("TARGET '{}' is a directory", shown(target)),
        fmt::format("name a file in it, e.g. {}", shown((std::filesystem::path(target) / "copy.duckdb").string())));
  }
}

void check_order(const std::string& source, const std::string& target) {
  if (!source.empty() && !is_connection_string(source) && is_connection_string(target)) {
    throw usage("the arguments are swapped: SOURCE (Postgres) comes first, TARGET (DuckDB file) second",
                fmt::format("pg2duck copy '{}' '{}'", shown(target), shown(source)));
  }
}

}  // namespace

std::optional<std::string> process_environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr || *value == '\0' ? std::nullopt : std::optional<std::string>(value);
}

Endpoints resolve_endpoints(std::span<const std::string> positionals, const Environment& environment) {
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
  check_order(source.value_or(""), *target);
  check_target(*target);
  check_source(source.value_or(""));
  return {.source = Secret(source.value_or("")), .target = *target};
}

}  // namespace pg2duck::cli
