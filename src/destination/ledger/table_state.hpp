#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/identifier.hpp"
#include "destination/ledger/ledger_table.hpp"
#include "destination/ledger/origin.hpp"
#include "destination/tables/contents.hpp"

namespace pg2duck::destination {

/// How a column of a published table was copied: a row of `_pg2duck.columns`, and of `_pg2duck.source_columns`.
struct ColumnState {
  std::string name;         ///< in the target
  std::string source_type;  ///< as Postgres writes it; empty: it says when a version was valid (change.hpp)
  std::string target_type;
  std::string profile;  ///< what its values have shown (types/value_profile.hpp); empty: they do not matter
  std::uint64_t unrepresentable = 0;  ///< values that the target type could not hold
  // The column of the source that it is; number 0: none.
  std::int16_t number = 0;  ///< pg_attribute.attnum
  std::string source_name;
  bool not_null = false;
  std::string expression;  ///< that made its values; empty: none
  /// What besides its type made its values at the source (source/catalog/value_origin.hpp); unset: not known.
  std::optional<std::string> value_origin = std::nullopt;

  friend bool operator==(const ColumnState&, const ColumnState&) = default;
};

/// A row of `_pg2duck.tables`, with its columns: what the next run must know of a published table.
struct TableState {
  TableName source;
  TableName target;
  bool limited = false;
  std::uint32_t oid = 0;             ///< of the source table; 0: not known
  Origin origin;                     ///< where it was copied from
  std::vector<ColumnState> columns;  ///< as read: in no order
  std::string run_id;                ///< as read: of the run that made it
  // To be written: what of it the ledger has already.
  bool same_table = false;    ///< all but `columns` and `oid`
  bool same_columns = false;  ///< `columns` and `oid`

  /// Whether its rows are versions, and hold what the source does not any more.
  [[nodiscard]] bool has_versions() const;
};

/// A row of `_pg2duck.columns` or `_pg2duck.source_columns`.
struct ColumnRow {
  TableName table;
  ColumnState column;
  std::uint32_t oid = 0;
  std::string run_id;
};

const LedgerTable<TableState>& tables_table();
const LedgerTable<ColumnRow>& columns_table();
const LedgerTable<ColumnRow>& source_columns_table();

/// State of all published tables by target name, in a ledger of this version; empty when there is none.
std::map<TableName, TableState> read_table_states(Session& session, const Contents& contents, int version);

/// The statements that replace what is known of the targets of `states`. A state that has a run's id keeps it, the
/// others are of `run_id`.
std::vector<Statement> state_statements(const Session& session, const std::string& run_id,
                                        const std::vector<TableState>& states);

}  // namespace pg2duck::destination
