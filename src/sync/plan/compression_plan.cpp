#include "sync/plan/compression_plan.hpp"

#include <functional>
#include <string>

#include "destination/tables/stored_compression.hpp"
#include "source/catalog/column_statistics.hpp"

namespace pg2duck::sync {
namespace {

/// `choose` is asked for each column by its index.
void apply(TableJob& job, const std::function<types::Compression(std::size_t)>& choose) {
  for (std::size_t i = 0; i < job.columns.size(); ++i) {
    // The type of an adaptive column is not decided yet, a side text is NULL nearly everywhere, and of what an
    // expression gives nothing is known.
    if (!types::is_adaptive(job.columns[i].mapping) && !job.columns[i].is_side_text && !job.columns[i].transformed) {
      job.shape.columns[i].compression = choose(i);
      job.plan.columns[i].compression = types::to_string(job.shape.columns[i].compression);
    }
  }
}

template <typename Value>
std::optional<Value> find(const std::map<std::string, Value>& values, const std::string& name) {
  const auto found = values.find(name);
  return found == values.end() ? std::nullopt : std::optional(found->second);
}

std::map<std::string, types::StoredCompression> stored_compression(const PlanInputs& inputs, const TableName& table,
                                                                   destination::Session* target) {
  const auto existing = inputs.target.objects.find(table.folded());
  if (target == nullptr || existing == inputs.target.objects.end() ||
      existing->second != destination::Existing::kTable) {
    return {};
  }
  return destination::read_stored_compression(*target, table);
}

/// A part of the rows is staged only to be put into a table that is there.
bool has_choice(const TableJob& job) {
  return !job.refusal && (!job.increment || job.increment->first);
}

void choose_for_each(const PlanInputs& inputs, source::Connection& source, destination::Session* target,
                     std::vector<TableJob>& jobs) {
  std::vector<types::Oid> oids;
  for (const TableJob& job : jobs) {
    if (has_choice(job)) {
      oids.push_back(job.table.oid);
    }
  }
  if (oids.empty() || (target != nullptr && !destination::supports_text_compression(*target))) {
    return;
  }
  source::StatisticsOfColumns statistics = source::read_column_statistics(source, oids);
  for (TableJob& job : jobs) {
    if (!has_choice(job)) {
      continue;
    }
    const auto& known = statistics[job.table.oid];
    const auto stored = stored_compression(inputs, job.shape.name, target);
    apply(job, [&](std::size_t i) {
      const destination::ColumnShape& column = job.shape.columns[i];
      return types::choose_compression(column.type, job.table.estimated_rows, find(known, job.columns[i].source),
                                       find(stored, column.name));
    });
  }
}

}  // namespace

void plan_compression(const PlanInputs& inputs, source::Connection& source, destination::Session* target,
                      std::vector<TableJob>& jobs) {
  if (target != nullptr && !target->dialect().supports.compression) {
    return;
  }
  switch (inputs.options.compression) {
    case config::Compression::kDuckdb:
      return;
    case config::Compression::kFast:
      for (TableJob& job : jobs) {
        apply(job, [&](std::size_t i) { return types::fastest_compression(job.shape.columns[i].type); });
      }
      return;
    case config::Compression::kAuto:
      // The statistics are of whole tables.
      if (!inputs.options.limit) {
        choose_for_each(inputs, source, target, jobs);
      }
  }
}

}  // namespace pg2duck::sync
