#include "cli/progress/terminal_listener.hpp"

#include <algorithm>
#include <utility>

#include "cli/progress/progress_bars.hpp"
#include "cli/report/event_text.hpp"
#include "cli/terminal/display_text.hpp"

namespace pg2duck::cli {
namespace {

DisplayLine status_line(std::string_view text, TerminalSize size) {
  std::string line = elide_end(text, std::max<std::size_t>(size.width, 8) - 1);
  const std::size_t width = display_width(line);
  return {.text = std::move(line), .width = width};
}

}  // namespace

TerminalListener::TerminalListener(Sink sink, std::function<TerminalSize()> size, TerminalStyle style)
    : size_(std::move(size)), style_(style), block_(std::move(sink), size_) {}

void TerminalListener::print(const std::string& line) {
  const std::lock_guard lock(mutex_);
  block_.print(line);
}

void TerminalListener::on_phase(sync::Phase phase) {
  const std::lock_guard lock(mutex_);
  if (phase == sync::Phase::kPublished) {
    block_.clear();
  } else {
    block_.draw({status_line(describe(phase) + "...", size_())});
  }
}

void TerminalListener::on_plan(const std::vector<sync::TablePlan>& plan) {
  ProgressListener::on_plan(plan);
  print(describe_plan(plan));
}

void TerminalListener::on_progress(const sync::Progress& progress) {
  const std::lock_guard lock(mutex_);
  const TerminalSize size = size_();
  std::vector<DisplayLine> lines = render_progress(progress, size, style_);
  if (stopping_) {
    lines.push_back(status_line(kStopRequested, size));
  }
  block_.draw(std::move(lines));
}

void TerminalListener::on_table_finished(const sync::TableReport& table) {
  print(describe_finished(table));
}

void TerminalListener::on_notice(const std::string& text) {
  print("notice: " + printable(text));
}

void TerminalListener::on_stop_requested() {
  const std::lock_guard lock(mutex_);
  stopping_ = true;
  block_.draw({status_line(kStopRequested, size_())});
}

void TerminalListener::on_finished(const sync::RunReport& /*report*/, int /*exit_code*/) {
  const std::lock_guard lock(mutex_);
  block_.clear();
}

}  // namespace pg2duck::cli
