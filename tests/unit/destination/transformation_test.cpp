#include "destination/tables/transformation.hpp"

#include <set>
#include <string>

#include "destination/tables/varying_function.hpp"
#include "unit/destination/fixture.hpp"

namespace pg2duck::destination {
namespace {

using types::DuckType;
using types::DuckTypeId;

/// Whether a column of a table with the columns text, now and random varies when `expression` makes it.
bool varies(const std::string& expression) {
  TableShape shape{.name = {"main", "uuid"}};
  for (const char* name : {"text", "now", "random"}) {
    shape.columns.push_back({.name = name, .type = DuckType::of(DuckTypeId::kVarchar)});
  }
  shape.columns[0].expression = expression;
  bind_transformations(shape);
  return shape.columns[0].varies;
}

TEST(Transformation, WhatIsMadeOfTheRowAloneDoesNotVary) {
  for (const char* expression :
       {"text", "sha256(text || now)", "now", "random || 'x'", "'\"name\":\"random\"'", "CAST('2025-01-01' AS DATE)",
        "CASE WHEN text = 'x' THEN error('no') ELSE 1 END", "age(TIMESTAMP '2025-01-02', TIMESTAMP '2025-01-01')",
        "age(text::TIMESTAMPTZ, now::TIMESTAMPTZ)"}) {
    EXPECT_FALSE(varies(expression)) << expression;
  }
}

TEST(Transformation, WhatIsMadeAnewInEachRunVaries) {
  for (const char* expression :
       {"random()", "sha256(text || uuid()::VARCHAR)", "CASE WHEN text IS NULL THEN now() END", "current_timestamp",
        "current_date - DATE '2025-01-01'", "ago(INTERVAL 1 day)", "list_transform([1, 2], x -> x + random())",
        "(SELECT max(random()))", "today()::VARCHAR", "age(text::TIMESTAMP)", "age(text::TIMESTAMPTZ)",
        "current_localtimestamp()", "current_localtime()"}) {
    EXPECT_TRUE(varies(expression)) << expression;
  }
}

using VaryingFunctions = TargetTest;

TEST_F(VaryingFunctions, AreThoseOfThisDuckDB) {
  const Rows found = session_->query(
      "SELECT DISTINCT function_name FROM duckdb_functions() WHERE stability <> 'CONSISTENT' AND function_name <> "
      "'error'");
  std::set<std::string> names{"current_localtime", "current_localtimestamp"};
  for (const auto& row : found.rows) {
    names.insert(row[0].value_or(""));
  }
  EXPECT_THAT(varying_functions(), ::testing::UnorderedElementsAreArray(names));
}

}  // namespace
}  // namespace pg2duck::destination
