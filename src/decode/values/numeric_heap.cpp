#include "decode/values/numeric_heap.hpp"

#include <limits>
#include <string>

#include "decode/corrupt_heap.hpp"
#include "decode/values/numeric_wire.hpp"

namespace pg2duck::decode {
namespace {

[[noreturn]] void throw_corrupt_numeric(std::size_t size) {
  throw_corrupt_heap("a stored numeric has " + std::to_string(size) + " bytes");
}

void append_word(std::uint16_t word, std::vector<std::byte>& out) {
  out.push_back(static_cast<std::byte>(word >> 8));
  out.push_back(static_cast<std::byte>(word & 0xff));
}

void append_native(std::uint16_t word, std::vector<std::byte>& out) {
  out.push_back(static_cast<std::byte>(word & 0xff));
  out.push_back(static_cast<std::byte>(word >> 8));
}

}  // namespace

void append_numeric_as_wire(Bytes heap, std::vector<std::byte>& wire) {
  HeapNumeric number{};
  if (!HeapNumeric::read(heap, number) || number.count > std::numeric_limits<std::uint16_t>::max()) {
    throw_corrupt_numeric(heap.size());
  }
  append_word(static_cast<std::uint16_t>(number.count), wire);
  append_word(static_cast<std::uint16_t>(number.weight), wire);
  append_word(number.sign, wire);
  append_word(static_cast<std::uint16_t>(number.display_scale), wire);
  for (std::size_t i = 0; i < number.count; ++i) {
    append_word(load_native<std::uint16_t>(number.groups + numeric_wire::kGroupSize * i), wire);
  }
}

void append_numeric_as_heap(Bytes wire, std::vector<std::byte>& heap) {
  if (wire.size() < numeric_wire::kHeaderSize || wire.size() % numeric_wire::kGroupSize != 0) {
    throw_corrupt_numeric(wire.size());
  }
  const auto weight = load_big_endian<std::uint16_t>(wire.data() + 2);
  const auto sign = load_big_endian<std::uint16_t>(wire.data() + 4);
  const auto display_scale = load_big_endian<std::uint16_t>(wire.data() + 6);
  const bool is_special = sign != numeric_wire::kPlus && sign != numeric_wire::kMinus;
  append_native(static_cast<std::uint16_t>(is_special ? sign : sign | display_scale), heap);
  if (is_special) {
    return;
  }
  append_native(weight, heap);
  for (std::size_t at = numeric_wire::kHeaderSize; at < wire.size(); at += numeric_wire::kGroupSize) {
    append_native(load_big_endian<std::uint16_t>(wire.data() + at), heap);
  }
}

}  // namespace pg2duck::decode
