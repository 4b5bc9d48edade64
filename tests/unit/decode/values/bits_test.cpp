#include <string>

#include <gtest/gtest.h>

#include "support/decode/decoding.hpp"

namespace pg2duck::decode {
namespace {

using namespace test_support;
using namespace std::string_literals;

const types::Mapping& bits() {
  static const types::Mapping mapping = leaf(types::Wire::kBits, types::DuckTypeId::kBit);
  return mapping;
}

/// As Postgres sends "10110...": a count, then the bits from the left.
std::string wire_bits(const std::string& text) {
  std::string bytes((text.size() + 7) / 8, '\0');
  for (std::size_t i = 0; i < text.size(); ++i) {
    bytes[i / 8] = static_cast<char>(static_cast<unsigned char>(bytes[i / 8]) | (text[i] == '1' ? 0x80 >> i % 8 : 0));
  }
  return Wire().put(static_cast<std::int32_t>(text.size())).put(bytes);
}

/// The bits of a BIT, read as DuckDB prints them: those after the padding.
std::string bit_text(const std::string& value) {
  std::string text;
  for (std::size_t i = 8 + static_cast<std::size_t>(value[0]); i < 8 * value.size(); ++i) {
    text += static_cast<unsigned char>(value[i / 8]) >> (7 - i % 8) & 1 ? '1' : '0';
  }
  return text;
}

std::string decoded(const std::string& text) {
  return decode_values(bits(), {wire_bits(text)})->string_at(0);
}

TEST(DecodeBits, PadsTheFirstByteWithOnes) {
  EXPECT_EQ(decoded("1"), "\x07\xff"s);
  EXPECT_EQ(decoded("0"), "\x07\xfe"s);
  EXPECT_EQ(decoded("101"), "\x05\xfd"s);
  EXPECT_EQ(decoded("00000000"), "\x00\x00"s);
  EXPECT_EQ(decoded("10000001"), "\x00\x81"s);
  EXPECT_EQ(decoded("100000011"), "\x07\xff\x03"s);
  EXPECT_EQ(decoded("0000000000000001"), "\x00\x00\x01"s);
}

TEST(DecodeBits, KeepsEveryLength) {
  std::string text;
  for (std::size_t size = 1; size <= 200; ++size) {
    text += size * size % 7 < 3 ? '1' : '0';
    EXPECT_EQ(bit_text(decoded(text)), text);
  }
}

TEST(DecodeBits, MarksNulls) {
  const auto column = decode_values(bits(), {wire_bits("1"), std::nullopt, wire_bits("0")}, 1);
  EXPECT_FALSE(column->is_null(1));
  EXPECT_TRUE(column->is_null(2));
  EXPECT_EQ(column->at<Int128>(2), 0);
  EXPECT_EQ(column->string_at(3), "\x07\xfe"s);
}

TEST(DecodeBits, RefusesTheEmptyBitString) {
  EXPECT_EQ(complaint(bits(), wire_bits("")), "unrepresentable: empty bit string, BIT has at least one bit");
}

TEST(DecodeBits, RefusesCorruptBytes) {
  EXPECT_EQ(complaint(bits(), "\0\0\0"s), "corrupt: bit string of 3 bytes");
  EXPECT_EQ(complaint(bits(), Wire().put(std::int32_t{-1})), "corrupt: bit string of -1 bits in 0 bytes");
  EXPECT_EQ(complaint(bits(), Wire().put(std::int32_t{9}).put("\xff")), "corrupt: bit string of 9 bits in 1 bytes");
  EXPECT_EQ(complaint(bits(), Wire().put(std::int32_t{8}).put("\xff\0"s)), "corrupt: bit string of 8 bits in 2 bytes");
  EXPECT_EQ(complaint(bits(), Wire().put(std::int32_t{2147483647}).put("\xff")),
            "corrupt: bit string of 2147483647 bits in 1 bytes");
  EXPECT_EQ(complaint(bits(), Wire().put(std::int32_t{7}).put("\x01")), "corrupt: bit string with bits after its end");
}

}  // namespace
}  // namespace pg2duck::decode
