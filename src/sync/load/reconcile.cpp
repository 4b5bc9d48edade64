#include "sync/load/reconcile.hpp"

#include <algorithm>
#include <iterator>

#include "source/read/row_places.hpp"

namespace pg2duck::sync {
namespace {

/// The rows that need no place: those that the cursor chooses, and those that a merge takes out of the copy, which must
/// not be looked for there.
std::string rows_without_place(const TableJob& job) {
  for (std::size_t i = 0; i < job.columns.size(); ++i) {
    if (job.shape.columns[i].name == job.increment->hard_delete) {
      const bool is_boolean = job.shape.columns[i].type.sql() == "BOOLEAN";
      return source::either(job.increment->cursor_rows, source::marked_rows(job.columns[i].source, is_boolean));
    }
  }
  return source::bracketed(job.increment->cursor_rows);
}

void add_place(const TableJob& job, TableJob& keys) {
  ColumnJob place;
  place.source = "ctid";
  place.expression = source::place_unless(rows_without_place(job));
  place.text = place.expression;
  keys.shape.columns.push_back({.name = kPlaceColumn, .type = place.mapping.target, .not_null = false, .comment = ""});
  keys.plan.columns.push_back({.name = kPlaceColumn, .source_type = "text", .target_type = "VARCHAR", .note = ""});
  keys.columns.push_back(std::move(place));
}

}  // namespace

TableJob key_part(const TableJob& job) {
  TableJob keys = job;
  keys.columns.clear();
  keys.shape.columns.clear();
  keys.shape.primary_key.clear();
  keys.shape.partition_by.clear();
  keys.plan.columns.clear();
  keys.pages.reset();
  keys.order.clear();
  keys.condition = job.increment->whole_condition;
  keys.ranges = job.increment->whole_ranges;
  // Digits, as the names of all staged tables end.
  keys.staged.name += "_0";
  for (std::size_t i = 0; i < job.columns.size(); ++i) {
    if (std::ranges::find(job.increment->key, job.shape.columns[i].name) != job.increment->key.end()) {
      keys.columns.push_back(job.columns[i]);
      keys.shape.columns.push_back(job.shape.columns[i]);
      keys.plan.columns.push_back(job.plan.columns[i]);
    }
  }
  add_place(job, keys);
  return keys;
}

void add_missing(TableJob& job, const std::vector<std::string>& places) {
  Increment& increment = *job.increment;
  if (places.size() >= kMostFetched) {
    job.condition = increment.whole_condition;
    job.ranges = increment.whole_ranges;
    job.order.clear();
    return;
  }
  std::ranges::move(source::ranges_at(job.table, places), std::back_inserter(job.ranges));
}

std::vector<TableName> staged_tables(const TableJob& job) {
  std::vector<TableName> tables{job.staged};
  if (job.increment && !job.increment->present.name.empty()) {
    tables.push_back(job.increment->present);
  }
  return tables;
}

}  // namespace pg2duck::sync
