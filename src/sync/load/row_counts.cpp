#include "sync/load/row_counts.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "source/read/ranges.hpp"
#include "source/read/row_count.hpp"
#include "source/session/savepoint.hpp"
#include "sync/read/reading.hpp"

namespace pg2duck::sync {
namespace {

/// Of all counts of a run together: about a second of index-only scans.
constexpr std::uint64_t kMostPages = 100'000;

/// Whether the rows that the copy is to hold are known only by counting them.
bool asks_for_count(const TableJob& job) {
  const config::Disposition& disposition = job.settings.disposition;
  const bool reads_part = !job.refusal && job.write.changes_copy() && !job.read.rows.whole;
  // The keys that a reconcile reads are a count.
  return reads_part && !job.keys && disposition.end.empty() && disposition.newest_by.empty() &&
         job.table.kind != source::RelationKind::kForeign;
}

/// Whether the copy will hold what the source holds, and nothing else.
bool is_complete(const ChangePlan& change) {
  return change.increment.reconcile || (change.increment.has_versions() && !change.partial);
}

Error lacking(const TableJob& job, std::uint64_t source, std::uint64_t target) {
  const std::string name = job.table.name.display();
  const bool merge = job.settings.disposition.mode == config::Mode::kMerge;
  return Error(ErrorKind::kCountMismatch,
               fmt::format("its copy lacks {} of {} rows: the cursor has passed them, as they were committed late or "
                           "have a lower value; what was read is published",
                           source - target, source))
      .set_hint(
          fmt::format("fetch them: pg2duck sync {} --tables '{}'; lag = \"...\" lets each run begin so far before "
                      "the last value",
                      merge ? "--reconcile" : "--full", name))
      .add_context("table " + name);
}

void compare(const TableJob& job, std::uint64_t source, std::uint64_t target, TableReport& report) {
  const ChangePlan& change = *job.write.change;
  if (source == target) {
    return;
  }
  if (is_complete(change)) {
    throw Error(ErrorKind::kCountMismatch,
                fmt::format("row counts differ: source {}, destination {} with what was read", source, target))
        .set_hint("look whether its key is unique in the source and in the copy; else report this as a bug of pg2duck");
  }
  if (target < source) {
    report.shortfall = lacking(job, source, target);
  } else if (change.increment.follows_changes() && job.settings.disposition.reconcile_seconds == 0) {
    const std::string surplus = fmt::format(
        "its copy holds {} more rows than the source, where they were deleted: --reconcile finds such rows, as does "
        "reconcile = \"1 day\" in a run that long after the last",
        target - source);
    // It may be loaded a second time.
    if (std::ranges::find(report.warnings, surplus) == report.warnings.end()) {
      report.warnings.push_back(surplus);
    }
  }
}

}  // namespace

void choose_counted(std::vector<TableJob>& plan, source::Connection& snapshot) {
  std::vector<TableJob*> jobs;
  std::vector<std::optional<std::uint64_t>> costs;
  for (TableJob& job : plan) {
    if (!asks_for_count(job)) {
      continue;
    }
    std::optional<std::uint64_t> pages;
    const auto failure = source::try_asking(
        snapshot, [&] { pages = source::pages_to_count(snapshot, job.table.name, kept_rows_of(job)); });
    jobs.push_back(&job);
    costs.push_back(failure ? std::nullopt : pages);
  }
  const std::vector<bool> counted = affordable(costs);
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    jobs[i]->counts_source = counted[i];
  }
}

std::vector<bool> affordable(const std::vector<std::optional<std::uint64_t>>& pages) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < pages.size(); ++i) {
    if (pages[i]) {
      order.push_back(i);
    }
  }
  std::ranges::stable_sort(order, {}, [&pages](std::size_t i) { return *pages[i]; });
  std::vector<bool> counted(pages.size());
  std::uint64_t sum = 0;
  for (const std::size_t i : order) {
    sum += *pages[i];
    counted[i] = sum < kMostPages;
  }
  return counted;
}

std::uint64_t count_source(const TableJob& job, source::Connection& snapshot) {
  return source::count_rows(snapshot, job.table.name, kept_rows_of(job));
}

void note_counts(const TableJob& job, const destination::ChangeCounts& counts, TableReport& report) {
  report.changes = counts.rows;
  report.target_rows = counts.after;
  if (job.read.rows.whole) {
    report.source_rows = counts.wanted;
  }
  // An append of all rows adds them to those that are there.
  const bool comparable = job.cursor || job.settings.disposition.mode == config::Mode::kMerge;
  if (comparable && report.source_rows) {
    compare(job, *report.source_rows, counts.after, report);
  }
}

void check_shrinkage(const TableJob& job, std::uint64_t before, std::uint64_t after) {
  if (!job.write.max_shrink || after >= before) {
    return;
  }
  const double lost = static_cast<double>(before - after) / static_cast<double>(before);
  if (lost * 100 > static_cast<double>(*job.write.max_shrink)) {
    throw Error(ErrorKind::kCountMismatch,
                fmt::format("it would have {} where its copy has {}: more than max_shrink = \"{} %\" of them are gone",
                            after == 1 ? "1 row" : fmt::format("{} rows", after), before, *job.write.max_shrink))
        .set_hint(
            fmt::format("look whether they should be; --force publishes it all the same, and max_shrink = \"100 %\" "
                        "in [table.\"{}\"] lets it always",
                        job.table.name.display()));
  }
}

}  // namespace pg2duck::sync
