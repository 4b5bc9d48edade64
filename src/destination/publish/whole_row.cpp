#include "destination/publish/whole_row.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/identifier.hpp"

namespace pg2duck::destination {
namespace {

// A name of our own beside those of the table.
constexpr const char* kNumber = "_pg2duck_number";

// Not 0.0 and -0.0: compression may have made them the same in the table (constant, RLE), and would do so again and
// again.
bool has_coarse_equality(const std::string& type) {
  for (const char* word : {"INTERVAL", "TIME WITH TIME ZONE"}) {
    if (type.find(word) != std::string::npos) {
      return true;
    }
  }
  return false;
}

}  // namespace

WholeRow::WholeRow(const Session& session, const TableShape& shape) : session_(session) {
  std::vector<std::string> names;
  for (const ColumnShape& column : shape.columns) {
    names.push_back(column.name);
    if (!column.varies) {
      compared_.push_back(&column);
    }
  }
  names_ = quoted_list(names);
}

std::string WholeRow::value(std::string_view table, const ColumnShape& column) const {
  const std::string name = std::string(table) + quote_identifier(column.name);
  return has_coarse_equality(target_type(session_, column).sql()) ? "CAST(" + name + " AS VARCHAR)" : name;
}

std::string WholeRow::numbered(std::string_view from, std::string_view more) const {
  std::vector<std::string> values;
  for (const ColumnShape* column : compared_) {
    values.push_back(value("", *column));
  }
  return fmt::format("(SELECT {}{}, row_number() OVER ({}{}) AS {} FROM {})", more, names_,
                     values.empty() ? "" : "PARTITION BY ", fmt::join(values, ", "), kNumber, from);
}

std::string WholeRow::same() const {
  std::string condition = fmt::format("o.{0} = s.{0}", kNumber);
  for (const ColumnShape* column : compared_) {
    condition += fmt::format(" AND {} IS NOT DISTINCT FROM {}", value("o.", *column), value("s.", *column));
  }
  return condition;
}

}  // namespace pg2duck::destination
