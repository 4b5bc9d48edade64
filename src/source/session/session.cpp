#include "source/session/session.hpp"

#include <array>
#include <cerrno>
#include <future>
#include <poll.h>
#include <thread>
#include <utility>

#include <libpq-fe.h>

namespace pg2duck::source {
namespace {

constexpr std::chrono::seconds kCancelTime{2};
constexpr std::chrono::seconds kDrainTime{3};

void ignore_notice(void* /*context*/, const PGresult* /*notice*/) {}

/// PQcancel opens a connection of its own and may block for minutes when the network is gone, so it is not waited for
/// longer than `kCancelTime`.
void request_cancel(PGconn* connection) {
  PGcancel* cancel = PQgetCancel(connection);
  if (cancel == nullptr) {
    return;
  }
  std::promise<void> promise;
  std::future<void> done = promise.get_future();
  std::thread([cancel, promise = std::move(promise)]() mutable {
    std::array<char, 256> text{};
    PQcancel(cancel, text.data(), static_cast<int>(text.size()));
    PQfreeCancel(cancel);
    promise.set_value();
  }).detach();
  done.wait_for(kCancelTime);
}

}  // namespace

void release_connection(pg_conn* connection) {
  PQfinish(connection);
}

void release_result(pg_result* result) {
  PQclear(result);
}

Session::Session(PgConnection connection, std::stop_token stop)
    : connection_(std::move(connection)), stop_(std::move(stop)) {
  PQsetNoticeReceiver(get(), ignore_notice, nullptr);
  PQsetErrorVerbosity(get(), PQERRORS_DEFAULT);
  PQsetnonblocking(get(), 1);
}

void Session::send(const std::string& sql) {
  if (PQstatus(get()) != CONNECTION_OK || PQsendQuery(get(), sql.c_str()) != 1) {
    throw lost();
  }
  flush();
}

void Session::flush() {
  int left = PQflush(get());
  while (left == 1) {
    wait(POLLIN | POLLOUT);
    if (PQconsumeInput(get()) != 1) {
      throw lost();
    }
    left = PQflush(get());
  }
  // A failed write is not reported here: the server's last words, which say why, are still to be read.
}

PgResult Session::next_result() {
  while (PQisBusy(get()) == 1) {
    wait(POLLIN);
    if (PQconsumeInput(get()) != 1) {
      // PQgetResult below hands out what the server said before it hung up, or libpq's own text.
      break;
    }
  }
  return PgResult(PQgetResult(get()));
}

void Session::receive() {
  wait(POLLIN);
  if (!receive_ready()) {
    throw lost();
  }
}

bool Session::receive_ready() noexcept {
  return PQconsumeInput(get()) == 1;
}

void Session::wait(short events) {
  for (;;) {
    if (stop_.stop_requested()) {
      stop_now();
    }
    pollfd descriptor{.fd = PQsocket(get()), .events = events, .revents = 0};
    if (descriptor.fd < 0) {
      throw lost();
    }
    const int ready = poll(&descriptor, 1, static_cast<int>(kPollInterval.count()));
    if (ready > 0 || (ready < 0 && errno != EINTR)) {
      return;
    }
    // With TLS, bytes may wait inside the library while the socket is silent.
    if (ready == 0 && PQsslInUse(get()) == 1) {
      return;
    }
  }
}

void Session::stop_now() {
  cancel_and_drain();
  throw Error(ErrorKind::kCancelled, "stopped");
}

void Session::cancel_and_drain() noexcept {
  try {
    request_cancel(get());
    drain();
  } catch (...) {
    // No thread or no memory for the cancel request: closing the socket ends the statement as well.
    connection_.reset();
  }
}

void Session::drain() noexcept {
  const auto deadline = std::chrono::steady_clock::now() + kDrainTime;
  while (std::chrono::steady_clock::now() < deadline) {
    char* message = nullptr;
    const int size = PQgetCopyData(get(), &message, 1);
    PQfreemem(message);
    if (size > 0) {
      continue;
    }
    if (size != 0 && PQisBusy(get()) == 0) {
      if (!PgResult(PQgetResult(get()))) {
        return;
      }
      continue;
    }
    pollfd descriptor{.fd = PQsocket(get()), .events = POLLIN, .revents = 0};
    poll(&descriptor, 1, static_cast<int>(kPollInterval.count()));
    if (!receive_ready()) {
      return;
    }
  }
  connection_.reset();
}

Error Session::lost() const {
  return connection_lost(get() == nullptr ? "" : PQerrorMessage(get()));
}

}  // namespace pg2duck::source
