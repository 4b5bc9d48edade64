#include "decode/heap/heap_page.hpp"

#include <algorithm>
#include <cstdint>
#include <string>

#include <gtest/gtest.h>

#include "support/decode/heap_bytes.hpp"
#include "support/error_of.hpp"

namespace pg2duck::decode {
namespace {

using namespace test_support;
using test::error_of;

TEST(HeapPage, AZeroedPageHoldsNothing) {
  const std::string zeroes(HeapPage::kSize, '\0');
  const HeapPage page(as_bytes(zeroes));
  EXPECT_EQ(page.items(), 0U);
  EXPECT_FALSE(page.all_visible());
}

TEST(HeapPage, GivesTheTuplesOfNormalPointersOnly) {
  const std::string first = HeapTuple{.data = "first"}.bytes();
  const std::string last = HeapTuple{.data = "last!"}.bytes();
  PageBytes bytes;
  bytes.add(first).add_pointer(0, 0, 0).add_pointer(1, 2, 0).add_pointer(0, 3, 0).add(last);
  const HeapPage page(bytes.bytes());
  ASSERT_EQ(page.items(), 5U);
  EXPECT_TRUE(std::ranges::equal(page.tuple(1), as_bytes(first)));
  EXPECT_TRUE(page.tuple(2).empty());
  EXPECT_TRUE(page.tuple(3).empty());
  EXPECT_TRUE(page.tuple(4).empty());
  EXPECT_TRUE(std::ranges::equal(page.tuple(5), as_bytes(last)));
}

TEST(HeapPage, KnowsTheVisibilityBit) {
  PageBytes bytes;
  EXPECT_FALSE(HeapPage(bytes.bytes()).all_visible());
  EXPECT_TRUE(HeapPage(bytes.all_visible().bytes()).all_visible());
}

TEST(HeapPage, GivesItsLsnFromTwoWords) {
  PageBytes bytes;
  bytes.set(0, std::uint32_t{0x16}).set(4, std::uint32_t{0xb374'd848});
  EXPECT_EQ(HeapPage(bytes.bytes()).lsn(), 0x16'b374'd848U);
  const std::string zeroes(HeapPage::kSize, '\0');
  EXPECT_EQ(HeapPage(as_bytes(zeroes)).lsn(), 0U);
}

TEST(HeapPage, TakesTuplesOfPagesThatAreNotLogged) {
  const std::string tuple = HeapTuple{.data = "of an unlogged table"}.bytes();
  PageBytes bytes;
  const HeapPage page(bytes.add(tuple).bytes());
  EXPECT_EQ(page.lsn(), 0U);
  ASSERT_EQ(page.items(), 1U);
  EXPECT_TRUE(std::ranges::equal(page.tuple(1), as_bytes(tuple)));
}

TEST(HeapPage, RefusesOtherLayouts) {
  const auto broken = [](std::size_t at, std::uint16_t value) {
    PageBytes bytes;
    bytes.add(HeapTuple{.data = "x"}.bytes()).set(at, value);
    return error_of([&] { static_cast<void>(HeapPage(bytes.bytes())); }).kind();
  };
  EXPECT_EQ(broken(18, 0x0420), ErrorKind::kCorruptData);  // big-endian
  EXPECT_EQ(broken(18, HeapPage::kSize | 3), ErrorKind::kCorruptData);
  EXPECT_EQ(broken(18, 16384 | 4), ErrorKind::kCorruptData);
  EXPECT_EQ(broken(12, 20), ErrorKind::kCorruptData);    // lower within the header
  EXPECT_EQ(broken(14, 20), ErrorKind::kCorruptData);    // upper before lower
  EXPECT_EQ(broken(16, 9000), ErrorKind::kCorruptData);  // special behind the end
  const std::string half(HeapPage::kSize / 2, '\0');
  EXPECT_EQ(error_of([&] { static_cast<void>(HeapPage(as_bytes(half))); }).kind(), ErrorKind::kCorruptData);
}

TEST(HeapPage, RefusesPointersOutOfThePage) {
  const auto kind = [](std::uint32_t offset, std::uint32_t length) {
    PageBytes bytes;
    bytes.add_pointer(offset, 1, length);
    return error_of([&] { static_cast<void>(HeapPage(bytes.bytes()).tuple(1)); }).kind();
  };
  EXPECT_EQ(kind(8180, 24), ErrorKind::kCorruptData);
  EXPECT_EQ(kind(8000, 22), ErrorKind::kCorruptData);  // no room for a header
  EXPECT_EQ(kind(8, 40), ErrorKind::kCorruptData);     // within the page's header
}

}  // namespace
}  // namespace pg2duck::decode
