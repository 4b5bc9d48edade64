#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/byte_cursor.hpp"

namespace pg2duck::decode {

/// What pg_current_snapshot() says of a snapshot. Subtransactions of those in progress are not listed.
/// @source PostgreSQL manual, "System Information Functions", pg_snapshot components
struct SnapshotBounds {
  std::uint64_t xmin = 0;                  ///< all transactions before it have ended
  std::uint64_t xmax = 0;                  ///< this one and those after it had not begun
  std::vector<std::uint64_t> in_progress;  ///< ascending

  /// Parses `xmin:xmax:xip,xip`.
  /// @error Error(kBug) for other text
  static SnapshotBounds parse(std::string_view text);
};

/// How transactions ended: 64-bit id, and whether it committed.
using TransactionOutcomes = std::unordered_map<std::uint64_t, bool>;

/// Whether a snapshot sees a tuple of a heap, judged from its header alone.
///
/// The page must have been read after the snapshot was taken, from a primary server, and no older than its
/// transactions' outcomes. Whatever the header does not decide is left to the server.
/// @source src/backend/access/heap/heapam_visibility.c, HeapTupleSatisfiesMVCC
class TupleVisibility {
 public:
  enum class Verdict {
    kVisible,
    kInvisible,
    kOutcomeNeeded,  ///< of transaction `needed()`; ask again when it is known
    kAskServer,      ///< by the tuple's ctid, under the snapshot
  };

  explicit TupleVisibility(SnapshotBounds snapshot) : snapshot_(std::move(snapshot)) {}

  /// @pre `tuple` is as HeapPage::tuple gives it
  Verdict judge(Bytes tuple);

  /// After kOutcomeNeeded.
  [[nodiscard]] std::uint64_t needed() const { return needed_; }

  /// Transactions that are in neither list stay with the server.
  void learn(std::uint64_t transaction, bool committed) { outcomes_[transaction] = committed; }

 private:
  enum class Transaction { kCommittedBefore, kAborted, kNotSeen, kUnknown, kMaybeSubtransaction };

  [[nodiscard]] std::uint64_t widen(std::uint32_t transaction) const;
  Transaction find(std::uint32_t transaction, bool hinted_committed);
  Verdict judge_deletion(Bytes tuple, unsigned infomask);
  Verdict ask_for_outcome(std::uint32_t transaction);

  SnapshotBounds snapshot_;
  TransactionOutcomes outcomes_;
  std::uint64_t needed_ = 0;
};

}  // namespace pg2duck::decode
