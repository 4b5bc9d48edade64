#include "source/session/connection.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include <libpq-fe.h>

#include "base/error.hpp"
#include "base/handle.hpp"
#include "base/identifier.hpp"
#include "source/session/session.hpp"

namespace pg2duck::source {
namespace {

const PGresult* as_result(const void* result) {
  return static_cast<const PGresult*>(result);
}

/// `text` with ASCII lower case and '_' for '-': both spellings of a setting's name are legal in `options`.
std::string normalized_options(std::string_view text) {
  std::string options = fold_case(text);
  std::ranges::replace(options, '-', '_');
  return options;
}

std::string options_in_effect(PGconn* connection) {
  std::string options;
  const Handle<PQconninfoOption, PQconninfoFree> all(PQconninfo(connection));
  for (const PQconninfoOption* option = all.get(); option != nullptr && option->keyword != nullptr; ++option) {
    if (std::string_view(option->keyword) == "options" && option->val != nullptr) {
      options = normalized_options(option->val);
    }
  }
  return options;
}

}  // namespace

Result::Result(void* result) : result_(result) {}

Result::Result(Result&& other) noexcept : result_(std::exchange(other.result_, nullptr)) {}

Result& Result::operator=(Result&& other) noexcept {
  std::swap(result_, other.result_);
  return *this;
}

Result::~Result() {
  PQclear(static_cast<PGresult*>(result_));
}

std::size_t Result::rows() const {
  return static_cast<std::size_t>(PQntuples(as_result(result_)));
}

std::size_t Result::columns() const {
  return static_cast<std::size_t>(PQnfields(as_result(result_)));
}

bool Result::is_null(std::size_t row, std::size_t column) const {
  return PQgetisnull(as_result(result_), static_cast<int>(row), static_cast<int>(column)) == 1;
}

std::string Result::text(std::size_t row, std::size_t column) const {
  if (row >= rows() || column >= columns()) {
    throw Error(ErrorKind::kBug, "a field outside the result was asked for");
  }
  const int r = static_cast<int>(row);
  const int c = static_cast<int>(column);
  return {PQgetvalue(as_result(result_), r, c), static_cast<std::size_t>(PQgetlength(as_result(result_), r, c))};
}

std::int64_t Result::integer(std::size_t row, std::size_t column) const {
  const std::string value = text(row, column);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc() || end != value.data() + value.size()) {
    throw Error(ErrorKind::kBug, "the server sent '" + value + "' where an integer was expected");
  }
  return number;
}

bool Result::boolean(std::size_t row, std::size_t column) const {
  return text(row, column) == "t";
}

std::string Result::column_name(std::size_t column) const {
  const char* name = PQfname(as_result(result_), static_cast<int>(column));
  return name == nullptr ? std::string() : std::string(name);
}

struct Connection::State {
  State(PgConnection connection, std::stop_token stop)
      : session(std::move(connection), std::move(stop)), user_options(options_in_effect(session.get())) {}

  Session session;
  std::string user_options;
  bool copying = false;
  std::vector<Handle<char, PQfreemem>> messages;
  std::uint64_t copied_rows = 0;

  /// Sends `sql` and gives the last result of its statements; the first failure counts.
  PgResult run(const std::string& sql);
  /// Reads the command tag of a COPY whose data have ended, and the results behind it.
  void finish_copy();
  PgResult next_checked();
};

PgResult Connection::State::next_checked() {
  PgResult result = session.next_result();
  if (!result) {
    return result;
  }
  switch (PQresultStatus(result.get())) {
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
    case PGRES_EMPTY_QUERY:
    case PGRES_COPY_OUT:
      return result;
    default: {
      const Error error = server_error(result.get());
      while (session.next_result()) {
      }
      throw Error(error);
    }
  }
}

void Connection::State::finish_copy() {
  copying = false;
  const PgResult result = next_checked();
  if (!result) {
    throw session.lost();
  }
  const std::string_view rows = PQcmdTuples(result.get());
  std::from_chars(rows.data(), rows.data() + rows.size(), copied_rows);
  while (next_checked()) {
  }
}

