#include "base/peak_memory.hpp"

#include <cstddef>
#include <sys/mman.h>
#include <thread>

#include <gtest/gtest.h>

namespace pg2duck {
namespace {

constexpr std::size_t kMegabyte = std::size_t{1} << 20;

/// Memory that is resident from the beginning, and is the kernel's again at the end.
class Resident {
 public:
  explicit Resident(std::size_t bytes)
      : bytes_(bytes),
        start_(mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0)) {}

  Resident(const Resident&) = delete;
  Resident& operator=(const Resident&) = delete;

  ~Resident() { munmap(start_, bytes_); }

 private:
  std::size_t bytes_;
  void* start_;
};

TEST(PeakMemory, IsOfItsOwnTimeOnly) {
  std::uint64_t before = 0;
  {
    PeakMemory peak;
    before = peak.bytes();
  }
  EXPECT_GT(before, kMegabyte);
  PeakMemory around;
  std::uint64_t of_big = 0;
  {
    PeakMemory peak;
    {
      const Resident big(256 * kMegabyte);
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
    }
    of_big = peak.bytes();
  }
  EXPECT_GE(of_big, before + 200 * kMegabyte);
  {
    // The kernel's mark is above all of this: samples have to do.
    PeakMemory peak;
    const Resident small(32 * kMegabyte);
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    EXPECT_LT(peak.bytes(), of_big - 128 * kMegabyte);
    EXPECT_GE(peak.bytes(), before + 16 * kMegabyte);
  }
  EXPECT_GE(around.bytes(), of_big);
}

}  // namespace
}  // namespace pg2duck
