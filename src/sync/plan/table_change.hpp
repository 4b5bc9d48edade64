#pragma once

#include <optional>
#include <string>

#include "destination/ledger/cursor_state.hpp"
#include "destination/publish/change.hpp"
#include "destination/session/database.hpp"
#include "sync/plan/plan.hpp"

namespace pg2duck::sync {

/// How the staged rows of `job` go into its table, as far as that does not depend on what is there.
destination::TableChange change_of(const TableJob& job);

/// @error Error(kConfig): the copy of `job` holds versions, and what is planned would not keep them
void check_versions_are_kept(const PlanInputs& inputs, const TableJob& job);

/// Holds `change` to the copy that is there and to the staged rows, and completes it.
/// @error Error(kConfig): a type has changed, keys are not unique, the copy holds no versions or should hold none
void fit_change(TableJob& job, destination::Session& session, destination::TableChange& change);

/// What the ledger is to keep of the cursor of `job` after a run whose snapshot was taken at `taken_at`; nullopt: what
/// it has.
std::optional<destination::CursorState> cursor_state_of(const TableJob& job, const std::string& taken_at);

}  // namespace pg2duck::sync
