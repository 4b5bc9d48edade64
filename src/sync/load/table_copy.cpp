#include "sync/load/table_copy.hpp"

#include <chrono>
#include <iterator>
#include <mutex>
#include <utility>

#include "base/retry.hpp"
#include "destination/tables/staged_table.hpp"
#include "destination/tables/table_ddl.hpp"
#include "source/read/row_places.hpp"
#include "sync/load/learnt_types.hpp"
#include "sync/load/preview.hpp"
#include "sync/load/row_counts.hpp"
#include "sync/load/staged_load.hpp"
#include "sync/load/table_change.hpp"

namespace pg2duck::sync {
namespace {

/// More rows than these are not fetched one by one.
constexpr std::size_t kMostFetched = 10000;

double seconds(std::int64_t nanoseconds) {
  return static_cast<double>(nanoseconds) / 1e9;
}

/// The staged keys of a table: no key, no partitions.
WritePlan key_writing(const WritePlan& rows) {
  return {.table = rows.table, .staged = rows.staged};
}

/// `reading` of all that the copy is to hold.
Reading of_all_rows(Reading reading, const TableJob& job) {
  reading.condition = job.read.rows.copied;
  reading.ranges = job.read.all_ranges;
  reading.order.clear();
  return reading;
}

/// `reading`, with the rows at `places` too; all that the copy is to hold, when there are too many.
Reading with_missing(Reading reading, const TableJob& job, const std::vector<std::string>& places) {
  if (places.size() >= kMostFetched) {
    return of_all_rows(std::move(reading), job);
  }
  std::ranges::move(source::ranges_at(job.table, places), std::back_inserter(reading.ranges));
  return reading;
}

/// Stages the keys of all rows, for the deletes, and finds out which rows the copy lacks.
Reading stage_keys(const TableJob& job, CopyContext& context, destination::Session& session, ScanCounters& counters,
                   StagedTables& staged) {
  // Digits, as the names of all staged tables end.
  staged.keys = TableName{staged.rows.schema, staged.rows.name + "_0"};
  const StagedRows keys =
      load_rows(key_reading_of(job), key_writing(job.write), context, session, counters, *staged.keys);
  destination::TableChange change = change_of(job, job.columns, staged, context.types);
  change.forms = key_forms(keys.columns, change.key, context.types);
  return with_missing(reading_of(job), job, destination::find_missing(session, change, kPlaceColumn, kMostFetched));
}

/// GEOMETRY does not say what its coordinates mean.
void note_srids(const std::vector<PlannedColumn>& columns, destination::TableShape& shape) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (const std::uint32_t srid = columns[i].mapping.srid; srid != 0) {
      std::string& comment = shape.columns[i].comment;
      const std::string text = "SRID " + std::to_string(srid);
      comment = comment.empty() ? text : comment + " (" + text + ")";
    }
  }
}

void finish_shape(const LoadedTable& table, destination::Session& session) {
  const std::vector<destination::Statement> missing = destination::finish_table_sql(session, table.shape, table.staged);
  if (!missing.empty()) {
    session.execute_all(missing);
  }
}

std::vector<ColumnReport> column_reports(const StagedRows& rows) {
  std::vector<ColumnReport> reports;
  for (std::size_t i = 0; i < rows.columns.size(); ++i) {
    if (rows.columns[i].role != ColumnRole::kStandIn) {
      reports.push_back({.plan = describe(rows.columns[i]), .unrepresentable = rows.findings[i].unrepresentable});
    }
  }
  return reports;
}

/// Makes an initial load fit to be merged into.
/// @return the rows that are left; nothing: all are
std::optional<std::uint64_t> reduce(const destination::TableChange& change, destination::Session& session) {
  const std::vector<destination::Statement> statements = destination::initial_load_statements(session, change);
  if (statements.empty()) {
    return std::nullopt;
  }
  session.execute_all(statements);
  return destination::count_rows(session, change.staged);
}

