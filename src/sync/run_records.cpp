#include "sync/run_records.hpp"

#include <chrono>
#include <random>

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace pg2duck::sync {

std::string new_run_id() {
  std::random_device random;
  const auto word = [&random] { return (std::uint64_t{random()} << 32) | random(); };
  // RFC 4122, version 4.
  const std::uint64_t high = (word() & 0xffffffffffff0fffULL) | 0x4000ULL;
  const std::uint64_t low = (word() & 0x3fffffffffffffffULL) | 0x8000000000000000ULL;
  return fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", high >> 32, (high >> 16) & 0xffff, high & 0xffff, low >> 48,
                     low & 0xffffffffffffULL);
}

std::string utc_now() {
  return fmt::format("{:%Y-%m-%d %H:%M:%S}+00",
                     std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
}

std::vector<destination::TableRunRecord> table_records(const std::vector<TableReport>& tables) {
  std::vector<destination::TableRunRecord> records;
  for (const TableReport& report : tables) {
    records.push_back({.table = report.target,
                       .mode = report.mode,
                       .rows = report.rows,
                       .bytes = report.bytes,
                       .seconds = report.seconds,
                       .status = std::string(to_string(report.status)),
                       .error = report.error ? report.error->what() : "",
                       .inserted = report.changes.inserted,
                       .updated = report.changes.updated,
                       .deleted = report.changes.deleted,
                       .source_rows = report.source_rows,
                       .target_rows = report.target_rows});
  }
  return records;
}

std::vector<Error> with_shortfalls(std::vector<Error> errors, const std::vector<TableReport>& tables) {
  for (const TableReport& report : tables) {
    if (report.status == TableStatus::kPublished && report.shortfall) {
      errors.push_back(*report.shortfall);
    }
  }
  return errors;
}

destination::RunMetrics run_metrics(const RunReport& report) {
  Totals totals;
  totals.add(report.tables);
  return {.run_id = report.run_id,
          .dataset = report.dataset,
          .tables_loaded = totals.tables_loaded,
          .tables_failed = totals.tables_failed,
          .rows = totals.rows,
          .bytes = totals.bytes,
          .overall_seconds = report.seconds,
          .extract_seconds = report.stages.read,
          .decode_seconds = report.stages.decode,
          .load_seconds = report.stages.write,
          .publish_seconds = report.publish_seconds};
}

}  // namespace pg2duck::sync
