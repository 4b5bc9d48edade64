#pragma once

#include <vector>

#include "config/options.hpp"
#include "source/catalog/survey.hpp"
#include "sync/plan/selection.hpp"
#include "sync/report.hpp"

namespace pg2duck::sync {

/// The tables of a run.
struct Choice {
  std::vector<Selected> selection;
  std::vector<TableReport> denied;  ///< selected too, but the user may not read them: refused, by --on-error skip

  /// Those of the selection, in its order.
  [[nodiscard]] std::vector<source::RelationEntry> relations() const;
  [[nodiscard]] std::vector<types::Oid> oids() const;
};

/// What the patterns of `options` select and the user may read.
/// @error as select_relations; Error(kPermission), unless such a table is to be skipped
Choice choose_tables(const source::Survey& survey, const config::CopyOptions& options);

}  // namespace pg2duck::sync
