#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pg2duck::config {

/// What a run does with the copy of a table that is there.
enum class Mode {
  kReplace,  ///< a whole new copy takes its place
  kAppend,   ///< rows are added to it
  kMerge,    ///< rows are put into it by their key
};

/// How a merge treats rows whose key is there.
enum class MergeStrategy {
  kUpsert,        ///< updates them
  kDeleteInsert,  ///< deletes them, and inserts them anew
  kInsertOnly,    ///< leaves them
};

/// Reads "replace", "append" or "merge".
std::optional<Mode> parse_mode(std::string_view text);
std::string_view to_string(Mode mode);

/// Reads "upsert", "delete-insert" or "insert-only".
std::optional<MergeStrategy> parse_merge_strategy(std::string_view text);

/// The column of Postgres that every row has: the transaction that wrote it.
inline constexpr const char* kTransactionCursor = "xmin";

/// How the copy of a table is kept up.
struct Disposition {
  Mode mode = Mode::kReplace;
  MergeStrategy strategy = MergeStrategy::kUpsert;
  std::vector<std::string> key;  ///< source columns of a merge; empty: the primary key
  std::string cursor;            ///< source column, or xmin: only rows from its last value on are read. Empty: all are
  std::string initial;           ///< where the first run begins, as Postgres reads it; empty: at the beginning
  std::string hard_delete;       ///< source column that marks a row as deleted; empty: none does
  std::string newest_by;  ///< source column by which one of several rows of a key is chosen; empty: keys are unique
};

}  // namespace pg2duck::config
