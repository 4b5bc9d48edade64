#include "decode/values/text.hpp"

#include <cstdio>
#include <random>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "support/decode/decoding.hpp"

namespace pg2duck::decode {
namespace {

using namespace test_support;
using namespace std::string_literals;
namespace oid = types::oid;

std::string decoded(types::Oid type, const std::string& bytes) {
  return decode_values(mapping_of(type), {bytes})->string_at(0);
}

TEST(DecodeText, KeepsEveryLength) {
  std::string text;
  for (std::size_t size = 0; size < 300; ++size) {
    EXPECT_EQ(decoded(oid::kText, text), text);
    EXPECT_EQ(decoded(oid::kBytea, text), text);
    text += static_cast<char>('a' + size % 26);
  }
  EXPECT_EQ(decoded(oid::kText, std::string(3'000'000, 'x')).size(), 3'000'000U);
}

TEST(DecodeText, PadsShortStringsWithZeros) {
  for (std::size_t size = 0; size <= kInlineStringLength; ++size) {
    const auto entry = decode_one<StringEntry>(mapping_of(oid::kText), std::string(size, 'x'));
    EXPECT_EQ(entry.length, size);
    for (std::size_t i = 0; i < kInlineStringLength; ++i) {
      EXPECT_EQ(entry.inlined[i], i < size ? 'x' : '\0');
    }
  }
}

TEST(DecodeText, ZeroesTheEntryOfNull) {
  const auto column = decode_values(mapping_of(oid::kText), {"a long enough string", std::nullopt, ""});
  EXPECT_EQ(column->at<Int128>(1), 0);
  EXPECT_EQ(column->at<Int128>(2), 0);
  EXPECT_TRUE(column->is_null(1));
  EXPECT_FALSE(column->is_null(2));
}

TEST(DecodeText, KeepsNulBytes) {
  EXPECT_EQ(decoded(oid::kText, "a\0b"s), "a\0b"s);
  EXPECT_EQ(decoded(oid::kBytea, std::string(40, '\0')), std::string(40, '\0'));
}

TEST(DecodeText, CutsThePaddingOfChar) {
  EXPECT_EQ(decoded(oid::kBpchar, "ab   "), "ab");
  EXPECT_EQ(decoded(oid::kBpchar, "  a b\t "), "  a b\t");
  EXPECT_EQ(decoded(oid::kBpchar, "     "), "");
  EXPECT_EQ(decoded(oid::kBpchar, ""), "");
  EXPECT_EQ(decoded(oid::kBpchar, "a string of some length" + std::string(80, ' ')), "a string of some length");
  EXPECT_EQ(decoded(oid::kText, "ab   "), "ab   ");
}

TEST(DecodeText, CutsTheVersion) {
  EXPECT_EQ(decoded(oid::kJsonb, "\x01{}"), "{}");
  EXPECT_EQ(decoded(oid::kJsonb, "\x01{\"key\": \"a long value\"}"), "{\"key\": \"a long value\"}");
  EXPECT_EQ(complaint(mapping_of(oid::kJsonb), "\x02{}"), "corrupt: value of version 2");
  EXPECT_EQ(complaint(mapping_of(oid::kJsonb), ""), "corrupt: value of 0 bytes");
  EXPECT_EQ(decoded(oid::kJson, "{ \"a\":1,  \"a\":2 }"), "{ \"a\":1,  \"a\":2 }");
}

TEST(DecodeText, PrintsSingleCharsAsPostgresDoes) {
  const types::Mapping mapping = leaf(types::Wire::kChar, types::DuckTypeId::kVarchar);
  for (int byte = 0; byte < 256; ++byte) {
    char octal[5];
    std::snprintf(octal, sizeof(octal), "\\%03o", static_cast<unsigned>(byte));
    const std::string character(1, static_cast<char>(byte));
    EXPECT_EQ(decode_values(mapping, {character})->string_at(0), byte == 0 ? "" : byte < 128 ? character : octal);
  }
  EXPECT_EQ(complaint(mapping, ""), "corrupt: \"char\" of 0 bytes");
  EXPECT_EQ(complaint(mapping, "ab"), "corrupt: \"char\" of 2 bytes");
  EXPECT_TRUE(decode_values(mapping, {std::nullopt})->is_null(0));
}

TEST(DecodeText, AcceptsAllOfUtf8) {
  for (const std::string text : {"é", "Größe", "日本語", "😀", "\xf4\x8f\xbf\xbf", "\xef\xbf\xbf", "\xed\x9f\xbf"}) {
    EXPECT_EQ(decoded(oid::kText, text), text);
    EXPECT_EQ(decoded(oid::kText, "a string that is not short " + text), "a string that is not short " + text);
  }
}

TEST(DecodeText, RefusesWhatIsNotUtf8) {
  EXPECT_EQ(complaint(mapping_of(oid::kText), "ab\xff"), "corrupt: text is not valid UTF-8 (byte 0xff at position 3)");
  EXPECT_EQ(complaint(mapping_of(oid::kBpchar), "\x80  "),
            "corrupt: char(n) is not valid UTF-8 (byte 0x80 at position 1)");
  EXPECT_EQ(complaint(mapping_of(oid::kJsonb), "\x01\"é\xc3\""),
            "corrupt: value is not valid UTF-8 (byte 0xc3 at position 4)");
  // Lone continuation, overlong, surrogate, past U+10FFFF, cut sequences.
  for (const std::string bad : {"\x80", "\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf",
                                "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xc3", "\xe2\x82", "\xf0\x9f\x98"}) {
    for (std::size_t before = 0; before < 100; ++before) {
      for (const std::size_t after : {0U, 1U, 7U, 40U}) {
        const std::string text = std::string(before, 'a') + bad + std::string(after, 'z');
        char hex[3];
        std::snprintf(hex, sizeof(hex), "%02x", static_cast<unsigned char>(bad[0]));
        EXPECT_EQ(complaint(mapping_of(oid::kText), text), "corrupt: text is not valid UTF-8 (byte 0x"s + hex +
                                                               " at position " + std::to_string(before + 1) + ")");
      }
    }
  }
}

/// A second opinion on UTF-8: decodes code points.
bool is_utf8(const std::string& text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i++]);
    const int more = lead < 0x80 ? 0 : lead >> 5 == 6 ? 1 : lead >> 4 == 14 ? 2 : lead >> 3 == 30 ? 3 : -1;
    if (more < 0 || i + static_cast<std::size_t>(more) > text.size()) {
      return false;
    }
    unsigned point = more == 0 ? lead : lead & (0x3fU >> more);
    for (int k = 0; k < more; ++k) {
      const auto byte = static_cast<unsigned char>(text[i++]);
      if (byte >> 6 != 2) {
        return false;
      }
      point = point << 6 | (byte & 0x3f);
    }
    constexpr unsigned kSmallest[] = {0, 0x80, 0x800, 0x10000};
    if (point < kSmallest[more] || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) {
      return false;
    }
  }
  return true;
}

TEST(DecodeText, AgreesWithAnotherValidatorOnRandomBytes) {
  const auto seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  const std::string pieces[] = {"a",   "bc", "é", "€", "😀", "\xc3", "\xe2\x82", "\xed\xa0\x80", "\xf4\x90\x80\x80",
                                "\x80"};
  for (int round = 0; round < 8'000; ++round) {
    std::string text;
    const auto count = random() % 20;
    // Mostly sound pieces: otherwise nearly every string is broken.
    for (std::size_t i = 0; i < count; ++i) {
      text += pieces[random() % (random() % 8 == 0 ? std::size(pieces) : 5)];
    }
    EXPECT_EQ(complaint(mapping_of(oid::kText), text) == "none", is_utf8(text)) << ::testing::PrintToString(text);
  }
}

TEST(DecodeText, HasNoDecoderForOtherLayouts) {
  EXPECT_THROW(make_text_decoder(types::Wire::kInt4), Error);
}

}  // namespace
}  // namespace pg2duck::decode
