#include "source/read/page_access.hpp"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pg2duck::source {
namespace {

using ::testing::HasSubstr;

std::string sql(PageAccess::By by, const std::vector<BlockNumber>& blocks) {
  const PageAccess access{.by = by, .schema = "my \"schema", .refusal = {}, .hint = {}};
  return pages_sql(access, {"s", "it's"}, blocks);
}

std::string runs(const std::vector<BlockNumber>& blocks) {
  const std::string all = sql(PageAccess::By::kSuperuser, blocks);
  const std::size_t begin = all.find("(VALUES ");
  return all.substr(begin, all.find(")) SELECT ") + 2 - begin);
}

TEST(PagesSql, AsksForConsecutiveBlocksAsOneRun) {
  EXPECT_EQ(runs({7}),
            "(VALUES (7::pg_catalog.int8, 7::pg_catalog.int8, '(7,0)'::pg_catalog.tid, '(8,0)'::pg_catalog.tid))");
  EXPECT_EQ(runs({0, 1, 2, 3}),
            "(VALUES (0::pg_catalog.int8, 3::pg_catalog.int8, '(0,0)'::pg_catalog.tid, '(4,0)'::pg_catalog.tid))");
}

TEST(PagesSql, BeginsARunBehindEachGap) {
  EXPECT_EQ(runs({1, 2, 5, 4'294'967'294}),
            "(VALUES (1::pg_catalog.int8, 2::pg_catalog.int8, '(1,0)'::pg_catalog.tid, '(3,0)'::pg_catalog.tid), "
            "(5::pg_catalog.int8, 5::pg_catalog.int8, '(5,0)'::pg_catalog.tid, '(6,0)'::pg_catalog.tid), "
            "(4294967294::pg_catalog.int8, 4294967294::pg_catalog.int8, '(4294967294,0)'::pg_catalog.tid, "
            "'(4294967295,0)'::pg_catalog.tid))");
}

TEST(PagesSql, QuotesWhatIsNamed) {
  EXPECT_THAT(sql(PageAccess::By::kSuperuser, {0}), HasSubstr("\"my \"\"schema\".get_raw_page('\"s\".\"it''s\"', b)"));
  const std::string by_function = sql(PageAccess::By::kFunction, {0});
  EXPECT_THAT(by_function,
              HasSubstr("pg2duck.heap_pages('\"s\".\"it''s\"'::pg_catalog.regclass, b, least(b + 63, last))"));
  EXPECT_THAT(by_function, HasSubstr("FROM ONLY \"s\".\"it's\""));
}

}  // namespace
}  // namespace pg2duck::source
