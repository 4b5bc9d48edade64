#include "engine/error_text.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "engine/sqlstate.hpp"

namespace pg2duck::engine {
namespace {

constexpr std::string_view kLockHolder = "Conflicting lock is held in ";
constexpr std::string_view kOneWriter =
    "close that program or wait for it, then run again: DuckDB lets one process at a time open a file for writing";
constexpr std::string_view kOtherFile = "choose another file name, or remove the file if nobody needs it";

constexpr std::string_view kOtherVersion = "copy into a new file, or use a pg2duck with a newer DuckDB";
constexpr std::string_view kRestore = "restore it from a backup, or copy into a new file";

/// @source of the SQLSTATEs of files: Postgres, src/backend/utils/error/elog.c, errcode_for_file_access
constexpr std::array kRules{
    ErrorRule{"INTERRUPT Error", ErrorKind::kCancelled, "", "interrupted", ""},
    ErrorRule{"Could not set lock on file", ErrorKind::kConflict, "55006", "another process uses the file", kOneWriter},
    ErrorRule{"Unique file handle conflict", ErrorKind::kConflict, "55006", "the file is open already in this process",
              ""},
    ErrorRule{"File locks are not supported", ErrorKind::kDestination, "", "its file system has no file locks",
              "put the target on a local disk, or mount the share with locking"},
    ErrorRule{"in read-only mode: database does not exist", ErrorKind::kDestination, "58P01", "the file does not exist",
              ""},
    ErrorRule{"attached in read-only mode", ErrorKind::kDestination, "25006", "the target was opened for reading only",
              ""},
    ErrorRule{"launched in read-only mode", ErrorKind::kDestination, "25006", "the target was opened for reading only",
              ""},
    ErrorRule{"is not a valid DuckDB database file", ErrorKind::kDestination, "42809",
              "the file is not a DuckDB database", kOtherFile},
    ErrorRule{"with version number", ErrorKind::kDestination, "0A000",
              "the file was written by another version of DuckDB", kOtherVersion},
    ErrorRule{"storage version greater than", ErrorKind::kDestination, "0A000",
              "the file was written by a newer version of DuckDB", kOtherVersion},
    ErrorRule{"is not a known DuckDB version", ErrorKind::kUsage, "22023", "there is no such storage version", ""},
    ErrorRule{"which is lower than what the database itself uses", ErrorKind::kUsage, "55000",
              "the file has a later storage version, which cannot be lowered", ""},
    ErrorRule{"Corrupt database file", ErrorKind::kDestination, "XX001", "the file is damaged", kRestore},
    ErrorRule{"Could not read enough bytes", ErrorKind::kDestination, "XX001", "the file is damaged or cut short",
              kRestore},
    ErrorRule{
        "No space left on device", ErrorKind::kDestination, "53100", "the disk is full",
        "free disk space where the target lies: until the copy is published, the old and the new tables stand side by "
        "side"},
    ErrorRule{"max_temp_directory_size", ErrorKind::kDestination, "53400",
              "the disk has no room for DuckDB's temporary files", ""},
    ErrorRule{"No such file or directory", ErrorKind::kDestination, "58P01", "a directory of its path does not exist",
              "create it with `mkdir -p`, or correct the path"},
    ErrorRule{"Permission denied", ErrorKind::kDestination, "42501", "this user may not write there",
              "check owner and mode of the file and its directory, or choose another place"},
    ErrorRule{"Read-only file system", ErrorKind::kDestination, "42501", "its file system is mounted read-only",
              "choose another place, or mount it for writing"},
    ErrorRule{"Is a directory", ErrorKind::kDestination, "42809", "the path is a directory, not a file",
              "name a file in it"},
    ErrorRule{"Not a directory", ErrorKind::kDestination, "42809", "a part of its path is a file, not a directory",
              "correct the path"},
    ErrorRule{"Out of Memory Error", ErrorKind::kOutOfMemory, "53200", "DuckDB ran out of memory", ""},
    ErrorRule{"Out-of-memory", ErrorKind::kOutOfMemory, "53200", "DuckDB ran out of memory", ""},
    ErrorRule{"NOT NULL constraint failed", ErrorKind::kDestination, "23502",
              "a row holds NULL in a column that is declared NOT NULL", ""},
    ErrorRule{"main key table of the table", ErrorKind::kConflict, "2BP01",
              "a table of the target has a foreign key to it", "drop that table in the target, then run again"},
    ErrorRule{"there are entries that depend on it", ErrorKind::kConflict, "2BP01",
              "other objects of the target depend on it", "drop them in the target, then run again"},
    ErrorRule{"another entry with this name already exists", ErrorKind::kConflict, "42710",
              "its name is taken in the target", "drop or rename the other object in the target, then run again"},
    ErrorRule{"Data contains duplicates", ErrorKind::kDestination, "23505",
              "DuckDB takes two values of the primary key for equal", ""},
    ErrorRule{"Duplicate key", ErrorKind::kDestination, "23505", "DuckDB takes two values of the primary key for equal",
              ""},
    ErrorRule{"database has been invalidated", ErrorKind::kDestination, "XX000", "DuckDB gave up after a fatal error",
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

Error by_rule(const ErrorRule& rule, std::string_view text) {
  const std::string detail = rule.kind == ErrorKind::kCancelled ? "" : " (" + first_paragraph(text) + ")";
  return Error(rule.kind, std::string(rule.words) + detail)
      .set_hint(std::string(rule.hint))
      .assign_sqlstate(std::string(rule.sqlstate.empty() ? sqlstate_of(text) : rule.sqlstate));
}

}  // namespace

Error translate_error(std::string_view text, ErrorRules rules) {
  if (text.find(kLockHolder) != std::string_view::npos) {
    return Error(ErrorKind::kConflict, "the file is in use by " + lock_holder(text))
        .set_hint(std::string(kOneWriter))
        .assign_sqlstate("55006");
  }
  for (const std::span<const ErrorRule> some : {rules.first, std::span<const ErrorRule>(kRules), rules.last}) {
    if (const ErrorRule* rule = find_rule(text, some)) {
      return by_rule(*rule, text);
    }
  }
  return Error(ErrorKind::kDestination, "DuckDB: " + first_paragraph(text))
      .assign_sqlstate(std::string(sqlstate_of(text)));
}

}  // namespace pg2duck::engine
