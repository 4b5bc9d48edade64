#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/identifier.hpp"
#include "source/session/connection.hpp"

namespace pg2duck::source {

/// Which rows are shown, and what of them.
struct FirstRows {
  TableName table;
  std::string condition;                 ///< SQL of the rows that are wanted; empty: all
  std::vector<std::string> expressions;  ///< SQL of what is shown of each row; may be empty
  std::vector<std::string> order;        ///< columns; empty: rows as they come
  std::uint64_t limit = 0;
};

/// Rows as Postgres prints them, NULL as nullopt. Not for table data: an index or the first pages give them at once.
std::vector<std::vector<std::optional<std::string>>> read_first_rows(Connection& connection, const FirstRows& wanted);

}  // namespace pg2duck::source
