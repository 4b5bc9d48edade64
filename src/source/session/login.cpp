#include <algorithm>
#include <charconv>
#include <map>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <optional>
#include <poll.h>
#include <ranges>
#include <sys/socket.h>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <libpq-fe.h>

#include "source/session/login_error.hpp"
#include "source/session/login_method.hpp"
#include "source/session/session.hpp"

namespace pg2duck::source {
namespace {

using Clock = std::chrono::steady_clock;
using Parameters = std::map<std::string, std::string>;

constexpr std::chrono::seconds kConnectTimeout{10};
constexpr int kLeastConnectTimeout = 2;  // libpq's own lower bound

/// After so long without a sign from the other side's kernel a connection is lost. The kernel's own limits are a
/// quarter of an hour with something on the way, and two hours without.
constexpr std::chrono::seconds kSilence{60};
constexpr std::chrono::seconds kIdleBeforeProbe{30};
constexpr std::chrono::seconds kBetweenProbes{10};

std::string text_or_empty(const char* text) {
  return text == nullptr ? std::string() : std::string(text);
}

Parameters login_parameters(const ConnectionInfo& info) {
  Parameters parameters;
  for (const auto& [keyword, value] : info.parameters()) {
    parameters.emplace(keyword, value.reveal());
  }
  parameters["client_encoding"] = "UTF8";
  parameters.emplace("fallback_application_name", "pg2duck");
  return parameters;
}

PgConnection start(const Parameters& parameters) {
  std::vector<const char*> keywords;
  std::vector<const char*> values;
  for (const auto& [keyword, value] : parameters) {
    keywords.push_back(keyword.c_str());
    values.push_back(value.c_str());
  }
  keywords.push_back(nullptr);
  values.push_back(nullptr);
  PgConnection connection(PQconnectStartParams(keywords.data(), values.data(), 0));
  if (!connection) {
    throw std::bad_alloc();
  }
  // Verbose messages carry the SQLSTATE, which a failed login tells in no other way.
  PQsetErrorVerbosity(connection.get(), PQERRORS_VERBOSE);
  return connection;
}

/// What libpq made of the string, the environment and the service file.
Parameters effective_parameters(PGconn* connection) {
  Parameters parameters;
  const Handle<PQconninfoOption, PQconninfoFree> options(PQconninfo(connection));
  for (const PQconninfoOption* option = options.get(); option != nullptr && option->keyword != nullptr; ++option) {
    if (option->val != nullptr) {
      parameters.emplace(option->keyword, option->val);
    }
  }
  return parameters;
}

/// Nothing when the user asked to wait for ever. libpq itself watches the time in its blocking calls only.
std::optional<std::chrono::seconds> connect_timeout(const Parameters& effective) {
  const auto found = effective.find("connect_timeout");
  if (found == effective.end() || found->second.empty()) {
    return kConnectTimeout;
  }
  int seconds = 0;
  std::from_chars(found->second.data(), found->second.data() + found->second.size(), seconds);
  if (seconds <= 0) {
    return std::nullopt;
  }
  return std::chrono::seconds(std::max(seconds, kLeastConnectTimeout));
}

/// Where the user has not said how long a silent connection is kept. A server that is busy answers probes.
void bound_silence(PGconn* connection, const Parameters& effective) {
  const auto set_unless_given = [&](const char* keyword, int option, std::chrono::seconds::rep value) {
    if (!effective.contains(keyword)) {
      const int number = static_cast<int>(value);
      // Refused for a Unix socket, which needs none of it.
      static_cast<void>(setsockopt(PQsocket(connection), IPPROTO_TCP, option, &number, sizeof(number)));
    }
  };
  set_unless_given("keepalives_idle", TCP_KEEPIDLE, kIdleBeforeProbe.count());
  set_unless_given("keepalives_interval", TCP_KEEPINTVL, kBetweenProbes.count());
  set_unless_given("tcp_user_timeout", TCP_USER_TIMEOUT, std::chrono::milliseconds(kSilence).count());
}

enum class Attempt { kConnected, kFailed, kTimedOut };

/// Drives libpq over all hosts; the time limit holds for each address that it tries.
Attempt attempt(PGconn* connection, std::optional<std::chrono::seconds> limit, const std::stop_token& stop) {
  std::string address;
  auto deadline = Clock::time_point::max();
  PostgresPollingStatusType status = PGRES_POLLING_WRITING;
  while (status == PGRES_POLLING_READING || status == PGRES_POLLING_WRITING) {
    if (stop.stop_requested()) {
      throw Error(ErrorKind::kCancelled, "stopped");
    }
    const std::string current = text_or_empty(PQhost(connection)) + " " + text_or_empty(PQhostaddr(connection)) + " " +
                                text_or_empty(PQport(connection));
    if (limit && current != address) {
      address = current;
      deadline = Clock::now() + *limit;
    }
    if (Clock::now() >= deadline) {
      return Attempt::kTimedOut;
    }
    const short events = status == PGRES_POLLING_READING ? POLLIN : POLLOUT;
    pollfd descriptor{.fd = PQsocket(connection), .events = events, .revents = 0};
    if (poll(&descriptor, 1, static_cast<int>(kPollInterval.count())) != 0) {
      status = PQconnectPoll(connection);
    }
  }
  return status == PGRES_POLLING_OK ? Attempt::kConnected : Attempt::kFailed;
}

LoginFailure failure_of(const ConnectionInfo& info, PGconn* connection, std::string text, std::string method = {}) {
  return {.text = std::move(text),
          .host = text_or_empty(PQhost(connection)),
          .port = text_or_empty(PQport(connection)),
          .user = text_or_empty(PQuser(connection)),
          .database = text_or_empty(PQdb(connection)),
          .method = std::move(method),
          .used_password = PQconnectionUsedPassword(connection) == 1,
          .password_origin = info.password_origin(),
          .needs_password = PQconnectionNeedsPassword(connection) == 1};
}

std::vector<std::string> split(const std::string& list) {
  std::vector<std::string> items(1);
  for (char c : list) {
    if (c == ',') {
      items.emplace_back();
    } else {
      items.back() += c;
    }
  }
  return items;
}

/// Drops the host that did not answer and those before it from every list. @return false when none is left
bool skip_silent_host(Parameters& parameters, const Parameters& effective, PGconn* connection) {
  const auto list = [&](const char* keyword) {
    const auto found = effective.find(keyword);
    return found == effective.end() ? std::vector<std::string>() : split(found->second);
  };
  const auto hosts = list("host").empty() ? list("hostaddr") : list("host");
  const auto ports = list("port");
  std::size_t silent = 0;
  while (silent < hosts.size() && !(hosts[silent] == text_or_empty(PQhost(connection)) &&
                                    (ports.size() <= 1 || ports[silent] == text_or_empty(PQport(connection))))) {
    ++silent;
  }
  if (silent + 1 >= hosts.size()) {
    return false;
  }
  for (const char* keyword : {"host", "hostaddr", "port"}) {
    const auto items = list(keyword);
    if (items.size() != hosts.size()) {
      continue;
    }
    parameters[keyword] = fmt::format("{}", fmt::join(items | std::views::drop(silent + 1), ","));
  }
  return true;
}

}  // namespace

PgConnection Session::log_in(const ConnectionInfo& info, const std::stop_token& stop) {
  Parameters parameters = login_parameters(info);
  for (;;) {
    PgConnection connection = start(parameters);
    if (PQstatus(connection.get()) == CONNECTION_BAD) {
      throw login_error(failure_of(info, connection.get(), PQerrorMessage(connection.get())));
    }
    const Parameters effective = effective_parameters(connection.get());
    const auto limit = connect_timeout(effective);
    const LoginMethod method(connection.get());
    switch (attempt(connection.get(), limit, stop)) {
      case Attempt::kConnected:
        bound_silence(connection.get(), effective);
        return connection;
      case Attempt::kFailed:
        throw login_error(failure_of(info, connection.get(), PQerrorMessage(connection.get()), method.name()));
      case Attempt::kTimedOut:
        if (!skip_silent_host(parameters, effective, connection.get())) {
          LoginFailure failure =
              failure_of(info, connection.get(), fmt::format("timeout expired ({} s)", limit->count()));
          failure.timed_out = true;
          throw login_error(failure);
        }
        break;
    }
  }
}

}  // namespace pg2duck::source
