#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/identifier.hpp"
#include "destination/database.hpp"

namespace pg2duck::destination {

/// A row of `_pg2duck.cursors`: how far the copy of a table has come.
struct CursorState {
  TableName table;     ///< in the target
  std::string cursor;  ///< the source's column, or xmin
  std::string value;   ///< its greatest value so far, as Postgres prints it
};

/// By target table; empty when there is no ledger.
std::map<TableName, CursorState> read_cursor_states(Session& session);

/// The statements that write them for the publishing transaction: what is known of their tables is replaced. The
/// ledger's schema is there.
std::vector<Statement> cursor_statements(const Session& session, const std::string& run_id,
                                         const std::vector<CursorState>& states);

}  // namespace pg2duck::destination
