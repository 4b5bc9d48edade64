#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "source/catalog/catalog.hpp"
#include "source/session/connection.hpp"

namespace pg2duck::sync {

/// The reading connections of a run: never more than `capacity` at a time, all at one snapshot, opened
/// when first needed, or one ahead of that, and kept for the next table.
///
/// @thread any
class ConnectionPool {
 public:
  ConnectionPool(source::ConnectionInfo info, unsigned capacity, std::stop_token stop);
  ConnectionPool(const ConnectionPool&) = delete;
  ConnectionPool& operator=(const ConnectionPool&) = delete;

  /// Gives up what is being opened ahead.
  ~ConnectionPool() { ending_.request_stop(); }

  /// Begins to open the first connection, for the first who asks for one. When that fails, his own attempt says why.
  /// @thread before any other call, once
  void open_ahead();

  /// Says which snapshot all connections read at, and which tables.
  /// @thread before any `borrow`, once
  void read_at(std::string snapshot, std::vector<source::RelationEntry> relations);

  /// A borrowed connection; goes back when destroyed. `discard` closes it instead, after a failure that
  /// leaves its transaction unusable.
  class Lease {
   public:
    Lease(ConnectionPool& pool, source::Connection connection);
    Lease(Lease&&) noexcept;
    Lease& operator=(Lease&&) = delete;
    ~Lease();

    source::Connection& operator*() { return *connection_; }

    source::Connection* operator->() { return &*connection_; }

    void discard();

   private:
    ConnectionPool* pool_;
    std::optional<source::Connection> connection_;
  };

  /// Waits for a connection until `no_longer_needed` says so; nullopt then.
  /// @error Error(kCancelled) on a stop; whatever opening a connection throws
  std::optional<Lease> borrow(const std::function<bool()>& no_longer_needed);
  /// Makes waiting borrowers ask `no_longer_needed` again.
  void wake();

 private:
  void give_back(std::optional<source::Connection> connection);

  const source::ConnectionInfo info_;
  const unsigned capacity_;
  const std::stop_token stop_;
  std::mutex mutex_;
  std::string snapshot_;                          // guarded by mutex_ until read_at has set it
  std::vector<source::RelationEntry> relations_;  // likewise
  std::condition_variable_any changed_;
  std::vector<source::Connection> idle_;  // guarded by mutex_
  unsigned in_use_ = 0;                   // guarded by mutex_
  bool opens_ahead_ = false;              // guarded by mutex_
  bool ahead_is_free_ = false;            // guarded by mutex_: nobody waits for it yet
  std::stop_source ending_;
  std::stop_callback<std::function<void()>> forward_stop_;
  std::jthread opening_;
};

}  // namespace pg2duck::sync
