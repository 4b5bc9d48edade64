#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sync/listener.hpp"

namespace pg2duck::cli {

/// Sentences for people about what happens in a run: one line each, printable, without a newline.

std::string describe(sync::Phase phase);

/// "Replicated public.orders in 3.27 seconds: …", or why the table was not copied.
std::string describe_finished(const sync::TableReport& table);

/// The error of a table whose name has been said: "column price, ctid (0,7): message".
std::string describe_in_table(const Error& error);

/// "Planned 24 tables, 1.2 GB".
std::string describe_plan(const std::vector<sync::TablePlan>& plan);

inline constexpr std::string_view kStopRequested = "Stopping. Interrupt once more to exit at once.";

}  // namespace pg2duck::cli
