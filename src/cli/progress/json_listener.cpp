#include "cli/progress/json_listener.hpp"

#include <utility>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "cli/progress/figures.hpp"
#include "cli/report/event_text.hpp"
#include "cli/report/json_values.hpp"

namespace pg2duck::cli {
namespace {

constexpr std::chrono::seconds kBetweenProgress{5};

std::string now() {
  const auto time = std::chrono::system_clock::now();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(time - seconds);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)),
                     milliseconds.count());
}

std::string_view phase_name(sync::Phase phase) {
  switch (phase) {
    case sync::Phase::kConnecting:
      return "connecting";
    case sync::Phase::kLocking:
      return "locking";
    case sync::Phase::kPlanned:
      return "planned";
    case sync::Phase::kMigrating:
      return "migrating";
    case sync::Phase::kLoading:
      return "loading";
    case sync::Phase::kLoaded:
      return "loaded";
    case sync::Phase::kBeforeCommit:
      return "publishing";
    case sync::Phase::kPublished:
      return "published";
  }
  return "";
}

/// The inside of an object that `emit` continues.
std::string fields_of(const Json& object) {
  const std::string text = dump(object);
  return text.substr(1, text.size() - 2);
}

}  // namespace

JsonListener::JsonListener(Sink sink, bool quiet, bool verbose)
    : sink_(std::move(sink)), quiet_(quiet), verbose_(verbose) {}

void JsonListener::emit(Level level, std::string_view event, std::string_view fields) {
  if ((quiet_ && level != Level::kError) || (!verbose_ && level == Level::kDebug)) {
    return;
  }
  constexpr std::string_view kLevels[] = {"debug", "info", "warning", "error"};
  const std::lock_guard lock(mutex_);
  sink_(fmt::format(R"({{"time":"{}","level":"{}","event":"{}"{}{}}})"
                    "\n",
                    now(), kLevels[static_cast<std::size_t>(level)], event, fields.empty() ? "" : ",", fields));
}

void JsonListener::on_phase(sync::Phase phase) {
  emit(Level::kInfo, "phase", fields_of({{"phase", phase_name(phase)}}));
}

void JsonListener::on_plan(const std::vector<sync::TablePlan>& plan) {
  ProgressListener::on_plan(plan);
  std::uint64_t bytes = 0;
  for (const sync::TablePlan& table : plan) {
    bytes += table.bytes;
  }
  emit(Level::kInfo, "plan", fields_of({{"tables", plan.size()}, {"bytes", bytes}}));
}

void JsonListener::on_progress(const sync::Progress& progress) {
  const auto time = std::chrono::steady_clock::now();
  if (time - last_progress_ < kBetweenProgress) {
    return;
  }
  last_progress_ = time;
  emit(Level::kInfo, "progress", fields_of(to_json(progress)));
}

void JsonListener::on_table_started(const TableName& table) {
  emit(Level::kDebug, "table_started", fields_of({{"schema", table.schema}, {"table", table.name}}));
}

void JsonListener::on_table_finished(const sync::TableReport& table) {
  Json fields = to_json(table);
  // Whether it will be published is not known yet.
  fields.erase("status");
  fields.erase("columns");
  emit(table.error ? Level::kError : Level::kInfo, table.error ? "table_failed" : "table_replicated",
       fields_of(fields));
}

void JsonListener::on_notice(const std::string& text) {
  emit(Level::kWarning, "notice", fields_of({{"message", text}}));
}

void JsonListener::on_stop_requested() {
  emit(Level::kWarning, "stop_requested", fields_of({{"message", kStopRequested}}));
}

void JsonListener::on_finished(const sync::RunReport& report, int exit_code) {
  emit(exit_code == 0 ? Level::kInfo : Level::kError, "finished",
       fields_of({{"run_id", report.run_id},
                  {"exit_code", exit_code},
                  {"seconds", report.seconds},
                  {"snapshot_at", report.snapshot_at},
                  {"last_sync_time", report.last_sync_time},
                  {"error", report.error ? to_json(*report.error) : Json(nullptr)}}));
}

}  // namespace pg2duck::cli
