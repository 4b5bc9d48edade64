#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "base/handle.hpp"
#include "engine/connection.hpp"
#include "engine/error_text.hpp"
#include "engine/native.hpp"
#include "engine/parameter.hpp"
#include "engine/result.hpp"
#include "types/duckdb_type.hpp"

namespace pg2duck::engine {

/// When the rows that a statement yields are made.
enum class Delivery {
  kWhole,     ///< before they are handed out: its effects are complete
  kStreamed,  ///< when they are asked for: the result may be larger than memory, and is lost when the connection runs
              ///< anything else
};

void destroy_statement(_duckdb_prepared_statement** statement);

/// One statement, with parameters $1, $2…
///
/// @thread as its connection, which lives longer; so do the rules
/// @error  as translate_error says with the rules
class PreparedStatement {
 public:
  /// @error also Error(kBug) for SQL with a NUL byte, which DuckDB would cut short
  PreparedStatement(const Connection& connection, const std::string& sql, ErrorRules rules = {});
  /// For who makes something of DuckDB's own words. @return nullopt: it cannot be prepared, and `words` say why
  static std::optional<PreparedStatement> try_prepare(const Connection& connection, const std::string& sql,
                                                      std::string& words);

  /// Sets parameter $`position`, from 1 on, until it is set again.
  void bind(std::size_t position, const Parameter& value);

  /// Columns of what it yields.
  [[nodiscard]] std::size_t columns() const;
  /// @return nullopt for a type that no column of a copy has
  [[nodiscard]] std::optional<types::DuckType> column_type(std::size_t column) const;

  /// Runs it; this thread works with DuckDB's own.
  [[nodiscard]] Result run(Delivery delivery = Delivery::kWhole) const;

 private:
  friend Result run_statements(const Connection& connection, const std::string& sql, ErrorRules rules, Delivery last);
  PreparedStatement() = default;

  AddressHandle<_duckdb_prepared_statement*, destroy_statement> handle_;
  ErrorRules rules_;
};

/// Runs one statement or several. @return what the last one yields, delivered as `last` says; of the others nothing
Result run_statements(const Connection& connection, const std::string& sql, ErrorRules rules, Delivery last);

/// The same for what yields no rows. @return rows that the last statement changed
std::uint64_t run_statement(const Connection& connection, const std::string& sql, ErrorRules rules = {});

/// The same for destructors and the like: an error is dropped.
void run_quietly(const Connection& connection, const std::string& sql) noexcept;

/// Runs one statement with the parameter $1, which no text of SQL or error then holds.
void run_with_parameter(const Connection& connection, const std::string& sql, const std::string& value);

}  // namespace pg2duck::engine
