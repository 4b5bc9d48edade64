#include "cli/report/event_text.hpp"

#include <cstdint>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/terminal/display_text.hpp"
#include "cli/terminal/units.hpp"

namespace pg2duck::cli {
namespace {

std::string counted(const std::optional<std::uint64_t>& rows) {
  return rows ? format_count(*rows) : "not counted";
}

/// Empty where the rows are a whole copy.
std::string describe_changes(const sync::TableReport& table) {
  return table.mode != "append" && table.mode != "merge"
             ? ""
             : fmt::format("; {} inserted, {} updated, {} deleted", format_count(table.changes.inserted),
                           format_count(table.changes.updated), format_count(table.changes.deleted));
}

}  // namespace

std::string describe(sync::Phase phase) {
  switch (phase) {
    case sync::Phase::kConnecting:
      return "Connecting to the source and opening the target";
    case sync::Phase::kLocking:
      return "Locking the tables and taking the snapshot";
    case sync::Phase::kPlanned:
      return "Preparing the target";
    case sync::Phase::kMigrating:
      return "Bringing the ledger to today's form";
    case sync::Phase::kLoading:
      return "Copying";
    case sync::Phase::kLoaded:
      return "All tables are copied and counted";
    case sync::Phase::kBeforeCommit:
      return "Publishing";
    case sync::Phase::kPublished:
      return "Published";
  }
  return {};
}

std::string describe_finished(const sync::TableReport& table) {
  const std::string name = printable(table.source.display());
  if (table.error) {
    const char* verb = table.status == sync::TableStatus::kRefused ? "Refused" : "Failed";
    return fmt::format("{} {}: {}", verb, name, describe_in_table(*table.error));
  }
  return fmt::format("Replicated {} in {} seconds: {}{} (source {}, destination {}){}", name,
                     format_seconds(table.seconds), format_count_of(table.rows, "row"), describe_changes(table),
                     counted(table.source_rows), counted(table.target_rows), table.limited ? ", limited" : "");
}

std::string describe_in_table(const Error& error) {
  std::vector<std::string> where = error.context();
  std::erase_if(where, [](const std::string& part) { return part.starts_with("table "); });
  return printable(where.empty() ? error.message() : fmt::format("{}: {}", fmt::join(where, ", "), error.message()));
}

std::string describe_plan(const std::vector<sync::TablePlan>& plan) {
  std::uint64_t bytes = 0;
  for (const sync::TablePlan& table : plan) {
    bytes += table.bytes;
  }
  return fmt::format("Planned {}, {}", format_count_of(plan.size(), "table"), format_bytes(bytes));
}

}  // namespace pg2duck::cli
