#include "destination/publish.hpp"

#include <set>

namespace pg2duck::destination {
namespace {

constexpr const char* kLastSyncTable = "last_sync_time";

std::string in_target(const char* function) {
  return std::string(" FROM ") + function +
         "() WHERE NOT internal AND database_name = " + quote_literal(kTargetCatalog);
}

TableName folded(const TableName& table) {
  return {fold_case(table.schema), fold_case(table.name)};
}

/// Existing objects of the target by folded name.
class Occupied {
 public:
  Occupied(Session& session, bool replace_views) : session_(session), replace_views_(replace_views) {
    for (const auto& [name, existing] : existing_objects(session)) {
      objects_.emplace(folded(name), existing);
    }
  }

  /// Drops the table or view that stands where `table` goes.
  void make_room(const TableName& table) {
    const auto found = objects_.find(folded(table));
    if (found == objects_.end()) {
      return;
    }
    if (found->second == Existing::kTable) {
      session_.execute("DROP TABLE " + target_name(table));
      return;
    }
    if (!replace_views_) {
      throw Error(ErrorKind::kConflict, "the target has a view of this name")
          .set_hint("drop the view, or let it be replaced with --force");
    }
    session_.execute("DROP VIEW " + target_name(table));
  }

 private:
  Session& session_;
  bool replace_views_;
  std::map<TableName, Existing> objects_;
};

void replace(Session& session, Occupied& occupied, const StagedTable& table) {
  try {
    occupied.make_room(table.shape.name);
    session.execute("ALTER TABLE " + target_name(table.staged) + " RENAME TO " +
                    quote_identifier(table.shape.name.name));
  } catch (Error& error) {
    throw error.add_context("table " + table.shape.name.display());
  }
}

/// @return the time as ISO 8601 in UTC
std::string write_last_sync_time(Session& session, Occupied& occupied, const std::string& schema) {
  const TableName table{schema, kLastSyncTable};
  try {
    occupied.make_room(table);
  } catch (Error& error) {
    throw error.add_context("table " + table.display());
  }
  session.execute("CREATE TABLE " + target_name(table) + " AS SELECT current_timestamp AS last_sync_time");
  const Rows written = session.query(
      "SELECT strftime(last_sync_time AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ') FROM " + target_name(table));
  return written.rows.at(0).at(0).value_or("");
}

std::set<std::string> existing_schemas(Session& session) {
  std::set<std::string> schemas;
  const Rows found =
      session.query("SELECT schema_name FROM duckdb_schemas() WHERE database_name = " + quote_literal(kTargetCatalog));
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
  Transaction transaction(session);
  Occupied occupied(session, publication.replace_views);
  for (const StagedTable& table : publication.tables) {
    replace(session, occupied, table);
  }
  const std::string last_sync_time = write_last_sync_time(session, occupied, publication.last_sync_schema);
  write_run(session, publication.run, publication.table_runs);
  write_table_states(session, publication.run.run_id, publication.states);
  if (before_commit) {
    before_commit();
  }
  transaction.commit();
  return last_sync_time;
}

std::size_t drop_leftovers(Session& session) {
  const Rows left = session.query("SELECT schema_name, table_name" + in_target("duckdb_tables") +
                                  " AND regexp_full_match(table_name, '" + std::string(kStagedPrefix) + "[0-9]+')");
  if (left.rows.empty()) {
    return 0;
  }
  Transaction transaction(session);
  for (const auto& row : left.rows) {
    session.execute("DROP TABLE " + target_name({row[0].value_or(""), row[1].value_or("")}));
  }
  transaction.commit();
  return left.rows.size();
}

std::vector<std::string> create_schemas(Session& session, const std::vector<std::string>& wanted) {
  for (const std::string& schema : wanted) {
    check_schema_name(schema);
  }
  std::set<std::string> known = existing_schemas(session);
  std::vector<std::string> created;
  for (const std::string& schema : wanted) {
    if (known.insert(fold_case(schema)).second) {
      session.execute("CREATE SCHEMA " + target_schema(schema));
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
      session.execute("DROP SCHEMA " + target_schema(schema));
    } catch (const Error& error) {
      // Something stands in it, so it stays.
      if (error.kind() != ErrorKind::kConflict) {
        throw;
      }
    }
  }
}

std::map<TableName, Existing> existing_objects(Session& session) {
  const std::string outside_ledger = " AND schema_name <> " + quote_literal(kLedgerSchema);
  const Rows found =
      session.query("SELECT schema_name, table_name, true AS is_table" + in_target("duckdb_tables") + outside_ledger +
                    " UNION ALL SELECT schema_name, view_name, false" + in_target("duckdb_views") + outside_ledger);
  std::map<TableName, Existing> objects;
  for (const auto& row : found.rows) {
    const bool is_table = row[2].value_or("true") == "true";
    objects.emplace(TableName{row[0].value_or(""), row[1].value_or("")}, is_table ? Existing::kTable : Existing::kView);
  }
  return objects;
}

}  // namespace pg2duck::destination
