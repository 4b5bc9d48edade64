#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/identifier.hpp"
#include "destination/ledger/ledger_table.hpp"
#include "destination/tables/contents.hpp"

namespace pg2duck::destination {

/// A row of `_pg2duck.cursors`: how far the copy of a table has come.
struct CursorState {
  TableName table;            ///< in the target
  std::string cursor;         ///< the source's column, or xmin; empty: it has none
  std::string value;          ///< its maximum value so far, as Postgres prints it; empty: none
  std::string reconciled_at;  ///< ISO 8601, when it was last seen to have all rows and no others; empty: never
  std::string run_id;         ///< of the run that it is written with
  /// OIDs of the heaps that its rows were read from, in order, with commas; empty: nobody noted them.
  std::string parts;
  /// As read: how long ago that is by the target's clock.
  std::int64_t seconds_since_reconciled = 0;
};

const LedgerTable<CursorState>& cursors_table();

/// By target table, in a ledger of this version; empty when there is none.
std::map<TableName, CursorState> read_cursor_states(Session& session, const Contents& contents, int version);

/// The statements that write them for the publishing transaction: what is known of their tables is replaced; a state
/// without a value and a time is none. The ledger is there.
std::vector<Statement> cursor_statements(const Session& session, const std::string& run_id,
                                         const std::vector<CursorState>& states);

}  // namespace pg2duck::destination
