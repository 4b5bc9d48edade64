#include "decode/values/network.hpp"

#include <string>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "support/decode/decoding.hpp"

namespace pg2duck::decode {
namespace {

using namespace test_support;
using namespace std::string_literals;

const types::Mapping& inet() {
  static const types::Mapping mapping = leaf(types::Wire::kInet, types::DuckTypeId::kVarchar);
  return mapping;
}

const types::Mapping& mac() {
  static const types::Mapping mapping = leaf(types::Wire::kMac, types::DuckTypeId::kVarchar);
  return mapping;
}

std::string wire_inet(int family, int bits, int cidr, const std::string& address) {
  return Wire()
      .put(static_cast<std::uint8_t>(family))
      .put(static_cast<std::uint8_t>(bits))
      .put(static_cast<std::uint8_t>(cidr))
      .put(static_cast<std::uint8_t>(address.size()))
      .put(address);
}

std::string decoded(const types::Mapping& mapping, const std::string& bytes) {
  return decode_values(mapping, {bytes})->string_at(0);
}

std::string v4(const std::string& address, int bits = 32, int cidr = 0) {
  return decoded(inet(), wire_inet(2, bits, cidr, address));
}

/// An IPv6 address of eight words.
std::string v6(const std::vector<int>& words, int bits = 128, int cidr = 0) {
  Wire address;
  for (const int word : words) {
    address.put(static_cast<std::uint16_t>(word));
  }
  return decoded(inet(), wire_inet(3, bits, cidr, address));
}

TEST(DecodeInet, PrintsVersion4) {
  EXPECT_EQ(v4("\0\0\0\0"s), "0.0.0.0");
  EXPECT_EQ(v4("\0\0\0\0"s, 0), "0.0.0.0/0");
  EXPECT_EQ(v4("\x0a\x01\x02\x03"), "10.1.2.3");
  EXPECT_EQ(v4("\x0a\x01\x02\x03", 31), "10.1.2.3/31");
  EXPECT_EQ(v4("\xff\xff\xff\xff"), "255.255.255.255");
}

TEST(DecodeInet, PrintsTheMaskOfCidrAlways) {
  EXPECT_EQ(v4("\x0a\x01\x02\x03", 32, 1), "10.1.2.3/32");
  EXPECT_EQ(v4("\x0a\0\0\0"s, 8, 1), "10.0.0.0/8");
  EXPECT_EQ(v6({0, 0, 0, 0, 0, 0, 0, 0}, 128, 1), "::/128");
  EXPECT_EQ(v6({0, 0, 0, 0, 0, 0, 0, 0}, 0, 1), "::/0");
}

TEST(DecodeInet, ShortensTheFirstLongestRunOfZeros) {
  EXPECT_EQ(v6({0, 0, 0, 0, 0, 0, 0, 0}), "::");
  EXPECT_EQ(v6({1, 0, 0, 0, 0, 0, 0, 0}), "1::");
  EXPECT_EQ(v6({0x2001, 0xdb8, 0, 0, 0, 0, 0, 1}, 64), "2001:db8::1/64");
  EXPECT_EQ(v6({1, 0, 0, 2, 0, 0, 3, 4}), "1::2:0:0:3:4");
  EXPECT_EQ(v6({1, 0, 0, 2, 0, 0, 0, 3}), "1:0:0:2::3");
  EXPECT_EQ(v6({0, 0, 1, 0, 0, 0, 0, 0}), "0:0:1::");
  EXPECT_EQ(v6({0, 1, 0, 1, 0, 1, 0, 1}), "0:1:0:1:0:1:0:1");
  EXPECT_EQ(v6({0, 0, 1, 1, 1, 1, 1, 0xabcd}), "::1:1:1:1:1:abcd");
}

// What Postgres takes for IPv4 in IPv6, with all of its oddities.
TEST(DecodeInet, PrintsVersion4InVersion6) {
  EXPECT_EQ(v6({0, 0, 0, 0, 0, 0, 0, 1}), "::1");
  EXPECT_EQ(v6({0, 0, 0, 0, 0, 0, 0, 2}), "::2");
  EXPECT_EQ(v6({0, 0, 0, 0, 0, 0, 0, 0xffff}), "::ffff");
  EXPECT_EQ(v6({0, 0, 0, 0, 0, 0, 1, 0}), "::0.1.0.0");
  EXPECT_EQ(v6({0, 0, 0, 0, 0, 0, 0x102, 0x304}), "::1.2.3.4");
  EXPECT_EQ(v6({0, 0, 0, 0, 0, 0xffff, 0x102, 0x304}), "::ffff:1.2.3.4");
  EXPECT_EQ(v6({0, 0, 0, 0, 0, 0xffff, 0x102, 0x304}, 96), "::ffff:1.2.3.4/96");
  EXPECT_EQ(v6({0, 0, 0, 0, 0, 0xffff, 0, 0}), "::ffff:0.0.0.0");
  EXPECT_EQ(v6({0, 0, 0, 0, 0, 0xfffe, 0x102, 0x304}), "::fffe:102:304");
  EXPECT_EQ(v6({0, 0, 0, 0, 0xffff, 0, 0x102, 0x304}), "::ffff:0:102:304");
  EXPECT_EQ(v6({0x64, 0xff9b, 0, 0, 0, 0, 0x102, 0x304}), "64:ff9b::102:304");
}

TEST(DecodeInet, PrintsTheLongest) {
  const std::vector<int> ones(8, 0xffff);
  EXPECT_EQ(v6(ones), "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
  EXPECT_EQ(v6(ones, 127), "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/127");
  EXPECT_EQ(v6(ones, 128, 1), "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128");
}

TEST(DecodeInet, RefusesCorruptBytes) {
  const std::string address = "\x01\x02\x03\x04";
  EXPECT_EQ(complaint(inet(), wire_inet(10, 32, 0, address)), "corrupt: inet of address family 10");
  EXPECT_EQ(complaint(inet(), wire_inet(2, 33, 0, address)), "corrupt: inet with 33 bits of mask and CIDR flag 0");
  EXPECT_EQ(complaint(inet(), wire_inet(2, 32, 2, address)), "corrupt: inet with 32 bits of mask and CIDR flag 2");
  EXPECT_EQ(complaint(inet(), wire_inet(3, 129, 0, std::string(16, 'x'))),
            "corrupt: inet with 129 bits of mask and CIDR flag 0");
  EXPECT_EQ(complaint(inet(), wire_inet(3, 32, 0, address)), "corrupt: inet of 8 bytes");
  EXPECT_EQ(complaint(inet(), wire_inet(2, 32, 0, address) + "x"), "corrupt: inet of 9 bytes");
  const std::string whole = wire_inet(3, 128, 0, std::string(16, 'x'));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(complaint(inet(), whole.substr(0, size)).substr(0, 13), "corrupt: inet");
  }
}

TEST(DecodeMac, PrintsBothSizes) {
  EXPECT_EQ(decoded(mac(), "\x08\x00\x2b\x01\x02\x03"s), "08:00:2b:01:02:03");
  EXPECT_EQ(decoded(mac(), "\xff\xfe\x00\x10\xa9\x0f\x80\x7f"s), "ff:fe:00:10:a9:0f:80:7f");
  const auto column = decode_values(mac(), {std::nullopt, "\0\0\0\0\0\0"s});
  EXPECT_TRUE(column->is_null(0));
  EXPECT_EQ(column->string_at(1), "00:00:00:00:00:00");
}

TEST(DecodeMac, RefusesEveryOtherSize) {
  for (std::size_t size = 0; size < 12; ++size) {
    EXPECT_EQ(complaint(mac(), std::string(size, 'x')) == "none", size == 6 || size == 8);
  }
  EXPECT_THROW(make_network_decoder(types::Wire::kText), Error);
}

}  // namespace
}  // namespace pg2duck::decode
