#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_cursor.hpp"
#include "source/session/connection_info.hpp"

namespace pg2duck::source {

/// All rows of a small result in text form.
class Result {
 public:
  explicit Result(void* result);
  Result(Result&&) noexcept;
  Result& operator=(Result&&) noexcept;
  ~Result();

  [[nodiscard]] std::size_t rows() const;
  [[nodiscard]] std::size_t columns() const;
  [[nodiscard]] bool is_null(std::size_t row, std::size_t column) const;
  /// Empty for NULL.
  [[nodiscard]] std::string text(std::size_t row, std::size_t column) const;
  [[nodiscard]] std::int64_t integer(std::size_t row, std::size_t column) const;
  [[nodiscard]] bool boolean(std::size_t row, std::size_t column) const;
  [[nodiscard]] std::string column_name(std::size_t column) const;

 private:
  void* result_;
};

/// One Postgres session. All waits watch the stop token: a stop cancels the running statement on
/// the server and throws Error(kCancelled).
///
/// @thread one caller at a time
class Connection {
 public:
  /// @error Error(kConnection), Error(kAuth): with the method that failed and what to do
  static Connection open(const ConnectionInfo& info, std::stop_token stop);

  Connection(Connection&&) noexcept;
  Connection& operator=(Connection&&) noexcept;
  ~Connection();

  /// @error Error with SQLSTATE; kind by its class (28 auth, 42501 permission, 57/08 connection, …)
  void execute(const std::string& sql);
  [[nodiscard]] Result query(const std::string& sql);

  /// Starts `COPY (…) TO STDOUT (FORMAT binary)`; then call `next_message` until it is empty.
  void start_copy(const std::string& copy_sql);
  /// The next CopyData message, valid until the next call or `release_messages`, whichever the caller
  /// asked for by `keep`: kept messages live until `release_messages`.
  /// @return nullopt when the COPY has ended well; `copied_rows` is set then
  /// @error Error when the server or the connection ended it otherwise
  std::optional<Bytes> next_message();
  /// Frees all messages handed out so far.
  void release_messages();
  /// The row count in the server's command tag of the last finished COPY.
  [[nodiscard]] std::uint64_t copied_rows() const;
  /// Ends a COPY that is not wanted any more (cancels it and drains); leaves the transaction failed.
  void abandon_copy() noexcept;

  /// e.g. 150018.
  [[nodiscard]] int server_version() const;
  /// ParameterStatus value, e.g. "server_encoding"; empty when the server did not send it.
  [[nodiscard]] std::string parameter(const char* name) const;
  [[nodiscard]] int backend_pid() const;
  /// Whether the user's own `options` (connection string, service or PGOPTIONS) set this server setting.
  [[nodiscard]] bool user_sets(std::string_view setting) const;

 private:
  struct State;
  explicit Connection(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// SET LOCAL of all that reading must be independent of: encoding UTF8, ISO dates, UTC, row_security off,
/// search_path to pg_catalog, synchronize_seqscans off, standard_conforming_strings on, and timeouts:
/// statement and idle timeouts off unless the user's own connection options set them; lock_timeout 10 s likewise.
/// Everything is local to the transaction, so that a transaction-pooling proxy does no harm.
/// @shape inside a transaction, before its first query (it takes no snapshot); or with `begin`, the statement that
///        begins one, which goes to the server in the same message: far away each message takes its time
void set_reading_environment(Connection& connection, const std::string& begin = {});

}  // namespace pg2duck::source
