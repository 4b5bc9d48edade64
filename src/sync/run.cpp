#include "sync/run.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "base/peak_memory.hpp"
#include "base/version.hpp"
#include "destination/ledger/ledger.hpp"
#include "destination/publish/maintenance.hpp"
#include "destination/publish/publish.hpp"
#include "destination/tables/staged_table.hpp"
#include "destination/targets/reserved_names.hpp"
#include "sync/choice.hpp"
#include "sync/gone_tables.hpp"
#include "sync/load/publication.hpp"
#include "sync/load/publisher.hpp"
#include "sync/load/table_loader.hpp"
#include "sync/ownership.hpp"
#include "sync/resources.hpp"
#include "sync/run_plan.hpp"
#include "sync/run_records.hpp"
#include "sync/source_side.hpp"
#include "sync/target_side.hpp"

namespace pg2duck::sync {
namespace {

Error interrupted() {
  return {ErrorKind::kCancelled, "interrupted: nothing was published"};
}

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// A notice of what comes after the run's end, which it does not change; nor does a listener that throws.
void tell(Listener& listener, const std::string& notice) noexcept {
  try {
    listener.on_notice(notice);
  } catch (...) {
    // Nothing on purpose.
  }
}

/// What a run has published.
struct Published {
  std::string last_sync_time;
  double seconds = 0;
  std::vector<Error> unfinished;
};

/// One run from the first connection to the last line of the ledger.
class Run {
 public:
  Run(const config::CopyOptions& options, Listener& listener, std::stop_token user_stop)
      : options_(options),
        listener_(listener),
        run_id_(new_run_id()),
        started_at_(utc_now()),
        resources_(resources_for(options)),
        rate_limit_(options.max_rate),
        forward_stop_(std::move(user_stop), [this] { stop_.request_stop(); }) {}

  RunReport execute();

 private:
  void copy();
  /// Opens both sides, takes the snapshot and plans. What is there when a step throws is there for the record.
  void prepare();
  void take_target(FoundTarget found, const source::Survey& survey, const Choice& choice);
  void check_refusals() const;
  void limit_memory();
  void ready_target();
  void load();
  void leave_source();
  void publish();
  void record_failure(const Error& error);
  void drop_unpublished(destination::Session& session);
  void record_metrics();
  [[nodiscard]] destination::RunRecord run_record(const std::string& status, const std::string& error) const;
  [[nodiscard]] std::vector<TableReport> all_reports() const;
  [[nodiscard]] RunReport report() const;
  /// What to say when --on-error skip has skipped everything.
  [[nodiscard]] Error nothing_copied() const;

  const config::CopyOptions& options_;
  Listener& listener_;
  const std::string run_id_;
  const std::string started_at_;
  const std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  const Resources resources_;
  PeakMemory peak_memory_;
  RateLimit rate_limit_;
  std::stop_source stop_;
  std::stop_callback<std::function<void()>> forward_stop_;

