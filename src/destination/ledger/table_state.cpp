#include "destination/ledger/table_state.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "destination/targets/reserved_names.hpp"

namespace pg2duck::destination {
namespace {

using ColumnsByName = std::map<std::pair<TableName, std::string>, ColumnState*>;

/// What source_columns says of the columns in `states`. They are put together here: DuckDB needs longer for a join of
/// so few rows than for both tables.
void read_source_columns(Session& session, int version, std::map<TableName, TableState>& states) {
  ColumnsByName columns;
  for (auto& [table, state] : states) {
    for (ColumnState& column : state.columns) {
      columns.emplace(std::pair(table, column.name), &column);
    }
  }
  for (ColumnRow& row : source_columns_table().read(session, version)) {
    const auto found = columns.find({row.table, row.column.name});
    if (found == columns.end()) {
      continue;
    }
    states.at(row.table).oid = row.oid;
    ColumnState& column = *found->second;
    column.number = row.column.number;
    column.source_name = std::move(row.column.source_name);
    column.not_null = row.column.not_null;
    column.expression = std::move(row.column.expression);
    column.value_origin = std::move(row.column.value_origin);
  }
}

bool is_there(const Contents& contents, const LedgerShape& shape) {
  return contents.contains({kLedgerSchema, shape.name});
}

}  // namespace

const LedgerTable<TableState>& tables_table() {
  using enum LedgerType;
  using Record = TableState;
  // Version 1 knew the source of a table by the run that made it alone.
  static const LedgerTable<Record> table(
      {.name = "tables"},
      {{{"schema", kText}, &Record::target, &TableName::schema},
       {{"table", kText}, &Record::target, &TableName::name},
       {{"source_schema", kText}, &Record::source, &TableName::schema},
       {{"source_table", kText}, &Record::source, &TableName::name},
       {{"limited", kFlag}, &Record::limited},
       {{"run_id", kUuid}, &Record::run_id},
       {{"source", kText, 2,
         "(SELECT any_value(made.source) FROM _pg2duck.runs AS made WHERE made.run_id = own.run_id)"},
        &Record::origin,
        &Origin::uri},
       {{"system_identifier", kOptionalText, 2}, &Record::origin, &Origin::system_identifier},
       {{"database_oid", kOid, 2}, &Record::origin, &Origin::database_oid}});
  return table;
}

const LedgerTable<ColumnRow>& columns_table() {
  using enum LedgerType;
  using Record = ColumnRow;
  static const LedgerTable<Record> table({.name = "columns"},
                                         {{{"schema", kText}, &Record::table, &TableName::schema},
                                          {{"table", kText}, &Record::table, &TableName::name},
                                          {{"column", kText}, &Record::column, &ColumnState::name},
                                          {{"source_type", kText}, &Record::column, &ColumnState::source_type},
                                          {{"target_type", kText}, &Record::column, &ColumnState::target_type},
                                          {{"profile", kOptionalText}, &Record::column, &ColumnState::profile},
                                          {{"unrepresentable", kCount}, &Record::column, &ColumnState::unrepresentable},
                                          {{"run_id", kUuid}, &Record::run_id}});
  return table;
}

const LedgerTable<ColumnRow>& source_columns_table() {
  using enum LedgerType;
  using Record = ColumnRow;
  static const LedgerTable<Record> table({.name = "source_columns"},
                                         {{{"schema", kText}, &Record::table, &TableName::schema},
                                          {{"table", kText}, &Record::table, &TableName::name},
                                          {{"column", kText}, &Record::column, &ColumnState::name},
                                          {{"oid", kOid}, &Record::oid},
                                          {{"number", kSmall}, &Record::column, &ColumnState::number},
                                          {{"name", kText}, &Record::column, &ColumnState::source_name},
                                          {{"not_null", kFlag}, &Record::column, &ColumnState::not_null},
                                          {{"expression", kOptionalText}, &Record::column, &ColumnState::expression},
                                          {{"value_origin", kText, 2}, &Record::column, &ColumnState::value_origin}});
  return table;
}

bool TableState::has_versions() const {
  return std::ranges::any_of(columns, [](const ColumnState& column) { return column.source_type.empty(); });
}

std::map<TableName, TableState> read_table_states(Session& session, const Contents& contents, int version) {
  std::map<TableName, TableState> states;
  if (!is_there(contents, tables_table().shape())) {
    return states;
  }
  for (TableState& state : tables_table().read(session, version)) {
    const TableName target = state.target;
    states.insert_or_assign(target, std::move(state));
  }
  if (is_there(contents, columns_table().shape())) {
    for (ColumnRow& row : columns_table().read(session, version)) {
      if (const auto state = states.find(row.table); state != states.end()) {
        state->second.columns.push_back(std::move(row.column));
      }
    }
  }
  if (is_there(contents, source_columns_table().shape())) {
    read_source_columns(session, version, states);
  }
  return states;
}

std::vector<Statement> state_statements(const Session& session, const std::string& run_id,
                                        const std::vector<TableState>& states) {
  std::vector<TableState> tables;
  std::vector<TableName> renewed;
  std::vector<TableName> altered;
  std::vector<ColumnRow> columns;
  std::vector<ColumnRow> source_columns;
  for (const TableState& state : states) {
    if (!state.same_table) {
      renewed.push_back(state.target);
      tables.push_back(state);
      tables.back().run_id = state.run_id.empty() ? run_id : state.run_id;
    }
    if (state.same_columns) {
      continue;
    }
    altered.push_back(state.target);
    for (const ColumnState& column : state.columns) {
      columns.push_back({.table = state.target, .column = column, .oid = state.oid, .run_id = run_id});
      if (column.number > 0) {
        source_columns.push_back(columns.back());
      }
    }
  }
  std::vector<Statement> statements;
  const auto add = [&statements](std::vector<Statement> more) {
    std::ranges::move(more, std::back_inserter(statements));
  };
  add(delete_sql(session, tables_table().shape(), renewed));
  add(delete_sql(session, columns_table().shape(), altered));
  add(delete_sql(session, source_columns_table().shape(), altered));
  add(tables_table().insert(session, tables));
  add(columns_table().insert(session, columns));
  add(source_columns_table().insert(session, source_columns));
  return statements;
}

}  // namespace pg2duck::destination
