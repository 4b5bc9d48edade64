#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace pg2duck::cli {

enum class Align { kLeft, kRight };

/// Rows of text in aligned columns under a header line. Cells are made printable.
class TextTable {
 public:
  void add_column(std::string title, Align align = Align::kLeft);
  /// @pre as many cells as columns
  void add_row(std::vector<std::string> cells);
  /// A line across the table, e.g. above a total.
  void add_rule();

  /// The table as lines, each ending in a newline. In more than `width` columns long left-aligned cells are elided,
  /// then the last columns left out with a word about it. 0: as wide as it is.
  [[nodiscard]] std::string render(std::size_t width = 0) const;

 private:
  struct Column {
    std::string title;
    Align align;
    std::size_t width;
  };

  /// Columns that are shown, their widths made to fit.
  [[nodiscard]] std::vector<Column> fit(std::size_t width) const;

  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;  // an empty row is a rule
};

}  // namespace pg2duck::cli
