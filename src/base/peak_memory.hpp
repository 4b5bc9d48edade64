#pragma once

#include <atomic>
#include <cstdint>
#include <thread>

namespace pg2duck {

/// The largest resident set of this process while the object lives, in bytes.
///
/// Where the process has never had as much before, that is what the kernel saw, to the page. Otherwise it is the
/// largest of samples, one every 20 ms: a shorter peak can be missed. Memory belongs to the process and not to whoever
/// asked for it: what runs beside is counted too, and so is what an allocator has kept of earlier work. Nothing of the
/// process is changed by the measurement, least of all the kernel's own mark.
///
/// @thread one caller; it has a thread of its own
class PeakMemory {
 public:
  PeakMemory();
  PeakMemory(const PeakMemory&) = delete;
  PeakMemory& operator=(const PeakMemory&) = delete;
  ~PeakMemory() = default;

  /// Until now.
  [[nodiscard]] std::uint64_t bytes();

 private:
  void sample();

  std::uint64_t mark_before_;  // of the kernel, over all of the process's life
  std::atomic<std::uint64_t> largest_sample_ = 0;
  std::jthread sampler_;
};

}  // namespace pg2duck
