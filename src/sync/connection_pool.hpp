#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "source/catalog.hpp"
#include "source/connection.hpp"

namespace pg2duck::sync {

/// The reading connections of a run: never more than `capacity` at a time, all at one snapshot, opened
/// when first needed and kept for the next table.
///
/// @thread any
class ConnectionPool {
 public:
  /// @shape `info` and `relations`, the tables to be read, outlive the pool
  ConnectionPool(const source::ConnectionInfo& info, std::string snapshot,
                 const std::vector<source::RelationEntry>& relations, unsigned capacity, std::stop_token stop);

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

  const source::ConnectionInfo& info_;
  const std::string snapshot_;
  const std::vector<source::RelationEntry>& relations_;
  const unsigned capacity_;
  const std::stop_token stop_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::vector<source::Connection> idle_;  // guarded by mutex_
  unsigned in_use_ = 0;                   // guarded by mutex_
};

}  // namespace pg2duck::sync
