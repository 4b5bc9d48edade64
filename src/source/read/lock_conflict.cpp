#include "source/read/lock_conflict.hpp"

#include "base/identifier.hpp"
#include "source/catalog/type_catalog.hpp"

namespace pg2duck::source {
namespace {

constexpr const char* kWaitHint = "wait for it, or raise the limit: PGOPTIONS=\"-c lock_timeout=60s\"";

/// Only ACCESS EXCLUSIVE conflicts with ACCESS SHARE; a waiting one stands in front of us in the queue.
std::string blockers_sql(const std::string& oids) {
  return "WITH RECURSIVE tree(oid) AS ("
         " SELECT c.oid FROM pg_catalog.pg_class c WHERE c.oid = ANY (" +
         oids +
         ")"
         " UNION SELECT i.inhrelid FROM tree t JOIN pg_catalog.pg_inherits i ON i.inhparent = t.oid)"
         " SELECT n.nspname, c.relname, l.granted, l.pid, coalesce(a.usename, '?'),"
         " coalesce(nullif(a.application_name, ''), '-'), coalesce(a.state, 'unknown state'),"
         " coalesce(pg_catalog.to_char(a.xact_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS \"UTC\"'), '?'),"
         " pg_catalog.left(pg_catalog.regexp_replace(coalesce(a.query, ''), '[[:space:]]+', ' ', 'g'), 80),"
         " pg_catalog.length(a.query) > 80"
         " FROM tree t JOIN pg_catalog.pg_locks l ON l.relation = t.oid AND l.locktype = 'relation'"
         " JOIN pg_catalog.pg_class c ON c.oid = t.oid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
         " LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid"
         " WHERE l.mode = 'AccessExclusiveLock' AND l.pid IS DISTINCT FROM pg_catalog.pg_backend_pid()"
         " AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d"
         " WHERE d.datname = pg_catalog.current_database())"
         " ORDER BY l.granted DESC, a.xact_start LIMIT 1";
}

}  // namespace

Error lock_conflict(Connection& connection, const std::vector<types::Oid>& tables) {
  connection.execute("ROLLBACK");
  const Result rows = connection.query(blockers_sql(oid_array(tables)));
  if (rows.rows() == 0) {
    return Error(ErrorKind::kConflict, "a table stayed locked by another session for longer than lock_timeout")
        .set_sqlstate("55P03")
        .set_hint(std::string("it has let go meanwhile: run again; or ") + kWaitHint);
  }
  const std::string table = TableName{rows.text(0, 0), rows.text(0, 1)}.display();
  const std::string pid = rows.is_null(0, 3) ? "?" : rows.text(0, 3);
  const std::string who = "pid " + pid + " (user " + rows.text(0, 4) + ", application " + rows.text(0, 5) + ", " +
                          rows.text(0, 6) + ", since " + rows.text(0, 7) + "): " + rows.text(0, 8) +
                          (rows.boolean(0, 9) ? "…" : "");
  const std::string how = rows.boolean(0, 2) ? " is locked by " : " is waited for, to lock it exclusively, by ";
  std::string hint = kWaitHint;
  if (pid == "?") {
    hint += "; a prepared transaction holds it: see pg_prepared_xacts";
  } else {
    hint += "; or end it: SELECT pg_terminate_backend(" + pid + ");";
  }
  return Error(ErrorKind::kConflict, "table " + table + how + who).set_sqlstate("55P03").set_hint(hint);
}

}  // namespace pg2duck::source
