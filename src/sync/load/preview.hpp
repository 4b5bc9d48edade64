#pragma once

#include "destination/session/database.hpp"
#include "source/session/connection.hpp"
#include "sync/plan/plan.hpp"

namespace pg2duck::sync {

/// The first `options.preview` rows of both sides as text: of a full copy in key order where the key sorts alike on
/// both sides, in the order that comes otherwise. At once on a table of any size: an index or the first pages give
/// them.
/// @shape the staged table is complete
Preview take_preview(const TableJob& job, const config::CopyOptions& options, source::Connection& source,
                     destination::Session& target);

}  // namespace pg2duck::sync
