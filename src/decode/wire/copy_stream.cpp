#include "decode/wire/copy_stream.hpp"

#include <array>
#include <cstring>
#include <string>

namespace pg2duck::decode {
namespace {

constexpr std::array<char, 11> kSignature = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', '\xff', '\r', '\n', '\0'};
constexpr std::int16_t kTrailer = -1;
constexpr std::int32_t kNullLength = -1;
constexpr std::size_t kLengthSize = sizeof(std::int32_t);

// A reader must refuse a flag of the upper half that it does not know; the lower half may be ignored.
constexpr std::uint32_t kCriticalFlags = 0xffff'0000;
constexpr std::uint32_t kHasOids = 0x0001'0000;

[[noreturn]] void throw_corrupt_stream(const std::string& message) {
  throw Error(ErrorKind::kCorruptData, message);
}

[[noreturn]] void throw_bad_field(std::size_t column, std::int32_t length, std::size_t remaining) {
  const std::string field = "field " + std::to_string(column + 1) + " of a row";
  if (length < kNullLength) {
    throw_corrupt_stream(field + " has length " + std::to_string(length));
  }
  throw_corrupt_stream(field + " has length " + std::to_string(length) + ", " + std::to_string(remaining) +
                       " bytes are left");
}

}  // namespace

bool CopyStream::read_message(Bytes message, RowBatch& batch) {
  ByteCursor cursor(message);
  if (!header_seen_) [[unlikely]] {
    read_header(cursor);
  }
  bool row_added = false;
  while (!cursor.at_end()) {
    if (trailer_seen_) {
      throw_corrupt_stream("data after the end of the COPY");
    }
    const auto field_count = cursor.read<std::int16_t>();
    if (field_count == kTrailer) {
      trailer_seen_ = true;
      continue;
    }
    if (row_added) {
      throw_corrupt_stream("a message holds more than one row");
    }
    read_row(cursor, field_count, batch);
    row_added = true;
  }
  return row_added;
}

void CopyStream::finish() const {
  if (!trailer_seen_) {
    throw_corrupt_stream("the COPY ended without its trailer");
  }
}

void CopyStream::read_header(ByteCursor& cursor) {
  const Bytes signature = cursor.take(kSignature.size());
  if (std::memcmp(signature.data(), kSignature.data(), kSignature.size()) != 0) {
    throw_corrupt_stream("the COPY does not begin with the binary signature");
  }
  const auto flags = cursor.read<std::uint32_t>();
  if ((flags & kHasOids) != 0) {
    throw_corrupt_stream("the COPY holds OIDs before its rows");
  }
  if ((flags & kCriticalFlags) != 0) {
    throw_corrupt_stream("the COPY has unknown flags: " + std::to_string(flags));
  }
  const auto extension_length = cursor.read<std::int32_t>();
  if (extension_length < 0) {
    throw_corrupt_stream("the header extension has length " + std::to_string(extension_length));
  }
  cursor.take(static_cast<std::size_t>(extension_length));
  header_seen_ = true;
}

void CopyStream::read_row(ByteCursor& cursor, std::int16_t field_count, RowBatch& batch) {
  if (field_count < 0 || static_cast<std::size_t>(field_count) != columns_) {
    throw_corrupt_stream("a row has " + std::to_string(field_count) + " fields, expected " + std::to_string(columns_));
  }
  // Local pointers stay in registers; the cursor would be written back at every field.
  const std::size_t size = cursor.remaining();
  const std::byte* position = cursor.position();
  std::size_t remaining = size;
  for (std::size_t column = 0; column < columns_; ++column) {
    if (remaining < kLengthSize) {
      throw_corrupt_stream("a row ends before field " + std::to_string(column + 1));
    }
    const auto length = load_big_endian<std::int32_t>(position);
    position += kLengthSize;
    remaining -= kLengthSize;
    batch.next(column) = {position, length};
    if (length > 0) [[likely]] {
      if (static_cast<std::size_t>(length) > remaining) {
        throw_bad_field(column, length, remaining);
      }
      position += length;
      remaining -= static_cast<std::size_t>(length);
    } else if (length < kNullLength) {
      throw_bad_field(column, length, remaining);
    }
  }
  cursor.take(size - remaining);
  batch.finish_row();
  ++rows_;
}

}  // namespace pg2duck::decode