PgResult Connection::State::run(const std::string& sql) {
  if (copying) {
    throw Error(ErrorKind::kBug, "a statement was sent in the middle of a COPY");
  }
  session.send(sql);
  PgResult last;
  while (PgResult result = next_checked()) {
    if (PQresultStatus(result.get()) == PGRES_COPY_OUT) {
      session.cancel_and_drain();
      throw Error(ErrorKind::kBug, "a COPY was sent as a query");
    }
    last = std::move(result);
  }
  if (!last) {
    throw session.lost();
  }
  return last;
}

Connection::Connection(std::unique_ptr<State> state) : state_(std::move(state)) {}

Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;
Connection::~Connection() = default;

Connection Connection::open(const ConnectionInfo& info, std::stop_token stop) {
  PgConnection connection = Session::log_in(info, stop);
  return Connection(std::make_unique<State>(std::move(connection), std::move(stop)));
}

void Connection::execute(const std::string& sql) {
  state_->run(sql);
}

Result Connection::query(const std::string& sql) {
  return Result(state_->run(sql).release());
}

void Connection::start_copy(const std::string& copy_sql) {
  if (state_->copying) {
    throw Error(ErrorKind::kBug, "a COPY was started in the middle of another");
  }
  state_->copied_rows = 0;
  state_->session.send(copy_sql);
  const PgResult result = state_->next_checked();
  if (!result) {
    throw state_->session.lost();
  }
  if (PQresultStatus(result.get()) != PGRES_COPY_OUT) {
    state_->session.cancel_and_drain();
    throw Error(ErrorKind::kBug, "start_copy was given another statement");
  }
  state_->copying = true;
}

std::optional<Bytes> Connection::next_message() {
  State& state = *state_;
  if (!state.copying) {
    throw Error(ErrorKind::kBug, "no COPY is running");
  }
  // With TLS, bytes may wait inside the library while the socket is silent: ask it before the first wait.
  bool ask_first = PQsslInUse(state.session.get()) == 1;
  try {
    for (;;) {
      char* message = nullptr;
      const int size = PQgetCopyData(state.session.get(), &message, 1);
      if (size > 0) {
        state.messages.emplace_back(message);
        return std::as_bytes(std::span(message, static_cast<std::size_t>(size)));
      }
      if (size == -1) {
        break;
      }
      if (size < -1) {
        throw state.session.lost();
      }
      if (!ask_first) {
        state.session.receive();
      } else if (!state.session.receive_ready()) {
        throw state.session.lost();
      }
      ask_first = false;
    }
    state.finish_copy();
    return std::nullopt;
  } catch (...) {
    state.copying = false;
    throw;
  }
}

void Connection::release_messages() {
  state_->messages.clear();
}

std::uint64_t Connection::copied_rows() const {
  return state_->copied_rows;
}

void Connection::abandon_copy() noexcept {
  state_->messages.clear();
  if (state_->copying) {
    state_->copying = false;
    state_->session.cancel_and_drain();
  }
}

int Connection::server_version() const {
  return PQserverVersion(state_->session.get());
}

std::string Connection::parameter(const char* name) const {
  const char* value = PQparameterStatus(state_->session.get(), name);
  return value == nullptr ? std::string() : std::string(value);
}

int Connection::backend_pid() const {
  return PQbackendPID(state_->session.get());
}

bool Connection::user_sets(std::string_view setting) const {
  const std::string& options = state_->user_options;
  for (std::size_t at = options.find(setting); at != std::string::npos; at = options.find(setting, at + 1)) {
    const char before = at == 0 ? ' ' : options[at - 1];
    const std::size_t end = at + setting.size();
    // deadlock_timeout is not lock_timeout; "--lock_timeout" became "__lock_timeout" above.
    const bool begins = (before == ' ' || before == 'c' || (before == '_' && (at < 2 || options[at - 2] == '_')));
    if (begins && end < options.size() && (options[end] == '=' || options[end] == ' ')) {
      return true;
    }
  }
  return false;
}

}  // namespace pg2duck::source
