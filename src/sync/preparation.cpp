#include "sync/preparation.hpp"

#include <algorithm>
#include <thread>
#include <utility>

#include "base/machine.hpp"
#include "destination/ledger/ledger.hpp"
#include "destination/publish/maintenance.hpp"
#include "destination/publish/publish.hpp"
#include "source/catalog/survey.hpp"
#include "source/read/request_check.hpp"
#include "source/read/snapshot.hpp"
#include "sync/plan/compression_plan.hpp"
#include "sync/plan/cursor_plan.hpp"
#include "sync/plan/index_plan.hpp"
#include "sync/plan/page_plan.hpp"
#include "sync/target_opening.hpp"

namespace pg2duck::sync {
namespace {

constexpr unsigned kMaxDefaultJobs = 8;

unsigned reading_connections(const config::CopyOptions& options) {
  if (options.jobs > 0) {
    return options.jobs;
  }
  return options.read == config::ReadMethod::kGentle
             ? 1
             : std::clamp(std::thread::hardware_concurrency(), 2U, kMaxDefaultJobs);
}

destination::DatabaseOptions database_options(const config::CopyOptions& options, Preparation& preparation) {
  const config::Target target = options.instance != nullptr
                                    ? config::Target{.kind = config::TargetKind::kFile, .location = options.target}
                                    : config::parse_target(options.target);
  preparation.memory_bytes = options.memory_limit_bytes > 0 ? options.memory_limit_bytes : available_memory_bytes() / 2;
  destination::DatabaseOptions database{.path = target.location,
                                        .instance = options.instance,
                                        .kind = target.kind,
                                        .profile = options.profile,
                                        .token = options.target_token,
                                        .extension_directory = options.extension_directory,
                                        .create_database = options.create_database,
                                        .storage_version = options.storage_version,
                                        .data_path = options.data_path,
                                        .stage = options.stage,
                                        .object_stores = options.object_stores,
                                        .batch_rows = options.batch_rows,
                                        .threads = preparation.jobs,
                                        .memory_limit_bytes = preparation.memory_bytes};
  if (!options.sql_log.empty()) {
    database.on_statement = destination::log_statements_to(options.sql_log);
  }
  return database;
}

/// Splits off what the user may not read; without --on-error skip that ends the run.
void check_rights(std::vector<Selected>& selection, const config::CopyOptions& options, const std::string& user,
                  Preparation& preparation) {
  std::vector<Selected> denied;
  std::ranges::copy_if(selection, std::back_inserter(denied),
                       [](const Selected& selected) { return !is_readable(selected.relation); });
  if (denied.empty()) {
    return;
  }
  if (options.on_error == config::OnError::kAbort) {
    throw permission_error(denied, user);
  }
  std::erase_if(selection, [](const Selected& selected) { return !is_readable(selected.relation); });
  for (const Selected& selected : denied) {
    TableReport report;
    report.source = selected.relation.name;
    report.target = selected.target;
    report.status = TableStatus::kRefused;
    report.error = permission_error({selected}, user);
    preparation.unreadable.push_back(std::move(report));
  }
}

/// Tables whose copies nothing keeps up any more; where that is to fail, it does.
void note_gone_tables(const std::vector<source::RelationEntry>& relations, const TargetState& target,
                      const config::CopyOptions& options, Preparation& preparation) {
  preparation.gone = find_gone_tables(relations, target, options, preparation.info.display());
  for (const GoneTable& table : preparation.gone) {
    if (config::settings_for(options, table.source).on_schema_change != config::OnSchemaChange::kFail) {
      continue;
    }
    Error error = Error(ErrorKind::kSchemaDrift, describe(table))
                      .set_hint("leave it out with --exclude '" + table.source.display() +
                                "', or accept that with --on-schema-change apply; in the target, DROP TABLE " +
                                table.target.quoted() + " ends it")
                      .add_context("table " + table.source.display());
    if (options.on_error == config::OnError::kAbort) {
      throw Error(error);
    }
    TableReport report;
    report.source = table.source;
    report.target = table.target;
    report.status = TableStatus::kRefused;
    report.error = std::move(error);
    preparation.unreadable.push_back(std::move(report));
  }
}

void take_target(FoundTarget found, const std::vector<source::RelationEntry>& relations,
                 const config::CopyOptions& options, Listener& listener, Preparation& preparation) {
  if (found.leftovers > 0) {
    listener.on_notice("removed " + std::to_string(found.leftovers) +
                       " staged tables that an interrupted run left behind");
  }
  preparation.target = std::move(found.state);
  note_gone_tables(relations, preparation.target, options, preparation);
}

void take_snapshot(const std::vector<Selected>& selection, source::Connection connection, Preparation& preparation) {
  for (const Selected& selected : selection) {
    preparation.relations.push_back(selected.relation);
  }
  preparation.coordinator =
      std::make_unique<Coordinator>(source::Snapshot::take(std::move(connection), preparation.relations));
  preparation.snapshot_id = preparation.coordinator->snapshot.id();
  preparation.lsn = preparation.coordinator->snapshot.lsn();
}

/// Reads again, now under the snapshot and behind the locks: what the plan says cannot change any more.
source::Catalog catalog_at_snapshot(Preparation& preparation) {
  std::vector<types::Oid> oids;
  for (const source::RelationEntry& relation : preparation.relations) {
    oids.push_back(relation.oid);
  }
  return source::read_catalog(preparation.coordinator->snapshot.connection(), oids);
}

/// What is asked of the server for reading pages; nothing when none are wanted.
void read_page_inputs(const config::CopyOptions& options, source::Snapshot& snapshot, PlanInputs& inputs) {
  bool demanded = false;
  std::vector<types::Oid> heaps;
  for (const source::CatalogTable& table : inputs.catalog.tables) {
    if (could_read_pages(inputs, table)) {
      demanded |= config::settings_for(options, table.name).read == config::ReadMethod::kPages;
      for (const source::Leaf& leaf : table.leaves) {
        heaps.push_back(leaf.oid);
      }
    }
  }
  if (heaps.empty() || options.limit) {
    return;
  }
  inputs.page_access = source::find_page_access(snapshot.connection());
  if (inputs.page_access.by == source::PageAccess::By::kNobody) {
    if (demanded) {
      throw Error(ErrorKind::kPermission, "pages cannot be read: " + inputs.page_access.refusal)
          .set_hint(inputs.page_access.hint.empty() ? "read with --read copy" : inputs.page_access.hint);
    }
    return;
  }
  inputs.heaps = source::read_heaps(snapshot.connection(), heaps);
  inputs.snapshot_bounds = snapshot.bounds();
}

/// Has Postgres look at what the user wrote himself, before any row is read: casts, and conditions on rows.
void check_requests(TableJob& job, source::Connection& session) {
  const auto is_cast = [](const ColumnJob& column) { return column.mapping.send_as == types::SendAs::kCast; };
  if (job.refusal || (job.condition.empty() && std::ranges::none_of(job.columns, is_cast))) {
    return;
  }
  const auto fault = source::find_fault(session, job.table.name, read_request(job, std::nullopt));
  if (fault) {
    job.refusal = Error(ErrorKind::kConfig, fault->message())
                      .set_sqlstate(fault->sqlstate())
                      .set_hint(
                          "look at --column and --where for this table; names in a condition need their schema, "
                          "the search path is empty")
                      .add_context("table " + job.table.name.display());
  }
}

/// Where a target's tables can only be replaced, or not be divided.
void refuse_changes(const config::CopyOptions& options, std::vector<TableJob>& plan) {
  const destination::Dialect dialect =
      destination::dialect_of(config::parse_target(options.target).kind, options.profile);
  for (TableJob& job : plan) {
    if (job.increment && !dialect.supports.changes && !job.refusal) {
      job.refusal = Error(ErrorKind::kConfig, "in a target of this kind tables can only be replaced")
                        .set_hint("set mode = \"replace\" for this table, or copy into a file or a lake")
                        .add_context("table " + job.table.name.display());
    }
    if (!job.shape.partition_by.empty() && !dialect.supports.partitions && !job.refusal) {
      job.refusal = Error(ErrorKind::kConfig, "only a lake divides the files of its tables")
                        .set_hint("leave partition_by out, or copy into a lake: ducklake:shop.ducklake")
                        .add_context("table " + job.table.name.display());
    }
  }
}

}  // namespace

void prepare(const config::CopyOptions& options, Listener& listener, std::stop_token stop, Preparation& preparation) {
  listener.on_phase(Phase::kConnecting);
  preparation.jobs = reading_connections(options);
  const destination::DatabaseOptions database = database_options(options, preparation);
  TargetOpening target(options, database, preparation);
  source::Connection connection = source::Connection::open(preparation.info, stop);
  if (!options.dry_run) {
    preparation.pool =
        std::make_unique<ConnectionPool>(preparation.info, preparation.relations, preparation.jobs, stop);
    preparation.pool->open_ahead();
  }
  const source::Survey survey = source::take_survey(connection);
  std::vector<Selected> selection = select_relations(survey.relations, options);
  check_rights(selection, options, survey.user, preparation);
  target.allow();
  listener.on_phase(Phase::kLocking);
  take_snapshot(selection, std::move(connection), preparation);
  if (preparation.pool) {
    preparation.pool->read_at(preparation.snapshot_id);
  }
  const source::Catalog catalog = catalog_at_snapshot(preparation);
  take_target(target.wait(), survey.relations, options, listener, preparation);
  source::Connection& session = preparation.coordinator->snapshot.connection();
  PlanInputs inputs{.options = options,
                    .catalog = catalog,
                    .selection = selection,
                    .target = preparation.target,
                    .readers = preparation.jobs,
                    .block_bytes = survey.block_bytes,
                    .server_version = session.server_version()};
  read_page_inputs(options, preparation.coordinator->snapshot, inputs);
  preparation.plan = make_plan(inputs);
  refuse_changes(options, preparation.plan);
  read_cursors(session, preparation.plan);
  std::optional<destination::Session> target_session;
  if (preparation.database) {
    target_session = preparation.database->connect();
  }
  plan_compression(inputs, session, target_session ? &*target_session : nullptr, preparation.plan);
  preparation.types = catalog.types;
  for (TableJob& job : preparation.plan) {
    check_requests(job, session);
  }
  plan_index_use(session, preparation.plan);
  std::vector<TablePlan> shown;
  for (const TableJob& job : preparation.plan) {
    shown.push_back(job.plan);
  }
  listener.on_plan(shown);
  listener.on_phase(Phase::kPlanned);
}

std::optional<Error> first_refusal(const std::vector<TableJob>& plan) {
  std::optional<Error> first;
  std::size_t count = 0;
  for (const TableJob& job : plan) {
    if (job.refusal) {
      ++count;
      if (!first) {
        first = job.refusal;
      }
    }
  }
  if (count > 1) {
    first->set_hint(first->hint() + " (" + std::to_string(count - 1) +
                    " more tables are refused: --dry-run lists them)");
  }
  return first;
}

}  // namespace pg2duck::sync
