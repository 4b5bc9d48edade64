#include "cli/terminal/display_text.hpp"

#include <gtest/gtest.h>

namespace pg2duck::cli {
namespace {

struct WidthCase {
  const char* what;
  const char* text;
  std::size_t columns;
};

constexpr WidthCase kWidths[] = {
    {"nothing", "", 0},
    {"ASCII", "orders", 6},
    {"Latin, Greek, Cyrillic", "äßΩЖ", 4},
    {"Chinese", "订单", 4},
    {"Japanese", "顧客テーブル", 12},
    {"Korean, composed", "주문", 4},
    {"half width", "ｱｲｳ", 3},
    {"full width", "ＡＢ", 4},
    {"beyond the first plane", "\U00020BB7", 2},
    {"an accent behind its letter", "cafe\u0301", 4},
    {"two accents", "o\u0302\u0301", 1},
    {"Hebrew with points", "\u05E9\u05B8\u05C1", 1},
    {"Arabic with vowels", "\u0643\u064E", 1},
    {"Thai with a mark above", "\u0E01\u0E47", 1},
    {"Devanagari with a sign above", "\u0915\u0902", 1},
    {"a blank without width", "a\u200Bb", 2},
    {"emoji", "😀🚀", 4},
    {"an emoji of later years", "\U0001FAE0", 2},
    {"an arrow, a box", "→─", 2},
    {"a name of a private area", "\uE000", 1},
    {"a byte that is no text", "a\xFF", 2},
};

TEST(CliDisplayText, CountsColumns) {
  for (const WidthCase& tested : kWidths) {
    EXPECT_EQ(display_width(tested.text), tested.columns) << tested.what;
  }
}

TEST(CliDisplayText, CutsBetweenCharactersOnly) {
  EXPECT_EQ(elide_end("顧客テーブル", 8), "顧客...");
  EXPECT_EQ(elide_end("顧客テーブル", 7), "顧客...");
  EXPECT_EQ(elide_end("顧客テーブル", 6), "顧...");
  EXPECT_EQ(elide_end("顧客テーブル", 12), "顧客テーブル");
  EXPECT_EQ(elide_end("cafe\u0301s and more", 7), "cafe\u0301...");
  EXPECT_EQ(elide_end("😀😀😀😀", 2), "..");
  EXPECT_EQ(elide_middle("顧客テーブル", 11), "顧客...ブル");
  EXPECT_EQ(elide_middle("顧客テーブル", 10), "顧...ブル");
  EXPECT_EQ(elide_middle("public.orders", 9), "pub...ers");
}

TEST(CliDisplayText, FillsUpByColumnsNotByBytes) {
  EXPECT_EQ(pad_right("주문", 6) + "|", "주문  |");
  EXPECT_EQ(pad_left("cafe\u0301", 6), "  cafe\u0301");
  EXPECT_EQ(pad_left("😀", 2), "😀");
}

TEST(CliDisplayText, ShowsNothingThatSteersTheTerminal) {
  EXPECT_EQ(printable("a\n\t\r\x1b[31mb\x7f"), "a\\n\\t\\r\\x1b[31mb\\x7f");
  EXPECT_EQ(printable("\u009b31m"), "\\x9b31m");
  EXPECT_EQ(printable("\u202Egnp\u202C \u2066x\u2069 \u2028 \u2029"),
            "\\u202egnp\\u202c \\u2066x\\u2069 \\u2028 \\u2029");
  EXPECT_EQ(printable("שלום 订单 😀"), "שלום 订单 😀");
}

TEST(CliDisplayText, ReplacesWhatIsNoUtf8) {
  EXPECT_EQ(printable("a\xFF"), "a\uFFFD");
  EXPECT_EQ(printable("\xC0\x80"), "\uFFFD\uFFFD");
  EXPECT_EQ(printable("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(printable("\xF4\x90\x80\x80"), "\uFFFD\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(printable("订\xE5"), "订\uFFFD");
}

}  // namespace
}  // namespace pg2duck::cli
