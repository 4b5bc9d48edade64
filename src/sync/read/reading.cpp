#include "sync/read/reading.hpp"

#include <algorithm>

#include "source/read/row_places.hpp"
#include "sync/plan/plan_inputs.hpp"

namespace pg2duck::sync {

source::ReadRequest Reading::request(std::optional<std::uint64_t> limit) const {
  source::ReadRequest request = request_for(table, columns, condition);
  request.order = order;
  request.limit = limit;
  return request;
}

Reading reading_of(const TableJob& job) {
  return {.table = job.table.name,
          .columns = job.columns,
          .condition = job.read.rows.read,
          .order = job.read.order,
          .ranges = job.read.ranges,
          .pages = job.read.pages,
          .estimated_rows = job.table.estimated_rows,
          .bytes = bytes_of(job.table)};
}

std::string kept_rows_of(const TableJob& job) {
  const std::string& mark = job.settings.disposition.hard_delete;
  const source::CatalogColumn* column = mark.empty() ? nullptr : find_column(job.table, mark);
  if (column == nullptr) {
    return job.read.rows.copied;
  }
  return source::both(job.read.rows.copied,
                      source::not_true(source::marked_rows(mark, column->type_display == "boolean")));
}

Reading key_reading_of(const TableJob& job) {
  return {.table = job.table.name,
          .columns = job.keys->columns,
          .condition = kept_rows_of(job),
          .order = {},
          .ranges = job.read.all_ranges,
          .pages = std::nullopt,
          .estimated_rows = job.table.estimated_rows,
          .bytes = bytes_of(job.table)};
}

Reading sample_of(const Reading& reading) {
  Reading sample = reading;
  std::erase_if(sample.columns, [](const PlannedColumn& column) { return !column.is_adaptive(); });
  for (PlannedColumn& column : sample.columns) {
    column.policy = config::Unrepresentable::kNull;
  }
  sample.ranges = {*std::ranges::max_element(reading.ranges, {}, &source::ReadRange::bytes)};
  return sample;
}

}  // namespace pg2duck::sync
