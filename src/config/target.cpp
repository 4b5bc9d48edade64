#include "config/target.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/error.hpp"
#include "base/identifier.hpp"
#include "base/redaction.hpp"
#include "config/object_store.hpp"

namespace pg2duck::config {
namespace {

struct Prefix {
  std::string_view text;
  TargetKind kind;
  std::string_view needs;
  std::string_view example;
};

constexpr std::array kPrefixes{
    Prefix{"quack", TargetKind::kQuack, "a host and a port", "quack:db.example:9494"},
    Prefix{"ducklake", TargetKind::kDucklake, "its catalog: a file, or postgres: and a connection string",
           "ducklake:shop.ducklake"},
    Prefix{"md", TargetKind::kMotherduck, "a database", "md:shop, or md: and --database shop"},
    Prefix{"motherduck", TargetKind::kMotherduck, "a database", "md:shop, or md: and --database shop"},
    Prefix{"parquet", TargetKind::kParquet, "a directory", "parquet:shop"},
};

Error usage(const std::string& message, std::string hint) {
  return Error(ErrorKind::kUsage, message).set_hint(std::move(hint));
}

/// nullptr: `text` has none.
const Prefix* prefix_of(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) {
    return nullptr;
  }
  const auto* found = std::ranges::find(kPrefixes, fold_case(std::string(text.substr(0, colon))), &Prefix::text);
  return found == kPrefixes.end() ? nullptr : found;
}

std::string_view behind(const Prefix& prefix, std::string_view text) {
  return text.substr(prefix.text.size() + 1);
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\n") == std::string_view::npos;
}

/// A target is printed and stands in the ledger.
void check_no_secret(std::string_view location) {
  constexpr std::array<std::string_view, 4> kSecrets{"password=", "passwd=", "token=", "secret="};
  const std::string folded = fold_case(location);
  for (const std::string_view secret : kSecrets) {
    if (folded.find(secret) != std::string::npos) {
      throw usage("a target must not hold a secret (" + std::string(secret) + "...)",
                  "put a token into the environment (motherduck_token, PG2DUCK_QUACK_TOKEN) or into [target] of "
                  "pg2duck.toml, a "
                  "catalog's password into PGPASSWORD or ~/.pgpass");
    }
  }
}

/// DuckDB takes some characters of a path for wildcards.
void check_file_location(std::string_view location) {
  const std::size_t end = location.find("://");
  if (end != std::string_view::npos && !object_store_of(location)) {
    throw usage(
        "Parquet files cannot be written to " + std::string(location.substr(0, end)) + "://",
        "name a directory, or a place in an object store: s3://bucket/prefix (AWS_ENDPOINT_URL is the address of "
        "others that speak S3), gs://bucket/prefix, r2://bucket/prefix, az://container/prefix");
  }
  if (location.find_first_of("*?[") != std::string_view::npos) {
    throw usage("the place for Parquet files has one of the characters * ? [ in its name", "choose another name");
  }
}

std::span<const char* const> token_variables_of(TargetKind kind) {
  static constexpr std::array kQuack{"PG2DUCK_QUACK_TOKEN"};
  static constexpr std::array kMotherduck{"motherduck_token", "MOTHERDUCK_TOKEN"};
  switch (kind) {
    case TargetKind::kQuack:
      return kQuack;
    case TargetKind::kMotherduck:
      return kMotherduck;
    default:
      return {};
  }
}

}  // namespace

std::string_view to_string(TargetKind kind) {
  constexpr std::array<std::string_view, 5> kNames{"file", "quack", "ducklake", "motherduck", "parquet"};
  return kNames.at(static_cast<std::size_t>(kind));
}

std::string with_database(const std::string& target, const std::string& database) {
  const Prefix* prefix = prefix_of(target);
  if (prefix == nullptr || prefix->kind != TargetKind::kMotherduck || !is_blank(behind(*prefix, target))) {
    throw usage("--database names the database of a target md:, and this one is " + redact(target),
                "leave --database out, or name the target md:");
  }
  return target.substr(0, prefix->text.size() + 1) + database;
}

bool looks_like_target(std::string_view text) {
  return prefix_of(text) != nullptr || text.ends_with(".duckdb") || text.ends_with(".db");
}

Target parse_target(std::string_view text) {
  if (const Prefix* prefix = prefix_of(text)) {
    const std::string_view location = behind(*prefix, text);
    if (is_blank(location)) {
      throw usage("a target " + std::string(prefix->text) + ": needs " + std::string(prefix->needs),
                  "e.g. " + std::string(prefix->example));
    }
    check_no_secret(location);
    if (prefix->kind == TargetKind::kParquet) {
      check_file_location(location);
    }
    return {prefix->kind, std::string(location)};
  }
  if (text == ":memory:") {
    throw usage("the target ':memory:' would be gone when pg2duck ends", "give a file name, e.g. copy.duckdb");
  }
  if (text.find("://") != std::string_view::npos) {
    throw usage("the target is a URI of a kind that pg2duck does not write",
                "targets are copy.duckdb, md:database, quack:host:port, ducklake:catalog, parquet:directory");
  }
  return {TargetKind::kFile, std::string(text)};
}

bool takes_token(std::string_view text) {
  const Prefix* prefix = prefix_of(text);
  return prefix != nullptr && !token_variables_of(prefix->kind).empty();
}

bool is_same_service(std::string_view left, std::string_view right) {
  const Prefix* one = prefix_of(left);
  const Prefix* other = prefix_of(right);
  return one != nullptr && other != nullptr && one->kind == other->kind &&
         (one->kind == TargetKind::kMotherduck || behind(*one, left) == behind(*other, right));
}

bool is_one_file(const Target& target) {
  return target.kind == TargetKind::kFile;
}

std::optional<std::string> parquet_place(std::string_view text) {
  Target target = parse_target(text);
  return target.kind == TargetKind::kParquet ? std::optional(std::move(target.location)) : std::nullopt;
}

std::span<const char* const> token_variables(const Target& target) {
  return token_variables_of(target.kind);
}

}  // namespace pg2duck::config
