#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "destination/session/session.hpp"
#include "destination/tables/table_ddl.hpp"

namespace pg2duck::destination {

/// SQL that compares rows as wholes. NULL equals NULL; values that DuckDB calls equal and that are not the same, 30
/// days and a month, are told apart by their text; texts of one number are the same. What an expression makes anew in
/// each run tells no rows apart.
class WholeRow {
 public:
  /// @param session, shape  outlive this
  WholeRow(const Session& session, const TableShape& shape);

  /// The rows of `from`, with a column that numbers those which are the same: (SELECT …, row_number() … AS … FROM
  /// `from`). `more` are further columns to select, each with a comma behind it.
  [[nodiscard]] std::string numbered(std::string_view from, std::string_view more = "") const;

  /// Whether o and s, both numbered, are the same row: o.… = s.… AND …
  [[nodiscard]] std::string same() const;

 private:
  [[nodiscard]] std::string value(std::string_view table, const ColumnShape& column) const;

  const Session& session_;
  std::string names_;  ///< of all columns, with commas
  std::vector<const ColumnShape*> compared_;
};

}  // namespace pg2duck::destination
