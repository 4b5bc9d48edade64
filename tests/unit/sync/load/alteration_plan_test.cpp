#include "sync/load/alteration_plan.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/plan/case_columns.hpp"
#include "support/plan/planning_case.hpp"

namespace pg2duck::test {
namespace {

using ::testing::HasSubstr;

/// Columns as a target has them: "id INTEGER NOT NULL, note VARCHAR".
std::vector<destination::ExistingColumn> existing(std::string_view text) {
  constexpr std::string_view kNotNull = " NOT NULL";
  std::vector<destination::ExistingColumn> columns;
  for (std::string column : split(text)) {
    const bool not_null = column.ends_with(kNotNull);
    column.resize(column.size() - (not_null ? kNotNull.size() : 0));
    column.erase(0, column.find_first_not_of(' '));
    const std::size_t blank = column.find(' ');
    columns.push_back({column.substr(0, blank), column.substr(blank + 1), not_null});
  }
  return columns;
}

/// What becomes of a copy with the columns `copy` when rows of the case are put into it.
struct Alteration {
  std::string_view what;
  Given given;
  std::string copy;
  std::string expected;
  std::set<std::string> unfit = {};
  std::string staged = {};  ///< empty: as they are planned
};

sync::CopyColumns columns_of(const Alteration& one, const sync::TableJob& job) {
  sync::CopyColumns columns{.copy = existing(one.copy), .staged = existing(one.staged)};
  if (one.staged.empty()) {
    columns.staged.clear();
    for (const sync::PlannedColumn& column : job.columns) {
      columns.staged.push_back({column.shape.name, column.target_type(), column.shape.not_null});
    }
  }
  return columns;
}

/// The copy answers that it holds values, which fit as far as types allow and `unfit` does not forbid; what it is asked
/// is added to `asked`.
sync::CopyQuestions answers(const Alteration& one, std::vector<std::string>& asked) {
  return {.has_values = [](const std::string& /*column*/) { return true; },
          .all_fit =
              [&](bool staged, const std::string& column, const destination::TypeChange& change) {
                asked.push_back(fmt::format("{}{} as {}", staged ? "staged " : "", column, change.to.sql()));
                return conversion(change.from, change.to, change.digits) != types::Conversion::kAbsent &&
                       (staged || !one.unfit.contains(column));
              }};
}

template <typename Pairs>
std::string pairs(std::string_view word, const Pairs& list) {
  std::string text;
  for (const auto& [from, to] : list) {
    text += fmt::format("; {} {} {}", word, from, to);
  }
  return text;
}

std::string plan(const Alteration& one) {
  const sync::TableJob job = one.given.plan();
  if (job.refusal) {
    return "refused: " + job.refusal->message();
  }
  try {
    std::vector<std::string> asked;
    const sync::AlterationPlan made = plan_alterations(job, job.columns, columns_of(one, job), answers(one, asked));
    std::string text = pairs("rename", made.alterations.renamed);
    for (const destination::RetypedColumn& column : made.alterations.retyped) {
      text += fmt::format("; type {} {}", column.name, column.change.to.sql());
    }
    for (const std::string& column : made.alterations.nullable) {
      text += "; may be NULL " + column;
    }
    for (const destination::ColumnShape& column : made.alterations.added) {
      text += fmt::format("; add {} {}", column.name, column.type.sql());
    }
    text += pairs("hold", made.held_types);
    return text.empty() ? "nothing" : text.substr(2);
  } catch (const Error& error) {
    return "refused: " + error.message();
  }
}

std::string trials(const Alteration& one) {
  const sync::TableJob job = one.given.plan();
  std::vector<std::string> asked;
  (void)plan_alterations(job, job.columns, columns_of(one, job), answers(one, asked));
  return asked.empty() ? "none" : fmt::format("{}", fmt::join(asked, "; "));
}

const Given kOrders = Given("id int4 key, note text").with("mode=merge");

TEST(AlterationPlan, LeavesACopyThatFits) {
  const Given copied = kOrders.copied();
  for (const Alteration& one : {
           Alteration{"the same columns", copied, "id INTEGER NOT NULL, note VARCHAR", "nothing"},
           Alteration{"in another order and case", copied, "NOTE VARCHAR, Id INTEGER NOT NULL", "nothing"},
           Alteration{"a stricter copy is loosened", copied, "id INTEGER NOT NULL, note VARCHAR NOT NULL",
                      "may be NULL note"},
           Alteration{"a looser one stays", copied, "id INTEGER, note VARCHAR", "nothing"},
           Alteration{"a column is missing", copied, "id INTEGER NOT NULL", "add note VARCHAR"},
       }) {
    EXPECT_EQ(plan(one), one.expected) << one.what;
  }
}

TEST(AlterationPlan, FollowsTypes) {
  const Given big = Given("id int8 key, x int4").with("mode=merge");
  const Given numbers = Given("id int4 key, x numeric(5,1)").with("mode=merge").copied();
  for (const Alteration& one : {
           Alteration{"a wider type", big.copied("id int4 key, x int4"), "id INTEGER NOT NULL, x INTEGER",
                      "type id BIGINT"},
           Alteration{"a narrower one is held", big.copied(), "id BIGINT NOT NULL, x BIGINT", "hold x BIGINT"},
           Alteration{"in another case", big.copied(), "id BIGINT NOT NULL, X BIGINT", "hold x BIGINT"},
           Alteration{"one that may hold all values, and does", numbers, "id INTEGER NOT NULL, x DECIMAL(5,0)",
                      "type x DECIMAL(5,1)"},
           Alteration{"and does not",
                      numbers,
                      "id INTEGER NOT NULL, x DECIMAL(5,0)",
                      "refused: types have changed: x: DECIMAL(5,1), was DECIMAL(5,0)",
                      {"x"}},
           Alteration{"another column's values do not matter",
                      numbers,
                      "id INTEGER NOT NULL, x DECIMAL(5,0)",
                      "type x DECIMAL(5,1)",
                      {"id"}},
           Alteration{"one that cannot hold them", numbers, "id INTEGER NOT NULL, x DATE",
                      "refused: types have changed: x: DECIMAL(5,1), was DATE"},
           Alteration{"several are told at once", numbers, "id DATE NOT NULL, x DATE",
                      "refused: types have changed: id: INTEGER, was DATE; x: DECIMAL(5,1), was DATE"},
       }) {
    EXPECT_EQ(plan(one), one.expected) << one.what;
  }
}

TEST(AlterationPlan, FollowsNames) {
  const Given renamed = kOrders.copied("id int4 key, remark text");
  const Given swapped = Given("b int4 key, a int4").with("mode=merge").copied("a int4 key, b int4");
  const Given retyped = Given("id int4 key, x numeric(5,1)").with("mode=merge").copied("id int4 key, y numeric(5,0)");
  for (const Alteration& one : {
           Alteration{"another name", renamed, "id INTEGER NOT NULL, remark VARCHAR", "rename remark note"},
           Alteration{"in the case that the copy has", renamed, "id INTEGER NOT NULL, Remark VARCHAR",
                      "rename Remark note"},
           Alteration{"somebody has dropped it", renamed, "id INTEGER NOT NULL", "add note VARCHAR"},
           Alteration{"two that change places", swapped, "a INTEGER NOT NULL, b INTEGER", "rename a b; rename b a"},
           Alteration{"a name that an older column keeps", renamed, "id INTEGER NOT NULL, remark VARCHAR, note VARCHAR",
                      "refused: column note cannot take its new name in the copy, which keeps an older column of that "
                      "name"},
           Alteration{"in another case", renamed, "id INTEGER NOT NULL, remark VARCHAR, NOTE VARCHAR",
                      "refused: column NOTE cannot take its new name in the copy, which keeps an older column of that "
                      "name"},
           Alteration{"values are known by the old name",
                      retyped,
                      "id INTEGER NOT NULL, y DECIMAL(5,0)",
                      "refused: types have changed: x: DECIMAL(5,1), was DECIMAL(5,0)",
                      {"y"}},
           Alteration{"and by no other",
                      retyped,
                      "id INTEGER NOT NULL, y DECIMAL(5,0)",
                      "rename y x; type x DECIMAL(5,1)",
                      {"x"}},
       }) {
    EXPECT_EQ(plan(one), one.expected) << one.what;
  }
}

TEST(AlterationPlan, KeepsWhatIsNotReadAnyMore) {
  const Given left = kOrders.copied("id int4 key, note text, old date");
  const Given anew = kOrders.copied("id int4 key");
  const Given beside =
      Given("id int4 key, x numeric(5,1)").with("mode=merge").column("x=unrepresentable text").copied("id int4 key");
  for (const Alteration& one : {
           Alteration{"it may be NULL in new rows", left, "id INTEGER NOT NULL, note VARCHAR, old DATE NOT NULL",
                      "may be NULL old"},
           Alteration{"it could before", left, "id INTEGER NOT NULL, note VARCHAR, old DATE", "nothing"},
           Alteration{"somebody has dropped it", left, "id INTEGER NOT NULL, note VARCHAR", "nothing"},
           Alteration{"a new column is none of it", anew, "id INTEGER NOT NULL, note VARCHAR",
                      "refused: column note is new, and the copy keeps an older one of that name"},
           Alteration{"a text beside a column that is new may be there", beside, "id INTEGER NOT NULL, x__text VARCHAR",
                      "add x DECIMAL(5,1)"},
       }) {
    EXPECT_EQ(plan(one), one.expected) << one.what;
  }
}

TEST(AlterationPlan, AsksForCastsThatMayFail) {
  const Given numbers = Given("id int4 key, x numeric(5,1)").with("mode=merge");
  for (const Alteration& one : {
           Alteration{"none that is sure", numbers.copied(), "id INTEGER NOT NULL, x DECIMAL(5,1)", "none"},
           Alteration{"by its name", numbers.copied(), "id INTEGER NOT NULL, x DECIMAL(5,0)", "x as DECIMAL(5,1)"},
           Alteration{"by its old name", numbers.copied("id int4 key, y numeric(5,0)"),
                      "id INTEGER NOT NULL, y DECIMAL(5,0)", "y as DECIMAL(5,1)"},
       }) {
    EXPECT_EQ(trials(one), one.expected) << one.what;
  }
}

TEST(AlterationPlan, FindsATypeForWhatValuesHaveShown) {
  const Given learnt = Given("id int4 key, x numeric").with("mode=merge").copied();
  for (const Alteration& one : {
           Alteration{"more digits after the point",
                      learnt,
                      "id INTEGER NOT NULL, x DECIMAL(38,2)",
                      "type x DECIMAL(38,4)",
                      {},
                      "id INTEGER, x DECIMAL(38,4)"},
           Alteration{"fewer of them, as those that came were",
                      learnt,
                      "id INTEGER NOT NULL, x DECIMAL(38,12)",
                      "hold x DECIMAL(38,12)",
                      {},
                      "id INTEGER, x DECIMAL(38,3)"},
           Alteration{"numbers that no DECIMAL holds",
                      learnt,
                      "id INTEGER NOT NULL, x DECIMAL(38,2)",
                      "type x VARCHAR",
                      {},
                      "id INTEGER, x VARCHAR"},
           Alteration{"lists of another depth",
                      learnt,
                      "id INTEGER NOT NULL, x DECIMAL(38,2)[]",
                      "refused: types have changed: x: DECIMAL(38,4)[][], was DECIMAL(38,2)[]",
                      {},
                      "id INTEGER, x DECIMAL(38,4)[][]"},
       }) {
    EXPECT_EQ(plan(one), one.expected) << one.what;
  }
}

TEST(AlterationPlan, GivesAColumnWithoutValuesAnyType) {
  const Alteration one{"", Given("id int4 key, x text").with("mode=merge").copied(), "id INTEGER, x DATE", ""};
  const sync::TableJob job = one.given.plan();
  std::vector<std::string> asked;
  sync::CopyQuestions ask = answers(one, asked);
  ask.all_fit = [](bool /*staged*/, const std::string& /*column*/, const destination::TypeChange& /*change*/) {
    return true;
  };
  const sync::AlterationPlan made = plan_alterations(job, job.columns, columns_of(one, job), ask);
  ASSERT_EQ(made.alterations.retyped.size(), 1U);
  EXPECT_EQ(made.alterations.retyped[0].change.to.sql(), "VARCHAR");
}

TEST(AlterationPlan, NamesTheWayOut) {
  const Alteration one{"", Given("id int4 key").with("mode=merge").copied(), "id DATE NOT NULL", ""};
  const sync::TableJob job = one.given.plan();
  try {
    std::vector<std::string> asked;
    (void)plan_alterations(job, job.columns, columns_of(one, job), answers(one, asked));
    FAIL() << "a date is no number";
  } catch (const Error& error) {
    EXPECT_THAT(error.hint(), HasSubstr("pg2duck sync --full --tables public.t"));
  }
}

}  // namespace
}  // namespace pg2duck::test
