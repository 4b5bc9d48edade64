#include "destination/tables/varying_function.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace pg2duck::destination {
namespace {

// A list of ours, as to ask DuckDB takes longer than all else that is asked of an expression.
constexpr std::array<std::string_view, 28> kFunctions = {
    "current_connection_id",
    "current_database",
    "current_date",
    "current_localtime",
    "current_localtimestamp",
    "current_query",
    "current_query_id",
    "current_schema",
    "current_schemas",
    "current_transaction_id",
    "currval",
    "gen_random_uuid",
    "get_current_time",
    "get_current_timestamp",
    "in_search_path",
    "nextval",
    "now",
    "random",
    "setseed",
    "sleep_ms",
    "stats",
    "today",
    "transaction_timestamp",
    "txid_current",
    "uuid",
    "uuidv4",
    "uuidv7",
    "write_log",
};

// With two times it is the same each time.
constexpr std::array kAges = {R"("name":"age","arguments":[{"id":"TIMESTAMP","type_info":null}])",
                              R"("name":"age","arguments":[{"id":"TIMESTAMP WITH TIME ZONE","type_info":null}])"};

}  // namespace

std::span<const std::string_view> varying_functions() {
  return kFunctions;
}

bool holds_varying_function(std::string_view plan) {
  const auto holds = [plan](std::string_view text) { return plan.find(text) != std::string_view::npos; };
  return std::ranges::any_of(kAges, holds) || std::ranges::any_of(kFunctions, [&holds](std::string_view name) {
           return holds("\"name\":\"" + std::string(name) + '"');
         });
}

}  // namespace pg2duck::destination
