#include "decode/heap/tuple_reader.hpp"

#include <gtest/gtest.h>
#include <lz4.h>

#include "decode/heap/toast_compression.hpp"
#include "support/decode/heap_bytes.hpp"
#include "support/error_of.hpp"

namespace pg2duck::decode {
namespace {

using namespace test_support;
using test::error_of;

TupleAttribute fixed(std::int16_t length, std::optional<std::size_t> column) {
  return {.length = length, .alignment = static_cast<std::size_t>(length), .column = column, .missing = {}};
}

TupleAttribute varlena(std::optional<std::size_t> column, std::size_t alignment = 4) {
  return {.length = -1, .alignment = alignment, .column = column, .missing = {}};
}

/// With a header of one byte.
std::string short_value(const std::string& value) {
  return static_cast<char>((value.size() + 1) << 1 | 1) + value;
}

std::string long_value(const std::string& value) {
  return native(static_cast<std::uint32_t>((value.size() + 4) << 2)) + value;
}

std::string packed_value(unsigned method, std::size_t unpacked_size, const std::string& packed) {
  return native(static_cast<std::uint32_t>((packed.size() + 8) << 2 | 2)) +
         native(static_cast<std::uint32_t>(unpacked_size | method << 30)) + packed;
}

std::string pointer_elsewhere() {
  return std::string("\x01\x12", 2) + std::string(16, 'p');
}

/// One tuple read.
class Reading {
 public:
  Reading(TupleLayout layout, std::size_t columns, const HeapTuple& tuple)
      : layout_(std::move(layout)), bytes_(tuple.bytes()), reader_(layout_), batch_(columns, 1) {
    added = reader_.read(as_bytes(bytes_), batch_);
  }

  [[nodiscard]] std::optional<std::string> value(std::size_t column) const {
    const Field field = batch_.column(column)[0];
    if (field.is_null()) {
      return std::nullopt;
    }
    return std::string(reinterpret_cast<const char*>(field.data), static_cast<std::size_t>(field.length));
  }

  bool added = false;