  // Each is there from the step on that makes it.
  std::string source_name_;
  std::string source_uri_;
  std::optional<TargetSide> target_;
  std::optional<SourceSide> source_;
  std::vector<TableReport> left_out_;  // selected, but they cannot be read, or are gone
  TargetState found_;                  // the target, as it was
  std::vector<GoneTable> gone_;
  types::TypeCatalog types_;          // of all columns in the plan
  std::vector<TableJob> plan_;        // biggest first
  std::vector<TableReport> reports_;  // parallel to the plan
  std::optional<MemoryLimit> memory_limit_;
  std::vector<std::string> created_schemas_;
  LoadOutcome loaded_;
  std::jthread leaving_;  // the source, while the target publishes
  std::optional<Publisher> publisher_;
  Published published_;
};

RunReport Run::execute() {
  std::optional<Error> error;
  try {
    copy();
  } catch (...) {
    error = current_error();
    if (loaded_.failure) {
      error = loaded_.failure;
    } else if (stop_.stop_requested()) {
      error = interrupted();
    }
    record_failure(*error);
  }
  RunReport report = this->report();
  report.error = std::move(error);
  memory_limit_.reset();
  publisher_.reset();
  source_.reset();
  target_.reset();
  report.seconds = seconds_since(started_);
  report.peak_memory_bytes = peak_memory_.bytes();
  return report;
}

void Run::copy() {
  prepare();
  check_refusals();
  if (options_.dry_run) {
    return;
  }
  limit_memory();
  ready_target();
  load();
  leave_source();
  publish();
}

void Run::prepare() {
  const auto info = source::ConnectionInfo::parse(options_.source, options_.password_origin);
  source_name_ = info.display();
  source_uri_ = info.uri();
  listener_.on_phase(Phase::kConnecting);
  TargetOpening target(options_, database_options(options_, resources_));
  SourceOpening source(info, options_.dry_run ? 0 : resources_.readers, stop_.get_token());
  const source::Survey survey = source.survey();
  const Choice choice = choose_tables(survey, options_);
  left_out_ = choice.denied;
  target_ = target.allow(run_id_);
  listener_.on_phase(Phase::kLocking);
  source_ = std::move(source).take_snapshot(choice.relations());
  source::Snapshot& snapshot = source_->coordinator->snapshot;
  const source::Catalog catalog = source::read_catalog(snapshot.connection(), choice.oids());
  types_ = catalog.types;
  take_target(target.wait(*target_), survey, choice);
  plan_ = plan_run({.options = options_,
                    .catalog = catalog,
                    .selection = choice.selection,
                    .target = found_,
                    // By the run: a session that a killed one left open on a server may hold its own names for as long
                    // as that server runs.
                    .staged_prefix = destination::kStagedPrefix + run_id_.substr(0, 8) + "_",
                    .taken_at = source_->taken_at,
                    .readers = resources_.readers,
                    .block_bytes = survey.block_bytes,
                    .server_version = snapshot.connection().server_version()},
                   snapshot, target_->database.get());
  std::vector<TablePlan> shown;
  std::ranges::transform(plan_, std::back_inserter(shown), [](const TableJob& job) { return describe(job); });
  listener_.on_plan(shown);
  listener_.on_phase(Phase::kPlanned);
  reports_ = planned_reports(plan_, options_);
}

void Run::take_target(FoundTarget found, const source::Survey& survey, const Choice& choice) {
  if (found.leftovers > 0) {
    listener_.on_notice(fmt::format("removed {} staged tables that an interrupted run left behind", found.leftovers));
  }
  found_ = std::move(found.state);
  found_.source = {source_uri_, survey.system_identifier, survey.database_oid};
  set_others_apart(found_, choice.selection);
  gone_ = find_gone_tables(survey.relations, found_, options_);
  std::ranges::move(refuse_gone(options_, gone_), std::back_inserter(left_out_));
}

void Run::check_refusals() const {
  if (const auto refusal = first_refusal(plan_); refusal && options_.on_error == config::OnError::kAbort) {
    throw Error(*refusal);
  }
}

void Run::limit_memory() {
  memory_limit_.emplace(*target_->database, resources_.memory_bytes);
  // An index has to fit into memory as a whole, and grows with the table.
  if (options_.memory_limit_bytes == 0 && !options_.primary_keys) {
    memory_limit_->lower(estimate_memory(plan_, resources_.readers, resources_.readers));
  }
}

/// The ledger and the schemas that tables are staged in.
void Run::ready_target() {
  destination::Session session = target_->database->connect();
  destination::ready_ledger(session, found_.ledger, [this] { listener_.on_phase(Phase::kMigrating); });
  created_schemas_ = destination::create_schemas(session, schemas_to_create(plan_, options_, found_));
}

void Run::load() {
  listener_.on_phase(Phase::kLoading);
  std::uint64_t bytes = 0;
  std::size_t tables = 0;
  for (const TableJob& job : plan_) {
    bytes += job.refusal ? 0 : bytes_of(job.table);
    tables += job.refusal ? 0 : 1;
  }
  ProgressTracker progress(listener_, tables, bytes);
  CopyContext context{.options = options_,
                      .database = *target_->database,
                      .coordinator = *source_->coordinator,
                      .pool = *source_->pool,
                      .rate_limit = rate_limit_,
                      .memory_limit = *memory_limit_,
                      .progress = progress,
                      .types = types_,
                      .jobs = resources_.readers,
                      .stop = stop_.get_token()};
  loaded_ = load_tables(context, plan_, reports_, stop_);
  progress.stop();
  progress.rethrow_listener_failure();
  if (loaded_.failure) {
    throw Error(*loaded_.failure);
  }
  if (stop_.stop_requested()) {
    throw interrupted();
  }
  listener_.on_phase(Phase::kLoaded);
}

/// The server need not keep what the snapshot sees, nor the locks, while the target publishes; nor is that to wait.
void Run::leave_source() {
  leaving_ = std::jthread([sessions = source_->leave()]() mutable {
    sessions.pool.reset();
    sessions.coordinator.reset();
  });
}

destination::RunRecord Run::run_record(const std::string& status, const std::string& error) const {
  return destination::RunRecord{.run_id = run_id_,
                                .started_at = started_at_,
                                .status = status,
                                .version = kVersion,
                                .source = source_uri_,
                                .snapshot = source_ ? source_->snapshot_id : "",
                                .snapshot_at = source_ ? source_->taken_at : "",
                                .lsn = source_ ? source_->lsn : "",
                                .error = error};
}

std::vector<TableReport> Run::all_reports() const {
  std::vector<TableReport> all = left_out_;
  all.insert(all.end(), reports_.begin(), reports_.end());
  return all;
}

RunReport Run::report() const {
  return {.run_id = run_id_,
          .source = source_name_,
          .target = options_.target,
          .snapshot_at = source_ ? source_->taken_at : "",
          .last_sync_time = published_.last_sync_time,
          .tables = all_reports(),
          .gone = gone_,
          .dataset = options_.dataset.value_or(""),
          .stages = loaded_.stages,
          .publish_seconds = published_.seconds,
          .seconds = seconds_since(started_),
          .peak_memory_bytes = 0,
          .error = std::nullopt,
          .unfinished = published_.unfinished};
}

/// Behind the transaction that they measure; that they are not written is no failure of the run.
void Run::record_metrics() {
  try {
    destination::Session session = target_->database->connect();
    session.publish_all({destination::metrics_statement(session, run_metrics(report()))});
  } catch (...) {
    tell(listener_, std::string("the metrics of this run could not be recorded: ") + current_error().what());
  }
}

Error Run::nothing_copied() const {
  for (const TableReport& report : all_reports()) {
    if (report.error) {
      return Error(report.error->kind(), "no table could be copied; the first: " + std::string(report.error->what()))
          .assign_sqlstate(report.error->sqlstate())
          .set_hint(report.error->hint());
    }
  }
  return Error(ErrorKind::kBug, "no table could be copied, and none says why");
}

void Run::publish() {
  destination::Publication publication = publication_of(plan_, loaded_.tables, found_, reports_);
  if (publication.states.empty()) {
    throw nothing_copied();
  }
  memory_limit_->raise();
  if (publication.tables.empty()) {
    target_->put_off_vacuum(found_);
  }
  publication.last_sync_schema = last_sync_schema(options_);
  publication.replace_views = options_.force;
  if (target_->database->dialect().supports.file_locks) {
    publication.objects = found_.objects;
  }
  publication.run = run_record("published", "");
  publication.table_runs = table_records(all_reports());
  const auto publishing_since = std::chrono::steady_clock::now();
  publisher_.emplace(*target_->database, listener_, stop_.get_token());
  published_.last_sync_time = publisher_->publish(publication, [this](destination::Session& session) {
    target_->confirm();
    drop_unpublished(session);
  });
  published_.seconds = seconds_since(publishing_since);
  listener_.on_phase(Phase::kPublished);
  record_metrics();
  published_.unfinished = with_shortfalls(destination::maintain(*target_->database, options_.maintenance), reports_);
}

/// Staged tables of tables that will not be published.
void Run::drop_unpublished(destination::Session& session) {
  for (std::size_t i = 0; i < loaded_.tables.size(); ++i) {
    if (reports_[i].status != TableStatus::kPublished) {
      for (const TableName& staged : loaded_.tables[i].staged) {
        destination::drop_staged(session, staged);
      }
    }
  }
}

void Run::record_failure(const Error& error) {
  for (TableReport& report : reports_) {
    if (report.status == TableStatus::kPublished) {
      report.status = TableStatus::kNotPublished;
    }
  }
  if (!target_ || !target_->may_write) {
    return;
  }
  try {
    destination::Session session = target_->database->connect();
    target_->confirm();
    if (publisher_ && publisher_->was_published(session, run_id_)) {
      return;
    }
    drop_unpublished(session);
    destination::drop_empty_schemas(session, created_schemas_);
    const std::string status = error.kind() == ErrorKind::kCancelled ? "interrupted" : "failed";
    destination::record_unpublished(session, run_record(status, error.what()), table_records(all_reports()),
                                    found_.expired_runs);
    record_metrics();
  } catch (...) {
    // The first failure is what matters; the next run removes what is left.
    tell(listener_, std::string("the failed run could not be recorded in the target: ") + current_error().what());
  }
}

}  // namespace

RunReport run(const config::CopyOptions& options, Listener& listener, std::stop_token stop) {
  return Run(options, listener, std::move(stop)).execute();
}

}  // namespace pg2duck::sync
