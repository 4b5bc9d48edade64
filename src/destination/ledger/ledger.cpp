#include "destination/ledger/ledger.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/version.hpp"
#include "destination/ledger/cursor_state.hpp"
#include "destination/ledger/run_record.hpp"
#include "destination/ledger/table_state.hpp"
#include "destination/tables/table_ddl.hpp"
#include "destination/targets/reserved_names.hpp"

namespace pg2duck::destination {
namespace {

const LedgerTable<LedgerForm>& schema_version_table() {
  using enum LedgerType;
  static const LedgerTable<LedgerForm> table({.name = "schema_version", .compressed = false, .since = 2},
                                             {{{"version", kVersion, 2}, &LedgerForm::version},
                                              {{"program", kText, 2}, &LedgerForm::program},
                                              LedgerTable<LedgerForm>::Field::stamp({"written_at", kTime, 2})});
  return table;
}

void add(std::vector<Statement>& statements, std::vector<Statement> more) {
  std::ranges::move(more, std::back_inserter(statements));
}

/// The tables that a ledger of `version` has, where they are missing.
std::vector<Statement> create_statements(const Session& session, int version) {
  std::vector<Statement> statements;
  for (const LedgerShape* shape : ledger_shapes()) {
    if (shape->since <= version) {
      statements.push_back(create_sql(session, *shape, version));
    }
  }
  return statements;
}

/// From the version before to this one: tables and columns that are new, with what LedgerColumn::before says of rows
/// that are there. A version that changes more than that gets its own statements here.
std::vector<Statement> migration_to(const Session& session, int version) {
  std::vector<Statement> statements = create_statements(session, version - 1);
  for (const LedgerShape* shape : ledger_shapes()) {
    add(statements, add_columns_sql(session, *shape, version));
  }
  add(statements, create_statements(session, version));
  return statements;
}

std::vector<Statement> write_version(const Session& session) {
  const LedgerTable<LedgerForm>& table = schema_version_table();
  std::vector<Statement> statements{{.sql = "DELETE FROM " + ledger_name(session, table.shape().name)}};
  add(statements, table.insert(session, {{.version = ledger_version(), .program = kVersion}}));
  return statements;
}

/// In a lake the few rows of a run stand in its catalog, not in a file for each table.
void keep_rows_in_catalog(Session& session) {
  constexpr int kMostRows = 1000;
  if (session.dialect().supports.inlining) {
    session.execute(fmt::format("CALL {}.set_option('data_inlining_row_limit', {}, schema => {})",
                                quote_identifier(session.catalog()), kMostRows, quote_literal(kLedgerSchema)));
  }
}

}  // namespace

std::vector<const LedgerShape*> ledger_shapes() {
  return {&runs_table().shape(),           &table_runs_table().shape(),    &run_metrics_table().shape(),
          &cursors_table().shape(),        &tables_table().shape(),        &columns_table().shape(),
          &source_columns_table().shape(), &schema_version_table().shape()};
}

int ledger_version() {
  static const int last = [] {
    int version = 1;
    for (const LedgerShape* shape : ledger_shapes()) {
      version = std::max(version, shape->since);
      for (const LedgerColumn& column : shape->columns) {
        version = std::max(version, column.since);
      }
    }
    return version;
  }();
  return last;
}

LedgerForm find_ledger(Session& session, const Contents& contents) {
  const auto is_there = [&](const LedgerShape& shape) { return contents.contains({kLedgerSchema, shape.name}); };
  LedgerForm form;
  if (is_there(schema_version_table().shape())) {
    for (LedgerForm& row : schema_version_table().read(session, ledger_version())) {
      form = row.version > form.version ? std::move(row) : form;
    }
  } else if (is_there(runs_table().shape())) {
    form.version = 1;
  }
  if (form.version > ledger_version()) {
    throw Error(ErrorKind::kConfig, fmt::format("its ledger (_pg2duck) has version {}, written by pg2duck {}; this is "
                                                "pg2duck {}, which knows versions up to {}",
                                                form.version, form.program, kVersion, ledger_version()))
        .set_hint(
            fmt::format("use pg2duck {} or a later one for this target; nothing in it was changed", form.program));
  }
  form.complete = std::ranges::all_of(ledger_shapes(), [&](const LedgerShape* shape) { return is_there(*shape); });
  return form;
}

void ready_ledger(Session& session, const LedgerForm& found, const std::function<void()>& before_commit) {
  if (found.version == ledger_version() && found.complete) {
    return;
  }
  std::vector<Statement> statements{{.sql = "CREATE SCHEMA IF NOT EXISTS " + target_schema(session, kLedgerSchema)}};
  for (int version = found.version + 1; found.version > 0 && version <= ledger_version(); ++version) {
    add(statements, migration_to(session, version));
  }
  add(statements, create_statements(session, ledger_version()));
  add(statements, write_version(session));
  session.execute_all(statements, found.version > 0 && found.version < ledger_version() ? before_commit : nullptr);
  keep_rows_in_catalog(session);
}

}  // namespace pg2duck::destination