Preview preview_of(const TableJob& job, const Reading& reading, const LoadedTable& loaded, CopyContext& context,
                   destination::Session& session) {
  const std::lock_guard lock(context.coordinator.mutex);
  // A limited copy holds the first rows as they lie, not the first by key.
  return take_preview({.table = reading.table,
                       .staged = loaded.staged,
                       .condition = reading.condition,
                       .columns = loaded.columns,
                       .order = context.options.limit ? std::vector<std::string>() : job.table.primary_key,
                       .rows = context.options.preview},
                      context.coordinator.snapshot.connection(), session);
}

/// Staged rows, and how they go into the copy that is kept up.
struct Staging {
  StagedRows rows;
  std::optional<FittedChange> fitted;
};

Staging stage_and_fit(const TableJob& job, const Reading& reading, CopyContext& context, destination::Session& session,
                      ScanCounters& counters, StagedTables& staged) {
  Staging staging{.rows = load_rows(reading, job.write, context, session, counters, staged.rows), .fitted = {}};
  if (job.write.change) {
    staging.fitted = fit_change(job, staging.rows.columns, staged, context.types, session);
  }
  return staging;
}

/// Rows that a merge by a cursor has passed over would have other texts than those that Postgres prints.
bool must_read_all(const TableJob& job, const Staging& staging) {
  using destination::ChangeKind;
  return job.write.changes_copy() && !job.read.rows.whole && staging.fitted->writes_numbers() &&
         (staging.fitted->change.kind == ChangeKind::kUpsert ||
          staging.fitted->change.kind == ChangeKind::kDeleteInsert);
}

Staging stage_rows(const TableJob& job, const Reading& reading, CopyContext& context, destination::Session& session,
                   ScanCounters& counters, StagedTables& staged) {
  Staging staging = stage_and_fit(job, reading, context, session, counters, staged);
  if (must_read_all(job, staging)) {
    context.progress.notice("table " + job.table.name.display() +
                            ": numbers become text, as Postgres prints them: all rows are read once more");
    destination::drop_staged(session, staged.rows);
    staged.rows = renamed(std::move(staged.rows));
    reset(counters);
    staging = stage_and_fit(job, of_all_rows(reading, job), context, session, counters, staged);
  }
  return staging;
}

/// What values have changed of the copy's columns.
/// @error Error(kSchemaDrift) where that is not wanted
void report_learnt(const TableJob& job, const Staging& staging, const CopyContext& context, TableReport& report) {
  const std::vector<SchemaChange> learnt = learnt_changes(
      staging.rows.columns, job.write.changes_copy() ? &*staging.fitted : nullptr, context.database.dialect().supports);
  report.schema_changes = job.schema_changes;
  report.schema_changes.insert(report.schema_changes.end(), learnt.begin(), learnt.end());
  check_learnt(job, learnt);
}

/// Rows of the source that the copy is to hold; nothing: it would cost too much to count them.
std::optional<std::uint64_t> source_rows_of(const TableJob& job, CopyContext& context, const StagedRows& rows,
                                            const ScanCounters& keys) {
  if (job.counts_source) {
    const std::lock_guard lock(context.coordinator.mutex);
    return count_source(job, context.coordinator.snapshot.connection());
  }
  if (!job.write.changes_copy() || job.read.rows.whole) {
    return rows.source_rows;
  }
  const bool countable = job.keys && job.settings.disposition.newest_by.empty();
  return countable ? std::optional(keys.server_rows.load()) : std::nullopt;
}

