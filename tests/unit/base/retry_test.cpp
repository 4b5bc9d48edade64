#include "base/retry.hpp"

#include <thread>

#include <gtest/gtest.h>

namespace pg2duck {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

const Error kLost(ErrorKind::kTransient, "lost");

TEST(Attempts, AreAsManyAsThePolicySays) {
  Attempts attempts({.attempts = 3, .first_wait = milliseconds(1), .longest_wait = milliseconds(1)});
  EXPECT_TRUE(attempts.may_follow(kLost));
  EXPECT_TRUE(attempts.wait());
  EXPECT_TRUE(attempts.may_follow(kLost));
  EXPECT_TRUE(attempts.wait());
  EXPECT_FALSE(attempts.may_follow(kLost));
  EXPECT_FALSE(Attempts({}).may_follow(kLost));
}

TEST(Attempts, FollowOnlyAFailureOfAMoment) {
  const Attempts attempts({.attempts = 9});
  EXPECT_FALSE(attempts.may_follow(Error(ErrorKind::kDestination, "no")));
  EXPECT_FALSE(attempts.may_follow(Error(ErrorKind::kCancelled, "stopped")));
}

TEST(Attempts, WaitTwiceAsLongEachTimeUpToALimit) {
  Attempts attempts({.attempts = 9, .first_wait = milliseconds(20), .longest_wait = milliseconds(40)});
  const auto start = Clock::now();
  for (int i = 0; i < 4; ++i) {
    attempts.wait();
  }
  EXPECT_GE(Clock::now() - start, milliseconds(20 + 40 + 40 + 40));
}

TEST(Attempts, AStopEndsTheWait) {
  Attempts attempts({.attempts = 2, .first_wait = std::chrono::hours(1), .longest_wait = std::chrono::hours(1)});
  std::stop_source stop;
  const std::jthread later([&stop] {
    std::this_thread::sleep_for(milliseconds(20));
    stop.request_stop();
  });
  EXPECT_FALSE(attempts.wait(stop.get_token()));
}

}  // namespace
}  // namespace pg2duck
