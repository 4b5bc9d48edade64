#include "sync/load/reconcile.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "base/identifier.hpp"

namespace pg2duck::sync {
namespace {

/// The rows that a merge takes out of the copy, which must not be looked for there.
std::string marked_rows(const TableJob& job) {
  for (std::size_t i = 0; i < job.columns.size(); ++i) {
    if (job.shape.columns[i].name == job.increment->hard_delete) {
      const bool boolean = job.shape.columns[i].type.sql() == "BOOLEAN";
      return " OR " + quote_identifier(job.columns[i].source) + (boolean ? " IS TRUE" : " IS NOT NULL");
    }
  }
  return {};
}

void add_place(const TableJob& job, TableJob& keys) {
  ColumnJob place;
  place.source = "ctid";
  place.expression = "CASE WHEN (" + job.increment->cursor_rows + ")" + marked_rows(job) +
                     " THEN NULL ELSE tableoid::pg_catalog.text || ctid::pg_catalog.text END";
  place.text = "ctid::pg_catalog.text";
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
  std::map<std::string, std::string> ctids;  // by the OID of the heap
  for (const std::string& place : places) {
    const std::size_t bracket = place.find('(');
    std::string& list = ctids[place.substr(0, bracket)];
    list += (list.empty() ? "\"" : ",\"") + place.substr(bracket) + "\"";
  }
  for (const source::Leaf& leaf : job.table.leaves) {
    if (const auto found = ctids.find(std::to_string(leaf.oid)); found != ctids.end()) {
      job.ranges.push_back(
          {.relation = leaf.name,
           .oid = leaf.oid,
           .only = true,
           .first_block = std::nullopt,
           .end_block = std::nullopt,
           .bytes = 0,
           .condition = "ctid = ANY (" + quote_literal("{" + found->second + "}") + "::pg_catalog.tid[])"});
    }
  }
}

std::vector<TableName> staged_tables(const TableJob& job) {
  std::vector<TableName> tables{job.staged};
  if (job.increment && !job.increment->present.name.empty()) {
    tables.push_back(job.increment->present);
  }
  return tables;
}

}  // namespace pg2duck::sync
