#include "sync/source_side.hpp"

#include <utility>

namespace pg2duck::sync {

SourceSide SourceSide::leave() {
  return {.coordinator = std::move(coordinator),
          .pool = std::move(pool),
          .snapshot_id = snapshot_id,
          .taken_at = taken_at,
          .lsn = lsn};
}

SourceOpening::SourceOpening(const source::ConnectionInfo& info, unsigned readers, std::stop_token stop)
    : connection_(source::Connection::open(info, stop)) {
  if (readers > 0) {
    pool_ = std::make_unique<ConnectionPool>(info, readers, std::move(stop));
    pool_->open_ahead();
  }
  survey_ = source::take_survey(connection_);
}

SourceSide SourceOpening::take_snapshot(const std::vector<source::RelationEntry>& relations) && {
  SourceSide side;
  side.coordinator = std::make_unique<Coordinator>(source::Snapshot::take(std::move(connection_), relations));
  side.pool = std::move(pool_);
  side.snapshot_id = side.coordinator->snapshot.id();
  side.taken_at = side.coordinator->snapshot.taken_at();
  side.lsn = side.coordinator->snapshot.lsn();
  if (side.pool) {
    side.pool->read_at(side.snapshot_id, relations);
  }
  return side;
}

}  // namespace pg2duck::sync
