#pragma once

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/handle.hpp"
#include "source/session/connection_info.hpp"

// libpq's own types; its header is included by .cpp files only.
struct pg_conn;
struct pg_result;

namespace pg2duck::source {

void release_connection(pg_conn* connection);
void release_result(pg_result* result);

using PgConnection = Handle<pg_conn, release_connection>;
using PgResult = Handle<pg_result, release_result>;

/// How long a wait may go without looking at the stop token.
inline constexpr std::chrono::milliseconds kPollInterval{100};

/// A libpq connection in non-blocking mode, and the waiting around it.
///
/// @thread one caller at a time
class Session {
 public:
  /// @error Error(kConnection), Error(kAuth), Error(kPermission), Error(kCancelled)
  static PgConnection log_in(const ConnectionInfo& info, const std::stop_token& stop);

  Session(PgConnection connection, std::stop_token stop);

  [[nodiscard]] pg_conn* get() const { return connection_.get(); }

  /// @error Error(kConnection) when the connection is gone already
  void send(const std::string& sql);
  /// The next result of what was sent, nullptr after the last.
  /// @error Error(kCancelled) after a stop: the statement was cancelled then and its results are thrown away
  PgResult next_result();
  /// Waits for more bytes and takes them in. @error as next_result, and Error(kConnection)
  void receive();
  /// Takes in bytes that are there without waiting. @return false when the connection is lost
  bool receive_ready() noexcept;
  /// Cancels what runs and throws its results away; after `kDrainTime` the connection is given up.
  void cancel_and_drain() noexcept;

  /// What libpq last said about a connection that broke, as an Error(kConnection).
  [[nodiscard]] Error lost() const;

 private:
  void flush();
  /// @error Error(kCancelled)
  void wait(short events);
  [[noreturn]] void stop_now();
  void drain() noexcept;

  PgConnection connection_;
  std::stop_token stop_;
};

/// The failure that `result` reports, with SQLSTATE, detail, the server's hint or ours.
Error server_error(const pg_result* result);

/// Whether `error` is of a statement that named this schema, which is not there.
bool names_missing_schema(const Error& error, std::string_view schema);

/// A connection that broke, with what libpq says about it (its usual guesses left out).
Error connection_lost(std::string_view libpq_text);

/// kind of a five-character SQLSTATE; kSourceSql for what nobody can act on specially.
ErrorKind kind_of_sqlstate(std::string_view sqlstate);

}  // namespace pg2duck::source
