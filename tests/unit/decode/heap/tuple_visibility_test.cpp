#include "decode/heap/tuple_visibility.hpp"

#include <gtest/gtest.h>

#include "decode/heap/tuple_header.hpp"
#include "support/decode/heap_bytes.hpp"
#include "support/error_of.hpp"

namespace pg2duck::decode {
namespace {

using namespace test_support;
using test::error_of;
using namespace heap_tuple;
using Verdict = TupleVisibility::Verdict;

// 1000 to 1009; of these 1002 and 1005 have not ended.
const SnapshotBounds kSnapshot{.xmin = 1002, .xmax = 1010, .in_progress = {1002, 1005}};

Verdict judge(std::uint32_t xmin, std::uint32_t xmax, unsigned infomask,
              TupleVisibility visibility = TupleVisibility(kSnapshot)) {
  const std::string tuple = HeapTuple{.xmin = xmin, .xmax = xmax, .infomask = infomask}.bytes();
  return visibility.judge(as_bytes(tuple));
}

TEST(TupleVisibility, ReadsBounds) {
  const SnapshotBounds bounds = SnapshotBounds::parse("1002:1010:1002,1005");
  EXPECT_EQ(bounds.xmin, 1002U);
  EXPECT_EQ(bounds.xmax, 1010U);
  EXPECT_EQ(bounds.in_progress, (std::vector<std::uint64_t>{1002, 1005}));
  EXPECT_TRUE(SnapshotBounds::parse("7:7:").in_progress.empty());
  EXPECT_EQ(SnapshotBounds::parse("18446744073709551000:18446744073709551000:").xmin, 18446744073709551000U);
  EXPECT_EQ(error_of([] { SnapshotBounds::parse("7"); }).kind(), ErrorKind::kBug);
}

TEST(TupleVisibility, JudgesTheTransactionThatInserted) {
  EXPECT_EQ(judge(1001, 0, kXminCommitted | kXmaxInvalid), Verdict::kVisible);
  EXPECT_EQ(judge(1001, 0, kXminInvalid | kXmaxInvalid), Verdict::kInvisible);
  EXPECT_EQ(judge(0, 0, kXmaxInvalid), Verdict::kInvisible);  // a speculative insertion that was taken back
  EXPECT_EQ(judge(1009, 0, kXminFrozen | kXmaxInvalid), Verdict::kVisible);  // frozen, whatever xmin says
  EXPECT_EQ(judge(2, 0, kXmaxInvalid), Verdict::kVisible);
  EXPECT_EQ(judge(1010, 0, kXmaxInvalid), Verdict::kInvisible);  // began later
  EXPECT_EQ(judge(1010, 0, kXminCommitted | kXmaxInvalid), Verdict::kInvisible);
  EXPECT_EQ(judge(1002, 0, kXminCommitted | kXmaxInvalid), Verdict::kInvisible);  // had not ended
  EXPECT_EQ(judge(1005, 0, kXmaxInvalid), Verdict::kInvisible);
  EXPECT_EQ(judge(1003, 0, kXminCommitted | kXmaxInvalid), Verdict::kAskServer);  // could belong to one that had not
}

TEST(TupleVisibility, AsksForOutcomesThatHintsDoNotTell) {
  TupleVisibility visibility(kSnapshot);
  const std::string tuple = HeapTuple{.xmin = 1001, .xmax = 1000, .infomask = 0}.bytes();
  EXPECT_EQ(visibility.judge(as_bytes(tuple)), Verdict::kOutcomeNeeded);
  EXPECT_EQ(visibility.needed(), 1001U);
  visibility.learn(1001, true);
  EXPECT_EQ(visibility.judge(as_bytes(tuple)), Verdict::kOutcomeNeeded);
  EXPECT_EQ(visibility.needed(), 1000U);
  TupleVisibility committed = visibility;
  committed.learn(1000, true);
  EXPECT_EQ(committed.judge(as_bytes(tuple)), Verdict::kInvisible);
  visibility.learn(1000, false);
  EXPECT_EQ(visibility.judge(as_bytes(tuple)), Verdict::kVisible);
  visibility.learn(1001, false);
  EXPECT_EQ(visibility.judge(as_bytes(tuple)), Verdict::kInvisible);
}

TEST(TupleVisibility, JudgesTheTransactionThatDeleted) {
  constexpr unsigned kInserted = kXminFrozen;
  EXPECT_EQ(judge(5, 1001, kInserted | kXmaxCommitted), Verdict::kInvisible);
  EXPECT_EQ(judge(5, 1001, kInserted | kXmaxInvalid), Verdict::kVisible);  // was rolled back
  EXPECT_EQ(judge(5, 1012, kInserted | kXmaxCommitted), Verdict::kVisible);
  EXPECT_EQ(judge(5, 1002, kInserted | kXmaxCommitted), Verdict::kVisible);
  EXPECT_EQ(judge(5, 1004, kInserted | kXmaxCommitted), Verdict::kAskServer);
  EXPECT_EQ(judge(5, 1001, kInserted), Verdict::kOutcomeNeeded);
}

TEST(TupleVisibility, TakesLocksForNoDeletion) {
  EXPECT_EQ(judge(5, 1001, kXminFrozen | kXmaxLockOnly | kXmaxExclusiveLock), Verdict::kVisible);
  EXPECT_EQ(judge(5, 1001, kXminFrozen | kXmaxLockOnly | kXmaxIsMulti), Verdict::kVisible);
  EXPECT_EQ(judge(5, 1001, kXminFrozen | kXmaxExclusiveLock), Verdict::kVisible);  // as before 9.3
  EXPECT_EQ(judge(5, 1001, kXminFrozen | kXmaxIsMulti), Verdict::kAskServer);
}

TEST(TupleVisibility, LeavesOldMovesToTheServer) {
  EXPECT_EQ(judge(1001, 0, kXminCommitted | kXmaxInvalid | 0x4000), Verdict::kAskServer);
  EXPECT_EQ(judge(1001, 0, kXminCommitted | kXmaxInvalid | 0x8000), Verdict::kAskServer);
}

TEST(TupleVisibility, WidensTransactionsAcrossTheWrap) {
  constexpr std::uint64_t kEpoch = std::uint64_t{3} << 32;
  const SnapshotBounds bounds{.xmin = kEpoch + 10, .xmax = kEpoch + 10, .in_progress = {}};
  // Just before the wrap, and so before the snapshot.
  EXPECT_EQ(judge(0xffff'fff0, 0, kXminCommitted | kXmaxInvalid, TupleVisibility(bounds)), Verdict::kVisible);
  EXPECT_EQ(judge(11, 0, kXminCommitted | kXmaxInvalid, TupleVisibility(bounds)), Verdict::kInvisible);
  TupleVisibility visibility(bounds);
  const std::string tuple = HeapTuple{.xmin = 0xffff'fff0, .infomask = kXmaxInvalid}.bytes();
  EXPECT_EQ(visibility.judge(as_bytes(tuple)), Verdict::kOutcomeNeeded);
  EXPECT_EQ(visibility.needed(), kEpoch - 16);
}

}  // namespace
}  // namespace pg2duck::decode
