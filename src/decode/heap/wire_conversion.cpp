#include "decode/heap/wire_conversion.hpp"

#include <algorithm>
#include <cstdint>
#include <string>

#include "decode/corrupt_heap.hpp"
#include "decode/values/numeric_heap.hpp"

namespace pg2duck::decode {
namespace {

using types::HeapFormat;
using types::HeapType;
using Output = std::vector<std::byte>;

constexpr std::size_t kLongHeader = 4;  // that offsets within arrays and ranges count from

[[noreturn]] void throw_corrupt_value(const std::string& what) {
  throw_corrupt_heap("a stored " + what);
}

void append(Bytes bytes, Output& out) {
  out.insert(out.end(), bytes.begin(), bytes.end());
}

void append_reversed(Bytes bytes, Output& out) {
  out.insert(out.end(), bytes.rbegin(), bytes.rend());
}

void append_number(std::int32_t number, Output& out) {
  append_reversed(std::as_bytes(std::span(&number, 1)), out);
}

/// Numbers of the given sizes, back to back, each turned round.
void append_parts(Bytes bytes, std::initializer_list<std::size_t> sizes, const char* what, Output& out) {
  std::size_t at = 0;
  for (const std::size_t size : sizes) {
    if (bytes.size() - at < size) {
      throw_corrupt_value(std::string(what) + " has " + std::to_string(bytes.size()) + " bytes");
    }
    append_reversed(bytes.subspan(at, size), out);
    at += size;
  }
  if (at != bytes.size()) {
    throw_corrupt_value(std::string(what) + " has " + std::to_string(bytes.size()) + " bytes");
  }
}

void append_reversed_number(const HeapType& type, Bytes bytes, Output& out) {
  append_parts(bytes, {static_cast<std::size_t>(type.length)}, "number", out);
}

void append_name(Bytes heap, Output& out) {
  append(heap.first(static_cast<std::size_t>(std::ranges::find(heap, std::byte{0}) - heap.begin())), out);
}

void append_label(const HeapType& type, Bytes heap, Output& out) {
  const auto label =
      heap.size() == sizeof(types::Oid) ? type.labels.find(load_native<types::Oid>(heap.data())) : type.labels.end();
  if (label == type.labels.end()) {
    throw_corrupt_value("enum has no label");
  }
  append(std::as_bytes(std::span(label->second)), out);
}

/// Walks over the values within an array or a range. Offsets count from where a header of four bytes would begin.
class Parts {
 public:
  Parts(const HeapType& type, Bytes heap, std::size_t at) : type_(type), heap_(heap), at_(at) {}

  /// The next value, as sent, with its length before it.
  void append_next(Output& out) {
    const Bytes value = next();
    const std::size_t length_at = out.size();
    append_number(0, out);
    const std::size_t start = out.size();
    append_as_wire(type_, value, out);
    const auto length = static_cast<std::int32_t>(out.size() - start);
    const Bytes bytes = std::as_bytes(std::span(&length, 1));
    std::ranges::reverse_copy(bytes, out.begin() + static_cast<std::ptrdiff_t>(length_at));
  }

 private:
  Bytes next() {
    if (type_.length > 0) {
      align();
      return take(0, static_cast<std::size_t>(type_.length));
    }
    if (peek() == 0) {
      align();
    }
    const unsigned first = peek();
    if ((first & 1) != 0) {
      return take(1, first >> 1);
    }
    if ((first & 2) != 0) {
      throw_corrupt_value("array or range holds a compressed value");
    }
    return take(kLongHeader, load_native<std::uint32_t>(bytes(kLongHeader).data()) >> 2);
  }

  void align() { at_ = (at_ + type_.alignment - 1) & ~(type_.alignment - 1); }

  [[nodiscard]] unsigned peek() const { return std::to_integer<unsigned>(bytes(1).front()); }

  /// The next `size` bytes, without passing them.
  [[nodiscard]] Bytes bytes(std::size_t size) const {
    const std::size_t from = at_ - kLongHeader;
    if (from > heap_.size() || size > heap_.size() - from) {
      throw_corrupt_value("array or range ends within a value");
    }
    return heap_.subspan(from, size);
  }

  /// Passes `size` bytes, of which the first `header` are not wanted.
  Bytes take(std::size_t header, std::size_t size) {
    if (size < std::max<std::size_t>(header, 1)) {
      throw_corrupt_value("array or range holds a value of " + std::to_string(size) + " bytes");
    }
    const Bytes value = bytes(size).subspan(header);
    at_ += size;
    return value;
  }

