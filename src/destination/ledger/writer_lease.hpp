#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "destination/session/database.hpp"

namespace pg2duck::destination {

/// A run that has announced that it writes into the target.
struct Writer {
  std::string run_id;
  std::string program;    ///< host and process, for people
  std::string process;    ///< base/process_identity
  std::string since;      ///< ISO 8601 in UTC
  double silent_for = 0;  ///< seconds since it was heard of last
};

/// The announcements in one target.
///
/// @error as the dialect says
class Writers {
 public:
  Writers() = default;
  Writers(const Writers&) = delete;
  Writers& operator=(const Writers&) = delete;
  virtual ~Writers() = default;

  virtual void announce(Session& session, const Writer& self) = 0;
  virtual std::vector<Writer> list(Session& session) = 0;
  virtual void renew(Session& session, const Writer& self) = 0;
  virtual void remove(Session& session, const std::vector<std::string>& run_ids) = 0;
};

/// Keeps a second run out of a target that has no lock of its own, while this lives: a run announces itself, looks who
/// else has, and gives way to those that are alive. Of two that announce themselves at the same instant both give way.
/// The announcement is renewed all the time; one that was not for a minute is void, and at once when its process is
/// known to have died.
///
/// @thread one caller; it has a thread of its own
class WriterLease {
 public:
  /// @error Error(kConflict) that names the other run
  WriterLease(Database& database, const std::string& run_id);
  WriterLease(const WriterLease&) = delete;
  WriterLease& operator=(const WriterLease&) = delete;
  ~WriterLease();

  /// Sees to it that no other run takes the target over within the next minute. Before anything is published: a process
  /// that slept, or did not reach the target, for longer than that may have been held for dead.
  /// @error Error(kConflict) when another run has taken it over; as the dialect says
  void confirm();

 private:
  void take();
  bool renew();
  void renew_until(const std::stop_token& stop);

  Database& database_;
  std::unique_ptr<Writers> writers_;
  Writer self_;
  std::mutex mutex_;
  std::condition_variable_any woken_;
  std::jthread renewal_;
};

}  // namespace pg2duck::destination
