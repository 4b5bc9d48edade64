#include "destination/ledger/ledger.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <iterator>
#include <span>

#include <fmt/format.h>

#include "destination/tables/table_ddl.hpp"
#include "engine/parameter.hpp"

namespace pg2duck::destination {
namespace {

constexpr std::size_t kRowsPerStatement = 1000;

struct LedgerColumn {
  const char* name;
  const char* type;
};

constexpr std::array kRunsColumns{LedgerColumn{"run_id", "UUID"},
                                  LedgerColumn{"started_at", "TIMESTAMPTZ"},
                                  LedgerColumn{"finished_at", "TIMESTAMPTZ"},
                                  LedgerColumn{"status", "VARCHAR"},
                                  LedgerColumn{"version", "VARCHAR"},
                                  LedgerColumn{"source", "VARCHAR"},
                                  LedgerColumn{"snapshot", "VARCHAR"},
                                  LedgerColumn{"snapshot_at", "TIMESTAMPTZ"},
                                  LedgerColumn{"lsn", "VARCHAR"},
                                  LedgerColumn{"error", "VARCHAR"}};
constexpr std::array kTableRunsColumns{
    LedgerColumn{"run_id", "UUID"},    LedgerColumn{"schema", "VARCHAR"}, LedgerColumn{"table", "VARCHAR"},
    LedgerColumn{"mode", "VARCHAR"},   LedgerColumn{"rows", "UBIGINT"},   LedgerColumn{"bytes", "UBIGINT"},
    LedgerColumn{"seconds", "DOUBLE"}, LedgerColumn{"status", "VARCHAR"}, LedgerColumn{"error", "VARCHAR"}};
constexpr std::array kRunMetricsColumns{LedgerColumn{"run_id", "UUID"},
                                        LedgerColumn{"dataset", "VARCHAR"},
                                        LedgerColumn{"tables_loaded", "UBIGINT"},
                                        LedgerColumn{"tables_failed", "UBIGINT"},
                                        LedgerColumn{"rows", "UBIGINT"},
                                        LedgerColumn{"bytes", "UBIGINT"},
                                        LedgerColumn{"overall_seconds", "DOUBLE"},
                                        LedgerColumn{"extract_seconds", "DOUBLE"},
                                        LedgerColumn{"decode_seconds", "DOUBLE"},
                                        LedgerColumn{"load_seconds", "DOUBLE"},
                                        LedgerColumn{"publish_seconds", "DOUBLE"}};
constexpr std::array kCursorsColumns{LedgerColumn{"schema", "VARCHAR"},
                                     LedgerColumn{"table", "VARCHAR"},
                                     LedgerColumn{"cursor", "VARCHAR"},
                                     LedgerColumn{"value", "VARCHAR"},
                                     LedgerColumn{"reconciled_at", "TIMESTAMPTZ"},
                                     LedgerColumn{"run_id", "UUID"}};
constexpr std::array kTablesColumns{LedgerColumn{"schema", "VARCHAR"},        LedgerColumn{"table", "VARCHAR"},
                                    LedgerColumn{"source_schema", "VARCHAR"}, LedgerColumn{"source_table", "VARCHAR"},
                                    LedgerColumn{"limited", "BOOLEAN"},       LedgerColumn{"run_id", "UUID"}};
constexpr std::array kColumnsColumns{LedgerColumn{"schema", "VARCHAR"},          LedgerColumn{"table", "VARCHAR"},
                                     LedgerColumn{"column", "VARCHAR"},          LedgerColumn{"source_type", "VARCHAR"},
                                     LedgerColumn{"target_type", "VARCHAR"},     LedgerColumn{"profile", "VARCHAR"},
                                     LedgerColumn{"unrepresentable", "UBIGINT"}, LedgerColumn{"run_id", "UUID"}};
constexpr std::array kSourceColumnsColumns{LedgerColumn{"schema", "VARCHAR"},   LedgerColumn{"table", "VARCHAR"},
                                           LedgerColumn{"column", "VARCHAR"},   LedgerColumn{"oid", "UINTEGER"},
                                           LedgerColumn{"number", "SMALLINT"},  LedgerColumn{"name", "VARCHAR"},
                                           LedgerColumn{"not_null", "BOOLEAN"}, LedgerColumn{"expression", "VARCHAR"}};

struct LedgerTable {
  const char* name;
  std::span<const LedgerColumn> columns;
  /// A run adds or changes a row of it, or one a table: to try the ways of compressing it takes longer than it saves.
  bool compressed = true;
};

constexpr std::array kLedgerTables{
    LedgerTable{.name = "runs", .columns = kRunsColumns, .compressed = false},
    LedgerTable{.name = "table_runs", .columns = kTableRunsColumns},
    LedgerTable{.name = "run_metrics", .columns = kRunMetricsColumns, .compressed = false},
    LedgerTable{.name = "cursors", .columns = kCursorsColumns, .compressed = false},
    LedgerTable{.name = "tables", .columns = kTablesColumns},
    LedgerTable{.name = "columns", .columns = kColumnsColumns},
    LedgerTable{.name = "source_columns", .columns = kSourceColumnsColumns}};

std::string ledger_table(const Session& session, const char* name) {
  return target_name(session, {kLedgerSchema, name});
}

/// Error messages may hold anything; DuckDB takes UTF-8 without NUL.
std::string text(std::string value) {
  if (!engine::is_utf8(value)) {
    std::ranges::replace_if(value, [](char byte) { return static_cast<unsigned char>(byte) >= 0x80; }, '?');
  }
  std::ranges::replace(value, '\0', '?');
  return quote_literal(value);
}

std::string nullable(const std::string& value, const char* type) {
  return value.empty() ? std::string("NULL") : "CAST(" + text(value) + " AS " + type + ")";
}

/// `prefix` VALUES (…), (…) `suffix`, once for each kRowsPerStatement rows.
void add_batches(std::vector<Statement>& statements, const std::string& prefix, std::size_t count,
                 const std::function<std::string(std::size_t)>& row, const std::string& suffix) {
  for (std::size_t first = 0; first < count; first += kRowsPerStatement) {
    std::string sql = prefix + " VALUES ";
    for (std::size_t i = first; i < std::min(count, first + kRowsPerStatement); ++i) {
      sql += (i == first ? "(" : ", (") + row(i) + ")";
    }
    statements.push_back({.sql = sql + suffix});
  }
}

/// DuckDB compares names without regard to the case of ASCII letters only; its lower() knows all letters.
std::string folded_sql(const std::string& expression) {
  return "translate(" + expression + ", 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz')";
}

using ColumnsByName = std::map<std::pair<TableName, std::string>, ColumnState*>;

/// What source_columns says of the columns in `states`. They are put together here: DuckDB needs longer for a join of
/// so few rows than for both tables.
void read_source_columns(Session& session, std::map<TableName, TableState>& states) {
  ColumnsByName columns;
  for (auto& [table, state] : states) {
    for (ColumnState& column : state.columns) {
      columns.emplace(std::pair(table, column.name), &column);
    }
  }
  const Rows rows = session.query(
      "SELECT schema, \"table\", \"column\", CAST(oid AS BIGINT), CAST(number AS BIGINT), name, not_null, expression "
      "FROM " +
      ledger_table(session, "source_columns"));
  for (const auto& row : rows.rows) {
    const TableName table{row[0].value_or(""), row[1].value_or("")};
    const auto found = columns.find({table, row[2].value_or("")});
    if (found == columns.end()) {
      continue;
    }
    states.at(table).oid = static_cast<std::uint32_t>(std::stoull(row[3].value_or("0")));
    ColumnState& column = *found->second;
    column.number = static_cast<std::int16_t>(std::stoi(row[4].value_or("0")));
    column.source_name = row[5].value_or("");
    column.not_null = row[6].value_or("false") == "true";
    column.expression = row[7].value_or("");
  }
}

void read_columns(Session& session, std::map<TableName, TableState>& states) {
  const Rows rows =
      session.query("SELECT schema, \"table\", \"column\", source_type, target_type, profile, unrepresentable FROM " +
                    ledger_table(session, "columns"));
  for (const auto& row : rows.rows) {
    const auto state = states.find({row[0].value_or(""), row[1].value_or("")});
    if (state != states.end()) {
      state->second.columns.push_back({.name = row[2].value_or(""),
                                       .source_type = row[3].value_or(""),
                                       .target_type = row[4].value_or(""),
                                       .profile = row[5].value_or(""),
                                       .unrepresentable = std::stoull(row[6].value_or("0"))});
    }
  }
}

/// The rows of `table` about the targets of `states`, whatever their case.
void delete_states(const Session& session, std::vector<Statement>& statements, const char* table,
                   const std::vector<TableState>& states) {
  add_batches(
      statements, "DELETE FROM " + ledger_table(session, table) + " AS known USING (", states.size(),
      [&](std::size_t i) { return text(states[i].target.schema) + ", " + text(states[i].target.name); },
      ") AS fresh(schema, name) WHERE " + folded_sql("known.schema") + " = " + folded_sql("fresh.schema") + " AND " +
          folded_sql("known.\"table\"") + " = " + folded_sql("fresh.name"));
}

void add_columns(const Session& session, std::vector<Statement>& statements, const std::string& run_id,
                 const std::vector<TableState>& states) {
  std::vector<std::string> rows;
  for (const TableState& state : states) {
    for (const ColumnState& column : state.columns) {
      rows.push_back(text(state.target.schema) + ", " + text(state.target.name) + ", " + text(column.name) + ", " +
                     text(column.source_type) + ", " + text(column.target_type) + ", " +
                     nullable(column.profile, "VARCHAR") + ", " + std::to_string(column.unrepresentable) + ", " +
                     nullable(run_id, "UUID"));
    }
  }
  add_batches(
      statements,
      "INSERT INTO " + ledger_table(session, "columns") +
          " (schema, \"table\", \"column\", source_type, target_type, profile, unrepresentable, run_id)",
      rows.size(), [&](std::size_t i) { return rows[i]; }, "");
}

void add_source_columns(const Session& session, std::vector<Statement>& statements,
                        const std::vector<TableState>& states) {
  std::vector<std::string> rows;
  for (const TableState& state : states) {
    for (const ColumnState& column : state.columns) {
      if (column.number > 0) {
        rows.push_back(text(state.target.schema) + ", " + text(state.target.name) + ", " + text(column.name) + ", " +
                       std::to_string(state.oid) + ", " + std::to_string(column.number) + ", " +
                       text(column.source_name) + ", " + (column.not_null ? "true" : "false") + ", " +
                       nullable(column.expression, "VARCHAR"));
      }
    }
  }
  add_batches(
      statements,
      "INSERT INTO " + ledger_table(session, "source_columns") +
          " (schema, \"table\", \"column\", oid, number, name, not_null, expression)",
      rows.size(), [&](std::size_t i) { return rows[i]; }, "");
}

}  // namespace

bool TableState::has_versions() const {
  return std::ranges::any_of(columns, [](const ColumnState& column) { return column.source_type.empty(); });
}

bool has_ledger(const Contents& contents) {
  return std::ranges::all_of(kLedgerTables,
                             [&](const LedgerTable& table) { return contents.contains({kLedgerSchema, table.name}); });
}

void create_ledger(Session& session) {
  std::vector<Statement> statements{{.sql = "CREATE SCHEMA IF NOT EXISTS " + target_schema(session, kLedgerSchema)}};
  for (const LedgerTable& table : kLedgerTables) {
    const bool plain = !table.compressed && session.dialect().supports.compression;
    std::string columns;
    for (const auto& [name, type] : table.columns) {
      columns += (columns.empty() ? "" : ", ") + quote_identifier(name) + " " + type +
                 (plain ? " USING COMPRESSION uncompressed" : "");
    }
    statements.push_back(
        {.sql = "CREATE TABLE IF NOT EXISTS " + ledger_table(session, table.name) + " (" + columns + ")"});
  }
  session.execute_all(statements);
}

std::map<TableName, TableState> read_table_states(Session& session, const Contents& contents) {
  std::map<TableName, TableState> states;
  if (!contents.contains({kLedgerSchema, "tables"})) {
    return states;
  }
  const Rows rows = session.query("SELECT schema, \"table\", source_schema, source_table, limited, source FROM " +
                                  ledger_table(session, "tables") + " LEFT JOIN " + ledger_table(session, "runs") +
                                  " USING (run_id)");
  for (const auto& row : rows.rows) {
    const TableName target{row[0].value_or(""), row[1].value_or("")};
    states[target] = {.source = {row[2].value_or(""), row[3].value_or("")},
                      .target = target,
                      .limited = row[4].value_or("false") == "true",
                      .origin = row[5].value_or(""),
                      .columns = {}};
  }
  if (contents.contains({kLedgerSchema, "columns"})) {
    read_columns(session, states);
  }
  if (contents.contains({kLedgerSchema, "source_columns"})) {
    read_source_columns(session, states);
  }
  return states;
}

std::vector<Statement> run_statements(const Session& session, const RunRecord& run,
                                      const std::vector<TableRunRecord>& tables) {
  const std::string run_id = nullable(run.run_id, "UUID");
  std::vector<Statement> statements;
  statements.push_back(
      {.sql = "INSERT INTO " + ledger_table(session, "runs") +
              " (run_id, started_at, finished_at, status, version, source, snapshot, snapshot_at, lsn, error)"
              " VALUES (" +
              run_id + ", " + nullable(run.started_at, "TIMESTAMPTZ") + ", now(), " + text(run.status) + ", " +
              text(run.version) + ", " + text(run.source) + ", " + nullable(run.snapshot, "VARCHAR") + ", " +
              nullable(run.snapshot_at, "TIMESTAMPTZ") + ", " + nullable(run.lsn, "VARCHAR") + ", " +
              nullable(run.error, "VARCHAR") + ")"});
  const auto row = [&](std::size_t i) {
    const TableRunRecord& table = tables[i];
    return run_id + ", " + text(table.table.schema) + ", " + text(table.table.name) + ", " + text(table.mode) + ", " +
           std::to_string(table.rows) + ", " + std::to_string(table.bytes) + ", " + std::to_string(table.seconds) +
           ", " + text(table.status) + ", " + nullable(table.error, "VARCHAR");
  };
  add_batches(statements,
              "INSERT INTO " + ledger_table(session, "table_runs") +
                  " (run_id, schema, \"table\", mode, rows, bytes, seconds, status, error)",
              tables.size(), row, "");
  return statements;
}

Statement metrics_statement(const Session& session, const RunMetrics& metrics) {
  return {.sql = fmt::format(
              "INSERT INTO {} VALUES (CAST({} AS UUID), nullif({}, ''), {}, {}, {}, {}, {}, {}, {}, {}, {})",
              ledger_table(session, "run_metrics"), quote_literal(metrics.run_id), quote_literal(metrics.dataset),
              metrics.tables_loaded, metrics.tables_failed, metrics.rows, metrics.bytes, metrics.overall_seconds,
              metrics.extract_seconds, metrics.decode_seconds, metrics.load_seconds, metrics.publish_seconds)};
}

std::vector<Statement> state_statements(const Session& session, const std::string& run_id,
                                        const std::vector<TableState>& states) {
  std::vector<Statement> statements;
  std::vector<TableState> tables;
  std::ranges::copy_if(states, std::back_inserter(tables), [](const TableState& state) { return !state.same_table; });
  std::vector<TableState> altered;
  std::ranges::copy_if(states, std::back_inserter(altered),
                       [](const TableState& state) { return !state.same_columns; });
  delete_states(session, statements, "tables", tables);
  delete_states(session, statements, "columns", altered);
  delete_states(session, statements, "source_columns", altered);
  const auto row = [&](std::size_t i) {
    const TableState& state = tables[i];
    return text(state.target.schema) + ", " + text(state.target.name) + ", " + text(state.source.schema) + ", " +
           text(state.source.name) + ", " + (state.limited ? "true" : "false") + ", " + nullable(run_id, "UUID");
  };
  add_batches(statements,
              "INSERT INTO " + ledger_table(session, "tables") +
                  " (schema, \"table\", source_schema, source_table, limited, run_id)",
              tables.size(), row, "");
  add_columns(session, statements, run_id, altered);
  add_source_columns(session, statements, altered);
  return statements;
}

std::uint64_t count_runs(Session& session, const Contents& contents) {
  if (!contents.contains({kLedgerSchema, "runs"})) {
    return 0;
  }
  return static_cast<std::uint64_t>(session.query_int("SELECT count(*) FROM " + ledger_table(session, "runs")));
}

bool was_published(Session& session, const std::string& run_id) {
  return session.query_int("SELECT count(*) FROM " + ledger_table(session, "runs") + " WHERE status = 'published' AND" +
                           " run_id = CAST(" + quote_literal(run_id) + " AS UUID)") > 0;
}

}  // namespace pg2duck::destination