  const HeapType& type_;
  Bytes heap_;
  std::size_t at_;
};

/// @source src/include/utils/array.h: ndim, dataoffset, elemtype, sizes, lower bounds, bits for NULLs, elements
void append_array(const HeapType& type, Bytes heap, Output& out) {
  constexpr std::size_t kFixed = 12;
  constexpr std::int32_t kMaxDimensions = 6;
  const auto corrupt = [] { throw_corrupt_value("array has a broken header"); };
  if (heap.size() < kFixed) {
    corrupt();
  }
  const auto dimensions = load_native<std::int32_t>(heap.data());
  const auto data_offset = load_native<std::int32_t>(heap.data() + 4);
  const auto element = load_native<types::Oid>(heap.data() + 8);
  const std::size_t header = kFixed + 8 * static_cast<std::size_t>(std::max(dimensions, 0));
  if (dimensions < 0 || dimensions > kMaxDimensions || heap.size() < header) {
    corrupt();
  }
  append_number(dimensions, out);
  append_number(data_offset != 0 ? 1 : 0, out);
  append_number(static_cast<std::int32_t>(element), out);
  std::uint64_t count = dimensions > 0 ? 1 : 0;
  for (std::int32_t i = 0; i < dimensions; ++i) {
    const std::size_t size_at = kFixed + 4 * static_cast<std::size_t>(i);
    const auto size = load_native<std::int32_t>(heap.data() + size_at);
    append_number(size, out);
    append_number(load_native<std::int32_t>(heap.data() + size_at + 4 * static_cast<std::size_t>(dimensions)), out);
    // An element takes at least a byte or a bit, so a count beyond eight times the bytes is broken.
    count *= static_cast<std::uint64_t>(std::max(size, 0));
    if (count > 8 * heap.size()) {
      corrupt();
    }
  }
  const bool has_nulls = data_offset != 0;
  if (has_nulls && (heap.size() - header < (count + 7) / 8 || data_offset < static_cast<std::int32_t>(header))) {
    corrupt();
  }
  constexpr std::size_t kMaxAlign = 8;
  const std::size_t start =
      has_nulls ? static_cast<std::size_t>(data_offset) : (kLongHeader + header + kMaxAlign - 1) & ~(kMaxAlign - 1);
  Parts parts(type.children.front(), heap, start);
  for (std::uint64_t i = 0; i < count; ++i) {
    if (has_nulls && (std::to_integer<unsigned>(heap[header + i / 8]) >> (i % 8) & 1) == 0) {
      append_number(-1, out);
    } else {
      parts.append_next(out);
    }
  }
}

/// @source src/backend/utils/adt/rangetypes.c, range_serialize: the range type's OID, the bounds, a byte of flags
void append_range(const HeapType& type, Bytes heap, Output& out) {
  constexpr std::size_t kFirstBound = 8;
  constexpr unsigned kNoLower = 0x01 | 0x08 | 0x20;  // empty, infinite, null
  constexpr unsigned kNoUpper = 0x01 | 0x10 | 0x40;
  constexpr unsigned kSent = 0x1f;
  if (heap.size() < kFirstBound - kLongHeader + 1) {
    throw_corrupt_value("range has " + std::to_string(heap.size()) + " bytes");
  }
  const auto flags = std::to_integer<unsigned>(heap.back());
  out.push_back(static_cast<std::byte>(flags & kSent));
  Parts parts(type.children.front(), heap.first(heap.size() - 1), kFirstBound);
  for (const unsigned absent : {kNoLower, kNoUpper}) {
    if ((flags & absent) == 0) {
      parts.append_next(out);
    }
  }
}

}  // namespace

void append_as_wire(const HeapType& type, Bytes heap, Output& wire) {
  switch (type.format) {
    case HeapFormat::kSame:
      append(heap, wire);
      return;
    case HeapFormat::kReversed:
      append_reversed_number(type, heap, wire);
      return;
    case HeapFormat::kNumeric:
      append_numeric_as_wire(heap, wire);
      return;
    case HeapFormat::kInterval:
      append_parts(heap, {8, 4, 4}, "interval", wire);
      return;
    case HeapFormat::kTimeTz:
      append_parts(heap, {8, 4}, "timetz", wire);
      return;
    case HeapFormat::kName:
      append_name(heap, wire);
      return;
    case HeapFormat::kEnum:
      append_label(type, heap, wire);
      return;
    case HeapFormat::kArray:
      append_array(type, heap, wire);
      return;
    case HeapFormat::kRange:
      append_range(type, heap, wire);
      return;
  }
}

bool append_as_heap(const HeapType& type, Bytes wire, Output& heap) {
  switch (type.format) {
    case HeapFormat::kSame:
    case HeapFormat::kName:
      append(wire, heap);
      return true;
    case HeapFormat::kReversed:
      append_reversed_number(type, wire, heap);
      return true;
    case HeapFormat::kNumeric:
      append_numeric_as_heap(wire, heap);
      return true;
    case HeapFormat::kInterval:
      append_parts(wire, {8, 4, 4}, "interval", heap);
      return true;
    case HeapFormat::kTimeTz:
      append_parts(wire, {8, 4}, "timetz", heap);
      return true;
    case HeapFormat::kEnum:
      for (const auto& [oid, label] : type.labels) {
        if (std::ranges::equal(std::as_bytes(std::span(label)), wire)) {
          append(std::as_bytes(std::span(&oid, 1)), heap);
          return true;
        }
      }
      return false;
    case HeapFormat::kArray:
    case HeapFormat::kRange:
      return false;
  }
  return false;
}

}  // namespace pg2duck::decode
