#pragma once

#include <chrono>
#include <mutex>

#include "cli/progress/progress_listener.hpp"
#include "cli/terminal/terminal.hpp"

namespace pg2duck::cli {

/// One JSON object a line: {"time","level","event",…}. Levels: debug, info, warning, error.
class JsonListener : public ProgressListener {
 public:
  /// `quiet`: only lines of level error; `verbose`: also those of level debug.
  JsonListener(Sink sink, bool quiet, bool verbose);

  void on_phase(sync::Phase phase) override;
  void on_plan(const std::vector<sync::TablePlan>& plan) override;
  void on_progress(const sync::Progress& progress) override;
  void on_table_started(const TableName& table) override;
  void on_table_finished(const sync::TableReport& table) override;
  void on_notice(const std::string& text) override;
  void on_stop_requested() override;
  void on_finished(const sync::RunReport& report, int exit_code) override;

 private:
  enum class Level { kDebug, kInfo, kWarning, kError };

  /// `fields` is the inside of a JSON object, without braces; may be empty.
  void emit(Level level, std::string_view event, std::string_view fields);

  Sink sink_;
  bool quiet_;
  bool verbose_;
  std::mutex mutex_;
  std::chrono::steady_clock::time_point last_progress_;
};

}  // namespace pg2duck::cli
