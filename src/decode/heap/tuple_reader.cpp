#include "decode/heap/tuple_reader.hpp"

#include <string>

#include "decode/corrupt_heap.hpp"
#include "decode/heap/toast_compression.hpp"
#include "decode/heap/tuple_header.hpp"

namespace pg2duck::decode {
namespace {

// How a value of variable length begins, on a little-endian machine. @source src/include/varatt.h
constexpr std::size_t kLongHeader = 4;
constexpr unsigned kShort = 0x01;         // bit 0: one byte of header
constexpr unsigned kOutOfLine = 0x01;     // the whole byte: a pointer to the TOAST table
constexpr unsigned kCompressed = 0x02;    // bits 0 and 1 of a long header
constexpr unsigned kOnDisk = 18;          // the pointer's tag
constexpr std::size_t kPointerSize = 18;  // with its header
constexpr std::size_t kCompressedHeader = 8;

[[noreturn]] void throw_corrupt_tuple(const std::string& what) {
  throw_corrupt_heap("a tuple " + what);
}

std::size_t align(std::size_t offset, std::size_t alignment) {
  return (offset + alignment - 1) & ~(alignment - 1);
}

bool is_null(Bytes tuple, std::size_t attribute) {
  return (std::to_integer<unsigned>(tuple[heap_tuple::kHeaderSize + attribute / 8]) >> (attribute % 8) & 1) == 0;
}

/// Where the attributes begin, held against the tuple's end and the bits for NULLs.
std::size_t checked_data_offset(Bytes tuple, std::size_t attributes, bool has_nulls) {
  const std::size_t offset = heap_tuple::data_offset(tuple);
  const std::size_t minimum = heap_tuple::kHeaderSize + (has_nulls ? (attributes + 7) / 8 : 0);
  if (offset < minimum || offset > tuple.size()) [[unlikely]] {
    throw_corrupt_tuple("of " + std::to_string(tuple.size()) + " bytes has its data at " + std::to_string(offset));
  }
  return offset;
}

}  // namespace

bool TupleReader::read(Bytes tuple, RowBatch& batch) {
  const std::size_t present = heap_tuple::infomask2(tuple) & heap_tuple::kAttributeCount;
  const bool has_nulls = (heap_tuple::infomask(tuple) & heap_tuple::kHasNull) != 0;
  if (present > layout_.size()) [[unlikely]] {
    throw_corrupt_tuple("has " + std::to_string(present) + " attributes, its table " + std::to_string(layout_.size()));
  }
  const Bytes data = tuple.subspan(checked_data_offset(tuple, present, has_nulls));
  std::size_t at = 0;
  for (std::size_t i = 0; i < layout_.size(); ++i) {
    const TupleAttribute& attribute = layout_[i];
    Field field;
    if (i >= present) [[unlikely]] {
      if (!attribute.missing.empty()) {
        field = {attribute.missing.data() + kReadableFront,
                 static_cast<std::int32_t>(attribute.missing.size() - kReadableFront)};
      }
    } else if (has_nulls && is_null(tuple, i)) {
      // No bytes.
    } else if (attribute.length > 0) {
      const auto length = static_cast<std::size_t>(attribute.length);
      at = align(at, attribute.alignment);
      if (at + length > data.size()) [[unlikely]] {
        throw_corrupt_tuple("ends before attribute " + std::to_string(i + 1));
      }
      field = {data.data() + at, attribute.length};
      at += length;
    } else {
      const Value value = read_varlena(attribute, data, at);
      if (value.out_of_line) {
        return false;
      }
      field = value.field;
      at = value.end;
    }
    if (attribute.column) {
      batch.next(*attribute.column) = field;
    }
  }
  batch.finish_row();
  return true;
}

TupleReader::Value TupleReader::read_varlena(const TupleAttribute& attribute, Bytes data, std::size_t at) {
  // Padding is zero, and a header never is: a value with a short header is not aligned.
  if (at < data.size() && data[at] == std::byte{0}) {
    at = align(at, attribute.alignment);
  }
  const auto ends_early = [&](std::size_t size) { return at >= data.size() || size > data.size() - at; };
  if (ends_early(1)) [[unlikely]] {
    throw_corrupt_tuple("ends before a value");
  }
  const std::byte* start = data.data() + at;
  const auto first = std::to_integer<unsigned>(*start);
  if (first == kOutOfLine) {
    if (ends_early(kPointerSize) || std::to_integer<unsigned>(start[1]) != kOnDisk) [[unlikely]] {
      throw_corrupt_tuple("has a value that lies in no known place");
    }
    return {.field = {}, .end = at + kPointerSize, .out_of_line = attribute.column.has_value()};
  }
  if ((first & kShort) != 0) {
    const std::size_t size = first >> 1;
    if (ends_early(size)) [[unlikely]] {
      throw_corrupt_tuple("ends within a value");
    }
    return {.field = {start + 1, static_cast<std::int32_t>(size - 1)}, .end = at + size};
  }
  if (ends_early(kLongHeader)) [[unlikely]] {
    throw_corrupt_tuple("ends within a header");
  }
  const std::size_t size = load_native<std::uint32_t>(start) >> 2;
  if (size < kLongHeader || ends_early(size)) [[unlikely]] {
    throw_corrupt_tuple("has a value of " + std::to_string(size) + " bytes");
  }
  if ((first & kCompressed) != 0) {
    const Field field = attribute.column ? decompress({start, size}) : Field{};
    return {.field = field, .end = at + size};
  }
  return {.field = {start + kLongHeader, static_cast<std::int32_t>(size - kLongHeader)}, .end = at + size};
}

Field TupleReader::decompress(Bytes compressed) {
  if (compressed.size() < kCompressedHeader) {
    throw_corrupt_tuple("has a compressed value of " + std::to_string(compressed.size()) + " bytes");
  }
  const auto info = load_native<std::uint32_t>(compressed.data() + kLongHeader);
  const std::size_t size = info & 0x3fff'ffff;
  const Bytes content = compressed.subspan(kCompressedHeader);
  if (!plausible_decompressed_size(content.size(), size)) {
    throw_corrupt_tuple("has " + std::to_string(content.size()) + " compressed bytes that claim to be " +
                        std::to_string(size));
  }
  decompressed_.push_back(std::make_unique<std::byte[]>(kReadableFront + size));
  decompressed_bytes_ += size;
  std::byte* const value = decompressed_.back().get() + kReadableFront;
  decompress_toast(static_cast<ToastCompression>(info >> 30), content, {value, size});
  return {value, static_cast<std::int32_t>(size)};
}

}  // namespace pg2duck::decode
