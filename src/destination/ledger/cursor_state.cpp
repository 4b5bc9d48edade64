#include "destination/ledger/cursor_state.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "destination/targets/reserved_names.hpp"

namespace pg2duck::destination {

const LedgerTable<CursorState>& cursors_table() {
  using enum LedgerType;
  using Record = CursorState;
  static const LedgerTable<Record> table(
      {.name = "cursors", .compressed = false},
      {{{"schema", kText}, &Record::table, &TableName::schema},
       {{"table", kText}, &Record::table, &TableName::name},
       {{"cursor", kText}, &Record::cursor},
       {{"value", kOptionalText}, &Record::value},
       {{"reconciled_at", kTime}, &Record::reconciled_at},
       {{"run_id", kUuid}, &Record::run_id},
       {{"parts", kOptionalText, 3}, &Record::parts},
       LedgerTable<Record>::Field::derived("CAST(epoch(now()) - epoch(reconciled_at) AS BIGINT)",
                                           &Record::seconds_since_reconciled)});
  return table;
}

std::map<TableName, CursorState> read_cursor_states(Session& session, const Contents& contents, int version) {
  std::map<TableName, CursorState> states;
  if (contents.contains({kLedgerSchema, cursors_table().shape().name})) {
    for (CursorState& state : cursors_table().read(session, version)) {
      const TableName table = state.table;
      states.insert_or_assign(table, std::move(state));
    }
  }
  return states;
}

std::vector<Statement> cursor_statements(const Session& session, const std::string& run_id,
                                         const std::vector<CursorState>& states) {
  std::vector<TableName> tables;
  std::vector<CursorState> known;
  for (const CursorState& state : states) {
    tables.push_back(state.table);
    if (!state.value.empty() || !state.reconciled_at.empty()) {
      known.push_back(state);
      known.back().run_id = run_id;
    }
  }
  std::vector<Statement> statements = delete_sql(session, cursors_table().shape(), tables);
  std::ranges::move(cursors_table().insert(session, known), std::back_inserter(statements));
  return statements;
}

}  // namespace pg2duck::destination
