#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <sys/types.h>
#include <thread>

#include "source/session/connection.hpp"

namespace pg2duck::test {

/// A private Postgres for tests: its own data directory, 127.0.0.1 on a free port, gone when the object goes.
///
/// The programs are taken from $PG2DUCK_PG_BIN, or the newest /usr/lib/postgresql/*/bin. Root runs them as the user
/// postgres, because Postgres refuses to run as root.
class PostgresServer {
 public:
  PostgresServer();
  ~PostgresServer();
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  /// One server for all tests of the binary: started when first asked for, stopped after the last test.
  static PostgresServer& shared();

  [[nodiscard]] int port() const { return port_; }

  /// A URI for `user`, who may log in without a password unless `set_hba` says otherwise.
  [[nodiscard]] std::string uri(const std::string& database = "postgres", const std::string& user = "postgres") const;
  [[nodiscard]] source::Connection connect(const std::string& database = "postgres",
                                           const std::string& user = "postgres", std::stop_token stop = {}) const;

  /// Puts `lines` in front of the rule that trusts everybody (or in its place), and reloads.
  void set_hba(const std::string& lines, bool trust_others = true);

 private:
  void start();
  void wait_until_ready();
  void stop() noexcept;

  std::filesystem::path programs_;
  std::filesystem::path directory_;
  pid_t server_ = -1;
  int port_ = 0;
};

/// A database of the shared server that is dropped at the end.
class TestDatabase {
 public:
  TestDatabase();
  ~TestDatabase();
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;

  [[nodiscard]] const std::string& name() const { return name_; }

  [[nodiscard]] std::string uri(const std::string& user = "postgres") const;
  [[nodiscard]] source::Connection connect(const std::string& user = "postgres", std::stop_token stop = {}) const;

  /// Runs statements in a session of their own.
  void execute(const std::string& sql) const;

 private:
  std::string name_;
};

/// A session for a URI or a key=value string.
source::Connection open_connection(const std::string& text, std::stop_token stop = {});

/// A thread that asks to stop after some time.
std::jthread stop_after(std::stop_source stop, std::chrono::milliseconds time);

/// Waits until `condition` is true. @return whether it became true within five minutes
bool eventually(const std::function<bool()>& condition);

}  // namespace pg2duck::test
