#pragma once

#include <vector>

#include "sync/listener.hpp"

namespace pg2duck::cli {

/// A listener of the command line. This one shows nothing (--quiet); it keeps the plan for the report.
class ProgressListener : public sync::Listener {
 public:
  void on_plan(const std::vector<sync::TablePlan>& plan) override { plan_ = plan; }

  /// The user asked to stop. May come from any thread, beside every other call.
  virtual void on_stop_requested() {}

  /// The run has returned; called once, before anything is printed. Whatever moved on the screen is gone after it.
  virtual void on_finished(const sync::RunReport& /*report*/, int /*exit_code*/) {}

  /// What on_plan brought; read it when the run has returned.
  [[nodiscard]] const std::vector<sync::TablePlan>& plan() const { return plan_; }

 private:
  std::vector<sync::TablePlan> plan_;
};

}  // namespace pg2duck::cli
