#include "cli/progress/figures.hpp"

#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "cli/terminal/units.hpp"

namespace pg2duck::cli {

std::string describe_progress(const sync::Progress& progress) {
  const std::optional<double> left = seconds_left(progress.fraction, progress.seconds);
  return fmt::format("{}% done: {} of {}, {}, {}{}", static_cast<int>(std::floor(progress.fraction * 100)),
                     progress.tables_done, format_count_of(progress.tables_total, "table"),
                     format_count_of(progress.rows, "row"), format_rate(progress.bytes, progress.seconds),
                     left ? ", ETA " + format_clock(*left) : "");
}

Json to_json(const sync::Progress& progress) {
  return {{"tables_done", progress.tables_done},
          {"tables_total", progress.tables_total},
          {"rows", progress.rows},
          {"bytes", progress.bytes},
          {"fraction", progress.fraction},
          {"seconds", progress.seconds}};
}

}  // namespace pg2duck::cli
