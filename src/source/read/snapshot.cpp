#include "source/read/snapshot.hpp"

#include <algorithm>
#include <map>
#include <span>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "source/catalog/type_catalog.hpp"
#include "source/read/lock_conflict.hpp"
#include "source/session/login_error.hpp"
#include "source/session/savepoint.hpp"
#include "source/session/session.hpp"

namespace pg2duck::source {
namespace {

constexpr const char* kBegin = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY";
constexpr std::size_t kNamesPerLock = 500;
constexpr const char* kRunAgain = "run again to plan with the tables as they are now";

bool lockable(const RelationEntry& relation) {
  return relation.kind == RelationKind::kTable || relation.kind == RelationKind::kPartitioned ||
         relation.kind == RelationKind::kView;
}

std::vector<types::Oid> oids_of(const std::vector<RelationEntry>& relations) {
  std::vector<types::Oid> oids;
  oids.reserve(relations.size());
  std::ranges::transform(relations, std::back_inserter(oids), [](const auto& relation) { return relation.oid; });
  return oids;
}

/// The server names a schema that is gone, but not the table that was looked for in it.
void name_table(Error& error, const std::vector<RelationEntry>& relations) {
  for (const RelationEntry& relation : relations) {
    if (names_missing_schema(error, relation.name.schema)) {
      error.add_context("table " + relation.name.display());
      return;
    }
  }
}

/// LOCK TABLE, or the empty SELECT, with failures told in terms of the tables.
void run_lock(Connection& connection, const std::string& sql, const std::vector<RelationEntry>& relations) {
  try {
    connection.execute(sql);
  } catch (Error& error) {
    if (error.sqlstate() == "55P03") {
      throw lock_conflict(connection, oids_of(relations));
    }
    if (error.sqlstate() == "53200") {
      error.set_hint(
          "the server's lock table is full: raise max_locks_per_transaction (it is counted per table and "
          "partition) and restart it, or copy fewer tables at once");
    } else if (error.sqlstate() == "42P01" || error.sqlstate() == "3F000") {
      error.set_hint(kRunAgain);
      name_table(error, relations);
    } else if (error.sqlstate() == "42501" && error.hint().empty()) {
      error.set_hint(
          "run as the owner or a superuser: GRANT SELECT ON the table TO this user; a view locks the tables "
          "under it with its owner's rights");
    }
    throw error.add_context("locking the tables");
  }
}

void lock_tables(Connection& connection, const std::vector<RelationEntry>& relations) {
  std::vector<std::string> names;
  for (const RelationEntry& relation : relations) {
    if (lockable(relation)) {
      names.push_back(relation.name.quoted());
    }
  }
  for (std::span<const std::string> left(names); !left.empty();) {
    const auto part = left.first(std::min(left.size(), kNamesPerLock));
    run_lock(connection, fmt::format("LOCK TABLE {} IN ACCESS SHARE MODE", fmt::join(part, ", ")), relations);
    left = left.subspan(part.size());
  }
}

/// A further session. Where the server has let one in before, address and login are right: a server that is not there
/// any more has stopped, or is stopping.
Connection open_another(const ConnectionInfo& info, std::stop_token stop) {
  try {
    return Connection::open(info, std::move(stop));
  } catch (const Error& error) {
    if (!says_server_is_gone(error)) {
      throw;
    }
    Error gone(ErrorKind::kConnection, "the server no longer takes connections: " + error.message());
    gone.set_hint("it took one when the run began: see its log, then run again");
    throw error.has_reported_sqlstate() ? gone.set_sqlstate(error.sqlstate()) : gone.assign_sqlstate(error.sqlstate());
  }
}

/// A table that was renamed, or replaced under its name, before the lock was granted: the lock is on another one then.
void check_names(Connection& connection, const std::vector<RelationEntry>& relations) {
  const Result rows = connection.query(
      "SELECT c.oid, n.nspname, c.relname FROM pg_catalog.pg_class c"
      " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = ANY (" +
      oid_array(oids_of(relations)) + ")");
  std::map<types::Oid, TableName> names;
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    names.emplace(static_cast<types::Oid>(rows.integer(row, 0)), TableName{rows.text(row, 1), rows.text(row, 2)});
  }
  for (const RelationEntry& relation : relations) {
    const auto found = names.find(relation.oid);
    if (found == names.end() || found->second != relation.name) {
      const std::string change =
          found == names.end() ? "was dropped or replaced" : "was renamed to " + found->second.display();
      throw Error(ErrorKind::kSchemaDrift, "table " + relation.name.display() + " " + change + " meanwhile")
          .set_hint(kRunAgain);
    }
  }
}

/// Relations with storage that this session does not hold a lock on: materialized views, foreign tables, and
/// partitions that were attached between the lock on their parent and the snapshot.
std::string unlocked_sql(const std::string& oids) {
  return "WITH RECURSIVE tree(oid) AS ("
         " SELECT c.oid FROM pg_catalog.pg_class c WHERE c.oid = ANY (" +
         oids +
         ")"
         " UNION SELECT i.inhrelid FROM tree t JOIN pg_catalog.pg_inherits i ON i.inhparent = t.oid"
         // What another session keeps temporarily is not read.
         " JOIN pg_catalog.pg_class p ON p.oid = i.inhrelid WHERE p.relpersistence <> 't')"
         " SELECT c.oid, n.nspname, c.relname, c.relkind FROM tree t JOIN pg_catalog.pg_class c ON c.oid = t.oid"
         " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
         " WHERE c.relkind IN ('r', 'm', 'f') AND NOT EXISTS (SELECT FROM pg_catalog.pg_locks l"
         " WHERE l.locktype = 'relation' AND l.relation = c.oid AND l.granted"
         " AND l.pid = pg_catalog.pg_backend_pid() AND l.database ="
         " (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()))";
}

/// Locks what the snapshot is older than, and proves that its storage is still the one that the snapshot knows.
void lock_latecomers(Connection& connection, const std::vector<RelationEntry>& relations) {
  const Result rows = connection.query(unlocked_sql(oid_array(oids_of(relations))));
  std::vector<types::Oid> stored;
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    const TableName name{rows.text(row, 1), rows.text(row, 2)};
    const std::string kind = rows.text(row, 3);
    run_lock(connection,
             kind == "r" ? "LOCK TABLE ONLY " + name.quoted() + " IN ACCESS SHARE MODE"
                         : "SELECT FROM " + name.quoted() + " LIMIT 0",
             relations);
    if (kind != "f") {
      stored.push_back(static_cast<types::Oid>(rows.integer(row, 0)));
    }
  }
  if (stored.empty()) {
    return;
  }
  // pg_relation_filenode reads the newest catalog, pg_class is read as of the snapshot.
  const Result changed = connection.query(
      "SELECT n.nspname, c.relname, c.relkind FROM pg_catalog.pg_class c"
      " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = ANY (" +
      oid_array(stored) +
      ") AND c.relfilenode <> 0 AND pg_catalog.pg_relation_filenode(c.oid) IS DISTINCT FROM"
      " c.relfilenode");
  if (changed.rows() > 0) {
    const std::string what = changed.text(0, 2) == "m" ? "materialized view " : "table ";
    const std::string how = changed.text(0, 2) == "m" ? " was refreshed" : " was rewritten";
    throw Error(ErrorKind::kSchemaDrift, what + TableName{changed.text(0, 0), changed.text(0, 1)}.display() + how +
                                             " while the snapshot was taken")
        .set_hint("run again");
  }
}

