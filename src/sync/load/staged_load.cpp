#include "sync/load/staged_load.hpp"

#include <mutex>
#include <utility>

#include "destination/load/stage.hpp"
#include "destination/tables/staged_table.hpp"
#include "source/read/ranges.hpp"
#include "sync/load/column_fit.hpp"
#include "sync/read/table_scan.hpp"

namespace pg2duck::sync {
namespace {

/// Enough for a good guess, few enough to cost nothing.
constexpr std::uint64_t kSampleRows = 1000;

/// What happened when all rows were loaded.
struct Attempt {
  std::vector<PlannedColumn> columns;  ///< knowing what was seen
  std::vector<ColumnFindings> findings;
  bool fits = false;  ///< all values have the types that were chosen
};

ScanEnvironment scan_environment(const Reading& reading, CopyContext& context, std::optional<std::uint64_t> limit) {
  const source::ReadRequest request = reading.request(std::nullopt);
  return {.pool = context.pool,
          .find_value =
              [request, &coordinator = context.coordinator](const source::ReadRange& range,
                                                            const source::RowPlace& place, const std::string& text) {
                const std::lock_guard lock(coordinator.mutex);
                return source::find_value(coordinator.snapshot.connection(), range, request, place, text);
              },
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

/// Chooses the types that depend on values by some rows of the table, before all of them are loaded.
std::vector<PlannedColumn> fit_to_sample(const Reading& reading, const WritePlan& write, CopyContext& context,
                                         destination::Session& session) {
  const Reading sample = sample_of(reading);
  ScanCounters counters;
  TableScan scan(sample, scan_environment(sample, context, kSampleRows), counters);
  destination::read_only(session, shape_of(write, sample.columns), scan);
  std::vector<PlannedColumn> columns = with_profiles(reading.columns, seen_profiles(sample.columns, scan.findings()));
  return fitted(context.types, write.table, std::move(columns), false);
}

Attempt load_once(const Reading& reading, const WritePlan& write, CopyContext& context, destination::Session& session,
                  ScanCounters& counters, const TableName& staged) {
  TableScan scan(reading, scan_environment(reading, context, context.options.limit), counters);
  destination::stage(session, shape_of(write, reading.columns), staged, scan);
  return {.columns = with_profiles(reading.columns, seen_profiles(reading.columns, scan.findings())),
          .findings = scan.findings(),
          .fits = !scan.has_misfit()};
}

void check_counts(const StagedRows& rows, std::uint64_t decoded) {
  if (rows.source_rows == rows.target_rows && decoded == rows.target_rows) {
    return;
  }
  throw Error(ErrorKind::kCountMismatch, "row counts differ: source " + std::to_string(rows.source_rows) +
                                             ", decoded " + std::to_string(decoded) + ", destination " +
                                             std::to_string(rows.target_rows))
      .set_hint("nothing was published for it; please report this as a bug of pg2duck");
}

}  // namespace

StagedRows load_rows(const Reading& reading, const WritePlan& write, CopyContext& context,
                     destination::Session& session, ScanCounters& counters, TableName& staged) {
  Reading fitting = reading;
  if (needs_sample(reading.columns)) {
    fitting.columns = fit_to_sample(reading, write, context, session);
  }
  Attempt attempt = load_once(fitting, write, context, session, counters, staged);
  if (!attempt.fits) {
    fitting.columns = fitted(context.types, write.table, attempt.columns, true);
    for (const std::string& change : type_changes(attempt.columns, fitting.columns)) {
      context.progress.notice("table " + reading.table.display() + ", column " + change +
                              ", because of its values: the table is loaded again");
    }
    destination::drop_staged(session, staged);
    staged = renamed(std::move(staged));
    reset(counters);
    attempt = load_once(fitting, write, context, session, counters, staged);
  }
  if (!attempt.fits) {
    throw Error(ErrorKind::kBug, "a table did not fit the types that all of its values were measured for");
  }
  StagedRows rows{.columns = std::move(attempt.columns),
                  .findings = std::move(attempt.findings),
                  .source_rows = counters.server_rows,
                  .target_rows = destination::count_rows(session, staged)};
  check_counts(rows, counters.rows);
  return rows;
}

TableName renamed(TableName staged) {
  staged.name += "_2";
  return staged;
}

void reset(ScanCounters& counters) {
  for (auto* counter : {&counters.rows, &counters.bytes, &counters.server_rows, &counters.heap_bytes}) {
    *counter = 0;
  }
}

}  // namespace pg2duck::sync
