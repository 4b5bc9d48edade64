#pragma once

#include <chrono>
#include <mutex>
#include <string>

#include "cli/progress/progress_listener.hpp"
#include "cli/terminal/terminal.hpp"

namespace pg2duck::cli {

/// One plain line an event, for pipes and log files; how far a long load is, twice a minute.
class LineListener : public ProgressListener {
 public:
  LineListener(Sink sink, bool verbose);

  void on_phase(sync::Phase phase) override;
  void on_plan(const std::vector<sync::TablePlan>& plan) override;
  void on_progress(const sync::Progress& progress) override;
  void on_table_started(const TableName& table) override;
  void on_table_finished(const sync::TableReport& table) override;
  void on_notice(const std::string& text) override;
  void on_stop_requested() override;

 private:
  void print(const std::string& line);

  Sink sink_;
  bool verbose_;
  std::mutex mutex_;
  std::chrono::steady_clock::time_point last_line_ = std::chrono::steady_clock::now();  // guarded by mutex_
};

}  // namespace pg2duck::cli
