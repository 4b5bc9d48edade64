#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "destination/session/link.hpp"
#include "destination/targets/dialect.hpp"
#include "destination/targets/statement_log.hpp"
#include "engine/error_text.hpp"
#include "engine/rows.hpp"

namespace pg2duck::destination {

class ParquetCatalog;
struct StagingPlace;

using engine::Rows;

/// One of several statements of a transaction.
struct Statement {
  std::string sql;
  std::string where;  ///< context of its error, like "table public.orders"
};

/// What the sessions of a database share; it lives longer than they do.
struct SessionParts {
  const Dialect& dialect;
  const OnStatement& on_statement;
  ParquetCatalog* files;        ///< may be null
  const StagingPlace* staging;  ///< may be null
  std::function<Link()> make_link;
};

/// One DuckDB connection to a target.
///
/// @thread one caller at a time, but `interrupt` may come from any thread
class Session {
 public:
  /// @error as the dialect says, where a session is a connection to a server
  explicit Session(SessionParts parts);
  Session(Session&&) noexcept;
  Session& operator=(Session&&) noexcept;
  ~Session();

  /// Runs one statement in the target's engine.
  /// @param last rules for errors that neither the dialect nor DuckDB's own know
  /// @error Error(kCancelled) after `interrupt`, else as the dialect says
  void execute(const std::string& sql, std::span<const engine::ErrorRule> last = {});
  /// Runs all of them in one transaction of the target, and `before_commit` when nothing has been committed: an
  /// exception of it undoes them.
  /// @error as execute; Error(kTransient) when the connection broke: the transaction may be committed or not
  void execute_all(const std::vector<Statement>& statements, const std::function<void()>& before_commit = {});
  /// The same for what the target shall show from now on: where rows are in files, the manifest that names them is
  /// written before the COMMIT, and files that no manifest names are removed after it.
  void publish_all(const std::vector<Statement>& statements, const std::function<void()>& before_commit = {});
  /// Runs one statement in this process's DuckDB, wherever the target's own engine is.
  /// @return rows that it changed
  /// @error  as execute
  std::uint64_t execute_load(const std::string& sql, std::span<const engine::ErrorRule> last = {});
  /// Makes the session anew when it has become older than the target likes them to be.
  /// @pre   nothing of it is in flight: no transaction, no load
  /// @error as the constructor
  void renew_if_old();
  /// A column of a type other than text, number, boolean, date or timestamp must be cast to VARCHAR.
  [[nodiscard]] Rows query(const std::string& sql);
  /// The single value of a one-row, one-column query.
  [[nodiscard]] std::int64_t query_int(const std::string& sql);
  /// Stops the statement that runs now, or else the next one; it then throws Error(kCancelled).
  void interrupt();
  /// `interrupt` was called, and no statement has thrown for it yet.
  [[nodiscard]] bool interrupt_pending() const;

  [[nodiscard]] const Dialect& dialect() const;
  /// The target's name as a catalog: in its engine, and in this process's DuckDB.
  [[nodiscard]] const std::string& catalog() const;
  [[nodiscard]] const std::string& catalog_here() const;

  /// The target's files, where its rows are in files; else null.
  [[nodiscard]] ParquetCatalog* files() const;

  /// Where rows go into the target through files; else null.
  [[nodiscard]] const StagingPlace* staging() const;

  /// In this process's DuckDB; the target is attached to it.
  [[nodiscard]] const engine::Connection& connection() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace pg2duck::destination
