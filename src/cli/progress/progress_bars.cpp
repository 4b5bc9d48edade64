#include "cli/progress/progress_bars.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "cli/terminal/display_text.hpp"
#include "cli/terminal/units.hpp"

namespace pg2duck::cli {
namespace {

constexpr std::size_t kWidestBar = 30;
constexpr std::size_t kNarrowestBar = 10;
constexpr std::size_t kComfortableName = 20;
constexpr std::size_t kPercentWidth = 4;

/// A bar's line before it is laid out.
struct Item {
  std::string name;
  double fraction;
  std::string rows;
  std::string speed;
  std::string time_left;
};

/// Which columns are shown and how wide they are; 0 is not shown.
struct Layout {
  std::size_t name = 0;
  std::size_t bar = 0;
  std::size_t rows = 0;
  std::size_t speed = 0;
  std::size_t time_left = 0;
};

Item make_item(std::string name, double fraction, std::uint64_t rows, std::uint64_t bytes, double seconds) {
  const std::optional<double> left = seconds_left(fraction, seconds);
  return {.name = std::move(name),
          .fraction = std::clamp(fraction, 0.0, 1.0),
          .rows = format_count_of(rows, "row"),
          .speed = format_rate(bytes, seconds),
          .time_left = "ETA " + (left ? format_clock(*left) : std::string("-:--"))};
}

std::size_t column_width(std::size_t width) {
  return width == 0 ? 0 : width + 2;
}

std::optional<std::size_t> space_for_name(const Layout& layout, std::size_t width) {
  const std::size_t used = column_width(layout.bar) + column_width(kPercentWidth) + column_width(layout.rows) +
                           column_width(layout.speed) + column_width(layout.time_left);
  return used < width ? std::optional(width - used) : std::nullopt;
}

Layout choose_layout(const std::vector<Item>& items, std::size_t width) {
  Layout widest;
  for (const Item& item : items) {
    widest.name = std::max(widest.name, display_width(item.name));
    widest.rows = std::max(widest.rows, item.rows.size());
    widest.speed = std::max(widest.speed, item.speed.size());
    widest.time_left = std::max(widest.time_left, item.time_left.size());
  }
  const std::size_t wanted = std::min(widest.name, kComfortableName);
  const std::array<Layout, 5> choices{
      Layout{.bar = kNarrowestBar, .rows = widest.rows, .speed = widest.speed, .time_left = widest.time_left},
      Layout{.rows = widest.rows, .speed = widest.speed, .time_left = widest.time_left},
      Layout{.speed = widest.speed, .time_left = widest.time_left}, Layout{.time_left = widest.time_left}, Layout{}};
  for (Layout layout : choices) {
    const std::optional<std::size_t> space = space_for_name(layout, width);
    const bool last = layout.time_left == 0;
    if (!space || (*space < wanted && !last)) {
      continue;
    }
    layout.name = std::min(*space, widest.name);
    if (layout.bar > 0) {
      layout.bar += std::min(*space - layout.name, kWidestBar - kNarrowestBar);
    }
    return layout;
  }
  return {};
}

std::string draw_bar(double fraction, std::size_t width, TerminalStyle style) {
  const auto done = static_cast<std::size_t>(std::floor(fraction * static_cast<double>(width)));
  std::string bar = style.colour ? "\x1b[36m" : "";
  for (std::size_t i = 0; i < width; ++i) {
    if (i == done && style.colour) {
      bar += "\x1b[0;2m";
    }
    if (style.unicode) {
      bar += i < done ? "━" : "─";
    } else {
      bar += i < done ? "#" : "-";
    }
  }
  return bar + (style.colour ? "\x1b[0m" : "");
}

/// A guess of the work may be short: only a finished table is at 100 %.
std::string percent(double fraction) {
  return fmt::format("{:3}%", std::min(99, static_cast<int>(std::floor(fraction * 100))));
}

DisplayLine draw_line(const Item& item, const Layout& layout, TerminalStyle style) {
  std::string text = pad_right(elide_middle(item.name, layout.name), layout.name);
  std::size_t width = layout.name;
  const auto add = [&](std::size_t column, const std::string& cell) {
    if (column > 0) {
      text += "  " + cell;
      width += column + 2;
    }
  };
  add(layout.bar, draw_bar(item.fraction, layout.bar, style));
  add(kPercentWidth, percent(item.fraction));
  add(layout.rows, pad_left(item.rows, layout.rows));
  add(layout.speed, pad_left(item.speed, layout.speed));
  add(layout.time_left, pad_left(item.time_left, layout.time_left));
  return {.text = std::move(text), .width = width};
}

}  // namespace

std::vector<DisplayLine> render_progress(const sync::Progress& progress, TerminalSize size, TerminalStyle style) {
  // The last column stays free: some terminals wrap when it is written.
  const std::size_t width = std::max<std::size_t>(size.width, 8) - 1;
  // Below stand at most: how many more, the total, a word about stopping, and the cursor's own line.
  const std::size_t maximum = std::max<std::size_t>(size.height, 6) - 5;
  const std::size_t shown = std::min(progress.running.size(), maximum);
  std::vector<Item> items;
  for (std::size_t i = 0; i < shown; ++i) {
    const sync::TableProgress& table = progress.running[i];
    items.push_back(
        make_item(printable(table.table.display()), table.fraction, table.rows, table.bytes, table.seconds));
  }
  items.push_back(
      make_item(fmt::format("Total, {} of {}", progress.tables_done, format_count_of(progress.tables_total, "table")),
                progress.fraction, progress.rows, progress.bytes, progress.seconds));
  const Layout layout = choose_layout(items, width);
  std::vector<DisplayLine> lines;
  for (const Item& item : items) {
    lines.push_back(draw_line(item, layout, style));
  }
  if (shown < progress.running.size()) {
    const std::string more = elide_end("and " + format_count_of(progress.running.size() - shown, "more table"), width);
    lines.insert(lines.end() - 1, DisplayLine{.text = more, .width = more.size()});
  }
  return lines;
}

}  // namespace pg2duck::cli
