#include "decode/heap/tuple_visibility.hpp"

#include <algorithm>
#include <charconv>
#include <string>

#include "base/error.hpp"
#include "decode/heap/tuple_header.hpp"

namespace pg2duck::decode {
namespace {

// Ids below it are no transactions: 0 none, 1 initdb's, 2 frozen.
constexpr std::uint32_t kFirstTransaction = 3;

}  // namespace

using namespace heap_tuple;

SnapshotBounds SnapshotBounds::parse(std::string_view text) {
  SnapshotBounds bounds;
  std::vector<std::uint64_t> numbers;
  const char* at = text.data();
  const char* end = text.data() + text.size();
  while (at < end) {
    std::uint64_t number = 0;
    const auto [after, error] = std::from_chars(at, end, number);
    if (error != std::errc()) {
      break;
    }
    numbers.push_back(number);
    at = after + (after < end ? 1 : 0);
  }
  if (numbers.size() < 2 || std::ranges::count(text, ':') != 2) {
    throw Error(ErrorKind::kBug, "the server sent the snapshot '" + std::string(text) + "'");
  }
  bounds.xmin = numbers[0];
  bounds.xmax = numbers[1];
  bounds.in_progress.assign(numbers.begin() + 2, numbers.end());
  return bounds;
}

std::uint64_t TupleVisibility::widen(std::uint32_t transaction) const {
  // A tuple's transactions are within 2^31 of every snapshot: vacuum freezes them before that.
  const auto distance = static_cast<std::int32_t>(transaction - static_cast<std::uint32_t>(snapshot_.xmin));
  return snapshot_.xmin + static_cast<std::uint64_t>(static_cast<std::int64_t>(distance));
}

TupleVisibility::Transaction TupleVisibility::find(std::uint32_t transaction, bool hinted_committed) {
  if (transaction < kFirstTransaction) {
    return Transaction::kCommittedBefore;
  }
  const std::uint64_t wide = widen(transaction);
  if (wide >= snapshot_.xmax) {
    return Transaction::kNotSeen;
  }
  if (wide >= snapshot_.xmin) {
    return std::ranges::binary_search(snapshot_.in_progress, wide) ? Transaction::kNotSeen
                                                                   : Transaction::kMaybeSubtransaction;
  }
  if (hinted_committed) {
    return Transaction::kCommittedBefore;
  }
  const auto outcome = outcomes_.find(wide);
  if (outcome == outcomes_.end()) {
    return Transaction::kUnknown;
  }
  return outcome->second ? Transaction::kCommittedBefore : Transaction::kAborted;
}

TupleVisibility::Verdict TupleVisibility::ask_for_outcome(std::uint32_t transaction) {
  needed_ = widen(transaction);
  return Verdict::kOutcomeNeeded;
}

TupleVisibility::Verdict TupleVisibility::judge(Bytes tuple) {
  const unsigned mask = infomask(tuple);
  if ((mask & kMoved) != 0) {
    return Verdict::kAskServer;  // by VACUUM FULL of a version before 9.0
  }
  if ((mask & kXminFrozen) != kXminFrozen) {
    if ((mask & kXminInvalid) != 0 || xmin(tuple) == 0) {
      return Verdict::kInvisible;
    }
    switch (find(xmin(tuple), (mask & kXminCommitted) != 0)) {
      case Transaction::kCommittedBefore:
        break;
      case Transaction::kAborted:
      case Transaction::kNotSeen:
        return Verdict::kInvisible;
      case Transaction::kUnknown:
        return ask_for_outcome(xmin(tuple));
      case Transaction::kMaybeSubtransaction:
        return Verdict::kAskServer;
    }
  }
  return judge_deletion(tuple, mask);
}

TupleVisibility::Verdict TupleVisibility::judge_deletion(Bytes tuple, unsigned mask) {
  constexpr unsigned kLocks = kXmaxExclusiveLock | kXmaxKeyShareLock;
  const bool only_locked = (mask & kXmaxLockOnly) != 0 || (mask & (kXmaxIsMulti | kLocks)) == kXmaxExclusiveLock;
  if ((mask & kXmaxInvalid) != 0 || xmax(tuple) == 0 || only_locked) {
    return Verdict::kVisible;
  }
  if ((mask & kXmaxIsMulti) != 0) {
    return Verdict::kAskServer;
  }
  switch (find(xmax(tuple), (mask & kXmaxCommitted) != 0)) {
    case Transaction::kCommittedBefore:
      return Verdict::kInvisible;
    case Transaction::kAborted:
    case Transaction::kNotSeen:
      return Verdict::kVisible;
    case Transaction::kUnknown:
      return ask_for_outcome(xmax(tuple));
    case Transaction::kMaybeSubtransaction:
      break;
  }
  return Verdict::kAskServer;
}

}  // namespace pg2duck::decode
