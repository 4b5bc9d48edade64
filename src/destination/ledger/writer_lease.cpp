#include "destination/ledger/writer_lease.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/process_identity.hpp"
#include "base/retry.hpp"
#include "destination/ledger/ledger.hpp"
#include "destination/ledger/ledger_table.hpp"
#include "destination/parquet/parquet_catalog.hpp"
#include "destination/tables/table_ddl.hpp"
#include "destination/targets/reserved_names.hpp"

namespace pg2duck::destination {
namespace {

constexpr std::chrono::seconds kRenewal{15};
constexpr double kVoidAfterSeconds = 60;

/// Programs of all versions announce themselves here to each other, so that its form stays as it is.
const LedgerTable<Writer>& writers_table() {
  using enum LedgerType;
  using Field = LedgerTable<Writer>::Field;
  static const LedgerTable<Writer> table(
      {.name = "writers"}, {{{"run_id", kUuid}, &Writer::run_id},
                            {{"program", kText}, &Writer::program},
                            {{"process", kText}, &Writer::process},
                            Field::stamp({"since", kTime}),
                            Field::stamp({"seen", kTime}),
                            Field::derived("strftime(since AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%SZ')", &Writer::since),
                            Field::derived("epoch(now()) - epoch(seen)", &Writer::silent_for)});
  return table;
}

/// Rows of a table in the ledger.
class WritersInTable : public Writers {
 public:
  void announce(Session& session, const Writer& self) override {
    std::vector<Statement> statements{{.sql = "CREATE SCHEMA IF NOT EXISTS " + target_schema(session, kLedgerSchema)},
                                      create_sql(session, writers_table().shape(), 1)};
    std::ranges::move(writers_table().insert(session, {self}), std::back_inserter(statements));
    session.execute_all(statements);
  }

  std::vector<Writer> list(Session& session) override { return writers_table().read(session, ledger_version()); }

  void renew(Session& session, const Writer& self) override {
    session.execute("UPDATE " + table(session) + " SET seen = now() WHERE " + is_of(self.run_id));
  }

  void remove(Session& session, const std::vector<std::string>& run_ids) override {
    for (const std::string& run_id : run_ids) {
      session.execute("DELETE FROM " + table(session) + " WHERE " + is_of(run_id));
    }
  }

 private:
  static std::string table(const Session& session) { return ledger_name(session, writers_table().shape().name); }

  static std::string is_of(const std::string& run_id) { return "run_id = " + sql_value(LedgerType::kUuid, run_id); }
};

/// Files beside the ledger's. The clock is the store's: the newest of them was written just now.
class WritersInFiles : public Writers {
 public:
  void announce(Session& session, const Writer& self) override {
    const nlohmann::json text{
        {"run_id", self.run_id}, {"program", self.program}, {"process", self.process}, {"since", self.since}};
    session.files()->root().make_directory(kDirectory);
    session.files()->root().replace(session.connection(), path(self.run_id),
                                    text.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  }

  std::vector<Writer> list(Session& session) override {
    std::vector<Writer> writers;
    const std::string pattern = session.files()->root().full(std::string(kDirectory) + "/*.json");
    const Rows found = session.query(
        "SELECT content, epoch(max(last_modified) OVER ()) - epoch(last_modified) FROM "
        "read_text(" +
        quote_literal(pattern) + ")");
    for (const auto& row : found.rows) {
      const nlohmann::json text = nlohmann::json::parse(row[0].value_or(""), nullptr, false);
      if (!text.is_object()) {
        continue;
      }
      writers.push_back({.run_id = text.value("run_id", ""),
                         .program = text.value("program", ""),
                         .process = text.value("process", ""),
                         .since = text.value("since", ""),
                         .silent_for = std::stod(row[1].value_or("0"))});
    }
    return writers;
  }

  void renew(Session& session, const Writer& self) override { announce(session, self); }

  void remove(Session& session, const std::vector<std::string>& run_ids) override {
    std::vector<std::string> paths;
    std::ranges::transform(run_ids, std::back_inserter(paths), path);
    session.files()->root().remove(session.connection(), paths);
  }

 private:
  static constexpr const char* kDirectory = "_pg2duck/writers";

  static std::string path(const std::string& run_id) { return fmt::format("{}/{}.json", kDirectory, run_id); }
};

bool is_void(const Writer& writer) {
  return writer.silent_for > kVoidAfterSeconds || liveness_of(writer.process) == Liveness::kDead;
}

Error conflict(const Writer& other) {
  return Error(ErrorKind::kConflict,
               fmt::format("another run writes into this target: run {} of {}, since {}, heard of {:.0f} s ago",
                           other.run_id, other.program, other.since, other.silent_for))
      .set_hint(
          fmt::format("wait until it has ended, or end it; what a run that has died leaves is taken over {:.0f} s "
                      "after it was last heard of",
                      kVoidAfterSeconds));
}

std::string target_now(Session& session) {
  return session.query("SELECT strftime(now() AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%SZ')").rows.at(0).at(0).value_or("");
}

}  // namespace

WriterLease::WriterLease(Database& database, const std::string& run_id) : database_(database) {
  if (database.dialect().rows_in_files) {
    writers_ = std::make_unique<WritersInFiles>();
  } else {
    writers_ = std::make_unique<WritersInTable>();
  }
  self_ = {.run_id = run_id, .program = process_display(), .process = process_identity(), .since = {}, .silent_for = 0};
  for (Attempts attempts(database.dialect().limits.retry);; attempts.wait()) {
    try {
      take();
      break;
    } catch (const Error& error) {
      if (!attempts.may_follow(error)) {
        throw;
      }
    }
  }
  renewal_ = std::jthread([this](const std::stop_token& stop) { renew_until(stop); });
}

void WriterLease::take() {
  Session session = database_.connect();
  self_.since = target_now(session);
  writers_->announce(session, self_);
  std::vector<std::string> dead;
  for (const Writer& other : writers_->list(session)) {
    if (other.run_id == self_.run_id) {
      continue;
    }
    if (!is_void(other)) {
      writers_->remove(session, {self_.run_id});
      throw conflict(other);
    }
    dead.push_back(other.run_id);
  }
  writers_->remove(session, dead);
}

void WriterLease::renew_until(const std::stop_token& stop) {
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      woken_.wait_for(lock, stop, kRenewal, [] { return false; });
    }
    if (stop.stop_requested()) {
      return;
    }
    try {
      renew();
    } catch (...) {
      // Nothing on purpose: a target that stays lost ends the run by its own statements, or `confirm` does.
    }
  }
}

/// @return whether the announcement was still there; one that another run has removed is not made again
bool WriterLease::renew() {
  Session session = database_.connect();
  const std::vector<Writer> writers = writers_->list(session);
  if (std::ranges::find(writers, self_.run_id, &Writer::run_id) == writers.end()) {
    return false;
  }
  writers_->renew(session, self_);
  return true;
}

void WriterLease::confirm() {
  if (!renew()) {
    throw Error(ErrorKind::kConflict, fmt::format("this run was not heard of for more than {:.0f} s and held for dead: "
                                                  "another one has taken this target over",
                                                  kVoidAfterSeconds))
        .set_hint("run again; nothing of this run was published");
  }
}

WriterLease::~WriterLease() {
  renewal_.request_stop();
  renewal_.join();
  try {
    Session session = database_.connect();
    writers_->remove(session, {self_.run_id});
  } catch (...) {
    // Nothing on purpose: it becomes void by itself.
  }
}

}  // namespace pg2duck::destination
