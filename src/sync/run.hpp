#pragma once

#include <stop_token>

#include "config/options.hpp"
#include "sync/listener.hpp"
#include "sync/report.hpp"

namespace pg2duck::sync {

/// Copies the chosen tables of one Postgres snapshot into a DuckDB file and publishes all of them in
/// one transaction. Prints nothing; never throws: what went wrong is in the report.
///
/// @thread blocks the caller; uses up to `jobs` threads of its own besides DuckDB's
RunReport run(const config::CopyOptions& options, Listener& listener, std::stop_token stop = {});

}  // namespace pg2duck::sync
