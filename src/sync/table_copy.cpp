#include "sync/table_copy.hpp"

#include <chrono>
#include <utility>

#include "destination/bulk_load.hpp"
#include "destination/table_ddl.hpp"
#include "source/ranges.hpp"
#include "sync/preview.hpp"
#include "sync/table_scan.hpp"

namespace pg2duck::sync {
namespace {

double seconds(std::int64_t nanoseconds) {
  return static_cast<double>(nanoseconds) / 1e9;
}

std::string find_ctid(Coordinator& coordinator, const source::ReadRange& range, std::uint64_t ordinal) {
  const std::lock_guard lock(coordinator.mutex);
  return source::find_ctid(coordinator.snapshot.connection(), range, ordinal);
}

void load(const TableJob& job, CopyContext& context, destination::Session& session, ScanCounters& counters) {
  session.execute(destination::create_table_sql(job.shape, job.staged));
  TableScan scan(job,
                 {.pool = context.pool,
                  .find_ctid = [&](const source::ReadRange& range,
                                   std::uint64_t row) { return find_ctid(context.coordinator, range, row); },
                  .limit = context.options.limit,
                  .stop = context.stop,
                  .max_producers = context.jobs},
                 counters);
  destination::bulk_load(session, job.shape, job.staged, scan);
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

void finish_shape(const TableJob& job, destination::Session& session) {
  for (const std::string& sql : destination::comment_sql(job.shape, job.staged)) {
    session.execute(sql);
  }
  if (const std::string key = destination::add_primary_key_sql(job.shape, job.staged); !key.empty()) {
    session.execute(key);
  }
}

void add_stages(Coordinator& coordinator, const ScanCounters& counters, StageSeconds& stages) {
  const std::lock_guard lock(coordinator.mutex);
  stages.read += seconds(counters.read_ns);
  stages.decode += seconds(counters.decode_ns);
  stages.write += seconds(counters.write_ns);
}

void stage(const TableJob& job, CopyContext& context, TableReport& report, ScanCounters& counters) {
  destination::Session session = context.database.connect();
  const std::stop_callback interrupt(context.stop, [&session] { session.interrupt(); });
  load(job, context, session, counters);
  report.source_rows = counters.server_rows;
  report.target_rows =
      static_cast<std::uint64_t>(session.query_int("SELECT count(*) FROM " + destination::target_name(job.staged)));
  check_counts(report, counters.rows);
  finish_shape(job, session);
  if (context.options.preview > 0) {
    const std::lock_guard lock(context.coordinator.mutex);
    report.preview = take_preview(job, context.options, context.coordinator.snapshot.connection(), session);
  }
}

}  // namespace

void stage_table(const TableJob& job, CopyContext& context, TableReport& report, StageSeconds& stages) {
  ScanCounters counters;
  const auto started = std::chrono::steady_clock::now();
  const auto finish = [&] {
    report.bytes = counters.bytes;
    report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    add_stages(context.coordinator, counters, stages);
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
