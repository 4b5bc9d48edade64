#include "sync/read/reading.hpp"

#include <algorithm>

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

Reading key_reading_of(const TableJob& job) {
  return {.table = job.table.name,
          .columns = job.keys->columns,
          .condition = job.read.rows.copied,
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
