#include "source/read/first_rows.hpp"

#include <iterator>
#include <ranges>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "source/read/ranges.hpp"

namespace pg2duck::source {

std::vector<std::vector<std::optional<std::string>>> read_first_rows(Connection& connection, const FirstRows& wanted) {
  const std::string where = wanted.condition.empty() ? "" : " WHERE " + bracketed(wanted.condition);
  const auto order = wanted.order | std::views::transform(quote_identifier);
  // A subquery, so that an order by the key's name cannot mean an output column.
  const Result result = connection.query(fmt::format(
      "SELECT {} FROM (SELECT * FROM {}{}{}{} LIMIT {}) AS p", fmt::join(wanted.expressions, ", "),
      wanted.table.quoted(), where, order.empty() ? "" : " ORDER BY ", fmt::join(order, ", "), wanted.limit));
  std::vector<std::vector<std::optional<std::string>>> rows(result.rows());
  for (std::size_t row = 0; row < result.rows(); ++row) {
    for (std::size_t column = 0; column < result.columns(); ++column) {
      rows[row].push_back(result.is_null(row, column) ? std::nullopt : std::optional(result.text(row, column)));
    }
  }
  return rows;
}

}  // namespace pg2duck::source
