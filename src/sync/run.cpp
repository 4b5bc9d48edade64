#include "sync/run.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <sys/resource.h>
#include <thread>
#include <utility>

#include "base/machine.hpp"
#include "base/version.hpp"
#include "destination/ledger/ledger.hpp"
#include "destination/publish/maintenance.hpp"
#include "destination/publish/publish.hpp"
#include "destination/tables/staged_table.hpp"
#include "sync/load/publication.hpp"
#include "sync/load/publisher.hpp"
#include "sync/load/reconcile.hpp"
#include "sync/preparation.hpp"
#include "sync/run_records.hpp"

namespace pg2duck::sync {
namespace {

/// Of the runs that only change tables, one in so many has DuckDB put row groups together.
constexpr std::uint64_t kRunsPerVacuum = 16;

Error interrupted() {
  return {ErrorKind::kCancelled, "interrupted: nothing was published"};
}

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// One run from the first connection to the last line of the ledger.
class Run {
 public:
  Run(const config::CopyOptions& options, Listener& listener, std::stop_token user_stop)
      : options_(options),
        listener_(listener),
        started_at_(utc_now()),
        rate_limit_(options.max_rate),
        forward_stop_(std::move(user_stop), [this] { stop_.request_stop(); }) {
    report_.run_id = new_run_id();
    report_.target = options.target;
    report_.dataset = options.dataset.value_or("");
  }

  RunReport execute();

 private:
  void copy();
  void limit_memory();
  void load_tables();
  void leave_source();
  void load_worker();
  void load_one(TableJob& job, TableReport& report);
  void publish();
  void record_failure();
  void put_off_vacuum(const destination::Publication& publication);
  void confirm_lease();
  void drop_staged(destination::Session& session);
  void name_staged_tables();
  void add_refusals();
  [[nodiscard]] destination::RunRecord run_record(const std::string& status, const std::string& error) const;
  [[nodiscard]] std::vector<TableReport> all_reports() const;
  void record_metrics();
  /// What to say when --on-error skip has skipped everything.
  [[nodiscard]] Error nothing_copied() const;

