#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string>

#include "decode/heap/heap_page.hpp"
#include "decode/heap/tuple_header.hpp"

namespace pg2duck::test_support {

/// The bytes of a number in the machine's order.
template <typename T>
std::string native(T value) {
  std::string bytes(sizeof(T), '\0');
  std::memcpy(bytes.data(), &value, sizeof(T));
  return bytes;
}

/// A tuple as a heap holds it.
struct HeapTuple {
  std::uint32_t xmin = 100;
  std::uint32_t xmax = 0;
  unsigned infomask = decode::heap_tuple::kXminCommitted | decode::heap_tuple::kXmaxInvalid;
  unsigned attributes = 1;
  std::string nulls;  ///< bits, 1 for a value; empty: no NULLs
  std::string data;

  [[nodiscard]] std::string bytes() const {
    std::string tuple = native(xmin) + native(xmax) + std::string(10, '\0') +
                        native(static_cast<std::uint16_t>(attributes)) +
                        native(static_cast<std::uint16_t>(infomask | (nulls.empty() ? 0U : 1U)));
    const std::size_t offset = (23 + nulls.size() + 7) / 8 * 8;
    tuple += static_cast<char>(offset);
    tuple += nulls;
    tuple.resize(offset, '\0');
    return tuple + data;
  }
};

/// A page that is filled from its end.
class PageBytes {
 public:
  PageBytes() : page_(decode::HeapPage::kSize, '\0') {
    set<std::uint16_t>(16, decode::HeapPage::kSize);
    set<std::uint16_t>(18, decode::HeapPage::kSize | 4);
    set_bounds();
  }

  PageBytes& add(const std::string& tuple) {
    upper_ = (upper_ - tuple.size()) / 8 * 8;
    page_.replace(upper_, tuple.size(), tuple);
    return add_pointer(static_cast<std::uint32_t>(upper_), 1, static_cast<std::uint32_t>(tuple.size()));
  }

  /// `state`: 0 unused, 1 normal, 2 redirected, 3 dead.
  PageBytes& add_pointer(std::uint32_t offset, std::uint32_t state, std::uint32_t length) {
    set(lower_, offset | state << 15 | length << 17);
    lower_ += 4;
    set_bounds();
    return *this;
  }

  PageBytes& all_visible() {
    set<std::uint16_t>(10, 4);
    return *this;
  }

  template <typename T>
  PageBytes& set(std::size_t at, T value) {
    std::memcpy(page_.data() + at, &value, sizeof(T));
    return *this;
  }

  [[nodiscard]] Bytes bytes() const { return std::as_bytes(std::span(page_)); }

 private:
  void set_bounds() {
    set(12, static_cast<std::uint16_t>(lower_));
    set(14, static_cast<std::uint16_t>(upper_));
  }

  std::string page_;
  std::size_t lower_ = 24;
  std::size_t upper_ = decode::HeapPage::kSize;
};

inline Bytes as_bytes(const std::string& text) {
  return std::as_bytes(std::span(text));
}

}  // namespace pg2duck::test_support
