#include <array>

#include "config/settings/binding.hpp"
#include "config/settings/chapters.hpp"

namespace pg2duck::config {
namespace {

using Kind = Setting::Kind;

constexpr std::array<std::string_view, 6> kSslModes{"disable", "allow",     "prefer",
                                                    "require", "verify-ca", "verify-full"};

constexpr std::array kEndpoints{
    Setting{.name = "source",
            .kind = Kind::kSection,
            .stands_in = {.top = true},
            .value = "SOURCE",
            .example = "service=shop",
            .fallback = "the PG* variables, as psql takes them",
            .summary = "where the tables come from: a Postgres URI or key=value string, or a section",
            .details = "What is left out is libpq's: the PG* variables, ~/.pgpass, a service file."},
    Setting{.name = "source_file",
            .kind = Kind::kPath,
            .stands_in = {.top = true},
            .value = "FILE",
            .summary = "instead of it: a file, readable by its owner alone, that holds the connection string"},
    text<&CopyOptions::target>(
        {.name = "target",
         .kind = Kind::kSection,
         .flag_of = kConfigured,
         .stands_in = {.top = true},
         .value = "TARGET",
         .needs = "a DuckDB file, or another place by its prefix",
         .example = "shop.duckdb",
         .fallback = "none",
         .summary = "the DuckDB file to write, created if absent, or another place by its prefix",
         .details = "Prefixes are quack:, ducklake:, md:, parquet:. In pg2duck.toml the path of a file is relative to "
                    "the directory of pg2duck.toml, and a section [target] may stand instead, with the token.",
         .see = "targets.md"}),
};

constexpr std::array kSource{
    Setting{.name = "url",
            .stands_in = {.source = true},
            .example = "service=shop",
            .summary = "a whole connection string, to which the other keys are added"},
    Setting{.name = "url_file",
            .kind = Kind::kPath,
            .stands_in = {.source = true},
            .summary = "a file, readable by its owner alone, that holds it"},
    Setting{.name = "host", .stands_in = {.source = true}, .example = "db.example.com", .summary = "the server"},
    Setting{
        .name = "port", .kind = Kind::kValue, .stands_in = {.source = true}, .example = "5432", .summary = "its port"},
    Setting{.name = "dbname", .stands_in = {.source = true}, .example = "shop", .summary = "the database"},
    Setting{.name = "user", .stands_in = {.source = true}, .example = "reader", .summary = "the role that reads"},
    Setting{
        .name = "password",
        .stands_in = {.source = true},
        .example = "${PGPASSWORD}",
        .summary = "its password, best a reference; written out it needs a file that is readable by its owner alone"},
    Setting{.name = "password_file",
            .kind = Kind::kPath,
            .stands_in = {.source = true},
            .summary = "a file, readable by its owner alone, that holds the password"},
    Setting{.name = "service",
            .stands_in = {.source = true},
            .example = "shop",
            .summary = "an entry of libpq's service file"},
    Setting{.name = "sslmode",
            .kind = Kind::kChoice,
            .stands_in = {.source = true},
            .words = kSslModes,
            .example = "verify-full",
            .summary = "how the connection is encrypted"},
};

constexpr std::array kTarget{
    Setting{.name = "url",
            .stands_in = {.target = true},
            .needs = "a DuckDB file, or another place by its prefix",
            .example = "md:shop",
            .summary = "the target itself"},
    Setting{
        .name = "token",
        .stands_in = {.target = true},
        .example = "${motherduck_token}",
        .summary = "what a target md: or quack: is opened with, best a reference; written out it needs a file that "
                   "is readable by its owner alone",
        .details = "It goes over the variables PG2DUCK_QUACK_TOKEN and motherduck_token, which are for all targets."},
    Setting{.name = "token_file",
            .kind = Kind::kPath,
            .stands_in = {.target = true},
            .summary = "a file, readable by its owner alone, that holds the token"},
};

}  // namespace

std::span<const Setting> endpoints() {
  return kEndpoints;
}

std::span<const Setting> source_section() {
  return kSource;
}

std::span<const Setting> target_section() {
  return kTarget;
}

}  // namespace pg2duck::config
