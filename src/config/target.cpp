#include "config/target.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/identifier.hpp"
#include "base/percent_encoding.hpp"
#include "base/redaction.hpp"
#include "base/spelling.hpp"
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
    Prefix{"duckdb", TargetKind::kFile, "the path of a DuckDB file", "duckdb:shop.duckdb"},
    Prefix{"file", TargetKind::kFile, "the path of a DuckDB file", "file:shop.duckdb"},
};

Error usage(const std::string& message, std::string hint) {
  return Error(ErrorKind::kUsage, message).set_hint(std::move(hint));
}

/// The scheme that `text` begins with, as RFC 3986 spells one; empty: none.
std::string_view scheme_of(std::string_view text) {
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  const std::size_t end = text.find_first_not_of(std::string(kLetters) + "0123456789+-._");
  const bool is_scheme =
      end != std::string_view::npos && text[end] == ':' && kLetters.find(text.front()) != std::string_view::npos;
  return is_scheme ? text.substr(0, end) : std::string_view();
}

/// nullptr: `text` has none.
const Prefix* prefix_of(std::string_view text) {
  const auto* found = std::ranges::find(kPrefixes, fold_case(std::string(scheme_of(text))), &Prefix::text);
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

Error needs(const Prefix& prefix) {
  return usage("a target " + std::string(prefix.text) + ": needs " + std::string(prefix.needs),
               "e.g. " + std::string(prefix.example));
}

void check_file(std::string_view path) {
  if (path == ":memory:") {
    throw usage("the target ':memory:' would be gone when pg2duck ends", "give a file name, e.g. copy.duckdb");
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

constexpr std::string_view kKinds =
    "targets are copy.duckdb, md:database, quack:host:port, ducklake:catalog, parquet:directory";

/// @shape `text` begins with `scheme`, which is of no kind of target
Error unknown_kind(std::string_view scheme, std::string_view text) {
  const std::string message = "no kind of target is called " + std::string(scheme) + ":";
  if (object_store_of(text)) {
    return usage(message, "for Parquet files there write parquet:" + redact(text));
  }
  if (text.substr(scheme.size() + 1).starts_with("//")) {
    return usage(message, std::string(kKinds));
  }
  std::vector<std::string_view> known;
  std::ranges::transform(kPrefixes, std::back_inserter(known), &Prefix::text);
  const auto nearest = nearest_word(fold_case(std::string(scheme)), known);
  return usage(message, (nearest ? "did you mean " + *nearest + ":? " : "") + std::string(kKinds) +
                            "; a file of that name is ./" + redact(text));
}

/// The path in what stands behind `file:`, which RFC 8089 writes with or without a host.
std::string path_of_file_uri(std::string_view location) {
  const bool has_host = location.starts_with("//");
  const std::size_t path = has_host ? std::min(location.find('/', 2), location.size()) : 0;
  const std::string_view host = has_host ? location.substr(2, path - 2) : "";
  if (!host.empty() && host != "localhost") {
    throw usage("file://" + redact(host) + "/ is a file of another machine",
                "name one of this: file:///data/copy.duckdb");
  }
  return percent_decoded(location.substr(path), /*plus_is_blank=*/false);
}

/// SQLAlchemy, dlt and others write `duckdb:///` before a path, which may be absolute or not.
std::string path_of_duckdb_uri(std::string_view location) {
  const bool is_url = location.starts_with("//");
  if (is_url && !location.starts_with("///")) {
    throw usage("duckdb:// is followed by a host, and a DuckDB file has none",
                "write duckdb:shop.duckdb, or duckdb:////data/shop.duckdb for an absolute path");
  }
  return std::string(location.substr(is_url ? 3 : 0));
}

/// @error Error(kUsage): the location is of another kind, or none
Target file_target(const Prefix& prefix, std::string_view location) {
  std::string path = prefix.text == "file" ? path_of_file_uri(location) : path_of_duckdb_uri(location);
  if (is_blank(path)) {
    throw needs(prefix);
  }
  if (location.find('?') != std::string_view::npos) {
    throw usage(std::string(prefix.text) + ": is followed by a path, and what is behind the ? is none",
                "leave it out; a file with a ? in its name is written without " + std::string(prefix.text) + ":");
  }
  check_file(path);
  if (const std::string_view scheme = scheme_of(path); !scheme.empty()) {
    throw usage(std::string(prefix.text) + ": is followed by " + std::string(scheme) + ":, and not by a path",
                "leave " + std::string(prefix.text) + ": out, or write ./ before a path");
  }
  return {TargetKind::kFile, std::move(path)};
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
  const Prefix* prefix = prefix_of(text);
  if (prefix == nullptr) {
    check_file(text);
    if (const std::string_view scheme = scheme_of(text); !scheme.empty()) {
      throw unknown_kind(scheme, text);
    }
    return {TargetKind::kFile, std::string(text)};
  }
  const std::string_view location = behind(*prefix, text);
  if (is_blank(location)) {
    throw needs(*prefix);
  }
  check_no_secret(location);
  if (prefix->kind == TargetKind::kFile) {
    return file_target(*prefix, location);
  }
  if (prefix->kind == TargetKind::kParquet) {
    check_file_location(location);
  }
  return {prefix->kind, std::string(location)};
}

std::optional<std::string> file_named_by(std::string_view text) {
  const Prefix* prefix = prefix_of(text);
  const bool other = prefix != nullptr && prefix->kind != TargetKind::kFile;
  return other ? std::nullopt : std::optional(parse_target(text).location);
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
