#pragma once

#include <vector>

#include "cli/terminal/terminal.hpp"
#include "sync/listener.hpp"

namespace pg2duck::cli {

/// One bar a running table and one for the whole run: name, bar, percent, rows, MB/s, time left. In a narrow
/// terminal the bar goes first, then rows, speed and time; in a low one the last tables are only counted.
/// @shape every line is narrower than `size.width`, and there are fewer than `size.height` - 1 where that is 5 or more
std::vector<DisplayLine> render_progress(const sync::Progress& progress, TerminalSize size, TerminalStyle style);

}  // namespace pg2duck::cli
