#include "destination/session/session.hpp"

#include <atomic>
#include <charconv>
#include <chrono>
#include <mutex>
#include <utility>

#include "destination/parquet/parquet_catalog.hpp"
#include "engine/statement.hpp"

namespace pg2duck::destination {

using engine::ErrorRule;

struct Session::State {
  explicit State(SessionParts of_database) : parts(std::move(of_database)), link(parts.make_link()) {}

  template <typename Run>
  auto guarded(Run run) {
    if (interrupted.exchange(false)) {
      throw Error(ErrorKind::kCancelled, "interrupted");
    }
    try {
      return run();
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::kCancelled) {
        interrupted = false;
      }
      throw;
    }
  }

  [[nodiscard]] std::string for_target(const std::string& sql) const {
    return for_engine(parts.dialect, link.attachment(), sql);
  }

  void run(const std::string& sql, std::span<const ErrorRule> last = {}) {
    tell(sql);
    guarded([&] { return engine::run_statement(link.connection(), for_target(sql), {parts.dialect.errors, last}); });
  }

  void tell(const std::string& sql) const {
    if (parts.on_statement) {
      parts.on_statement(sql);
    }
  }

  void run_step(const Statement& statement) {
    try {
      run(statement.sql);
    } catch (Error& error) {
      if (!statement.where.empty()) {
        error.add_context(statement.where);
      }
      throw;
    }
  }

  /// Not guarded, as a pending interrupt would refuse it. After a COMMIT that failed there is no transaction left, and
  /// the error of that says nothing new.
  void roll_back() { engine::run_quietly(link.connection(), for_target("ROLLBACK")); }

  SessionParts parts;
  std::mutex renewing;  // held where `link` is exchanged, and where another thread uses it
  Link link;
  std::chrono::steady_clock::time_point since = std::chrono::steady_clock::now();
  std::atomic<bool> interrupted = false;
};

Session::Session(SessionParts parts) : state_(std::make_unique<State>(std::move(parts))) {}

Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;
Session::~Session() = default;

void Session::execute(const std::string& sql, std::span<const ErrorRule> last) {
  state_->run(sql, last);
}

void Session::execute_all(const std::vector<Statement>& statements, const std::function<void()>& before_commit) {
  const bool one_request = dialect().engine == Engine::kRemote;
  std::string request = "BEGIN TRANSACTION";
  if (!one_request) {
    execute(request);
  }
  try {
    for (const Statement& statement : statements) {
      if (one_request) {
        request += ";\n" + statement.sql;
      } else {
        state_->run_step(statement);
      }
    }
    if (before_commit) {
      before_commit();
    }
    execute(one_request ? request + ";\nCOMMIT" : "COMMIT");
  } catch (...) {
    state_->roll_back();
    throw;
  }
}

void Session::publish_all(const std::vector<Statement>& statements, const std::function<void()>& before_commit) {
  ParquetCatalog* const files = state_->parts.files;
  if (files == nullptr) {
    execute_all(statements, before_commit);
    return;
  }
  execute_all(statements, [&] {
    if (before_commit) {
      before_commit();
    }
    files->write_manifest(connection());
  });
  try {
    files->remove_unnamed(connection());
  } catch (const Error&) {
    // Nothing on purpose: what is published is published, and the next run removes them.
  }
}

const StagingPlace* Session::staging() const {
  return state_->parts.staging;
}

ParquetCatalog* Session::files() const {
  return state_->parts.files;
}

std::uint64_t Session::execute_load(const std::string& sql, std::span<const ErrorRule> last) {
  state_->tell(sql);
  return state_->guarded([&] { return engine::run_statement(connection(), sql, {dialect().errors, last}); });
}

Rows Session::query(const std::string& sql) {
  state_->tell(sql);
  return state_->guarded([&] { return engine::run_query(connection(), state_->for_target(sql), {dialect().errors}); });
}

const Dialect& Session::dialect() const {
  return state_->parts.dialect;
}

const std::string& Session::catalog() const {
  return state_->link.attachment().catalog;
}

const std::string& Session::catalog_here() const {
  return state_->link.attachment().alias;
}

std::int64_t Session::query_int(const std::string& sql) {
  const Rows result = query(sql);
  if (result.rows.size() != 1 || result.columns.size() != 1 || !result.rows[0][0]) {
    throw Error(ErrorKind::kBug, "a query for DuckDB did not yield one number");
  }
  const std::string& text = *result.rows[0][0];
  std::int64_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc() || end != text.data() + text.size()) {
    throw Error(ErrorKind::kBug, "a query for DuckDB yielded " + text + " instead of a number");
  }
  return value;
}

void Session::interrupt() {
  state_->interrupted = true;
  const std::lock_guard lock(state_->renewing);
  connection().interrupt();
}

void Session::renew_if_old() {
  const std::chrono::milliseconds most = dialect().limits.session_age;
  const auto now = std::chrono::steady_clock::now();
  if (most.count() == 0 || now - state_->since < most) {
    return;
  }
  Link fresh = state_->parts.make_link();
  const std::lock_guard lock(state_->renewing);
  state_->link = std::move(fresh);
  state_->since = now;
}

bool Session::interrupt_pending() const {
  return state_->interrupted;
}

const engine::Connection& Session::connection() const {
  return state_->link.connection();
}

}  // namespace pg2duck::destination