 private:
  TupleLayout layout_;
  std::string bytes_;
  TupleReader reader_;
  RowBatch batch_;
};

TEST(TupleReader, AlignsAttributes) {
  const std::string data = "\x01" + std::string(7, '\0') + native(std::int64_t{-5}) + native(std::int16_t{7}) +
                           short_value("not aligned") + std::string("\0\0", 2) + long_value("aligned to four");
  const Reading read({fixed(1, 0), fixed(8, 1), fixed(2, 2), varlena(3), varlena(4)}, 5,
                     {.attributes = 5, .data = data});
  EXPECT_TRUE(read.added);
  EXPECT_EQ(read.value(0), "\x01");
  EXPECT_EQ(read.value(1), native(std::int64_t{-5}));
  EXPECT_EQ(read.value(2), native(std::int16_t{7}));
  EXPECT_EQ(read.value(3), "not aligned");
  EXPECT_EQ(read.value(4), "aligned to four");
}

TEST(TupleReader, LeavesNullsWithoutBytes) {
  const Reading read({fixed(4, 0), varlena(1), fixed(4, 2)}, 3,
                     {.attributes = 3, .nulls = "\x05", .data = native(1) + native(2)});
  EXPECT_EQ(read.value(0), native(1));
  EXPECT_EQ(read.value(1), std::nullopt);
  EXPECT_EQ(read.value(2), native(2));
}

TEST(TupleReader, StepsOverDroppedAttributes) {
  const std::string data = native(1) + short_value("gone") + std::string("\0", 1) + std::string("\0\0", 2) + native(2) +
                           pointer_elsewhere() + short_value("here");
  const Reading read({fixed(4, 0), varlena(std::nullopt), fixed(4, std::nullopt), varlena(std::nullopt), varlena(1)}, 2,
                     {.attributes = 5, .data = data});
  EXPECT_TRUE(read.added);
  EXPECT_EQ(read.value(0), native(1));
  EXPECT_EQ(read.value(1), "here");
}

TEST(TupleReader, PutsInWhatOldTuplesLack) {
  TupleAttribute added = varlena(1);
  const std::string missing = std::string(kReadableFront, '\0') + "default";
  added.missing.assign(as_bytes(missing).begin(), as_bytes(missing).end());
  const Reading read({fixed(4, 0), added, fixed(8, 2)}, 3, {.attributes = 1, .data = native(1)});
  EXPECT_EQ(read.value(0), native(1));
  EXPECT_EQ(read.value(1), "default");
  EXPECT_EQ(read.value(2), std::nullopt);
}

TEST(TupleReader, LeavesTuplesWithValuesElsewhereToTheServer) {
  EXPECT_FALSE(Reading({varlena(0)}, 1, {.data = pointer_elsewhere()}).added);
}

TEST(TupleReader, UnpacksLz4) {
  std::string text;
  for (int i = 0; i < 200; ++i) {
    text += "a value that packs well, ";
  }
  std::string packed(static_cast<std::size_t>(LZ4_compressBound(static_cast<int>(text.size()))), '\0');
  packed.resize(static_cast<std::size_t>(LZ4_compress_default(text.data(), packed.data(), static_cast<int>(text.size()),
                                                              static_cast<int>(packed.size()))));
  EXPECT_EQ(Reading({varlena(0)}, 1, {.data = packed_value(1, text.size(), packed)}).value(0), text);
}

TEST(TupleReader, UnpacksPglz) {
  // "ab" as it is, then 16 bytes from two back, then 18 + 2 bytes from one back.
  const std::string packed = std::string("\x0c") + "ab" + "\x0d\x02" + "\x0f\x01\x02";
  const std::string text = "ab" + std::string("abababababababab") + std::string(20, 'b');
  EXPECT_EQ(Reading({varlena(0)}, 1, {.data = packed_value(0, text.size(), packed)}).value(0), text);
}

TEST(TupleReader, RefusesBrokenTuples) {
  const auto kind = [](TupleLayout layout, const HeapTuple& tuple) {
    return error_of([&] { Reading(std::move(layout), 1, tuple); }).kind();
  };
  EXPECT_EQ(kind({fixed(4, 0)}, {.attributes = 2, .data = native(1)}), ErrorKind::kCorruptData);
  EXPECT_EQ(kind({fixed(8, 0)}, {.data = native(1)}), ErrorKind::kCorruptData);
  EXPECT_EQ(kind({varlena(0)}, {.data = ""}), ErrorKind::kCorruptData);
  EXPECT_EQ(kind({varlena(0)}, {.data = std::string(8, '\0')}), ErrorKind::kCorruptData);
  EXPECT_EQ(kind({varlena(0)}, {.data = "\x09"
                                        "ab"}),
            ErrorKind::kCorruptData);
  EXPECT_EQ(kind({varlena(0)}, {.data = native(std::uint32_t{100 << 2})}), ErrorKind::kCorruptData);
  EXPECT_EQ(kind({varlena(0)}, {.data = std::string("\x01\x02", 2) + std::string(16, 'p')}), ErrorKind::kCorruptData);
  EXPECT_EQ(kind({varlena(0)}, {.data = std::string("\x01\x12", 2)}), ErrorKind::kCorruptData);
  EXPECT_EQ(kind({varlena(0)}, {.data = packed_value(0, 1 << 29, "tiny")}), ErrorKind::kCorruptData);
  EXPECT_EQ(kind({varlena(0)}, {.data = packed_value(2, 4, "abcd")}), ErrorKind::kCorruptData);
  EXPECT_EQ(kind({varlena(0)}, {.data = packed_value(1, 40, "\xff\xff\xff\xff")}), ErrorKind::kCorruptData);
  std::string hoff = HeapTuple{.data = native(1)}.bytes();
  hoff[22] = '\x7f';
  TupleLayout layout{fixed(4, 0)};
  RowBatch batch(1, 1);
  EXPECT_EQ(error_of([&] { TupleReader(layout).read(as_bytes(hoff), batch); }).kind(), ErrorKind::kCorruptData);
}

TEST(ToastCompression, RefusesPglzThatDoesNotEndWhereItShould) {
  const auto fails = [](const std::string& packed, std::size_t size) {
    std::string unpacked(size, '\0');
    return error_of([&] {
             decompress_toast(ToastCompression::kPglz, as_bytes(packed), std::as_writable_bytes(std::span(unpacked)));
           }).kind() == ErrorKind::kCorruptData;
  };
  EXPECT_TRUE(fails(std::string("\0ab", 3), 3));   // too short
  EXPECT_TRUE(fails(std::string("\0abc", 4), 2));  // too long
  EXPECT_TRUE(fails(std::string("\x02"
                                "a\x0d\x02",
                                4),
                    17));  // from before the beginning
  EXPECT_TRUE(fails(std::string("\x02"
                                "a\x0d\0",
                                4),
                    17));  // from nowhere
  EXPECT_TRUE(fails(std::string("\x02"
                                "a\x0d",
                                3),
                    17));  // half a match
  EXPECT_TRUE(fails(std::string("\x02"
                                "a\x0f\x01",
                                4),
                    30));  // a long match without its length
}

}  // namespace
}  // namespace pg2duck::decode
