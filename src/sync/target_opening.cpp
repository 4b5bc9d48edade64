#include "sync/target_opening.hpp"

#include <filesystem>
#include <memory>
#include <utility>

#include "destination/ledger/cursor_state.hpp"
#include "destination/ledger/ledger.hpp"
#include "destination/publish/maintenance.hpp"

namespace pg2duck::sync {
namespace {

bool is_file_with_content(const destination::DatabaseOptions& wanted) {
  std::error_code absent;
  return wanted.instance == nullptr && wanted.kind == config::TargetKind::kFile &&
         std::filesystem::file_size(wanted.path, absent) > 0 && !absent;
}

}  // namespace

TargetOpening::TargetOpening(const config::CopyOptions& options, const destination::DatabaseOptions& wanted,
                             Preparation& preparation)
    : options_(options), wanted_(wanted), preparation_(preparation), at_once_(is_file_with_content(wanted)) {
  if (at_once_) {
    opened_ = std::async(std::launch::async, [this] { open(destination::Instance::start(wanted_)); }).share();
    found_ = std::async(std::launch::async, [this, opened = opened_] {
      opened.get();
      return read(false);
    });
  } else {
    instance_ = std::async(std::launch::async, [this] { return destination::Instance::start(wanted_); });
  }
}

void TargetOpening::allow() {
  if (at_once_) {
    opened_.get();
  } else {
    open(instance_.get());
    const bool announces = preparation_.database && preparation_.database->dialect().supports.writer_lease;
    if (announces && !options_.dry_run) {
      preparation_.lease = std::make_unique<destination::WriterLease>(*preparation_.database, preparation_.run_id);
    }
    found_ = std::async(std::launch::async, [this] { return read(!options_.dry_run); });
  }
  preparation_.may_write = !options_.dry_run;
}

FoundTarget TargetOpening::wait() {
  FoundTarget found = found_.get();
  if (at_once_ && !options_.dry_run) {
    destination::Session session = preparation_.database->connect();
    found.leftovers = destination::drop_leftovers(session, found.contents);
  }
  return found;
}

void TargetOpening::open(destination::Instance instance) {
  destination::check_maintenance(destination::dialect_of(wanted_.kind, options_.profile), options_.maintenance);
  std::optional<destination::Database>& database = preparation_.database;
  if (options_.dry_run) {
    database = destination::Database::open_existing(wanted_, std::move(instance));
  } else {
    database = destination::Database::open(wanted_, std::move(instance));
  }
  if (database) {
    destination::check_maintenance(database->dialect(), options_.maintenance);
  }
  if (options_.primary_keys && database && !database->dialect().supports.primary_keys) {
    throw Error(ErrorKind::kConfig, "a target of this kind has no primary keys").set_hint("leave --primary-keys out");
  }
}

FoundTarget TargetOpening::read(bool may_clean) {
  FoundTarget found;
  if (!preparation_.database) {
    return found;
  }
  destination::Session session = preparation_.database->connect();
  found.contents = destination::list_contents(session);
  if (may_clean) {
    found.leftovers = destination::drop_leftovers(session, found.contents);
  }
  found.state.has_ledger = destination::has_ledger(found.contents);
  if (preparation_.database->dialect().supports.checkpoint) {
    found.state.runs = destination::count_runs(session, found.contents);
  }
  found.state.tables = destination::read_table_states(session, found.contents);
  found.state.cursors = destination::read_cursor_states(session, found.contents);
  found.state.objects = destination::folded(found.contents);
  return found;
}

}  // namespace pg2duck::sync
