#pragma once

#include <memory>

namespace pg2duck {

/// Deleter for C handles freed by `Release(pointer)`; keeps unique_ptr one pointer wide.
template <auto Release>
struct Releaser {
  template <typename T>
  void operator()(T* handle) const {
    Release(handle);
  }
};

/// unique_ptr over a C object that `Release` frees.
template <typename T, auto Release>
using Handle = std::unique_ptr<T, Releaser<Release>>;

/// Owner of a C handle that is destroyed through its address (DuckDB's convention).
template <typename T, void (*Destroy)(T*)>
class AddressHandle {
 public:
  AddressHandle() = default;

  explicit AddressHandle(T handle) : handle_(handle) {}

  AddressHandle(AddressHandle&& other) noexcept : handle_(other.handle_) { other.handle_ = nullptr; }

  AddressHandle& operator=(AddressHandle&& other) noexcept {
    if (this != &other) {
      reset();
      handle_ = other.handle_;
      other.handle_ = nullptr;
    }
    return *this;
  }

  AddressHandle(const AddressHandle&) = delete;
  AddressHandle& operator=(const AddressHandle&) = delete;

  ~AddressHandle() { reset(); }

  [[nodiscard]] T get() const { return handle_; }

  /// Where a C function stores the handle; frees the one held before.
  T* out() {
    reset();
    return &handle_;
  }

  void reset() {
    if (handle_ != nullptr) {
      Destroy(&handle_);
      handle_ = nullptr;
    }
  }

  explicit operator bool() const { return handle_ != nullptr; }

 private:
  T handle_ = nullptr;
};

}  // namespace pg2duck
