#include "base/process_identity.hpp"

#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

namespace pg2duck {
namespace {

TEST(ProcessIdentity, KnowsTheLiving) {
  EXPECT_EQ(liveness_of(process_identity()), Liveness::kAlive);
}

TEST(ProcessIdentity, KnowsTheDead) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const pid_t child = fork();
  if (child == 0) {
    const std::string identity = process_identity();
    const auto written = write(ends[1], identity.data(), identity.size());
    _exit(written > 0 ? 0 : 1);
  }
  char text[512];
  const auto size = read(ends[0], text, sizeof text);
  close(ends[0]);
  close(ends[1]);
  waitpid(child, nullptr, 0);
  ASSERT_GT(size, 0);
  EXPECT_EQ(liveness_of(std::string(text, static_cast<std::size_t>(size))), Liveness::kDead);
}

TEST(ProcessIdentity, SaysNothingAboutOtherMachines) {
  std::string identity = process_identity();
  identity.front() = identity.front() == '0' ? '1' : '0';
  EXPECT_EQ(liveness_of(identity), Liveness::kUnknown);
  EXPECT_EQ(liveness_of(""), Liveness::kUnknown);
}

TEST(ProcessIdentity, ANumberThatIsUsedAgainIsAnotherProcess) {
  EXPECT_EQ(liveness_of(process_identity() + "0"), Liveness::kDead);
}

}  // namespace
}  // namespace pg2duck
