#pragma once

#include <mutex>
#include <string>

#include "cli/progress/progress_listener.hpp"
#include "cli/terminal/terminal.hpp"

namespace pg2duck::cli {

/// Progress on a terminal: bars of what runs now at the bottom, a line for each finished table above.
class TerminalListener : public ProgressListener {
 public:
  TerminalListener(Sink sink, std::function<TerminalSize()> size, TerminalStyle style);

  void on_phase(sync::Phase phase) override;
  void on_plan(const std::vector<sync::TablePlan>& plan) override;
  void on_progress(const sync::Progress& progress) override;
  void on_table_finished(const sync::TableReport& table) override;
  void on_notice(const std::string& text) override;
  void on_stop_requested() override;
  void on_finished(const sync::RunReport& report, int exit_code) override;

 private:
  void print(const std::string& line);

  std::function<TerminalSize()> size_;
  TerminalStyle style_;
  std::mutex mutex_;
  LiveBlock block_;        // guarded by mutex_
  bool stopping_ = false;  // guarded by mutex_
};

}  // namespace pg2duck::cli
