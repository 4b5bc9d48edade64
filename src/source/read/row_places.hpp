#pragma once

#include <string>
#include <vector>

#include "source/catalog/catalog.hpp"
#include "source/read/ranges.hpp"

namespace pg2duck::source {

// A row's place is the heap that it lies in and its ctid there, "16384(0,1)": it finds the row again as long as the
// snapshot lasts.

/// SQL of the place of each row for which `chosen` does not hold; NULL for those for which it does.
std::string place_unless(const std::string& chosen);

/// SQL of the rows that `column` marks: those where it is true, or, not being boolean, set.
std::string marked_rows(const std::string& column, bool is_boolean);

/// The rows of `table` at `places`: one range for each heap that has some.
std::vector<ReadRange> ranges_at(const CatalogTable& table, const std::vector<std::string>& places);

}  // namespace pg2duck::source
