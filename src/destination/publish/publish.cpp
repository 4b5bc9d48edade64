#include "destination/publish/publish.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "destination/ledger/ledger.hpp"
#include "destination/ledger/retention.hpp"
#include "destination/load/staging_files.hpp"
#include "destination/parquet/parquet_catalog.hpp"
#include "destination/targets/reserved_names.hpp"

namespace pg2duck::destination {
namespace {

constexpr const char* kLastSyncTable = "last_sync_time";

/// The statements of a publication.
class Script {
 public:
  Script(Session& session, const Publication& publication)
      : session_(session),
        replace_views_(publication.replace_views),
        objects_(publication.objects ? *publication.objects : folded(list_contents(session))) {}

  void replace(const StagedTable& table) {
    make_room(table.shape.name);
    add(table.shape.name,
        "ALTER TABLE " + target_name(session_, table.staged) + " RENAME TO " + quote_identifier(table.shape.name.name));
    if (session_.files() != nullptr) {
      statements_.push_back({.sql = session_.files()->moved_sql(table.staged, table.shape.name)});
    }
  }

  void write_last_sync_time(const TableName& table, const std::string& at) {
    make_room(table);
    add(table, "CREATE TABLE " + target_name(session_, table) + " AS SELECT CAST(" + quote_literal(at) +
                   " AS TIMESTAMPTZ) AS last_sync_time");
  }

  void add(std::vector<Statement> statements) { std::ranges::move(statements, std::back_inserter(statements_)); }

  [[nodiscard]] const std::vector<Statement>& statements() const { return statements_; }

 private:
  void add(const TableName& table, std::string sql) {
    statements_.push_back({.sql = std::move(sql), .where = "table " + table.display()});
  }

  /// Drops the table or view that stands where `table` goes.
  void make_room(const TableName& table) {
    const auto found = objects_.find(table.folded());
    if (found == objects_.end()) {
      return;
    }
    if (found->second == Existing::kTable) {
      add(table, "DROP TABLE " + target_name(session_, table));
      if (session_.files() != nullptr) {
        statements_.push_back({.sql = session_.files()->dropped_sql(table)});
      }
      return;
    }
    if (!replace_views_) {
      throw Error(ErrorKind::kConflict, "the target has a view of this name")
          .set_hint("drop the view, or let it be replaced with --force")
          .add_context("table " + table.display());
    }
    add(table, "DROP VIEW " + target_name(session_, table));
  }

  Session& session_;
  bool replace_views_;
  Contents objects_;
  std::vector<Statement> statements_;
};

/// Whether a run has named it: what a user calls alike ends otherwise.
bool is_staged(const TableName& table) {
  constexpr std::string_view kPrefix = kStagedPrefix;
  const std::string_view name = table.name;
  return name.starts_with(kPrefix) && name.size() > kPrefix.size() &&
         name.find_first_not_of("0123456789abcdef_", kPrefix.size()) == std::string_view::npos;
}

/// The target's clock, as ISO 8601 in UTC.
std::string target_time(Session& session) {
  const Rows now = session.query("SELECT strftime(now() AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ')");
  return now.rows.at(0).at(0).value_or("");
}

std::set<std::string> existing_schemas(Session& session) {
  std::set<std::string> schemas;
  const Rows found = session.query("SELECT schema_name FROM duckdb_schemas() WHERE database_name = " +
                                   quote_literal(session.catalog()));
  for (const auto& row : found.rows) {
    schemas.insert(fold_case(row[0].value_or("")));
  }
  return schemas;
}

/// CREATE SCHEMA of these succeeds and makes nothing (DuckDB 1.5): they belong to the instance.
void check_schema_name(const std::string& schema) {
  const std::string name = fold_case(schema);
  if (name == "pg_catalog" || name == "information_schema") {
    throw Error(ErrorKind::kConfig, "DuckDB keeps the schema name " + schema + " for itself")
        .set_hint("leave its tables out with --exclude '" + schema +
                  ".*', or put all tables into one schema with --dataset");
  }
}

}  // namespace

std::string publish(Session& session, const Publication& publication, const std::function<void()>& before_commit) {
  Script script(session, publication);
  for (const StagedTable& table : publication.tables) {
    script.replace(table);
  }
  for (const TableChange& change : publication.changes) {
    script.add(change_statements(session, change));
  }
  if (!publication.cursors.empty()) {
    script.add(cursor_statements(session, publication.run.run_id, publication.cursors));
  }
  std::string last_sync_time = target_time(session);
  script.write_last_sync_time({publication.last_sync_schema, kLastSyncTable}, last_sync_time);
  script.add(run_statements(session, publication.run, publication.table_runs));
  script.add(state_statements(session, publication.run.run_id, publication.states));
  script.add(expire_statements(session, publication.expired_runs));
  session.publish_all(script.statements(), before_commit);
  return last_sync_time;
}

void record_unpublished(Session& session, const RunRecord& run, const std::vector<TableRunRecord>& tables,
                        const std::vector<std::string>& expired_runs) {
  ready_ledger(session, find_ledger(session, list_contents(session)));
  std::vector<Statement> statements = run_statements(session, run, tables);
  std::ranges::move(expire_statements(session, expired_runs), std::back_inserter(statements));
  session.publish_all(statements);
}

std::string read_last_sync_time(Session& session, const std::string& schema) {
  const Rows found = session.query("SELECT strftime(last_sync_time AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ') FROM " +
                                   target_name(session, {schema, kLastSyncTable}));
  return found.rows.at(0).at(0).value_or("");
}

std::size_t drop_leftovers(Session& session, const Contents& contents) {
  if (session.files() != nullptr) {
    return session.files()->remove_unnamed(session.connection());
  }
  std::vector<Statement> statements;
  std::vector<TableName> tables;
  for (const auto& [name, existing] : contents) {
    if (existing == Existing::kTable && is_staged(name)) {
      tables.push_back(name);
      statements.push_back({.sql = "DROP TABLE " + target_name(session, name)});
    }
  }
  if (session.staging() != nullptr) {
    remove_staging_files(session, tables);
  }
  if (!statements.empty()) {
    session.execute_all(statements);
  }
  return statements.size();
}

std::vector<std::string> create_schemas(Session& session, const std::vector<std::string>& wanted) {
  for (const std::string& schema : wanted) {
    check_schema_name(schema);
  }
  std::vector<std::string> created;
  if (wanted.empty()) {
    return created;
  }
  std::set<std::string> known = existing_schemas(session);
  for (const std::string& schema : wanted) {
    if (known.insert(fold_case(schema)).second) {
      session.execute("CREATE SCHEMA " + target_schema(session, schema));
      created.push_back(schema);
    }
  }
  return created;
}

void drop_empty_schemas(Session& session, const std::vector<std::string>& schemas) {
  std::set<std::string> known = existing_schemas(session);
  known.erase("main");
  for (const std::string& schema : schemas) {
    if (known.erase(fold_case(schema)) == 0) {
      continue;
    }
    try {
      session.execute("DROP SCHEMA " + target_schema(session, schema));
    } catch (const Error& error) {
      // Something stands in it, so it stays.
      if (error.kind() != ErrorKind::kConflict) {
        throw;
      }
    }
  }
}

}  // namespace pg2duck::destination
