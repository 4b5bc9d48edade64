#pragma once

#include <string>
#include <utility>

namespace pg2duck {

/// A value that must never be shown: formats as `***`, and is overwritten when it dies.
class Secret {
 public:
  Secret() = default;

  explicit Secret(std::string value) : value_(std::move(value)) {}

  Secret(const Secret&) = default;
  Secret(Secret&&) = default;
  Secret& operator=(const Secret&) = default;
  Secret& operator=(Secret&&) = default;

  ~Secret() {
    volatile char* bytes = value_.data();
    for (std::size_t i = 0; i < value_.size(); ++i) {
      bytes[i] = 0;
    }
  }

  /// The value itself: only for the call that needs it, never for output.
  [[nodiscard]] const std::string& reveal() const { return value_; }

  [[nodiscard]] bool empty() const { return value_.empty(); }

  [[nodiscard]] static std::string display() { return "***"; }

 private:
  std::string value_;
};

}  // namespace pg2duck
