#include "config/rules/partition_key.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/options.hpp"
#include "support/error_of.hpp"

namespace pg2duck::config {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(PartitionKey, ColumnsAndWhatIsMadeOfThem) {
  EXPECT_THAT(PartitionKey::parse(" region ,year( at ),bucket(16, \"the \"\"id\"\"\"),year"),
              ElementsAre(PartitionKey{"", 0, "region"}, PartitionKey{"year", 0, "at"},
                          PartitionKey{"bucket", 16, "the \"id\""}, PartitionKey{"", 0, "year"}));
}

TEST(PartitionKey, NothingElse) {
  for (const char* text :
       {"", " ", "a,", ",a", "a b", "week(a)", "year()", "year(a", "year(a))", "bucket(a)", "bucket(0, a)",
        "bucket(99999999999, a)", "\"a", "\"\"", "a; DROP TABLE b", "year(a) - 1", "\"year\"(a)"}) {
    EXPECT_THAT(PartitionKey::parse(text), IsEmpty()) << text;
  }
}

TEST(PartitionKey, OfTheLastRuleThatMatches) {
  CopyOptions options;
  options.table_rules = {parse_partition_rule("public.*=region"), parse_partition_rule("public.orders=year(at)")};
  EXPECT_THAT(settings_for(options, {"public", "orders"}).partition_by, ElementsAre(PartitionKey{"year", 0, "at"}));
  EXPECT_THAT(settings_for(options, {"public", "leads"}).partition_by, ElementsAre(PartitionKey{"", 0, "region"}));
  EXPECT_THAT(settings_for(options, {"other", "leads"}).partition_by, IsEmpty());
  EXPECT_EQ(test::error_of([] { (void)parse_partition_rule("public.orders"); }).kind(), ErrorKind::kConfig);
}

}  // namespace
}  // namespace pg2duck::config
