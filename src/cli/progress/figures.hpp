#pragma once

#include <string>

#include "cli/report/json_values.hpp"
#include "sync/listener.hpp"

namespace pg2duck::cli {

/// How far a run is, where there are no bars (progress_bars.hpp).

/// "42% done: 3 of 24 tables, …": one printable line.
std::string describe_progress(const sync::Progress& progress);

/// {tables_done, tables_total, rows, bytes, fraction, seconds}.
Json to_json(const sync::Progress& progress);

}  // namespace pg2duck::cli
