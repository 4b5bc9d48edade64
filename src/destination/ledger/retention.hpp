#pragma once

#include <string>
#include <vector>

#include "config/rules/kept_runs.hpp"
#include "destination/session/session.hpp"
#include "destination/tables/contents.hpp"

namespace pg2duck::destination {

/// The runs that the ledger need not keep beside a new one, oldest first: neither `keep` nor the next run asks for
/// them, and none is the last that published a table, or made one, that `tables` still has.
/// @return at most a thousand: the next run goes on
std::vector<std::string> find_expired_runs(Session& session, const Contents& contents, const config::KeptRuns& keep);

/// The statements that take them out of `runs`, `table_runs` and `run_metrics`.
std::vector<Statement> expire_statements(const Session& session, const std::vector<std::string>& run_ids);

}  // namespace pg2duck::destination
