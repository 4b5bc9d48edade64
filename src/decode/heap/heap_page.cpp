#include "decode/heap/heap_page.hpp"

#include <string>

#include "decode/corrupt_heap.hpp"
#include "decode/heap/tuple_header.hpp"

namespace pg2duck::decode {
namespace {

// The header. @source bufpage.h, PageHeaderData
constexpr std::size_t kHeaderSize = 24;
constexpr std::size_t kFlagsAt = 10;
constexpr std::size_t kLowerAt = 12;
constexpr std::size_t kUpperAt = 14;
constexpr std::size_t kSpecialAt = 16;
constexpr std::size_t kSizeAndVersionAt = 18;
constexpr unsigned kAllVisible = 0x0004;
constexpr unsigned kSizeAndVersion = HeapPage::kSize | 4;

// A line pointer: 15 bits of offset, 2 of state, 15 of length.
constexpr std::size_t kItemSize = 4;
constexpr unsigned kNormal = 1;

[[noreturn]] void throw_corrupt_page(const std::string& what) {
  throw_corrupt_heap("a page of the heap has " + what);
}

}  // namespace

HeapPage::HeapPage(Bytes page) : data_(page.data()) {
  if (page.size() != kSize) {
    throw_corrupt_page(std::to_string(page.size()) + " bytes");
  }
  const unsigned lower = load_native<std::uint16_t>(data_ + kLowerAt);
  const unsigned upper = load_native<std::uint16_t>(data_ + kUpperAt);
  if (upper == 0) {
    return;  // extended, and not used yet
  }
  const unsigned layout = load_native<std::uint16_t>(data_ + kSizeAndVersionAt);
  if (layout != kSizeAndVersion) {
    throw_corrupt_page("size and version " + std::to_string(layout) + ", expected " + std::to_string(kSizeAndVersion));
  }
  const unsigned special = load_native<std::uint16_t>(data_ + kSpecialAt);
  if (lower < kHeaderSize || lower > upper || upper > special || special > kSize) {
    throw_corrupt_page("bounds " + std::to_string(lower) + ", " + std::to_string(upper) + ", " +
                       std::to_string(special));
  }
  items_ = static_cast<unsigned>((lower - kHeaderSize) / kItemSize);
  all_visible_ = (load_native<std::uint16_t>(data_ + kFlagsAt) & kAllVisible) != 0;
}

std::uint64_t HeapPage::lsn() const {
  return std::uint64_t{load_native<std::uint32_t>(data_)} << 32 | load_native<std::uint32_t>(data_ + 4);
}

Bytes HeapPage::tuple(unsigned item) const {
  const auto pointer = load_native<std::uint32_t>(data_ + kHeaderSize + kItemSize * (item - 1));
  if ((pointer >> 15 & 3) != kNormal) {
    return {};
  }
  const std::size_t offset = pointer & 0x7fff;
  const std::size_t length = pointer >> 17;
  if (length < heap_tuple::kHeaderSize || offset < kHeaderSize || offset + length > kSize) [[unlikely]] {
    throw_corrupt_page("line pointer " + std::to_string(item) + " to " + std::to_string(length) + " bytes at " +
                       std::to_string(offset));
  }
  return {data_ + offset, length};
}

}  // namespace pg2duck::decode
