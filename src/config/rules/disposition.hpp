#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/rules/choice.hpp"

namespace pg2duck::config {

/// What a run does with the copy of a table that is there.
enum class Mode {
  kReplace,  ///< a whole new copy takes its place
  kAppend,   ///< rows are added to it
  kMerge,    ///< rows are put into it by their key
};

/// What a run does when the columns of a table are not those that its copy was made of.
enum class OnSchemaChange {
  kApply,   ///< the copy follows
  kIgnore,  ///< columns that are new are left out, those that have another name keep their old one in the copy
  kFail,    ///< the table is not copied
};

/// How a merge treats rows that are there.
enum class MergeStrategy {
  kUpsert,        ///< updates those whose key was read
  kDeleteInsert,  ///< deletes them, and inserts them anew
  kInsertOnly,    ///< leaves them
  kScd2,  ///< leaves them as versions that have ended, and adds new versions (slowly changing dimension, type 2)
};

/// What happens to rows whose cursor is NULL.
enum class NullCursor {
  kRaise,    ///< they fail the table
  kInclude,  ///< each run reads them
  kExclude,  ///< they are never read
};

/// What is made of an append without a cursor, which adds all rows of the table in each run.
enum class AppendOfAll {
  kRefused,  ///< nobody has asked for it
  kWarned,   ///< it is what a dlt project does
  kWanted,   ///< cursor = "none"
};

template <>
inline constexpr std::array kChoices<Mode>{Choice{"replace", Mode::kReplace}, Choice{"append", Mode::kAppend},
                                           Choice{"merge", Mode::kMerge}};

template <>
inline constexpr std::array kChoices<OnSchemaChange>{Choice{"apply", OnSchemaChange::kApply},
                                                     Choice{"ignore", OnSchemaChange::kIgnore},
                                                     Choice{"fail", OnSchemaChange::kFail}};

template <>
inline constexpr std::array kChoices<MergeStrategy>{
    Choice{"upsert", MergeStrategy::kUpsert, "updates them"},
    Choice{"delete-insert", MergeStrategy::kDeleteInsert, "deletes and inserts them"},
    Choice{"insert-only", MergeStrategy::kInsertOnly, "leaves them"},
    Choice{"scd2", MergeStrategy::kScd2, "keeps them as versions, with the times from and to which they were valid"}};

template <>
inline constexpr std::array kChoices<NullCursor>{Choice{"raise", NullCursor::kRaise},
                                                 Choice{"include", NullCursor::kInclude},
                                                 Choice{"exclude", NullCursor::kExclude}};

inline std::string_view to_string(Mode mode) {
  return word_of(mode);
}

/// The column of Postgres that every row has: the transaction that wrote it.
inline constexpr const char* kTransactionCursor = "xmin";
/// The word that asks for no cursor.
inline constexpr const char* kNoCursor = "none";

/// How the copy of a table is kept up.
struct Disposition {
  Mode mode = Mode::kReplace;
  MergeStrategy strategy = MergeStrategy::kUpsert;
  std::vector<std::string> key;  ///< source columns of a merge; empty: the primary key
  std::string hard_delete;       ///< source column that marks a row as deleted; empty: none does
  std::string newest_by;  ///< source column by which one of several rows of a key is chosen; empty: keys are unique
  /// scd2: names in the target of the times from and to which a version was valid; NULL: it still is.
  std::string valid_from = "valid_from", valid_to = "valid_to";

  std::string cursor;  ///< source column, or xmin: only rows from its last value on are read. Empty: all are
  AppendOfAll append_of_all = AppendOfAll::kRefused;
  std::string initial;  ///< where the initial load begins, as Postgres reads it; empty: at the beginning
  std::string end;      ///< where this run ends: rows from `initial` on, whatever the last value. Empty: no end
  std::string lag;      ///< how far before the last value a run begins: a number, or an interval as Postgres reads it
  bool open_start = false;                ///< rows that hold the last value, or `initial`, itself are not read
  bool closed_end = false;                ///< rows that hold `end` itself are read too
  std::optional<NullCursor> null_cursor;  ///< unset: a merge includes, an append raises

  /// Seconds after which a merge also looks for rows that are gone or were missed. 0: only when a run is asked to.
  std::uint64_t reconcile_seconds = 0;
};

}  // namespace pg2duck::config
