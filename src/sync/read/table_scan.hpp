#pragma once

#include <memory>
#include <vector>

#include "engine/chunk_source.hpp"
#include "sync/read/shared_scan.hpp"

namespace pg2duck::sync {

/// One pass over a table as a source of chunks: producers share its queue of ranges and the run's connections.
class TableScan : public engine::ChunkSource {
 public:
  /// @pre `counters` outlives this
  TableScan(Reading reading, ScanEnvironment environment, ScanCounters& counters);

  std::unique_ptr<engine::ChunkProducer> make_producer() override;
  [[nodiscard]] unsigned max_producers() const override;
  [[nodiscard]] std::uint64_t expected_rows() const override;

  /// One for each column of the reading. Call when no reader is left.
  [[nodiscard]] const std::vector<ColumnFindings>& findings() const { return scan_.findings(); }

  /// A value has shown that its column needs another type: the table must be loaded again.
  [[nodiscard]] bool has_misfit() const { return scan_.has_misfit(); }

 private:
  SharedScan scan_;
};

}  // namespace pg2duck::sync