/// Where the log stood. Asked for after the export and under a savepoint: not every server and user has it.
std::string read_lsn(Connection& connection) {
  std::string lsn;
  const auto failure = try_asking(connection, [&] {
    lsn = connection
              .query(
                  "SELECT CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_replay_lsn()"
                  " ELSE pg_catalog.pg_current_wal_insert_lsn() END")
              .text(0, 0);
  });
  if (failure && failure->sqlstate().empty()) {
    throw Error(*failure);
  }
  return lsn;
}

std::string iso_time(const std::string& time) {
  return "pg_catalog.to_char(" + time + ", 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"+00:00\"')";
}

/// Of a standby that has replayed no commit since it was started: its data is not older.
std::string read_checkpoint_time(Connection& connection) {
  std::string time;
  const auto failure = try_asking(connection, [&] {
    time = connection.query("SELECT " + iso_time("c.checkpoint_time") + " FROM pg_catalog.pg_control_checkpoint() c")
               .text(0, 0);
  });
  if (failure && failure->sqlstate().empty()) {
    throw Error(*failure);
  }
  return failure ? connection.query("SELECT " + iso_time("pg_catalog.now()")).text(0, 0) : time;
}

}  // namespace

Snapshot Snapshot::take(Connection connection, const std::vector<RelationEntry>& relations) {
  Snapshot snapshot(std::move(connection));
  Connection& session = snapshot.connection_;
  set_reading_environment(session, kBegin);
  lock_tables(session, relations);
  try {
    const Result row = session.query(
        "SELECT pg_catalog.pg_export_snapshot(), " +
        iso_time("CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_xact_replay_timestamp()"
                 " ELSE pg_catalog.now() END"));
    snapshot.id_ = row.text(0, 0);
    snapshot.taken_at_ = row.is_null(0, 1) ? "" : row.text(0, 1);
  } catch (Error& error) {
    if (error.hint().empty()) {
      error.set_hint(
          "a copy needs one snapshot for all its connections; the server or a proxy before it does not "
          "give one: connect to Postgres itself");
    }
    throw error.add_context("exporting the snapshot");
  }
  snapshot.lsn_ = read_lsn(session);
  if (snapshot.taken_at_.empty()) {
    snapshot.taken_at_ = read_checkpoint_time(session);
  }
  check_names(session, relations);
  lock_latecomers(session, relations);
  return snapshot;
}

decode::SnapshotBounds Snapshot::bounds() {
  return decode::SnapshotBounds::parse(connection_.query("SELECT pg_catalog.pg_current_snapshot()").text(0, 0));
}

void join_snapshot(Connection& connection, const std::string& id, const std::vector<RelationEntry>& relations) {
  try {
    set_reading_environment(connection, std::string(kBegin) + ";SET TRANSACTION SNAPSHOT " + quote_literal(id));
  } catch (Error& error) {
    if (error.sqlstate() == "22023" || error.sqlstate() == "42704") {
      error.set_hint(
          "the connection reached another server or database than the one that exported the snapshot (a "
          "load balancer or proxy?), or the exporting session has ended");
    }
    throw error.add_context("importing the snapshot");
  }
  lock_tables(connection, relations);
}

Connection open_at_snapshot(const ConnectionInfo& info, const std::string& id,
                            const std::vector<RelationEntry>& relations, std::stop_token stop) {
  Connection connection = open_another(info, std::move(stop));
  join_snapshot(connection, id, relations);
  return connection;
}

}  // namespace pg2duck::source