  const config::CopyOptions& options_;
  Listener& listener_;
  std::string started_at_;
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  RateLimit rate_limit_;
  std::stop_source stop_;
  std::stop_callback<std::function<void()>> forward_stop_;
  RunReport report_;
  Preparation preparation_;
  std::jthread leaving_;  // the source, while the target publishes
  std::vector<std::string> created_schemas_;
  std::optional<Publisher> publisher_;  // when it has come to that
  std::vector<TableReport> reports_;    // parallel to the plan
  std::optional<MemoryLimit> memory_limit_;
  std::optional<ProgressTracker> progress_;
  std::atomic<std::size_t> next_table_{0};
  std::mutex failure_mutex_;
  std::optional<Error> failure_;  // guarded by failure_mutex_: the first one that stopped the run
};

RunReport Run::execute() {
  try {
    copy();
  } catch (...) {
    Error error = current_error();
    if (stop_.stop_requested() && !failure_) {
      error = interrupted();
    }
    report_.error = failure_ ? *failure_ : error;
    record_failure();
  }
  progress_.reset();
  preparation_.pool.reset();
  memory_limit_.reset();
  for (auto* reports : {&preparation_.unreadable, &reports_}) {
    std::ranges::move(*reports, std::back_inserter(report_.tables));
  }
  preparation_.coordinator.reset();
  preparation_.lease.reset();
  preparation_.database.reset();
  report_.seconds = seconds_since(started_);
  report_.peak_memory_bytes = peak_memory_bytes();
  return std::move(report_);
}

void Run::copy() {
  preparation_.info = source::ConnectionInfo::parse(options_.source, options_.password_origin);
  report_.source = preparation_.info.display();
  preparation_.run_id = report_.run_id;
  prepare(options_, listener_, stop_.get_token(), preparation_);
  report_.gone = preparation_.gone;
  report_.snapshot_at = preparation_.coordinator->snapshot.taken_at();
  name_staged_tables();
  add_refusals();
  if (options_.on_error == config::OnError::kAbort) {
    if (const auto refusal = first_refusal(preparation_.plan)) {
      throw Error(*refusal);
    }
  }
  if (options_.dry_run) {
    return;
  }
  limit_memory();
  load_tables();
  leave_source();
  publish();
}

/// The server need not keep what the snapshot sees, nor the locks, while the target publishes; nor is that to wait.
void Run::leave_source() {
  leaving_ =
      std::jthread([pool = std::move(preparation_.pool), coordinator = std::move(preparation_.coordinator)]() mutable {
        pool.reset();
        coordinator.reset();
      });
}

/// By the run: a session that a killed one left open on a server may hold its own names for as long as that server
/// runs.
void Run::name_staged_tables() {
  for (std::size_t i = 0; i < preparation_.plan.size(); ++i) {
    preparation_.plan[i].staged.name =
        destination::kStagedPrefix + report_.run_id.substr(0, 8) + "_" + std::to_string(i + 1);
  }
}

void Run::add_refusals() {
  for (const TableJob& job : preparation_.plan) {
    TableReport report;
    report.source = job.table.name;
    report.target = job.shape.name;
    report.limited = options_.limit.has_value();
    report.mode = report.limited ? "limited" : "full";
    if (job.increment && !job.increment->first) {
      report.mode = config::to_string(job.settings.disposition.mode);
    }
    report.warnings = job.plan.warnings;
    report.schema_changes = job.plan.schema_changes;
    if (job.refusal) {
      report.status = TableStatus::kRefused;
      report.error = job.refusal;
    }
    reports_.push_back(std::move(report));
  }
}

void Run::limit_memory() {
  memory_limit_.emplace(*preparation_.database, preparation_.memory_bytes);
  // An index has to fit into memory as a whole, and grows with the table.
  if (options_.memory_limit_bytes == 0 && !options_.primary_keys) {
    memory_limit_->lower(estimate_memory(preparation_.plan, preparation_.jobs, preparation_.jobs));
  }
}

void Run::load_tables() {
  std::vector<std::string> schemas{last_sync_schema(options_)};
  std::uint64_t bytes = 0;
  std::size_t count = 0;
  for (const TableJob& job : preparation_.plan) {
    if (!job.refusal) {
      schemas.push_back(job.shape.name.schema);
      bytes += job.plan.bytes;
      ++count;
    }
  }
  std::ranges::sort(schemas);
  schemas.erase(std::unique(schemas.begin(), schemas.end()), schemas.end());
  // Whether a schema is there is known of those that hold something.
  std::erase_if(schemas, [this](const std::string& schema) {
    const auto first = preparation_.target.objects.lower_bound({.schema = fold_case(schema), .name = ""});
    return first != preparation_.target.objects.end() && first->first.schema == fold_case(schema);
  });
  destination::Session session = preparation_.database->connect();
  if (!preparation_.target.has_ledger) {
    destination::create_ledger(session);
  }
  created_schemas_ = destination::create_schemas(session, schemas);
  listener_.on_phase(Phase::kLoading);
  progress_.emplace(listener_, count, bytes);
  {
    std::vector<std::jthread> workers;
    for (unsigned i = 0; i < std::min<std::size_t>(preparation_.jobs, count); ++i) {
      workers.emplace_back([this] { load_worker(); });
    }
  }
  progress_->stop();
  progress_->rethrow_listener_failure();
  if (failure_) {
    throw Error(*failure_);
  }
  if (stop_.stop_requested()) {
    throw interrupted();
  }
  listener_.on_phase(Phase::kLoaded);
}

void Run::load_worker() {
  while (!stop_.stop_requested()) {
    const std::size_t index = next_table_.fetch_add(1);
    if (index >= preparation_.plan.size()) {
      return;
    }
    if (!preparation_.plan[index].refusal) {
      load_one(preparation_.plan[index], reports_[index]);
    }
  }
}

void Run::load_one(TableJob& job, TableReport& report) {
  CopyContext context{.options = options_,
                      .database = *preparation_.database,
                      .coordinator = *preparation_.coordinator,
                      .pool = *preparation_.pool,
                      .rate_limit = rate_limit_,
                      .memory_limit = *memory_limit_,
                      .progress = *progress_,
                      .types = preparation_.types,
                      .jobs = preparation_.jobs,
                      .stop = stop_.get_token()};
  try {
    stage_table(job, context, report, report_.stages);
  } catch (...) {
    const Error error = current_error();
    // A lost server or a full disk ends every table; skipping is for faults of one table.
    const bool of_this_table = error.kind() == ErrorKind::kUnrepresentable || error.kind() == ErrorKind::kCorruptData ||
                               error.kind() == ErrorKind::kUnsupportedType || error.kind() == ErrorKind::kPermission ||
                               error.kind() == ErrorKind::kSourceSql || error.kind() == ErrorKind::kCountMismatch;
    if (options_.on_error == config::OnError::kSkip && of_this_table) {
      return;
    }
    const std::lock_guard lock(failure_mutex_);
    if (!failure_ && !stop_.stop_requested()) {
      failure_ = error;
    }
    stop_.request_stop();
  }
}

destination::RunRecord Run::run_record(const std::string& status, const std::string& error) const {
  return destination::RunRecord{.run_id = report_.run_id,
                                .started_at = started_at_,
                                .status = status,
                                .version = kVersion,
                                .source = report_.source,
                                .snapshot = preparation_.snapshot_id,
                                .snapshot_at = report_.snapshot_at,
                                .lsn = preparation_.lsn,
                                .error = error};
}

std::vector<TableReport> Run::all_reports() const {
  std::vector<TableReport> all = preparation_.unreadable;
  all.insert(all.end(), reports_.begin(), reports_.end());
  return all;
}

/// Behind the transaction that they measure; that they are not written is no failure of the run.
void Run::record_metrics() {
  try {
    destination::Session session = preparation_.database->connect();
    session.publish_all(
        {destination::metrics_statement(session, run_metrics(report_, all_reports(), seconds_since(started_)))});
  } catch (...) {
    listener_.on_notice(std::string("the metrics of this run could not be recorded: ") + current_error().what());
  }
}

Error Run::nothing_copied() const {
  for (const auto* reports : {&preparation_.unreadable, &reports_}) {
    for (const TableReport& report : *reports) {
      if (report.error) {
        return Error(report.error->kind(), "no table could be copied; the first: " + std::string(report.error->what()))
            .set_hint(report.error->hint());
      }
    }
  }
  return Error(ErrorKind::kBug, "no table could be copied, and none says why");
}

void Run::publish() {
  destination::Publication publication =
      publication_of(preparation_.plan, preparation_.target, report_.source, report_.snapshot_at, reports_);
  if (publication.states.empty()) {
    throw nothing_copied();
  }
  memory_limit_->raise();
  put_off_vacuum(publication);
  publication.last_sync_schema = last_sync_schema(options_);
  publication.replace_views = options_.force;
  if (preparation_.database->dialect().supports.file_locks) {
    publication.objects = preparation_.target.objects;
  }
  publication.run = run_record("published", "");
  publication.table_runs = table_records(all_reports());
  const auto publishing_since = std::chrono::steady_clock::now();
  publisher_.emplace(*preparation_.database, listener_, stop_.get_token());
  report_.last_sync_time = publisher_->publish(publication, [this](destination::Session& session) {
    confirm_lease();
    drop_staged(session);
  });
  report_.publish_seconds = seconds_since(publishing_since);
  listener_.on_phase(Phase::kPublished);
  record_metrics();
  report_.unfinished = destination::maintain(*preparation_.database, options_.maintenance);
}

/// Whatever little has changed, DuckDB's checkpoint would put the small row groups of the ledger together, and now and
/// then those of a table that is changed.
void Run::put_off_vacuum(const destination::Publication& publication) {
  const bool due = preparation_.target.runs % kRunsPerVacuum == kRunsPerVacuum - 1;
  if (preparation_.database->dialect().supports.checkpoint && publication.tables.empty() && !due) {
    preparation_.database->keep_row_groups();
  }
}

/// A run that has lost the target to another one leaves it alone.
void Run::confirm_lease() {
  if (preparation_.lease) {
    preparation_.may_write = false;
    preparation_.lease->confirm();
    preparation_.may_write = true;
  }
}

/// Staged tables of tables that will not be published.
void Run::drop_staged(destination::Session& session) {
  for (std::size_t i = 0; i < reports_.size(); ++i) {
    if (reports_[i].status != TableStatus::kPublished && !preparation_.plan[i].refusal) {
      for (const TableName& staged : staged_tables(preparation_.plan[i])) {
        destination::drop_staged(session, staged);
      }
    }
  }
}

void Run::record_failure() {
  for (TableReport& report : reports_) {
    if (report.status == TableStatus::kPublished) {
      report.status = TableStatus::kNotPublished;
    }
  }
  if (!preparation_.may_write) {
    return;
  }
  try {
    destination::Session session = preparation_.database->connect();
    confirm_lease();
    if (publisher_ && publisher_->was_published(session, report_.run_id)) {
      return;
    }
    drop_staged(session);
    destination::drop_empty_schemas(session, created_schemas_);
    destination::create_ledger(session);
    const std::string status = report_.error->kind() == ErrorKind::kCancelled ? "interrupted" : "failed";
    session.publish_all(
        destination::run_statements(session, run_record(status, report_.error->what()), table_records(all_reports())));
    record_metrics();
  } catch (...) {
    // The first failure is what matters; the next run removes what is left.
    listener_.on_notice(std::string("the failed run could not be recorded in the target: ") + current_error().what());
  }
}

}  // namespace

RunReport run(const config::CopyOptions& options, Listener& listener, std::stop_token stop) {
  return Run(options, listener, std::move(stop)).execute();
}

}  // namespace pg2duck::sync
