#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "decode/heap/tuple_visibility.hpp"
#include "source/catalog/catalog.hpp"
#include "source/session/connection.hpp"

namespace pg2duck::source {

/// The one instant that all tables are read at.
///
/// Locks first, snapshot second: `LOCK TABLE … IN ACCESS SHARE MODE` runs before the transaction's first
/// query, so every DDL that could touch a chosen table has either committed before the snapshot or waits
/// until the copy is over. @source PostgreSQL 15 manual, LOCK
class Snapshot {
 public:
  /// BEGIN, settings, locks, export. `connection` must be idle; it is kept until the end of the copy.
  /// Relations that LOCK TABLE does not take (materialized views, foreign tables) are locked by an empty
  /// SELECT afterwards, and a materialized view that was refreshed in between is an error.
  /// @error Error(kConflict) after lock_timeout, naming the blocking pid and its statement;
  ///        Error(kSchemaDrift) when a relation is gone; Error(kSourceSql) when the export fails: no copy without a
  ///        snapshot
  static Snapshot take(Connection connection, const std::vector<RelationEntry>& relations);

  [[nodiscard]] const std::string& id() const { return id_; }

  /// now() of the snapshot's transaction, ISO 8601 with offset.
  [[nodiscard]] const std::string& taken_at() const { return taken_at_; }

  /// pg_current_wal_insert_lsn, or the replay LSN on a standby; empty where not allowed.
  [[nodiscard]] const std::string& lsn() const { return lsn_; }

  /// Which transactions it sees.
  [[nodiscard]] decode::SnapshotBounds bounds();

  [[nodiscard]] Connection& connection() { return connection_; }

 private:
  explicit Snapshot(Connection connection) : connection_(std::move(connection)) {}

  Connection connection_;
  std::string id_;
  std::string taken_at_;
  std::string lsn_;
};

/// Has a new session read at the snapshot `id`, with its own locks on `relations`. It takes them at once: an ALTER
/// that starts to wait for the copy later would also make a first read that comes after it wait, for ever.
/// @error Error when the snapshot cannot be imported; the run must stop then
void join_snapshot(Connection& connection, const std::string& id, const std::vector<RelationEntry>& relations);

/// A new session that has joined it.
/// @error as join_snapshot, and Connection::open
Connection open_at_snapshot(const ConnectionInfo& info, const std::string& id,
                            const std::vector<RelationEntry>& relations, std::stop_token stop);

}  // namespace pg2duck::source
