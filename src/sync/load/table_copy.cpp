#include "sync/load/table_copy.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/retry.hpp"
#include "destination/load/stage.hpp"
#include "destination/tables/staged_table.hpp"
#include "destination/tables/table_ddl.hpp"
#include "source/read/ranges.hpp"
#include "sync/load/preview.hpp"
#include "sync/load/reconcile.hpp"
#include "sync/plan/table_change.hpp"
#include "sync/read/table_scan.hpp"

namespace pg2duck::sync {
namespace {

/// Enough for a good guess, few enough to cost nothing.
constexpr std::uint64_t kSampleRows = 1000;

double seconds(std::int64_t nanoseconds) {
  return static_cast<double>(nanoseconds) / 1e9;
}

source::FoundValue find_value(Coordinator& coordinator, const TableJob& job, const source::ReadRange& range,
                              const source::RowPlace& place, const std::string& text) {
  const std::lock_guard lock(coordinator.mutex);
  return source::find_value(coordinator.snapshot.connection(), range, read_request(job, std::nullopt), place, text);
}

ScanEnvironment scan_environment(const TableJob& job, CopyContext& context, std::optional<std::uint64_t> limit) {
  return {.pool = context.pool,
          .find_value = [&job, &coordinator = context.coordinator](
                            const source::ReadRange& range, const source::RowPlace& place,
                            const std::string& text) { return find_value(coordinator, job, range, place, text); },
          .find_outcomes =
              [&coordinator = context.coordinator](const std::vector<std::uint64_t>& transactions) {
                const std::lock_guard lock(coordinator.mutex);
                return source::find_outcomes(coordinator.snapshot.connection(), transactions);
              },
          .limit = limit,
          .rate_limit = context.rate_limit,
          .stop = context.stop,
          .max_producers = context.jobs};
}

/// The profiles of the adaptive columns of `job`.
std::vector<types::ColumnProfile> adaptive_profiles(const TableJob& job, const TableScan& scan) {
  std::vector<types::ColumnProfile> profiles;
  for (std::size_t i = 0; i < job.columns.size(); ++i) {
    if (types::is_adaptive(job.columns[i].mapping)) {
      profiles.push_back(scan.findings()[i].profile);
    }
  }
  return profiles;
}

/// Chooses the types that depend on values by some rows of the table, before all of them are loaded.
void take_sample(TableJob& job, CopyContext& context, destination::Session& session) {
  TableJob sample = adaptive_part(job);
  const auto biggest = std::ranges::max_element(sample.ranges, {}, &source::ReadRange::bytes);
  sample.ranges = {*biggest};
  ScanCounters counters;
  TableScan scan(sample, scan_environment(sample, context, kSampleRows), counters);
  destination::read_only(session, sample.shape, scan);
  learn(job, adaptive_profiles(sample, scan));
  refit(context.types, job, false);
}

/// One attempt to load all rows.
/// @return false when a value did not fit the type that was chosen: `job` has a better one then
bool load_once(TableJob& job, CopyContext& context, destination::Session& session, ScanCounters& counters,
               TableReport& report) {
  TableScan scan(job, scan_environment(job, context, context.options.limit), counters);
  destination::stage(session, job.shape, job.staged, scan);
  learn(job, adaptive_profiles(job, scan));
  if (scan.has_misfit()) {
    for (const std::string& change : refit(context.types, job, true)) {
      context.progress.notice("table " + job.table.name.display() + ", column " + change +
                              ", because of its values: the table is loaded again");
    }
    return false;
  }
  for (std::size_t i = 0; i < job.columns.size(); ++i) {
    report.columns.push_back({.plan = job.plan.columns[i], .unrepresentable = scan.findings()[i].unrepresentable});
  }
  return true;
}

void reset(ScanCounters& counters) {
  for (auto* counter : {&counters.rows, &counters.bytes, &counters.server_rows, &counters.heap_bytes}) {
    *counter = 0;
  }
}

/// Gives the rows of `job` another staged table. A remote session that has seen a table dropped loads nothing into
/// another of the same name, and one that was lost may still hold its own.
void name_anew(TableJob& job) {
  job.staged.name += "_2";
}

/// Takes back what an attempt has loaded and counted.
void start_again(TableJob& job, destination::Session& session, ScanCounters& counters) {
  destination::drop_staged(session, job.staged);
  name_anew(job);
  reset(counters);
}

void load(TableJob& job, CopyContext& context, destination::Session& session, ScanCounters& counters,
          TableReport& report) {
  if (needs_sample(job)) {
    take_sample(job, context, session);
  }
  if (!load_once(job, context, session, counters, report)) {
    start_again(job, session, counters);
    if (!load_once(job, context, session, counters, report)) {
      throw Error(ErrorKind::kBug, "a table did not fit the types that all of its values were measured for");
    }
  }
}

void check_counts(const TableReport& report, std::uint64_t decoded) {
  if (report.source_rows == report.target_rows && decoded == report.target_rows) {
    return;
  }
  throw Error(ErrorKind::kCountMismatch, "row counts differ: source " + std::to_string(report.source_rows) +
                                             ", decoded " + std::to_string(decoded) + ", destination " +
                                             std::to_string(report.target_rows))
      .set_hint("nothing was published for it; please report this as a bug of pg2duck");
}

/// GEOMETRY does not say what its coordinates mean.
void note_srids(TableJob& job) {
  for (std::size_t i = 0; i < job.columns.size(); ++i) {
    if (const std::uint32_t srid = job.columns[i].mapping.srid; srid != 0) {
      std::string& comment = job.shape.columns[i].comment;
      const std::string text = "SRID " + std::to_string(srid);
      comment = comment.empty() ? text : comment + " (" + text + ")";
    }
  }
}

void finish_shape(TableJob& job, destination::Session& session) {
  note_srids(job);
  const std::vector<destination::Statement> missing = destination::finish_table_sql(session, job.shape, job.staged);
  if (!missing.empty()) {
    session.execute_all(missing);
  }
}

/// What becomes of the staged rows when the table's copy is kept up; an initial load is made fit to be merged into.
void plan_change(TableJob& job, CopyContext& context, destination::Session& session, TableReport& report) {
  if (!job.increment) {
    return;
  }
  destination::TableChange change = change_of(job);
  change.validity.at = context.coordinator.snapshot.taken_at();
  fit_change(job, session, change);
  if (!job.increment->first) {
    job.change = std::move(change);
    return;
  }
  const std::vector<destination::Statement> reduce = destination::first_copy_statements(session, change);
  if (!reduce.empty()) {
    session.execute_all(reduce);
    report.target_rows = destination::count_staged(session, job.staged);
  }
}

/// Stages the keys of all rows, for the deletes, and has `job` read what its copy lacks.
void stage_keys(TableJob& job, CopyContext& context, destination::Session& session, ScanCounters& counters) {
  if (!job.increment || !job.increment->reconcile || job.increment->whole) {
    return;
  }
  TableJob keys = key_part(job);
  job.increment->present = keys.staged;
  TableReport report;
  load(keys, context, session, counters, report);
  report.source_rows = counters.server_rows;
  report.target_rows = destination::count_staged(session, keys.staged);
  check_counts(report, counters.rows);
  job.increment->present = keys.staged;  // Its name when its rows were loaded twice.
  add_missing(job, destination::find_missing(session, change_of(job), kPlaceColumn, kMostFetched));
}

void stage_once(TableJob& job, CopyContext& context, TableReport& report, ScanCounters& counters) {
  destination::Session session = context.database.connect();
  const std::stop_callback interrupt(context.stop, [&session] { session.interrupt(); });
  ScanCounters key_counters;
  stage_keys(job, context, session, key_counters);
  load(job, context, session, counters, report);
  report.source_rows = counters.server_rows;
  report.target_rows = destination::count_staged(session, job.staged);
  check_counts(report, counters.rows);
  counters.bytes += key_counters.bytes;
  plan_change(job, context, session, report);
  if (!job.change) {
    finish_shape(job, session);
  }
  if (context.options.preview > 0) {
    const std::lock_guard lock(context.coordinator.mutex);
    report.preview = take_preview(job, context.options, context.coordinator.snapshot.connection(), session);
  }
}

/// Whether an error is overcome by all the memory that is allowed: the limit in force is an estimate.
bool was_short_of_memory(const Error& error, bool could_have_more) {
  return error.kind() == ErrorKind::kOutOfMemory && could_have_more;
}

void drop_staged(const TableJob& job, destination::Database& database) {
  destination::Session session = database.connect();
  for (const TableName& staged : staged_tables(job)) {
    destination::drop_staged(session, staged);
  }
}

/// Stages the table anew, under another name, when the memory limit was too low, and when the target was lost or busy
/// for a moment: what that attempt left may still belong to a session that the server has not given up.
void stage(TableJob& job, CopyContext& context, TableReport& report, ScanCounters& counters) {
  Attempts attempts(context.database.dialect().limits.retry);
  const TableJob planned = job;
  const std::string table = "table " + job.table.name.display();
  while (true) {
    const bool could_have_more = context.memory_limit.is_lowered();
    try {
      return stage_once(job, context, report, counters);
    } catch (const Error& error) {
      if (was_short_of_memory(error, could_have_more)) {
        context.memory_limit.raise();
        context.progress.notice(table + ": DuckDB needs more memory than its size suggests: the table is loaded again");
        drop_staged(job, context.database);
      } else if (attempts.may_follow(error)) {
        context.progress.notice(table + ": " + error.what() + "; it is loaded again");
        if (!attempts.wait(context.stop)) {
          throw Error(ErrorKind::kCancelled, "interrupted");
        }
      } else {
        throw;
      }
    }
    reset(counters);
    report.columns.clear();
    TableName staged = std::move(job.staged);
    job = planned;
    job.staged = std::move(staged);
    name_anew(job);
  }
}

}  // namespace

void stage_table(TableJob& job, CopyContext& context, TableReport& report, StageSeconds& stages) {
  ScanCounters counters;
  const auto started = std::chrono::steady_clock::now();
  const auto finish = [&] {
    report.bytes = counters.bytes;
    report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    stages.add({.read = seconds(counters.read_ns),
                .decode = seconds(counters.decode_ns),
                .write = seconds(counters.write_ns)});
    context.progress.finish(job, counters, report);
  };
  context.progress.start(job, counters);
  try {
    stage(job, context, report, counters);
  } catch (...) {
    Error error = current_error();
    if (error.kind() == ErrorKind::kCancelled) {
      context.progress.abandon(job);
      throw Error(error);
    }
    if (error.context().empty()) {
      error.add_context("table " + job.table.name.display());
    }
    report.status = TableStatus::kFailed;
    report.error = error;
    finish();
    throw Error(error);
  }
  finish();
}

}  // namespace pg2duck::sync
