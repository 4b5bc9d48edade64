#include "types/type_growth.hpp"

#include <string_view>
#include <utility>

#include <gtest/gtest.h>

namespace pg2duck::types {
namespace {

TEST(TypeGrowth, HoldsTheValuesThatThereWere) {
  for (const auto& [was, now] : {std::pair<std::string_view, std::string_view>{"integer", "bigint"},
                                 {"smallint", "numeric"},
                                 {"real", "double precision"},
                                 {"numeric(10,2)", "numeric(12,3)"},
                                 {"numeric(10)", "numeric(11,1)"},
                                 {"numeric(10,2)", "numeric"},
                                 {"character varying(20)", "character varying(30)"},
                                 {"character varying(20)", "text"},
                                 {"text", "character varying"},
                                 {"uuid", "text"},
                                 {"timestamp(0) without time zone", "timestamp without time zone"},
                                 {"timestamp(3) with time zone", "timestamp(6) with time zone"},
                                 {"interval(2)", "interval"},
                                 {"bit varying(3)", "bit varying"},
                                 {"integer[]", "bigint[]"},
                                 {"shop.mood", "shop.mood"}}) {
    EXPECT_TRUE(is_growth(was, now)) << was << " to " << now;
    EXPECT_TRUE(was == now || !is_growth(now, was) || was == "text") << now << " to " << was;
  }
}

TEST(TypeGrowth, MayHoldOthers) {
  for (const auto& [was, now] :
       {std::pair<std::string_view, std::string_view>{"timestamp without time zone", "timestamp(0) without time zone"},
        {"timestamp with time zone", "timestamp without time zone"},
        {"time without time zone", "time(3) without time zone"},
        {"double precision", "real"},
        {"numeric", "numeric(10,1)"},
        {"numeric(10,2)", "numeric(10,3)"},
        {"bigint", "numeric(20,0)"},
        {"text", "character varying(20)"},
        {"uuid", "character varying(40)"},
        {"character(3)", "text"},
        {"numeric(10,2)", "text"},
        {"json", "jsonb"},
        {"integer", "integer[]"},
        {"timestamp without time zone", "shop.moment"},
        {"shop.mood", "shop.feeling"},
        {"bit(3)", "bit(4)"}}) {
    EXPECT_FALSE(is_growth(was, now)) << was << " to " << now;
  }
}

}  // namespace
}  // namespace pg2duck::types
