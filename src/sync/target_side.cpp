#include "sync/target_side.hpp"

#include <utility>

#include "destination/ledger/cursor_state.hpp"
#include "destination/ledger/ledger.hpp"
#include "destination/ledger/retention.hpp"
#include "destination/ledger/run_record.hpp"
#include "destination/ledger/table_state.hpp"
#include "destination/publish/maintenance.hpp"
#include "destination/publish/publish.hpp"

namespace pg2duck::sync {
namespace {

/// Of the runs that only change tables, one in so many has DuckDB put row groups together.
constexpr std::uint64_t kRunsPerVacuum = 16;

FoundTarget read_target(destination::Database* database, const config::CopyOptions& options, bool may_clean) {
  FoundTarget found;
  if (database == nullptr) {
    return found;
  }
  destination::Session session = database->connect();
  found.contents = destination::list_contents(session);
  try {
    found.state.ledger = destination::find_ledger(session, found.contents);
  } catch (Error& error) {
    throw error.add_context("target " + options.target);
  }
  if (may_clean) {
    found.leftovers = destination::drop_leftovers(session, found.contents);
  }
  const int version = found.state.ledger.version;
  found.state.tables = destination::read_table_states(session, found.contents, version);
  found.state.cursors = destination::read_cursor_states(session, found.contents, version);
  if (!options.dry_run) {
    found.state.expired_runs = destination::find_expired_runs(session, found.contents, options.keep_runs);
  }
  if (database->dialect().supports.checkpoint) {
    found.state.ledger_row_groups = destination::count_row_groups(session, found.contents);
  }
  found.state.objects = destination::folded(found.contents);
  return found;
}

}  // namespace

void TargetSide::confirm() {
  if (lease) {
    may_write = false;
    lease->confirm();
    may_write = true;
  }
}

void TargetSide::put_off_vacuum(const TargetState& found) {
  if (database->dialect().supports.checkpoint && found.ledger_row_groups < kRunsPerVacuum) {
    database->keep_row_groups();
  }
}

TargetOpening::TargetOpening(const config::CopyOptions& options, destination::DatabaseOptions wanted)
    : options_(options), wanted_(std::move(wanted)), at_once_(destination::opens_without_trace(wanted_)) {
  if (at_once_) {
    opened_ = std::async(std::launch::async, [this] {
                database_ = open(destination::start_instance(wanted_));
                return database_.get();
              }).share();
    found_ = std::async(std::launch::async, [this] { return read_target(opened_.get(), options_, false); });
  } else {
    instance_ = std::async(std::launch::async, [this] { return destination::start_instance(wanted_); });
  }
}

TargetSide TargetOpening::allow(const std::string& run_id) {
  if (at_once_) {
    opened_.get();
  } else {
    database_ = open(instance_.get());
  }
  TargetSide side{.database = std::move(database_), .lease = nullptr, .may_write = false};
  if (!at_once_) {
    const bool announces = side.database && side.database->dialect().supports.writer_lease;
    if (announces && !options_.dry_run) {
      side.lease = std::make_unique<destination::WriterLease>(*side.database, run_id);
    }
    found_ = std::async(std::launch::async, [this, database = side.database.get()] {
      return read_target(database, options_, !options_.dry_run);
    });
  }
  side.may_write = !options_.dry_run;
  return side;
}

FoundTarget TargetOpening::wait(TargetSide& side) {
  FoundTarget found;
  try {
    found = found_.get();
  } catch (const Error& error) {
    // A later program wrote the ledger: this one does not even record its failure there.
    side.may_write = side.may_write && error.kind() != ErrorKind::kConfig;
    throw;
  }
  if (at_once_ && side.may_write) {
    destination::Session session = side.database->connect();
    found.leftovers = destination::drop_leftovers(session, found.contents);
  }
  return found;
}

std::unique_ptr<destination::Database> TargetOpening::open(engine::Instance instance) const {
  using destination::Database;
  destination::check_maintenance(destination::dialect_of(wanted_), options_.maintenance);
  std::unique_ptr<Database> database;
  if (!options_.dry_run) {
    database = std::make_unique<Database>(Database::open(wanted_, std::move(instance)));
  } else if (auto existing = Database::open_existing(wanted_, std::move(instance))) {
    database = std::make_unique<Database>(*std::move(existing));
  }
  if (database) {
    destination::check_maintenance(database->dialect(), options_.maintenance);
  }
  if (options_.primary_keys && database && !database->dialect().supports.primary_keys) {
    throw Error(ErrorKind::kConfig, "a target of this kind has no primary keys").set_hint("leave --primary-keys out");
  }
  return database;
}

}  // namespace pg2duck::sync
