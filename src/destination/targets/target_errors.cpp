#include "destination/targets/target_errors.hpp"

#include <array>

#include "destination/targets/store_errors.hpp"

namespace pg2duck::destination {
namespace {

using engine::ErrorRule;

constexpr std::string_view kServerLost = "the connection to the target's server broke";
constexpr std::string_view kServerLostHint =
    "look whether the server runs and is reachable, then run again: the target keeps what was published last";

constexpr std::array kQuackErrors{
    ErrorRule{"Could not find a Quack authentication token", ErrorKind::kAuth, "28000", "the server asks for a token",
              "set PG2DUCK_QUACK_TOKEN to the token that quack_serve was started with"},
    ErrorRule{"Authentication failed", ErrorKind::kAuth, "28000", "the server refuses the token",
              "set PG2DUCK_QUACK_TOKEN to the token that quack_serve was started with"},
    ErrorRule{"Could not resolve hostname", ErrorKind::kConfig, "08001", "the server's name cannot be resolved",
              "correct the name: quack:host:port"},
    ErrorRule{"Could not connect to server", ErrorKind::kTransient, "08001", "the server cannot be reached",
              "start it there with CALL quack_serve('quack:host:port', token => '...'), or correct host and port"},
    ErrorRule{"Failed to send message", ErrorKind::kTransient, "08006", kServerLost, kServerLostHint},
    ErrorRule{"Invalid connection id", ErrorKind::kTransient, "08003", kServerLost, kServerLostHint},
    ErrorRule{
        "write-write conflict", ErrorKind::kTransient, "40001", "somebody else changes the same table of the target",
        "look for other writers, and for sessions that a killed program left open on the server: they end when the "
        "server is restarted"},
    ErrorRule{"Conflict on tuple", ErrorKind::kTransient, "40001", "somebody else changes the same rows of the target",
              "let one program at a time write into the target"},
};

constexpr std::string_view kSetMotherduckToken =
    "make a read/write token in MotherDuck's settings, and set motherduck_token to it";

/// @source the words of MotherDuck's clients, as issue reports and its documentation quote them
constexpr std::array kMotherduckErrors{
    ErrorRule{"Jwt is expired", ErrorKind::kAuth, "28000", "the token has expired", kSetMotherduckToken},
    ErrorRule{"not authenticated", ErrorKind::kAuth, "28000", "MotherDuck does not know this token",
              kSetMotherduckToken},
    ErrorRule{"Invalid token", ErrorKind::kAuth, "28000", "MotherDuck does not know this token", kSetMotherduckToken},
    ErrorRule{"invalid MotherDuck token", ErrorKind::kAuth, "28000", "MotherDuck does not know this token",
              kSetMotherduckToken},
    ErrorRule{
        "Failed to download", ErrorKind::kConnection, "08001",
        "MotherDuck's library for this version of DuckDB cannot be had",
        "look whether api.motherduck.com can be reached from here (network, proxy, firewall); if it can, then "
        "MotherDuck does not take this version of DuckDB: it takes 1.4.0 to 1.5.6, so use a pg2duck that brings one "
        "of these"},
    ErrorRule{"no database/share named", ErrorKind::kConfig, kAbsent, "there is no such database",
              "correct the name, or have it created with --create-database"},
    ErrorRule{"read-only mode", ErrorKind::kPermission, "25006", "the database or the token is for reading only",
              "a share or a read-scaling token cannot be written to: name a database of your own, and use a read/write "
              "token"},
    ErrorRule{"write-write conflict", ErrorKind::kTransient, "40001",
              "somebody else changes the same table of the target", "let one program at a time write into the target"},
    ErrorRule{"Conflict on tuple", ErrorKind::kTransient, "40001", "somebody else changes the same rows of the target",
              "let one program at a time write into the target"},
    ErrorRule{"Transaction conflict", ErrorKind::kTransient, "40001", "somebody else changes the target",
              "let one program at a time write into the target"},
    ErrorRule{"RESOURCE_EXHAUSTED", ErrorKind::kDestination, "53000", "a quota of MotherDuck is used up",
              "look at the organisation's plan and usage, or choose a bigger instance"},
    ErrorRule{"UNAVAILABLE", ErrorKind::kTransient, "08006", kServerLost, kServerLostHint},
    ErrorRule{"Connection reset", ErrorKind::kTransient, "08006", kServerLost, kServerLostHint},
};

constexpr std::array kDucklakeErrors{
    ErrorRule{"creating a new DuckLake is explicitly disabled", ErrorKind::kDestination, kAbsent, "there is no lake",
              ""},
    ErrorRule{"data_path is not set", ErrorKind::kConfig, "22023", "a new lake needs a place for its files",
              "name a directory with --data-path"},
    ErrorRule{"does not match existing data path", ErrorKind::kConfig, "22023", "the lake keeps its files elsewhere",
              "leave --data-path out: the catalog knows the place"},
    ErrorRule{"replica identity", ErrorKind::kConflict, "55000",
              "a publication in the catalog's database keeps the lake from "
              "committing",
              "put the catalog into a database of its own, or publish single tables there"},
    ErrorRule{"Failed to commit DuckLake transaction", ErrorKind::kTransient, "40001",
              "the catalog of the lake takes no commit now", "let one program at a time write into the lake"},
};

}  // namespace

std::span<const ErrorRule> target_errors(config::TargetKind kind) {
  switch (kind) {
    case config::TargetKind::kFile:
      return {};
    case config::TargetKind::kQuack:
      return kQuackErrors;
    case config::TargetKind::kDucklake:
      return kDucklakeErrors;
    case config::TargetKind::kMotherduck:
      return kMotherduckErrors;
    case config::TargetKind::kParquet:
      return object_store_errors({});
  }
  return {};
}

bool says_absent(const Error& error) {
  return error.sqlstate() == kAbsent;
}

}  // namespace pg2duck::destination
