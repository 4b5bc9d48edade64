#include "sync/read/connection_pool.hpp"

#include <utility>

#include "base/error.hpp"
#include "source/read/snapshot.hpp"

namespace pg2duck::sync {

ConnectionPool::ConnectionPool(source::ConnectionInfo info, unsigned capacity, std::stop_token stop)
    : info_(std::move(info)),
      capacity_(capacity),
      stop_(std::move(stop)),
      forward_stop_(stop_, [this] { ending_.request_stop(); }) {}

void ConnectionPool::open_ahead() {
  in_use_ = 1;
  opens_ahead_ = true;
  ahead_is_free_ = true;
  opening_ = std::jthread([this] {
    std::optional<source::Connection> connection;
    try {
      source::Connection opened = source::Connection::open(info_, ending_.get_token());
      std::unique_lock lock(mutex_);
      if (changed_.wait(lock, ending_.get_token(), [this] { return !snapshot_.empty(); })) {
        lock.unlock();
        source::join_snapshot(opened, snapshot_, relations_);
        connection = std::move(opened);
      }
    } catch (...) {
      // Nothing on purpose: who needs a connection tries it himself, and tells.
    }
    {
      const std::lock_guard lock(mutex_);
      opens_ahead_ = false;
    }
    give_back(std::move(connection));
  });
}

void ConnectionPool::read_at(std::string snapshot, std::vector<source::RelationEntry> relations) {
  {
    const std::lock_guard lock(mutex_);
    relations_ = std::move(relations);
    snapshot_ = std::move(snapshot);
  }
  changed_.notify_all();
}

std::optional<ConnectionPool::Lease> ConnectionPool::borrow(const std::function<bool()>& no_longer_needed) {
  std::unique_lock lock(mutex_);
  const bool waits_for_ahead = std::exchange(ahead_is_free_, false);
  changed_.wait(lock, stop_,
                [&] { return (in_use_ < capacity_ && !(waits_for_ahead && opens_ahead_)) || no_longer_needed(); });
  if (stop_.stop_requested()) {
    throw Error(ErrorKind::kCancelled, "stopped");
  }
  if (no_longer_needed()) {
    return std::nullopt;
  }
  ++in_use_;
  if (!idle_.empty()) {
    source::Connection connection = std::move(idle_.back());
    idle_.pop_back();
    return Lease(*this, std::move(connection));
  }
  lock.unlock();
  try {
    return Lease(*this, source::open_at_snapshot(info_, snapshot_, relations_, stop_));
  } catch (...) {
    give_back(std::nullopt);
    throw;
  }
}

void ConnectionPool::wake() {
  // Taking the lock orders the change that the caller made before the waiters' next look at it.
  {
    const std::lock_guard lock(mutex_);
  }
  changed_.notify_all();
}

void ConnectionPool::give_back(std::optional<source::Connection> connection) {
  {
    const std::lock_guard lock(mutex_);
    --in_use_;
    if (connection) {
      idle_.push_back(std::move(*connection));
    }
  }
  changed_.notify_all();
}

ConnectionPool::Lease::Lease(ConnectionPool& pool, source::Connection connection)
    : pool_(&pool), connection_(std::move(connection)) {}

ConnectionPool::Lease::Lease(Lease&& other) noexcept
    : pool_(std::exchange(other.pool_, nullptr)), connection_(std::exchange(other.connection_, std::nullopt)) {}

ConnectionPool::Lease::~Lease() {
  if (pool_ != nullptr) {
    pool_->give_back(std::move(connection_));
  }
}

void ConnectionPool::Lease::discard() {
  connection_.reset();
  pool_->give_back(std::nullopt);
  pool_ = nullptr;
}

}  // namespace pg2duck::sync
