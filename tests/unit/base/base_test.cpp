#include <array>

#include <gtest/gtest.h>

#include "base/byte_cursor.hpp"
#include "base/error.hpp"
#include "base/identifier.hpp"
#include "base/secret.hpp"

namespace pg2duck {
namespace {

TEST(Identifier, QuotesWhateverComes) {
  EXPECT_EQ(quote_identifier("plain"), "\"plain\"");
  EXPECT_EQ(quote_identifier("a\"b; DROP TABLE x --"), "\"a\"\"b; DROP TABLE x --\"");
  EXPECT_EQ(quote_literal("it's"), "'it''s'");
  EXPECT_EQ(quote_literal("back\\slash"), "'back\\slash'");
}

TEST(Identifier, DisplaysPartsQuotedOnlyWhereNeeded) {
  EXPECT_EQ((TableName{"public", "orders"}.display()), "public.orders");
  EXPECT_EQ((TableName{"public", "a.b"}.display()), "public.\"a.b\"");
  EXPECT_EQ((TableName{"Sales", "Größe"}.display()), "\"Sales\".\"Größe\"");
  EXPECT_EQ((TableName{"public", "größe"}.display()), "public.größe");
  EXPECT_EQ((TableName{"a", "b\"c"}.quoted()), "\"a\".\"b\"\"c\"");
}

TEST(Error, ShowsItsContextOutermostFirst) {
  Error error(ErrorKind::kUnrepresentable, "NaN");
  error.add_context("ctid (0,1)").add_context("column c").add_context("table public.t");
  EXPECT_STREQ(error.what(), "table public.t, column c, ctid (0,1): NaN");
  EXPECT_EQ(error.message(), "NaN");
}

TEST(Error, KeepsItsKindThroughCurrentError) {
  try {
    throw Error(ErrorKind::kAuth, "no").set_sqlstate("28P01").set_hint("try again");
  } catch (...) {
    const Error error = current_error();
    EXPECT_EQ(error.kind(), ErrorKind::kAuth);
    EXPECT_EQ(error.sqlstate(), "28P01");
    EXPECT_EQ(error.hint(), "try again");
  }
  try {
    throw std::logic_error("odd");
  } catch (...) {
    EXPECT_EQ(current_error().kind(), ErrorKind::kBug);
  }
  try {
    throw 42;
  } catch (...) {
    EXPECT_EQ(current_error().kind(), ErrorKind::kBug);
  }
}

TEST(ByteCursor, ReadsNetworkOrderAndChecksEveryLength) {
  const std::array<unsigned char, 7> raw = {0x01, 0x02, 0xff, 0xff, 0xff, 0xfe, 0x41};
  ByteCursor cursor(std::as_bytes(std::span(raw)));
  EXPECT_EQ(cursor.read<std::int16_t>(), 0x0102);
  EXPECT_EQ(cursor.read<std::int32_t>(), -2);
  EXPECT_THROW(cursor.read<std::int16_t>(), Error);
  EXPECT_EQ(cursor.take(1).size(), 1U);
  EXPECT_TRUE(cursor.at_end());
  EXPECT_THROW(cursor.take(1), Error);
}

TEST(Secret, NeverShowsItself) {
  EXPECT_EQ(Secret("hunter2").display(), "***");
  EXPECT_EQ(Secret("hunter2").reveal(), "hunter2");
}

}  // namespace
}  // namespace pg2duck
