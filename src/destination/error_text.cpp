#include "destination/error_text.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace pg2duck::destination {
namespace {

/// The first rule whose fragment stands in DuckDB's text decides.
struct Rule {
  std::string_view fragment;
  ErrorKind kind;
  std::string_view words;
  std::string_view hint;
};

constexpr std::string_view kLockHolder = "Conflicting lock is held in ";
constexpr std::string_view kOneWriter =
    "close that program or wait for it, then run again: DuckDB lets one process at a time open a file for writing";
constexpr std::string_view kOtherFile = "choose another file name, or remove the file if nobody needs it";

constexpr std::array kRules{
    Rule{"INTERRUPT Error", ErrorKind::kCancelled, "interrupted", ""},
    Rule{"Could not set lock on file", ErrorKind::kConflict, "another process uses the file", kOneWriter},
    Rule{"Unique file handle conflict", ErrorKind::kConflict, "the file is open already in this process", ""},
    Rule{"File locks are not supported", ErrorKind::kDestination, "its file system has no file locks",
         "put the target on a local disk, or mount the share with locking"},
    Rule{"in read-only mode: database does not exist", ErrorKind::kDestination, "the file does not exist",
         "check the path, or run `pg2duck copy` first"},
    Rule{"attached in read-only mode", ErrorKind::kDestination, "the target was opened for reading only", ""},
    Rule{"launched in read-only mode", ErrorKind::kDestination, "the target was opened for reading only", ""},
    Rule{"is not a valid DuckDB database file", ErrorKind::kDestination, "the file is not a DuckDB database",
         kOtherFile},
    Rule{"with version number", ErrorKind::kDestination, "the file was written by another version of DuckDB",
         "copy into a new file, or use a pg2duck with a newer DuckDB"},
    Rule{"storage version greater than", ErrorKind::kDestination, "the file was written by a newer version of DuckDB",
         "copy into a new file, or use a pg2duck with a newer DuckDB"},
    Rule{"Corrupt database file", ErrorKind::kDestination, "the file is damaged",
         "restore it from a backup, or copy into a new file"},
    Rule{"Could not read enough bytes", ErrorKind::kDestination, "the file is damaged or cut short",
         "restore it from a backup, or copy into a new file"},
    Rule{"No space left on device", ErrorKind::kDestination, "the disk is full",
         "free disk space where the target lies: until the copy is published, the old and the new tables stand side by "
         "side"},
    Rule{"max_temp_directory_size", ErrorKind::kDestination, "the disk has no room for DuckDB's temporary files",
         "free disk space where the target lies, or raise --memory-limit"},
    Rule{"No such file or directory", ErrorKind::kDestination, "a directory of its path does not exist",
         "create it with `mkdir -p`, or correct the path"},
    Rule{"Permission denied", ErrorKind::kDestination, "this user may not write there",
         "check owner and mode of the file and its directory, or choose another place"},
    Rule{"Read-only file system", ErrorKind::kDestination, "its file system is mounted read-only",
         "choose another place, or mount it for writing"},
    Rule{"Is a directory", ErrorKind::kDestination, "the path is a directory, not a file", "name a file in it"},
    Rule{"Not a directory", ErrorKind::kDestination, "a part of its path is a file, not a directory",
         "correct the path"},
    Rule{"Out of Memory Error", ErrorKind::kOutOfMemory, "DuckDB ran out of memory",
         "raise --memory-limit, or lower --jobs"},
    Rule{"Out-of-memory", ErrorKind::kOutOfMemory, "DuckDB ran out of memory", "raise --memory-limit, or lower --jobs"},
    Rule{"NOT NULL constraint failed", ErrorKind::kDestination,
         "a row holds NULL in a column that is declared NOT NULL",
         "look for such rows in Postgres, or in the column for values that --unrepresentable made NULL: a key holds "
         "none"},
    Rule{"main key table of the table", ErrorKind::kConflict, "a table of the target has a foreign key to it",
         "drop that table in the target, then run again"},
    Rule{"there are entries that depend on it", ErrorKind::kConflict, "other objects of the target depend on it",
         "drop them in the target, then run again"},
    Rule{"another entry with this name already exists", ErrorKind::kConflict, "its name is taken in the target",
         "drop or rename the other object in the target, then run again"},
    Rule{"Data contains duplicates", ErrorKind::kDestination, "DuckDB takes two values of the primary key for equal",
         "copy without primary keys"},
    Rule{"Duplicate key", ErrorKind::kDestination, "DuckDB takes two values of the primary key for equal",
         "copy without primary keys"},
    Rule{"database has been invalidated", ErrorKind::kDestination, "DuckDB gave up after a fatal error",
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

}  // namespace

Error translate_error(std::string_view text) {
  if (text.find(kLockHolder) != std::string_view::npos) {
    return Error(ErrorKind::kConflict, "the file is in use by " + lock_holder(text)).set_hint(std::string(kOneWriter));
  }
  for (const Rule& rule : kRules) {
    if (text.find(rule.fragment) != std::string_view::npos) {
      const std::string detail = rule.kind == ErrorKind::kCancelled ? "" : " (" + first_paragraph(text) + ")";
      return Error(rule.kind, std::string(rule.words) + detail).set_hint(std::string(rule.hint));
    }
  }
  return {ErrorKind::kDestination, "DuckDB: " + first_paragraph(text)};
}

}  // namespace pg2duck::destination
