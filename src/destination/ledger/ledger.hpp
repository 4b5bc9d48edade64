#pragma once

#include <functional>
#include <string>
#include <vector>

#include "destination/ledger/ledger_table.hpp"
#include "destination/tables/contents.hpp"

namespace pg2duck::destination {

/// The form of the ledger that this program writes: the last version that a table or a column of it names as its first.
/// 1 is that of the programs that had no `schema_version`.
int ledger_version();

/// The row of `_pg2duck.schema_version`.
struct LedgerForm {
  int version = 0;        ///< 0: there is no ledger
  std::string program;    ///< the version of pg2duck that gave it this form; empty: one that did not say so
  bool complete = false;  ///< as found: all tables are there
};

/// What form the ledger has.
/// @error Error(kConfig) when a later pg2duck has given it a form that this one does not know
LedgerForm find_ledger(Session& session, const Contents& contents);

/// Makes the ledger ready to be written: it is created, gets tables that are missing, or is brought to ledger_version()
/// from an earlier form, which the rows in it survive. One transaction; nothing is done where nothing is to be done.
/// @param found what find_ledger has said of it
/// @param before_commit called when an earlier form is about to be left
void ready_ledger(Session& session, const LedgerForm& found, const std::function<void()>& before_commit = {});

/// All tables of the ledger, writers' apart: those announce themselves to programs of any version.
std::vector<const LedgerShape*> ledger_shapes();

}  // namespace pg2duck::destination