LoadedTable stage_once(const TableJob& job, CopyContext& context, StagedTables& staged, TableReport& report,
                       ScanCounters& counters) {
  destination::Session session = context.database.connect();
  const std::stop_callback interrupt(context.stop, [&session] { session.interrupt(); });
  ScanCounters key_counters;
  const Reading reading = job.keys ? stage_keys(job, context, session, key_counters, staged) : reading_of(job);
  Staging staging = stage_rows(job, reading, context, session, counters, staged);
  report.rows = staging.rows.target_rows;
  report.source_rows = source_rows_of(job, context, staging.rows, key_counters);
  report.target_rows = staging.rows.target_rows;
  report.changes = {.inserted = staging.rows.target_rows};
  counters.bytes += key_counters.bytes;
  report.columns = column_reports(staging.rows);
  report_learnt(job, staging, context, report);
  LoadedTable loaded{.staged = staged.rows, .columns = std::move(staging.rows.columns)};
  loaded.shape = shape_of(job.write, loaded.columns);
  if (staging.fitted) {
    loaded.held_types = std::move(staging.fitted->held_types);
    if (job.write.changes_copy()) {
      const destination::ChangeCounts counts = destination::count_changes(session, staging.fitted->change);
      check_shrinkage(job, counts.before, counts.after);
      note_counts(job, counts, report);
      loaded.change = std::move(staging.fitted->change);
    } else if (const auto left = reduce(staging.fitted->change, session)) {
      // Rows that are marked as deleted, or not the newest of their key, are not to be in the copy.
      report.source_rows = report.target_rows = report.rows = report.changes.inserted = *left;
    }
  }
  if (!loaded.change) {
    if (job.write.max_shrink) {
      check_shrinkage(job, destination::count_rows(session, job.write.table), *report.target_rows);
    }
    note_srids(loaded.columns, loaded.shape);
    finish_shape(loaded, session);
  }
  if (context.options.preview > 0) {
    report.preview = preview_of(job, reading, loaded, context, session);
  }
  return loaded;
}

/// Whether an error is overcome by all the memory that is allowed: the limit in force is an estimate.
bool was_short_of_memory(const Error& error, bool could_have_more) {
  return error.kind() == ErrorKind::kOutOfMemory && could_have_more;
}

std::vector<TableName> names_of(const StagedTables& staged) {
  std::vector<TableName> names{staged.rows};
  if (staged.keys) {
    names.push_back(*staged.keys);
  }
  return names;
}

void drop(const StagedTables& staged, destination::Database& database) {
  destination::Session session = database.connect();
  for (const TableName& name : names_of(staged)) {
    destination::drop_staged(session, name);
  }
}

/// Stages the table anew, under another name, when the memory limit was too low, and when the target was lost or busy
/// for a moment: what that attempt left may still belong to a session that the server has not given up.
LoadedTable stage(const TableJob& job, CopyContext& context, StagedTables& staged, TableReport& report,
                  ScanCounters& counters) {
  Attempts attempts(context.database.dialect().limits.retry);
  const std::string table = "table " + job.table.name.display();
  while (true) {
    const bool could_have_more = context.memory_limit.is_lowered();
    try {
      return stage_once(job, context, staged, report, counters);
    } catch (const Error& error) {
      if (was_short_of_memory(error, could_have_more)) {
        context.memory_limit.raise();
        context.progress.notice(table + ": DuckDB needs more memory than its size suggests: the table is loaded again");
        drop(staged, context.database);
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
    report.shortfall.reset();
    staged = {.rows = renamed(std::move(staged.rows)), .keys = std::nullopt};
  }
}

}  // namespace

LoadResult stage_table(const TableJob& job, CopyContext& context, TableReport& report, StageSeconds& stages) {
  ScanCounters counters;
  const auto started = std::chrono::steady_clock::now();
  StagedTables staged{.rows = job.write.staged, .keys = std::nullopt};
  LoadResult result;
  ProgressTracker::Counting counting(context.progress, job, counters);
  try {
    result.table = stage(job, context, staged, report, counters);
  } catch (...) {
    result.failure = current_error();
    if (result.failure->kind() != ErrorKind::kCancelled) {
      if (result.failure->context().empty()) {
        result.failure->add_context("table " + job.table.name.display());
      }
      report.status = TableStatus::kFailed;
      report.changes = {};
      report.error = result.failure;
    }
  }
  result.staged = names_of(staged);
  if (result.failure && result.failure->kind() == ErrorKind::kCancelled) {
    return result;
  }
  report.bytes = counters.bytes;
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  stages.add(
      {.read = seconds(counters.read_ns), .decode = seconds(counters.decode_ns), .write = seconds(counters.write_ns)});
  counting.finish(report);
  return result;
}

}  // namespace pg2duck::sync
