#include "base/peak_memory.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <fstream>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>

namespace pg2duck {
namespace {

constexpr std::chrono::milliseconds kInterval{20};

/// What the kernel says of the process in kB, as bytes. Not getrusage: its ru_maxrss starts with what the parent
/// process once had.
std::uint64_t status_bytes(std::string_view key) {
  std::ifstream status("/proc/self/status");
  std::string line;
  while (std::getline(status, line)) {
    if (line.starts_with(key)) {
      return std::stoull(line.substr(key.size())) * 1024;
    }
  }
  return 0;
}

std::uint64_t resident_bytes() {
  return status_bytes("VmRSS:");
}

std::uint64_t resident_bytes_ever() {
  return status_bytes("VmHWM:");
}

}  // namespace

PeakMemory::PeakMemory() : mark_before_(resident_bytes_ever()) {
  sample();
  sampler_ = std::jthread([this](const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any woken;
    std::unique_lock lock(mutex);
    while (!woken.wait_for(lock, stop, kInterval, [&] { return stop.stop_requested(); })) {
      sample();
    }
  });
}

std::uint64_t PeakMemory::bytes() {
  sample();
  const std::uint64_t mark = resident_bytes_ever();
  return mark > mark_before_ ? mark : largest_sample_.load();
}

void PeakMemory::sample() {
  const std::uint64_t now = resident_bytes();
  std::uint64_t largest = largest_sample_;
  while (now > largest && !largest_sample_.compare_exchange_weak(largest, now)) {
  }
}

}  // namespace pg2duck
