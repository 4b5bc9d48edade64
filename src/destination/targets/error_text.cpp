#include "destination/targets/error_text.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace pg2duck::destination {
namespace {

constexpr std::string_view kLockHolder = "Conflicting lock is held in ";
constexpr std::string_view kOneWriter =
    "close that program or wait for it, then run again: DuckDB lets one process at a time open a file for writing";
constexpr std::string_view kOtherFile = "choose another file name, or remove the file if nobody needs it";

constexpr std::array kRules{
    ErrorRule{"INTERRUPT Error", ErrorKind::kCancelled, "interrupted", ""},
    ErrorRule{"Could not set lock on file", ErrorKind::kConflict, "another process uses the file", kOneWriter},
    ErrorRule{"Unique file handle conflict", ErrorKind::kConflict, "the file is open already in this process", ""},
    ErrorRule{"File locks are not supported", ErrorKind::kDestination, "its file system has no file locks",
              "put the target on a local disk, or mount the share with locking"},
    ErrorRule{"in read-only mode: database does not exist", ErrorKind::kDestination, "the file does not exist",
              "check the path, or run `pg2duck copy` first"},
    ErrorRule{"attached in read-only mode", ErrorKind::kDestination, "the target was opened for reading only", ""},
    ErrorRule{"launched in read-only mode", ErrorKind::kDestination, "the target was opened for reading only", ""},
    ErrorRule{"is not a valid DuckDB database file", ErrorKind::kDestination, "the file is not a DuckDB database",
              kOtherFile},
    ErrorRule{"with version number", ErrorKind::kDestination, "the file was written by another version of DuckDB",
              "copy into a new file, or use a pg2duck with a newer DuckDB"},
    ErrorRule{"storage version greater than", ErrorKind::kDestination,
              "the file was written by a newer version of DuckDB",
              "copy into a new file, or use a pg2duck with a newer DuckDB"},
    ErrorRule{"is not a known DuckDB version", ErrorKind::kUsage, "there is no such storage version",
              "name a version of DuckDB up to the one that --version shows, such as v1.4.0"},
    ErrorRule{"which is lower than what the database itself uses", ErrorKind::kUsage,
              "the file has a later storage version, which cannot be lowered", "leave --storage-version out"},
    ErrorRule{"Corrupt database file", ErrorKind::kDestination, "the file is damaged",
              "restore it from a backup, or copy into a new file"},
    ErrorRule{"Could not read enough bytes", ErrorKind::kDestination, "the file is damaged or cut short",
              "restore it from a backup, or copy into a new file"},
    ErrorRule{
        "No space left on device", ErrorKind::kDestination, "the disk is full",
        "free disk space where the target lies: until the copy is published, the old and the new tables stand side by "
        "side"},
    ErrorRule{"max_temp_directory_size", ErrorKind::kDestination, "the disk has no room for DuckDB's temporary files",
              "free disk space where the target lies, or raise --memory-limit"},
    ErrorRule{"No such file or directory", ErrorKind::kDestination, "a directory of its path does not exist",
              "create it with `mkdir -p`, or correct the path"},
    ErrorRule{"Permission denied", ErrorKind::kDestination, "this user may not write there",
              "check owner and mode of the file and its directory, or choose another place"},
    ErrorRule{"Read-only file system", ErrorKind::kDestination, "its file system is mounted read-only",
              "choose another place, or mount it for writing"},
    ErrorRule{"Is a directory", ErrorKind::kDestination, "the path is a directory, not a file", "name a file in it"},
    ErrorRule{"Not a directory", ErrorKind::kDestination, "a part of its path is a file, not a directory",
              "correct the path"},
    ErrorRule{"Out of Memory Error", ErrorKind::kOutOfMemory, "DuckDB ran out of memory",
              "raise --memory-limit, or lower --jobs"},
    ErrorRule{"Out-of-memory", ErrorKind::kOutOfMemory, "DuckDB ran out of memory",
              "raise --memory-limit, or lower --jobs"},
    ErrorRule{
        "NOT NULL constraint failed", ErrorKind::kDestination, "a row holds NULL in a column that is declared NOT NULL",
        "look for such rows in Postgres, or in the column for values that --unrepresentable made NULL: a key holds "
        "none"},
    ErrorRule{"main key table of the table", ErrorKind::kConflict, "a table of the target has a foreign key to it",
              "drop that table in the target, then run again"},
    ErrorRule{"there are entries that depend on it", ErrorKind::kConflict, "other objects of the target depend on it",
              "drop them in the target, then run again"},
    ErrorRule{"another entry with this name already exists", ErrorKind::kConflict, "its name is taken in the target",
              "drop or rename the other object in the target, then run again"},
    ErrorRule{"Data contains duplicates", ErrorKind::kDestination,
              "DuckDB takes two values of the primary key for equal", "copy without primary keys"},
    ErrorRule{"Duplicate key", ErrorKind::kDestination, "DuckDB takes two values of the primary key for equal",
              "copy without primary keys"},
    ErrorRule{"database has been invalidated", ErrorKind::kDestination, "DuckDB gave up after a fatal error",
              "run again: the target keeps what was published last"},
};

/// DuckDB appends advice, positions in the SQL and links after an empty line.
std::string first_paragraph(std::string_view text) {
  std::string line(text.substr(0, text.find("\n\n")));
  std::ranges::replace(line, '\n', ' ');
  return line;
}

/// "/usr/bin/python3.11 (PID 4711)"
std::string lock_holder(std::string_view text) {
  std::string_view rest = text.substr(text.find(kLockHolder) + kLockHolder.size());
  rest = rest.substr(0, rest.find('\n'));
  rest = rest.substr(0, rest.find(". However,"));
  rest = rest.substr(0, rest.find(". See also"));
  return std::string(rest);
}

const ErrorRule* find_rule(std::string_view text, std::span<const ErrorRule> rules) {
  const auto found = std::ranges::find_if(
      rules, [&](const ErrorRule& rule) { return text.find(rule.fragment) != std::string_view::npos; });
  return found == rules.end() ? nullptr : &*found;
}

}  // namespace

Error translate_error(std::string_view text, std::span<const ErrorRule> rules) {
  if (text.find(kLockHolder) != std::string_view::npos) {
    return Error(ErrorKind::kConflict, "the file is in use by " + lock_holder(text)).set_hint(std::string(kOneWriter));
  }
  const ErrorRule* rule = find_rule(text, rules);
  if (rule == nullptr) {
    rule = find_rule(text, kRules);
  }
  if (rule == nullptr) {
    return {ErrorKind::kDestination, "DuckDB: " + first_paragraph(text)};
  }
  const std::string detail = rule->kind == ErrorKind::kCancelled ? "" : " (" + first_paragraph(text) + ")";
  return Error(rule->kind, std::string(rule->words) + detail).set_hint(std::string(rule->hint));
}

}  // namespace pg2duck::destination
