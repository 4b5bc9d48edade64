#include "cli/progress/line_listener.hpp"

#include <utility>

#include "cli/progress/figures.hpp"
#include "cli/report/event_text.hpp"
#include "cli/terminal/display_text.hpp"

namespace pg2duck::cli {
namespace {

constexpr std::chrono::seconds kSilence{30};

}  // namespace

LineListener::LineListener(Sink sink, bool verbose) : sink_(std::move(sink)), verbose_(verbose) {}

void LineListener::print(const std::string& line) {
  const std::lock_guard lock(mutex_);
  last_line_ = std::chrono::steady_clock::now();
  sink_(line + "\n");
}

void LineListener::on_phase(sync::Phase phase) {
  const bool milestone = phase == sync::Phase::kConnecting || phase == sync::Phase::kLocking;
  if (milestone || verbose_) {
    print(describe(phase));
  }
}

void LineListener::on_plan(const std::vector<sync::TablePlan>& plan) {
  ProgressListener::on_plan(plan);
  print(describe_plan(plan));
}

void LineListener::on_progress(const sync::Progress& progress) {
  {
    const std::lock_guard lock(mutex_);
    if (std::chrono::steady_clock::now() - last_line_ < kSilence) {
      return;
    }
  }
  print(describe_progress(progress));
}

void LineListener::on_table_started(const TableName& table) {
  if (verbose_) {
    print("Copying " + printable(table.display()));
  }
}

void LineListener::on_table_finished(const sync::TableReport& table) {
  print(describe_finished(table));
}

void LineListener::on_notice(const std::string& text) {
  print("notice: " + printable(text));
}

void LineListener::on_stop_requested() {
  print(std::string(kStopRequested));
}

}  // namespace pg2duck::cli
