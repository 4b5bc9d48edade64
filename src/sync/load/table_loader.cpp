#include "sync/load/table_loader.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>
#include <utility>

namespace pg2duck::sync {
namespace {

/// A lost server or a full disk ends every table; skipping is for faults of one table.
bool is_of_one_table(const Error& error) {
  switch (error.kind()) {
    case ErrorKind::kUnrepresentable:
    case ErrorKind::kCorruptData:
    case ErrorKind::kUnsupportedType:
    case ErrorKind::kPermission:
    case ErrorKind::kSourceSql:
    case ErrorKind::kCountMismatch:
    case ErrorKind::kSchemaDrift:
      return true;
    default:
      return false;
  }
}

class Loader {
 public:
  Loader(CopyContext& context, const std::vector<TableJob>& plan, std::vector<TableReport>& reports,
         std::stop_source& stop)
      : context_(context), plan_(plan), reports_(reports), stop_(stop), results_(plan.size()) {}

  LoadOutcome load() {
    const auto tables = std::ranges::count_if(plan_, [](const TableJob& job) { return !job.refusal; });
    std::vector<StageSeconds> stages(std::min<std::size_t>(context_.jobs, static_cast<std::size_t>(tables)));
    {
      std::vector<std::jthread> workers;
      for (StageSeconds& of_worker : stages) {
        workers.emplace_back([this, &of_worker] { work(of_worker); });
      }
    }
    LoadOutcome outcome{.tables = std::move(results_), .stages = {}, .failure = failure_};
    for (const StageSeconds& of_worker : stages) {
      outcome.stages.add(of_worker);
    }
    return outcome;
  }

 private:
  void work(StageSeconds& stages) {
    while (!stop_.stop_requested()) {
      const std::size_t index = next_table_.fetch_add(1);
      if (index >= plan_.size()) {
        return;
      }
      if (!plan_[index].refusal) {
        load_one(index, stages);
      }
    }
  }

  void load_one(std::size_t index, StageSeconds& stages) {
    LoadResult& result = results_[index];
    try {
      result = stage_table(plan_[index], context_, reports_[index], stages);
    } catch (...) {
      // Of the listener, which is told of each table.
      result = {.table = std::nullopt, .staged = {plan_[index].write.staged}, .failure = current_error()};
    }
    note_failure(result.failure);
  }

  void note_failure(const std::optional<Error>& error) {
    const bool skips = context_.options.on_error == config::OnError::kSkip;
    if (!error || (skips && is_of_one_table(*error))) {
      return;
    }
    const std::lock_guard lock(failure_mutex_);
    if (!failure_ && !stop_.stop_requested()) {
      failure_ = error;
    }
    stop_.request_stop();
  }

  CopyContext& context_;
  const std::vector<TableJob>& plan_;
  std::vector<TableReport>& reports_;
  std::stop_source& stop_;
  std::vector<LoadResult> results_;  // each written by the worker that has its table
  std::atomic<std::size_t> next_table_{0};
  std::mutex failure_mutex_;
  std::optional<Error> failure_;  // guarded by failure_mutex_ while workers run
};

}  // namespace

LoadOutcome load_tables(CopyContext& context, const std::vector<TableJob>& plan, std::vector<TableReport>& reports,
                        std::stop_source& stop) {
  return Loader(context, plan, reports, stop).load();
}

}  // namespace pg2duck::sync
