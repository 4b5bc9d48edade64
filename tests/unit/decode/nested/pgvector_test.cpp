#include <bit>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "support/decode/decoding.hpp"

namespace pg2duck::decode {
namespace {

using namespace test_support;
using types::DuckType;
using types::DuckTypeId;

types::Mapping array_of_floats(types::Wire wire, std::uint32_t size) {
  return leaf(wire, DuckType::array(DuckType::of(DuckTypeId::kFloat), size));
}

types::Mapping list_of_floats(types::Wire wire) {
  return leaf(wire, DuckType::list(DuckType::of(DuckTypeId::kFloat)));
}

types::Mapping sparse() {
  return leaf(types::Wire::kSparseVector, DuckType::structure({"dimensions", "indices", "values"},
                                                              {DuckType::of(DuckTypeId::kInteger),
                                                               DuckType::list(DuckType::of(DuckTypeId::kInteger)),
                                                               DuckType::list(DuckType::of(DuckTypeId::kFloat))}));
}

std::string wire_vector(const std::vector<float>& values) {
  Wire out;
  out.put(static_cast<std::int16_t>(values.size())).put(std::int16_t{0});
  for (const float value : values) {
    out.put(std::bit_cast<std::uint32_t>(value));
  }
  return out;
}

std::string wire_half_vector(const std::vector<std::uint16_t>& halves) {
  Wire out;
  out.put(static_cast<std::int16_t>(halves.size())).put(std::int16_t{0});
  for (const std::uint16_t half : halves) {
    out.put(half);
  }
  return out;
}

std::string wire_sparse(std::int32_t dimensions, const std::vector<std::pair<std::int32_t, float>>& elements) {
  Wire out;
  out.put(dimensions).put(static_cast<std::int32_t>(elements.size())).put(std::int32_t{0});
  for (const auto& element : elements) {
    out.put(element.first);
  }
  for (const auto& element : elements) {
    out.put(std::bit_cast<std::uint32_t>(element.second));
  }
  return out;
}

template <typename T>
std::vector<T> list_at(ArrayColumnView& list, std::size_t row) {
  const auto entry = list.at<ListEntry>(row);
  std::vector<T> values;
  for (std::size_t i = entry.offset; i < entry.offset + entry.length; ++i) {
    values.push_back(list.child(0).at<T>(i));
  }
  return values;
}

using Floats = std::vector<float>;
using Integers = std::vector<std::int32_t>;

TEST(DecodeVector, FillsArrays) {
  const auto column = decode_values(array_of_floats(types::Wire::kVector, 2),
                                    {wire_vector({1.5F, -2}), std::nullopt, wire_vector({0, 1e-40F})}, 1);
  ArrayColumnView& child = column->child(0);
  EXPECT_EQ(child.at<float>(2), 1.5F);
  EXPECT_EQ(child.at<float>(3), -2);
  EXPECT_EQ(child.at<float>(7), 1e-40F);
  EXPECT_TRUE(column->is_null(2));
  for (const std::size_t row : {4U, 5U}) {
    EXPECT_EQ(child.at<float>(row), 0);
    EXPECT_TRUE(child.is_null(row));
  }
  EXPECT_FALSE(child.is_null(3) || child.is_null(6) || column->is_null(1) || column->is_null(3));
}

TEST(DecodeVector, RefusesOtherDimensionsThanTheArrays) {
  const types::Mapping mapping = array_of_floats(types::Wire::kVector, 3);
  EXPECT_EQ(complaint(mapping, wire_vector({1, 2})),
            "unrepresentable: vector of 2 dimensions in a column mapped to FLOAT[3]");
  EXPECT_EQ(complaint(array_of_floats(types::Wire::kHalfVector, 1), wire_half_vector({1, 2})),
            "unrepresentable: halfvec of 2 dimensions in a column mapped to FLOAT[1]");
}

TEST(DecodeVector, AppendsToLists) {
  const types::Mapping mapping = list_of_floats(types::Wire::kVector);
  ArrayColumnView column(mapping.target, 4);
  const auto decoder = make_wire_decoder(mapping);
  const FieldBlocks first({wire_vector({1, 2, 3}), std::nullopt});
  const FieldBlocks second({wire_vector({}), wire_vector({4})});
  decoder->decode(first.fields(), column, 0);
  decoder->decode(second.fields(), column, 2);
  EXPECT_EQ(list_at<float>(column, 0), (Floats{1, 2, 3}));
  EXPECT_TRUE(column.is_null(1));
  EXPECT_EQ(column.at<ListEntry>(1).length, 0U);
  EXPECT_EQ(list_at<float>(column, 2), Floats());
  EXPECT_EQ(list_at<float>(column, 3), (Floats{4}));
  EXPECT_EQ(column.child_size(), 4U);
}

TEST(DecodeVector, RefusesCorruptBytes) {
  for (const types::Mapping& mapping :
       {array_of_floats(types::Wire::kVector, 2), list_of_floats(types::Wire::kVector)}) {
    const std::string whole = wire_vector({1, 2});
    for (std::size_t size = 0; size < whole.size(); ++size) {
      EXPECT_EQ(complaint(mapping, whole.substr(0, size)).substr(0, 15), "corrupt: vector");
    }
    EXPECT_EQ(complaint(mapping, whole + "x"), "corrupt: vector of 2 dimensions in 13 bytes");
    EXPECT_EQ(complaint(mapping, Wire().put(std::int16_t{-1}).put(std::int16_t{0})),
              "corrupt: vector of -1 dimensions in 4 bytes");
    EXPECT_EQ(complaint(mapping, Wire().put(std::int16_t{0}).put(std::int16_t{7})), "corrupt: vector with flags 7");
  }
}

TEST(DecodeHalfVector, WidensEveryHalfExactly) {
  std::vector<std::uint16_t> halves;
  for (unsigned half = 0; half < 0x8000; ++half) {
    halves.push_back(static_cast<std::uint16_t>(half));
  }
  // The count is a signed 16-bit number: the other half of the halves goes by its sign.
  halves.pop_back();
  const auto column = decode_values(list_of_floats(types::Wire::kHalfVector), {wire_half_vector(halves)});
  for (const std::uint16_t half : halves) {
    const int exponent = half >> 10;
    const int fraction = half & 0x3ff;
    const auto value = column->child(0).at<float>(half);
    if (exponent == 0x1f) {
      EXPECT_TRUE(fraction == 0 ? std::isinf(value) : std::isnan(value));
    } else {
      const double expected = exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(1024 + fraction, exponent - 25);
      EXPECT_EQ(static_cast<double>(value), expected);
    }
  }
}

TEST(DecodeHalfVector, KeepsSignsAndNans) {
  const auto column = decode_values(array_of_floats(types::Wire::kHalfVector, 5),
                                    {wire_half_vector({0x8000, 0xbc00, 0x8001, 0xfc00, 0xfe01})});
  const auto bits = [&](std::size_t i) { return column->child(0).at<std::uint32_t>(i); };
  EXPECT_EQ(bits(0), 0x8000'0000U);
  EXPECT_EQ(bits(1), std::bit_cast<std::uint32_t>(-1.0F));
  EXPECT_EQ(bits(2), std::bit_cast<std::uint32_t>(-0x1p-24F));
  EXPECT_EQ(bits(3), std::bit_cast<std::uint32_t>(-std::numeric_limits<float>::infinity()));
  EXPECT_EQ(bits(4), 0xffc0'2000U);
  EXPECT_EQ(complaint(list_of_floats(types::Wire::kHalfVector), wire_vector({1})),
            "corrupt: halfvec of 1 dimensions in 8 bytes");
}

TEST(DecodeSparseVector, CountsFromOne) {
  const auto column =
      decode_values(sparse(), {wire_sparse(5, {{0, 1.5F}, {4, -2}}), std::nullopt, wire_sparse(1'000'000'000, {}),
                               wire_sparse(1'000'000'000, {{999'999'999, 3}})});
  EXPECT_EQ(column->child(0).at<std::int32_t>(0), 5);
  EXPECT_EQ(list_at<std::int32_t>(column->child(1), 0), (Integers{1, 5}));
  EXPECT_EQ(list_at<float>(column->child(2), 0), (Floats{1.5F, -2}));
  EXPECT_EQ(column->child(0).at<std::int32_t>(2), 1'000'000'000);
  EXPECT_EQ(list_at<float>(column->child(2), 2), Floats());
  EXPECT_EQ(list_at<std::int32_t>(column->child(1), 3), (Integers{1'000'000'000}));
  EXPECT_EQ(list_at<float>(column->child(2), 3), (Floats{3}));
  EXPECT_TRUE(column->is_null(1));
  for (const std::size_t child : {0U, 1U, 2U}) {
    EXPECT_TRUE(column->child(child).is_null(1));
    EXPECT_FALSE(column->child(child).is_null(2));
  }
  EXPECT_EQ(column->child(1).at<ListEntry>(1).length, 0U);
}

TEST(DecodeSparseVector, AppendsToTheListsOfEarlierBatches) {
  ArrayColumnView column(sparse().target, 2);
  const auto decoder = make_wire_decoder(sparse());
  const FieldBlocks first({wire_sparse(3, {{1, 1}, {2, 2}})});
  const FieldBlocks second({wire_sparse(3, {{0, 4}})});
  decoder->decode(first.fields(), column, 0);
  decoder->decode(second.fields(), column, 1);
  EXPECT_EQ(list_at<std::int32_t>(column.child(1), 0), (Integers{2, 3}));
  EXPECT_EQ(list_at<std::int32_t>(column.child(1), 1), (Integers{1}));
  EXPECT_EQ(list_at<float>(column.child(2), 1), (Floats{4}));
}

TEST(DecodeSparseVector, RefusesCorruptBytes) {
  const std::string whole = wire_sparse(3, {{1, 1}});
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(complaint(sparse(), whole.substr(0, size)).substr(0, 18), "corrupt: sparsevec");
  }
  EXPECT_EQ(complaint(sparse(), whole + "x"), "corrupt: sparsevec of 3 dimensions and 1 elements in 21 bytes");
  EXPECT_EQ(complaint(sparse(), wire_sparse(1, {{0, 1}, {1, 1}})),
            "corrupt: sparsevec of 1 dimensions and 2 elements in 28 bytes");
  EXPECT_EQ(complaint(sparse(), Wire().put(std::int32_t{3}).put(std::int32_t{-1}).put(std::int32_t{0})),
            "corrupt: sparsevec of 3 dimensions and -1 elements in 12 bytes");
  EXPECT_EQ(complaint(sparse(), Wire().put(std::int32_t{3}).put(std::int32_t{0}).put(std::int32_t{9})),
            "corrupt: sparsevec with flags 9");
  for (const std::int32_t index : {-1, 3, 2'147'483'647}) {
    EXPECT_EQ(complaint(sparse(), wire_sparse(3, {{index, 1}})),
              "corrupt: sparsevec of 3 dimensions with index " + std::to_string(index) + " after -1");
  }
  EXPECT_EQ(complaint(sparse(), wire_sparse(3, {{1, 1}, {1, 1}})),
            "corrupt: sparsevec of 3 dimensions with index 1 after 1");
}

TEST(DecodeVector, HasNoDecoderForOtherTargets) {
  EXPECT_THROW(make_wire_decoder(leaf(types::Wire::kVector, DuckTypeId::kFloat)), Error);
}

}  // namespace
}  // namespace pg2duck::decode
