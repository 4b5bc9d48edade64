#include "cli/terminal/text_table.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "cli/terminal/display_text.hpp"

namespace pg2duck::cli {
namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kNarrowest = 12;

void trim_end(std::string& line) {
  line.erase(line.find_last_not_of(' ') + 1);
}

}  // namespace

void TextTable::add_column(std::string title, Align align) {
  title = printable(title);
  const std::size_t width = display_width(title);
  columns_.push_back({.title = std::move(title), .align = align, .width = width});
}

void TextTable::add_row(std::vector<std::string> cells) {
  cells.resize(columns_.size());
  for (std::size_t i = 0; i < cells.size(); ++i) {
    cells[i] = printable(cells[i]);
    columns_[i].width = std::max(columns_[i].width, display_width(cells[i]));
  }
  rows_.push_back(std::move(cells));
}

void TextTable::add_rule() {
  rows_.emplace_back();
}

std::vector<TextTable::Column> TextTable::fit(std::size_t width) const {
  std::vector<Column> columns = columns_;
  const auto total = [&columns] {
    std::size_t sum = columns.empty() ? 0 : kGap * (columns.size() - 1);
    for (const Column& column : columns) {
      sum += column.width;
    }
    return sum;
  };
  while (width > 0 && total() > width) {
    const std::size_t excess = total() - width;
    const auto shrinkable = [](const Column& column) { return column.align == Align::kLeft ? column.width : 0; };
    const auto widest = std::ranges::max_element(columns, {}, shrinkable);
    if (shrinkable(*widest) > kNarrowest) {
      widest->width -= std::min(excess, widest->width - kNarrowest);
    } else if (columns.size() > 1) {
      columns.pop_back();
    } else {
      break;
    }
  }
  return columns;
}

std::string TextTable::render(std::size_t width) const {
  const std::vector<Column> columns = fit(width);
  const auto line_of = [&columns](auto&& cell_text) {
    std::string line;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const std::string cell = elide_end(cell_text(i), columns[i].width);
      line += i == 0 ? "" : std::string(kGap, ' ');
      line += columns[i].align == Align::kRight ? pad_left(cell, columns[i].width) : pad_right(cell, columns[i].width);
    }
    trim_end(line);
    return line + "\n";
  };
  const std::string rule = line_of([&columns](std::size_t i) { return std::string(columns[i].width, '-'); });
  std::string result = line_of([&columns](std::size_t i) { return columns[i].title; });
  result += rule;
  for (const std::vector<std::string>& row : rows_) {
    result += row.empty() ? rule : line_of([&row](std::size_t i) { return row[i]; });
  }
  if (columns.size() < columns_.size()) {
    result += fmt::format("({} more columns are not shown)\n", columns_.size() - columns.size());
  }
  return result;
}

}  // namespace pg2duck::cli
