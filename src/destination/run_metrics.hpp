#pragma once

#include <cstdint>
#include <string>

#include "destination/database.hpp"

namespace pg2duck::destination {

/// A row of `_pg2duck.run_metrics`: what one run did and how long it took. Extract, decode and load run beside each
/// other in several threads; their seconds are sums over threads.
struct RunMetrics {
  std::string run_id;   ///< UUID text
  std::string dataset;  ///< schema that all tables went to; empty: each to its own
  std::uint64_t tables_loaded = 0;
  std::uint64_t tables_failed = 0;
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;     ///< received from the source
  double overall_seconds = 0;  ///< until this row was written
  double extract_seconds = 0;
  double decode_seconds = 0;
  double load_seconds = 0;
  double publish_seconds = 0;  ///< of the publishing transaction
};

/// Writes the row. The ledger is there.
Statement metrics_statement(const Session& session, const RunMetrics& metrics);

}  // namespace pg2duck::destination
