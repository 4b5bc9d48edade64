#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace pg2duck {

/// What went wrong, as far as a caller can act on it.
enum class ErrorKind {
  kUsage,            ///< the command line or an option is wrong
  kConfig,           ///< the request cannot be carried out as written (names, patterns, conflicts)
  kConnection,       ///< the server cannot be reached, or the connection broke
  kAuth,             ///< the server refused the login
  kPermission,       ///< a right is missing on the source
  kSourceSql,        ///< the source refused a statement
  kSchemaDrift,      ///< a table changed or went away between plan and read
  kUnsupportedType,  ///< a column's type cannot be copied
  kUnrepresentable,  ///< a value has no exact form in the target's type
  kCorruptData,      ///< bytes from the wire break their format
  kOutOfMemory,      ///< DuckDB needs more memory than it may use
  kDestination,      ///< DuckDB refused, or the target cannot be written
  kTransient,        ///< the target was lost or busy for a moment: the same work may succeed when it is done again
  kConflict,         ///< somebody else holds the target, or it holds something we must not replace
  kCountMismatch,    ///< source and destination counts differ
  kCancelled,        ///< the caller asked to stop
  kBug,              ///< an invariant of ours is broken
};

/// Short lower-case word of `kind`, as it stands in JSON output ("connection", "permission", ...).
std::string_view to_string(ErrorKind kind);

/// The one exception class. Thrown when a unit of work (command, table, transaction) ends.
///
/// what() is one line: "table public.t, column c: message". Where it happened is added from the
/// inside outwards by `add_context` while the exception travels.
class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, const std::string& message);

  [[nodiscard]] ErrorKind kind() const { return kind_; }

  /// Five characters, or empty. Postgres says one with each of its failures; to others one is assigned that fits.
  [[nodiscard]] const std::string& sqlstate() const { return sqlstate_; }

  /// Postgres has said it. An assigned one is for programs: a person would look for it where it never stood.
  [[nodiscard]] bool has_reported_sqlstate() const { return sqlstate_is_reported_; }

  /// The message without its context.
  [[nodiscard]] const std::string& message() const { return message_; }

  /// The command or SQL that mends it; empty when there is none.
  [[nodiscard]] const std::string& hint() const { return hint_; }

  /// Context, outermost first, each like "table public.orders" or "column price".
  [[nodiscard]] const std::vector<std::string>& context() const { return context_; }

  [[nodiscard]] const char* what() const noexcept override { return what_.c_str(); }

  /// Puts `where` in front of the context. Returns *this so that it can be chained and re-thrown.
  Error& add_context(std::string where);
  Error& set_hint(std::string hint);
  /// As Postgres has said it.
  Error& set_sqlstate(std::string sqlstate);
  Error& assign_sqlstate(std::string sqlstate);

 private:
  void rebuild();

  ErrorKind kind_;
  std::string message_;
  std::string sqlstate_;
  bool sqlstate_is_reported_ = false;
  std::string hint_;
  std::vector<std::string> context_;
  std::string what_;
};

/// The exception in flight as an Error: an Error as it is, anything else as kBug, with its text if it has one.
/// Call inside a catch block only.
Error current_error();

}  // namespace pg2duck
