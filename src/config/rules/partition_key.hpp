#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pg2duck::config {

/// One of the values by which a lake sorts a table's rows into files of their own.
struct PartitionKey {
  std::string transform;  ///< of the column: "year", "month", "day", "hour", "bucket"; empty: the column itself
  unsigned buckets = 0;   ///< of "bucket"
  std::string column;     ///< its name in the copy

  /// Reads "region, year(created_at), bucket(16, id)"; a name with other characters than letters, digits and _ goes
  /// between double quotes.
  /// @return empty when it is none of this
  static std::vector<PartitionKey> parse(std::string_view text);

  bool operator==(const PartitionKey&) const = default;
};

}  // namespace pg2duck::config
