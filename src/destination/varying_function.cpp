#include "destination/varying_function.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace pg2duck::destination {
namespace {

// A list of ours, as to ask DuckDB takes longer than all else that is asked of an expression.
constexpr std::array<std::string_view, 26> kFunctions = {
    "current_connection_id",
    "current_database",
    "current_date",
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

}  // namespace

std::span<const std::string_view> varying_functions() {
  return kFunctions;
}

bool holds_varying_function(std::string_view plan) {
  return std::ranges::any_of(kFunctions, [plan](std::string_view name) {
    return plan.find("\"name\":\"" + std::string(name) + '"') != std::string_view::npos;
  });
}

}  // namespace pg2duck::destination
