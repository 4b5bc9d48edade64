#include "decode/nested/packed_struct.hpp"

#include <bit>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "support/decode/column_text.hpp"
#include "support/decode/decoding.hpp"
#include "support/decode/nested_wire.hpp"

namespace pg2duck::decode {
namespace {

using namespace test_support;
namespace oid = types::oid;

std::string doubles(const std::vector<double>& values) {
  std::string bytes;
  for (const double value : values) {
    bytes += wire_double(value);
  }
  return bytes;
}

std::string row_of(const types::Mapping& mapping, const std::optional<std::string>& bytes) {
  return column_text(*decode_values(mapping, {bytes}), mapping.target, 0);
}

std::string row_of(types::Oid type, const std::optional<std::string>& bytes) {
  return row_of(mapping_of(type), bytes);
}

std::string points(std::int32_t count, const std::vector<double>& coordinates) {
  return wire(count) + doubles(coordinates);
}

std::string path(unsigned char closed, const std::string& list) {
  return static_cast<char>(closed) + list;
}

TEST(DecodePackedStruct, ReadsShapesOfFixedSize) {
  EXPECT_EQ(row_of(oid::kPoint, doubles({1.5, -2})), "{x:1.5,y:-2}");
  EXPECT_EQ(row_of(oid::kLine, doubles({1, -1, 0.25})), "{a:1,b:-1,c:0.25}");
  EXPECT_EQ(row_of(oid::kLseg, doubles({1, 2, 3, 4})), "{p1:{x:1,y:2},p2:{x:3,y:4}}");
  EXPECT_EQ(row_of(oid::kBox, doubles({3, 4, 1, 2})), "{high:{x:3,y:4},low:{x:1,y:2}}");
  EXPECT_EQ(row_of(oid::kCircle, doubles({1, 2, 0.5})), "{center:{x:1,y:2},radius:0.5}");
}

TEST(DecodePackedStruct, ReadsShapesOfPoints) {
  EXPECT_EQ(row_of(oid::kPolygon, points(3, {0, 0, 1, 0, 0, 1})), "[{x:0,y:0},{x:1,y:0},{x:0,y:1}]");
  EXPECT_EQ(row_of(oid::kPath, path(1, points(2, {0, 0, 1, 2}))), "{closed:true,points:[{x:0,y:0},{x:1,y:2}]}");
  EXPECT_EQ(row_of(oid::kPath, path(0, points(1, {5, 6}))), "{closed:false,points:[{x:5,y:6}]}");
  EXPECT_EQ(row_of(oid::kPolygon, points(0, {})), "[]");
  EXPECT_EQ(row_of(oid::kPath, path(0, points(0, {}))), "{closed:false,points:[]}");
}

TEST(DecodePackedStruct, ReadsNullsWithAllParts) {
  for (const types::Oid type :
       {oid::kPoint, oid::kLine, oid::kLseg, oid::kBox, oid::kCircle, oid::kPath, oid::kPolygon}) {
    EXPECT_EQ(row_of(type, std::nullopt), "null");
  }
}

TEST(DecodePackedStruct, ReadsColumnsOfPaths) {
  const auto mapping = mapping_of(oid::kPath);
  ArrayColumnView column(mapping.target, 6);
  const auto decoder = make_wire_decoder(mapping);
  const FieldBlocks blocks({path(0, points(2, {1, 2, 3, 4})), std::nullopt, path(1, points(1, {5, 6}))});
  decoder->decode(blocks.fields(), column, 0);
  decoder->decode(blocks.fields(), column, 3);
  for (const std::size_t row : {std::size_t{0}, std::size_t{3}}) {
    EXPECT_EQ(column_text(column, mapping.target, row), "{closed:false,points:[{x:1,y:2},{x:3,y:4}]}");
    EXPECT_EQ(column_text(column, mapping.target, row + 1), "null");
    EXPECT_EQ(column_text(column, mapping.target, row + 2), "{closed:true,points:[{x:5,y:6}]}");
  }
  EXPECT_EQ(column.child(1).child_size(), 6U);
}

TEST(DecodePackedStruct, KeepsEveryBitOfACoordinate) {
  for (const std::uint64_t bits :
       {std::bit_cast<std::uint64_t>(std::numeric_limits<double>::infinity()), std::bit_cast<std::uint64_t>(-0.0),
        std::uint64_t{0x7ff8'0000'0000'0000}, std::uint64_t{0xfff0'0000'0000'0001}, std::uint64_t{1}}) {
    const auto column = decode_values(mapping_of(oid::kPoint), {wire(bits) + wire(bits)});
    EXPECT_EQ(column->child(0).at<std::uint64_t>(0), bits);
    EXPECT_EQ(column->child(1).at<std::uint64_t>(0), bits);
  }
}

TEST(DecodePackedStruct, RefusesOtherSizes) {
  const std::pair<types::Oid, std::size_t> sizes[] = {
      {oid::kPoint, 16}, {oid::kLine, 24}, {oid::kLseg, 32}, {oid::kBox, 32}, {oid::kCircle, 24}};
  for (const auto& [type, size] : sizes) {
    EXPECT_EQ(complaint(mapping_of(type), std::string(size, '\0')), "none");
    for (std::size_t other = 0; other <= size + 9; ++other) {
      if (other != size) {
        EXPECT_EQ(complaint(mapping_of(type), std::string(other, '\0')),
                  "corrupt: geometric value of " + std::to_string(other) + (other == 1 ? " byte" : " bytes"));
      }
    }
  }
}

TEST(DecodePackedStruct, RefusesBrokenPaths) {
  const auto mapping = mapping_of(oid::kPath);
  EXPECT_EQ(complaint(mapping, ""), "corrupt: geometric value of 0 bytes");
  EXPECT_EQ(complaint(mapping, path(1, "")), "corrupt: list of points of 0 bytes");
  EXPECT_EQ(complaint(mapping, path(2, points(1, {1, 2}))), "corrupt: bool of value 2");
  EXPECT_EQ(complaint(mapping, path(0, points(2, {1, 2}))), "corrupt: list of 2 points in 20 bytes");
}

TEST(DecodePackedStruct, RefusesBrokenLists) {
  const auto mapping = mapping_of(oid::kPolygon);
  for (std::size_t size = 0; size < 4; ++size) {
    EXPECT_EQ(complaint(mapping, std::string(size, '\0')),
              "corrupt: list of points of " + std::to_string(size) + (size == 1 ? " byte" : " bytes"));
  }
  EXPECT_EQ(complaint(mapping, points(2, {1, 2})), "corrupt: list of 2 points in 20 bytes");
  EXPECT_EQ(complaint(mapping, points(0, {1, 2})), "corrupt: list of 0 points in 20 bytes");
  EXPECT_EQ(complaint(mapping, points(1, {1, 2, 3})), "corrupt: list of 1 points in 28 bytes");
  EXPECT_EQ(complaint(mapping, points(-1, {})), "corrupt: list of -1 points in 4 bytes");
  EXPECT_EQ(complaint(mapping, points(1 << 28, {})), "corrupt: list of 268435456 points in 4 bytes");
  EXPECT_EQ(complaint(mapping, points(std::numeric_limits<std::int32_t>::max(), {1, 2})),
            "corrupt: list of 2147483647 points in 20 bytes");
}

TEST(DecodePackedStruct, NamesTheRow) {
  const std::string sound = path(0, points(2, {1, 2, 3, 4}));
  EXPECT_EQ(bad_value(mapping_of(oid::kPath), {sound, std::nullopt, path(7, points(1, {1, 2}))}).row, 2U);
  EXPECT_EQ(bad_value(mapping_of(oid::kPath), {std::nullopt, sound, path(1, points(3, {1, 2}))}).row, 2U);
  EXPECT_EQ(bad_value(mapping_of(oid::kBox), {doubles({1, 2, 3, 4}), "x"}).row, 1U);
  EXPECT_EQ(bad_value(mapping_of(oid::kPolygon), {points(1, {1, 2}), std::nullopt, "x"}).row, 2U);
}

TEST(DecodePackedStruct, ReadsArraysOfShapes) {
  const auto mapping = array_of(oid::kPath);
  EXPECT_EQ(row_of(mapping, wire_array(oid::kPath,
                                       {path(0, points(1, {1, 2})), std::nullopt, path(1, points(2, {3, 4, 5, 6}))})),
            "[{closed:false,points:[{x:1,y:2}]},null,{closed:true,points:[{x:3,y:4},{x:5,y:6}]}]");
  EXPECT_EQ(complaint(mapping, wire_array(oid::kPath, {std::nullopt, path(0, points(9, {}))})),
            "corrupt: element 2: list of 9 points in 4 bytes");
}

TEST(DecodePackedStruct, NeedsPartsOfKnownSize) {
  const auto number = mapping_of(oid::kFloat8);
  const auto text = mapping_of(oid::kText);
  const auto made_of = [](types::Wire wire, std::vector<types::Mapping> children) {
    types::Mapping mapping = leaf(wire, types::DuckTypeId::kStruct);
    mapping.children = std::move(children);
    return mapping;
  };
  using types::Wire;
  EXPECT_NO_THROW(make_nested(make_packed_struct_decoder, made_of(Wire::kPackedStruct, {number, text})));
  EXPECT_THROW(make_nested(make_packed_struct_decoder, made_of(Wire::kPackedStruct, {text, number})), Error);
  EXPECT_THROW(make_nested(make_packed_struct_decoder,
                           made_of(Wire::kPackedStruct, {made_of(Wire::kPackedStruct, {number, text}), number})),
               Error);
  EXPECT_THROW(make_nested(make_packed_struct_decoder, made_of(Wire::kPackedStruct, {})), Error);
  EXPECT_THROW(make_nested(make_packed_struct_decoder, number), Error);
  EXPECT_THROW(make_nested(make_counted_list_decoder, made_of(Wire::kCountedList, {text})), Error);
  EXPECT_THROW(make_nested(make_counted_list_decoder, made_of(Wire::kCountedList, {number, number})), Error);
  EXPECT_THROW(make_nested(make_counted_list_decoder, made_of(Wire::kCountedList, {})), Error);
  EXPECT_THROW(make_nested(make_counted_list_decoder, made_of(Wire::kPackedStruct, {number})), Error);
}

}  // namespace
}  // namespace pg2duck::decode
