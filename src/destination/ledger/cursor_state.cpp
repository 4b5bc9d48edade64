#include "destination/ledger/cursor_state.hpp"

#include <fmt/format.h>

#include "destination/ledger/ledger.hpp"
#include "destination/tables/table_ddl.hpp"

namespace pg2duck::destination {
namespace {

constexpr const char* kTable = "cursors";

}  // namespace

std::map<TableName, CursorState> read_cursor_states(Session& session, const Contents& contents) {
  std::map<TableName, CursorState> states;
  if (!contents.contains({kLedgerSchema, kTable})) {
    return states;
  }
  const Rows rows = session.query(
      "SELECT schema, \"table\", \"cursor\", value, CAST(reconciled_at AS VARCHAR), "
      "CAST(epoch(now()) - epoch(reconciled_at) AS BIGINT) FROM " +
      target_name(session, {kLedgerSchema, kTable}));
  for (const auto& row : rows.rows) {
    const TableName table{row[0].value_or(""), row[1].value_or("")};
    states[table] = {.table = table,
                     .cursor = row[2].value_or(""),
                     .value = row[3].value_or(""),
                     .reconciled_at = row[4].value_or(""),
                     .seconds_since_reconciled = std::stoll(row[5].value_or("0"))};
  }
  return states;
}

std::vector<Statement> cursor_statements(const Session& session, const std::string& run_id,
                                         const std::vector<CursorState>& states) {
  const std::string table = target_name(session, {kLedgerSchema, kTable});
  std::vector<Statement> statements;
  for (const CursorState& state : states) {
    const std::string schema = quote_literal(state.table.schema);
    const std::string name = quote_literal(state.table.name);
    statements.push_back(
        {.sql = fmt::format("DELETE FROM {} WHERE schema = {} AND \"table\" = {}", table, schema, name)});
    if (!state.value.empty() || !state.reconciled_at.empty()) {
      const std::string reconciled = state.reconciled_at.empty() ? "NULL" : quote_literal(state.reconciled_at);
      statements.push_back(
          {.sql = fmt::format("INSERT INTO {} VALUES ({}, {}, nullif({}, ''), nullif({}, ''), CAST({} AS TIMESTAMPTZ), "
                              "CAST({} AS UUID))",
                              table, schema, name, quote_literal(state.cursor), quote_literal(state.value), reconciled,
                              quote_literal(run_id))});
    }
  }
  return statements;
}

}  // namespace pg2duck::destination
