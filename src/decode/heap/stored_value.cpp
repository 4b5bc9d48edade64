#include "decode/heap/stored_value.hpp"

#include <algorithm>
#include <cstdint>
#include <string>

#include "base/error.hpp"
#include "decode/heap/heap_page.hpp"
#include "decode/heap/stored_numeric.hpp"

namespace pg2duck::decode {
namespace {

using types::StoredForm;
using types::StoredType;
using Output = std::vector<std::byte>;

constexpr std::size_t kLongHeader = 4;  // that offsets within arrays and ranges count from

[[noreturn]] void throw_corrupt_value(const std::string& what) {
  throw Error(ErrorKind::kCorruptData, "a stored " + what)
      .set_hint("read this table with --read copy; when that fails too, look at the table with amcheck");
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

void append_reversed_number(const StoredType& type, Bytes bytes, Output& out) {
  append_parts(bytes, {static_cast<std::size_t>(type.length)}, "number", out);
}

void append_name(Bytes stored, Output& out) {
  append(stored.first(static_cast<std::size_t>(std::ranges::find(stored, std::byte{0}) - stored.begin())), out);
}

void append_label(const StoredType& type, Bytes stored, Output& out) {
  const auto label = stored.size() == sizeof(types::Oid) ? type.labels.find(load_native<types::Oid>(stored.data()))
                                                         : type.labels.end();
  if (label == type.labels.end()) {
    throw_corrupt_value("enum has no label");
  }
  append(std::as_bytes(std::span(label->second)), out);
}

/// Walks over the values within an array or a range. Offsets count from where a header of four bytes would begin.
class Parts {
 public:
  Parts(const StoredType& type, Bytes stored, std::size_t at) : type_(type), stored_(stored), at_(at) {}

  /// The next value, as sent, with its length before it.
  void append_next(Output& out) {
    const Bytes value = next();
    const std::size_t length_at = out.size();
    append_number(0, out);
    const std::size_t start = out.size();
    append_as_sent(type_, value, out);
    Output length;
    append_number(static_cast<std::int32_t>(out.size() - start), length);
    std::ranges::copy(length, out.begin() + static_cast<std::ptrdiff_t>(length_at));
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
      throw_corrupt_value("array or range holds a packed value");
    }
    return take(kLongHeader, load_native<std::uint32_t>(bytes(kLongHeader).data()) >> 2);
  }

  void align() { at_ = (at_ + type_.alignment - 1) & ~(type_.alignment - 1); }

  [[nodiscard]] unsigned peek() const { return std::to_integer<unsigned>(bytes(1).front()); }

  /// The next `size` bytes, without passing them.
  [[nodiscard]] Bytes bytes(std::size_t size) const {
    const std::size_t from = at_ - kLongHeader;
    if (from > stored_.size() || size > stored_.size() - from) {
      throw_corrupt_value("array or range ends within a value");
    }
    return stored_.subspan(from, size);
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

  const StoredType& type_;
  Bytes stored_;
  std::size_t at_;
};

/// @source src/include/utils/array.h: ndim, dataoffset, elemtype, sizes, lower bounds, bits for NULLs, elements
void append_array(const StoredType& type, Bytes stored, Output& out) {
  constexpr std::size_t kFixed = 12;
  constexpr std::int32_t kMaxDimensions = 6;
  const auto corrupt = [] { throw_corrupt_value("array has a broken header"); };
  if (stored.size() < kFixed) {
    corrupt();
  }
  const auto dimensions = load_native<std::int32_t>(stored.data());
  const auto data_offset = load_native<std::int32_t>(stored.data() + 4);
  const auto element = load_native<types::Oid>(stored.data() + 8);
  const std::size_t header = kFixed + 8 * static_cast<std::size_t>(std::max(dimensions, 0));
  if (dimensions < 0 || dimensions > kMaxDimensions || stored.size() < header) {
    corrupt();
  }
  append_number(dimensions, out);
  append_number(data_offset != 0 ? 1 : 0, out);
  append_number(static_cast<std::int32_t>(element), out);
  std::uint64_t count = dimensions > 0 ? 1 : 0;
  for (std::int32_t i = 0; i < dimensions; ++i) {
    const std::size_t size_at = kFixed + 4 * static_cast<std::size_t>(i);
    const auto size = load_native<std::int32_t>(stored.data() + size_at);
    append_number(size, out);
    append_number(load_native<std::int32_t>(stored.data() + size_at + 4 * static_cast<std::size_t>(dimensions)), out);
    // An element takes at least a byte or a bit, so a count beyond eight times the bytes is broken.
    count *= static_cast<std::uint64_t>(std::max(size, 0));
    if (count > 8 * stored.size()) {
      corrupt();
    }
  }
  const bool has_nulls = data_offset != 0;
  if (has_nulls && (stored.size() - header < (count + 7) / 8 || data_offset < static_cast<std::int32_t>(header))) {
    corrupt();
  }
  constexpr std::size_t kMaxAlign = 8;
  const std::size_t start =
      has_nulls ? static_cast<std::size_t>(data_offset) : (kLongHeader + header + kMaxAlign - 1) & ~(kMaxAlign - 1);
  Parts parts(type.children.front(), stored, start);
  for (std::uint64_t i = 0; i < count; ++i) {
    if (has_nulls && (std::to_integer<unsigned>(stored[header + i / 8]) >> (i % 8) & 1) == 0) {
      append_number(-1, out);
    } else {
      parts.append_next(out);
    }
  }
}

/// @source src/backend/utils/adt/rangetypes.c, range_serialize: the range type's OID, the bounds, a byte of flags
void append_range(const StoredType& type, Bytes stored, Output& out) {
  constexpr std::size_t kFirstBound = 8;
  constexpr unsigned kNoLower = 0x01 | 0x08 | 0x20;  // empty, infinite, null
  constexpr unsigned kNoUpper = 0x01 | 0x10 | 0x40;
  constexpr unsigned kSent = 0x1f;
  if (stored.size() < kFirstBound - kLongHeader + 1) {
    throw_corrupt_value("range has " + std::to_string(stored.size()) + " bytes");
  }
  const auto flags = std::to_integer<unsigned>(stored.back());
  out.push_back(static_cast<std::byte>(flags & kSent));
  Parts parts(type.children.front(), stored.first(stored.size() - 1), kFirstBound);
  for (const unsigned absent : {kNoLower, kNoUpper}) {
    if ((flags & absent) == 0) {
      parts.append_next(out);
    }
  }
}

}  // namespace

void append_as_sent(const StoredType& type, Bytes stored, Output& wire) {
  switch (type.form) {
    case StoredForm::kSame:
      append(stored, wire);
      return;
    case StoredForm::kReversed:
      append_reversed_number(type, stored, wire);
      return;
    case StoredForm::kNumeric:
      append_numeric_as_sent(stored, wire);
      return;
    case StoredForm::kInterval:
      append_parts(stored, {8, 4, 4}, "interval", wire);
      return;
    case StoredForm::kTimeTz:
      append_parts(stored, {8, 4}, "timetz", wire);
      return;
    case StoredForm::kName:
      append_name(stored, wire);
      return;
    case StoredForm::kEnum:
      append_label(type, stored, wire);
      return;
    case StoredForm::kArray:
      append_array(type, stored, wire);
      return;
    case StoredForm::kRange:
      append_range(type, stored, wire);
      return;
  }
}

bool append_as_stored(const StoredType& type, Bytes wire, Output& stored) {
  switch (type.form) {
    case StoredForm::kSame:
    case StoredForm::kName:
      append(wire, stored);
      return true;
    case StoredForm::kReversed:
      append_reversed_number(type, wire, stored);
      return true;
    case StoredForm::kNumeric:
      append_numeric_as_stored(wire, stored);
      return true;
    case StoredForm::kInterval:
      append_parts(wire, {8, 4, 4}, "interval", stored);
      return true;
    case StoredForm::kTimeTz:
      append_parts(wire, {8, 4}, "timetz", stored);
      return true;
    case StoredForm::kEnum:
      for (const auto& [oid, label] : type.labels) {
        if (std::ranges::equal(std::as_bytes(std::span(label)), wire)) {
          append(std::as_bytes(std::span(&oid, 1)), stored);
          return true;
        }
      }
      return false;
    case StoredForm::kArray:
    case StoredForm::kRange:
      return false;
  }
  return false;
}

}  // namespace pg2duck::decode
