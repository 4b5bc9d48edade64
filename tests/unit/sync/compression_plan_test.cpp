#include "sync/plan/compression_plan.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include "support/plan/plan_aspects.hpp"

namespace pg2duck::test {
namespace {

const Given kOrders("id int4 key, note text");

/// The columns that are told a method.
std::string told(const Given& given) {
  std::vector<std::string> names;
  for (const sync::PlannedColumn& column : given.plan().columns) {
    if (column.shape.compression != types::Compression::kDuckdb) {
      names.push_back(column.shape.name);
    }
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

TEST(CompressionPlan, TellsColumnsOfText) {
  const Given fast = kOrders.run("compression=fast");
  expect_each(told, {
                        {"nothing is known", kOrders, ""},
                        {"fast", fast, "note"},
                        {"not what an expression makes",
                         fast.column("note=expression upper(note)").bound("note", types::DuckTypeId::kVarchar), ""},
                        {"nor the text beside a column",
                         Given("n numeric(5,1)").run("compression=fast").column("n=unrepresentable text"), ""},
                        {"nor what values decide",
                         Given("n numeric").copied().profile("n", "1 30 20 20 0 0 0 -1 0").run("compression=fast"), ""},
                    });
}

std::string asked(const Given& given) {
  return given.asks_for_compression() ? "asked" : "not asked";
}

TEST(CompressionPlan, AsksForStatisticsOfWholeTables) {
  expect_each(asked,
              {
                  {"a table", kOrders, "asked"},
                  {"fast, whatever they say", kOrders.run("compression=fast"), "not asked"},
                  {"a limited copy", kOrders.run("limit=5"), "not asked"},
                  {"a table that is refused", kOrders.row_security(), "not asked"},
                  {"the initial load", kOrders.with("mode=append cursor=none"), "asked"},
                  {"rows for a copy that is there", kOrders.copied().with("mode=append cursor=none"), "not asked"},
              });
}

}  // namespace
}  // namespace pg2duck::test
