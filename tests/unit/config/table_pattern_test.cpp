#include "config/rules/table_pattern.hpp"

#include <ctime>

#include <gmock/gmock.h>

#include "base/error.hpp"

namespace pg2duck::config {
namespace {

using testing::ElementsAre;

bool matches(std::string_view pattern, const std::string& schema, const std::string& name) {
  return TablePattern::parse(pattern).matches({schema, name});
}

std::string failure(std::string_view pattern) {
  try {
    TablePattern::parse(pattern);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kConfig);
    return error.message();
  }
  return "";
}

TEST(TablePattern, WithoutSchemaMatchesInEverySchema) {
  EXPECT_TRUE(matches("orders", "public", "orders"));
  EXPECT_TRUE(matches("orders", "sales", "orders"));
  EXPECT_FALSE(matches("orders", "public", "orders2"));
  EXPECT_TRUE(matches("*", "a", "b"));
}

TEST(TablePattern, WildcardsDoNotCrossTheDot) {
  EXPECT_TRUE(matches("sales.*", "sales", "x.y"));
  EXPECT_FALSE(matches("s*", "sales", "orders"));
  EXPECT_FALSE(matches("s*.o*", "other", "orders"));
  EXPECT_TRUE(matches("public.ord?r*", "public", "orders"));
  EXPECT_FALSE(matches("public.ord?r", "public", "ordr"));
  EXPECT_TRUE(matches("*a*b*c", "s", "xxaxxbxxbc"));
  EXPECT_FALSE(matches("*a*b*c", "s", "xxaxxbxxb"));
}

TEST(TablePattern, FoldsUnquotedLettersOnly) {
  EXPECT_TRUE(matches("Orders", "public", "orders"));
  EXPECT_FALSE(matches("Orders", "public", "Orders"));
  EXPECT_TRUE(matches("\"Odd.Name\"", "public", "Odd.Name"));
  EXPECT_TRUE(matches("Public.\"A\"*", "public", "Abc"));
  EXPECT_TRUE(matches("\"a*\"", "public", "a*"));
  EXPECT_FALSE(matches("\"a*\"", "public", "ab"));
  EXPECT_TRUE(matches("\"say \"\"hi\"\"\"", "public", "say \"hi\""));
}

TEST(TablePattern, QuestionMarkIsOneCharacterNotOneByte) {
  EXPECT_TRUE(matches("caf?", "public", "caf\xC3\xA9"));
  EXPECT_TRUE(matches("*?x", "public", "\xF0\x9F\x98\x80x"));
  EXPECT_FALSE(matches("??", "public", "\xC3\xA9"));
}

TEST(TablePattern, TellsNamesFromDescriptions) {
  EXPECT_TRUE(TablePattern::parse("a.b").is_exact());
  EXPECT_TRUE(TablePattern::parse("\"*\"").is_exact());
  EXPECT_FALSE(TablePattern::parse("a.*").is_exact());
  EXPECT_FALSE(TablePattern::parse("a?.b").is_exact());
}

TEST(TablePattern, RefusesWhatIsNoPattern) {
  EXPECT_THAT(failure(""), testing::HasSubstr("it is empty"));
  EXPECT_THAT(failure("   "), testing::HasSubstr("it is empty"));
  EXPECT_THAT(failure("a."), testing::HasSubstr("a part of it is empty"));
  EXPECT_THAT(failure(".a"), testing::HasSubstr("a part of it is empty"));
  EXPECT_THAT(failure("\"\""), testing::HasSubstr("a part of it is empty"));
  EXPECT_THAT(failure("\"a"), testing::HasSubstr("left open"));
  EXPECT_THAT(failure("\"a\"\""), testing::HasSubstr("left open"));
  EXPECT_THAT(failure("a.b.c"), testing::HasSubstr("two parts"));
}

TEST(TablePattern, SplitsListsAtCommasOutsideQuotes) {
  const std::vector<std::string> texts = {"a, b.* ", "\"x,y\",c"};
  std::vector<std::string> found;
  for (const TablePattern& pattern : TablePattern::parse_list(texts)) {
    found.push_back(pattern.text());
  }
  EXPECT_THAT(found, ElementsAre("a", "b.*", "\"x,y\"", "c"));
  const std::vector<std::string> trailing = {"a,"};
  EXPECT_THROW(TablePattern::parse_list(trailing), Error);
}

TEST(TablePattern, HostileInputEndsSoon) {
  const std::clock_t started = std::clock();
  std::string stars;
  for (int i = 0; i < 2000; ++i) {
    stars += "*a";
  }
  EXPECT_FALSE(matches(stars + "b", "public", std::string(3000, 'a')));
  EXPECT_FALSE(matches(std::string("a\0b", 3), "public", "a"));
  EXPECT_TRUE(matches("*", "public", "\x80\xFF\xC3"));
  EXPECT_TRUE(matches("??", "\xFF", "\xC3\xC3"));
  const std::string quotes(100001, '"');
  EXPECT_THROW(TablePattern::parse(quotes), Error);
  const std::vector<TableName> many(1000, {"public", std::string(63, 'a')});
  EXPECT_EQ(nearest_names(std::string(1 << 20, 'b'), many).size(), 3U);
  EXPECT_LT((std::clock() - started) / CLOCKS_PER_SEC, 20) << "seconds of CPU";
}

TEST(NearestNames, NearestFirst) {
  const std::vector<TableName> tables = {
      {"public", "customers"}, {"public", "orders"}, {"sales", "Orders"}, {"public", "items"}};
  EXPECT_THAT(nearest_names("oders", tables), ElementsAre("public.orders", "sales.\"Orders\"", "public.items"));
  EXPECT_EQ(nearest_names("public.custmers", tables).front(), "public.customers");
  EXPECT_EQ(nearest_names("\"Sales\".orders", tables).front(), "sales.\"Orders\"");
  EXPECT_TRUE(nearest_names("x", {}).empty());
}

}  // namespace
}  // namespace pg2duck::config
