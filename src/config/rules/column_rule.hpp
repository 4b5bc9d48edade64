#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "base/identifier.hpp"
#include "config/rules/choice.hpp"
#include "config/rules/table_pattern.hpp"
#include "types/chosen_type.hpp"

namespace pg2duck::config {

/// What happens to a sound value that its target type cannot hold.
enum class Unrepresentable {
  kError,  ///< its table cannot be copied
  kNull,   ///< it becomes NULL, and is counted
  kText,   ///< the same, and a column beside it, <name>__text, holds its text
};

template <>
inline constexpr std::array kChoices<Unrepresentable>{Choice{"error", Unrepresentable::kError},
                                                      Choice{"null", Unrepresentable::kNull},
                                                      Choice{"text", Unrepresentable::kText}};

/// How some columns differ from what their types alone would give.
struct ColumnRule {
  TablePattern tables;
  TablePattern columns;  ///< of one part, the column's name
  bool exclude = false;
  std::optional<std::string> rename;  ///< the name in the target
  std::optional<types::ChosenType> as;
  std::optional<Unrepresentable> unrepresentable;
  std::optional<std::string> expression;  ///< SQL of DuckDB that gives the value in the target
  std::string text;                       ///< as the user wrote it
  bool may_match_nothing = false;         ///< the run was narrowed to fewer tables than the rule was written for

  /// Reads `TABLE.COLUMN=SETTING, SETTING…`: both names may be patterns; a setting is a type ("varchar",
  /// "decimal(10,2)", "auto", "enum", …), "exclude", "rename NAME", "unrepresentable error|null|text" or, as the last
  /// one, "expression SQL".
  /// @error Error(kConfig) that names the rule and says what would be right
  static ColumnRule parse(std::string_view text);

  [[nodiscard]] bool matches(const TableName& table, const std::string& column) const;

  /// It names one column rather than describing some.
  [[nodiscard]] bool is_exact() const { return tables.is_exact() && columns.is_exact(); }
};

/// Which rows of some tables are wanted.
struct RowFilter {
  TablePattern tables;
  std::string condition;           ///< SQL, as it stands behind WHERE
  std::string text;                ///< as the user wrote it
  bool may_match_nothing = false;  ///< as above

  /// Reads `TABLE=CONDITION`.
  /// @error Error(kConfig)
  static RowFilter parse(std::string_view text);
};

}  // namespace pg2duck::config
