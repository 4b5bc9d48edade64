// Every case of tests/golden/types, from the bytes that a server sent for it: no server is needed.

#include <atomic>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "decode/wire/wire_decoder.hpp"
#include "destination/load/bulk_load.hpp"
#include "support/decode/wire.hpp"
#include "support/golden/golden_case.hpp"
#include "types/map_type.hpp"
#include "types/read_expression.hpp"
#include "types/type_rules.hpp"
#include "unit/destination/fixture.hpp"

namespace pg2duck::destination {
namespace {

using test_support::FieldBlocks;
using test_support::GoldenCase;
using test_support::GoldenRow;
using ::testing::HasSubstr;
using ::testing::IsSupersetOf;

const std::string kDirectory = "tests/golden/types";

/// The values of one column, all in one chunk.
class OneColumn final : public ChunkSource {
 public:
  OneColumn(const types::Mapping& mapping, std::span<const decode::Field> fields)
      : decoder_(decode::make_wire_decoder(mapping)), fields_(fields) {}

  std::unique_ptr<ChunkProducer> make_producer() override {
    return made_.exchange(true) ? nullptr : std::make_unique<Producer>(*this);
  }

  [[nodiscard]] unsigned max_producers() const override { return 1; }

  [[nodiscard]] std::uint64_t expected_rows() const override { return fields_.size(); }

  [[nodiscard]] types::ColumnProfile profile() const {
    types::ColumnProfile seen;
    decoder_->collect(seen);
    return seen;
  }

 private:
  class Producer final : public ChunkProducer {
   public:
    explicit Producer(OneColumn& source) : source_(source) {}

    std::size_t fill(std::span<decode::ColumnView* const> columns) override {
      const std::span<const decode::Field> fields = std::exchange(source_.fields_, {});
      if (!fields.empty()) {
        source_.decoder_->decode(fields, *columns.front(), 0);
      }
      return fields.size();
    }

   private:
    OneColumn& source_;
  };

  std::unique_ptr<decode::ColumnDecoder> decoder_;
  std::span<const decode::Field> fields_;
  std::atomic<bool> made_ = false;
};

/// One for all cases: opening it costs more than a case does.
struct Target {
  TempDirectory directory;
  Database database = Database::open({.path = directory.file("golden.duckdb"), .threads = 1});
  Session session = database.connect();
};

class GoldenTypesTest : public ::testing::TestWithParam<std::string> {
 protected:
  static std::optional<Target>& target() {
    static std::optional<Target> one;
    return one;
  }

  /// Before main ends: DuckDB uses what belongs to a thread when it closes.
  static void TearDownTestSuite() { target().reset(); }

  static Session& session() {
    if (!target()) {
      target().emplace();
    }
    return target()->session;
  }

  types::Mapping map(const types::MappingChoice& choice) {
    return types::map_type(golden_.catalog, golden_.type, golden_.typmod, choice);
  }

  static TableShape shape_of(const types::Mapping& mapping) {
    return {.name = {"main", "golden"},
            .columns = {{.name = "v", .type = mapping.target, .not_null = false, .comment = ""}},
            .primary_key = {},
            .comment = ""};
  }

  /// What the column becomes when `rows` are all of its values.
  types::Mapping mapping_of(const std::vector<GoldenRow>& rows) {
    types::MappingChoice choice;
    choice.dimensions = golden_.dimensions;
    types::Mapping mapping = map(choice);
    if (types::is_adaptive(mapping)) {
      const FieldBlocks blocks(bytes_of(rows));
      OneColumn source(mapping, blocks.fields());
      read_only(session(), shape_of(mapping), source);
      choice.profile = source.profile();
      choice.final = true;
      mapping = map(choice);
    }
    return mapping;
  }

  static void load(const types::Mapping& mapping, const std::vector<GoldenRow>& rows) {
    const TableShape shape = shape_of(mapping);
    session().execute("DROP TABLE IF EXISTS pg2duck_target.main.golden");
    session().execute(create_table_sql(session(), shape, shape.name));
    const FieldBlocks blocks(bytes_of(rows));
    OneColumn source(mapping, blocks.fields());
    ASSERT_EQ(bulk_load(session(), shape, shape.name, source), rows.size());
  }

  static std::vector<std::optional<std::string>> bytes_of(const std::vector<GoldenRow>& rows) {
    std::vector<std::optional<std::string>> bytes;
    for (const GoldenRow& row : rows) {
      bytes.push_back(row.bytes);
    }
    return bytes;
  }

  std::vector<GoldenRow> accepted() {
    std::vector<GoldenRow> rows = golden_.rows;
    std::erase_if(rows, [](const GoldenRow& row) { return row.error.has_value(); });
    return rows;
  }

  const GoldenCase golden_ = test_support::read_golden_case(kDirectory, GetParam());
};

TEST_P(GoldenTypesTest, DecodesToItsTexts) {
  const std::vector<GoldenRow> rows = accepted();
  const types::Mapping mapping = mapping_of(rows);
  EXPECT_EQ(types::read_expression(mapping, "v"), golden_.read);
  load(mapping, rows);
  const Rows described = session().query("SELECT column_type FROM (DESCRIBE pg2duck_target.main.golden)");
  EXPECT_EQ(described.rows.at(0).at(0), golden_.becomes);
  const Rows printed =
      session().query("SELECT (" + golden_.show + ")::VARCHAR FROM pg2duck_target.main.golden ORDER BY rowid");
  ASSERT_EQ(printed.rows.size(), rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(printed.rows[i].at(0), rows[i].text) << rows[i].sql;
  }
}

TEST_P(GoldenTypesTest, RefusesWhatItCannotHold) {
  for (const GoldenRow& refused : golden_.rows) {
    if (!refused.error) {
      continue;
    }
    std::vector<GoldenRow> rows = accepted();
    rows.push_back(refused);
    try {
      load(mapping_of(rows), rows);
      ADD_FAILURE() << refused.sql << " was loaded";
    } catch (const decode::BadValue& bad) {
      EXPECT_TRUE(bad.unrepresentable);
      EXPECT_EQ(bad.row, rows.size() - 1);
      EXPECT_THAT(fold_case(bad.message), HasSubstr(fold_case(*refused.error))) << refused.sql;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, GoldenTypesTest, ::testing::ValuesIn(test_support::golden_names(kDirectory)),
                         [](const auto& described) { return described.param; });

TEST(GoldenCoverageTest, EveryRuleHasACase) {
  EXPECT_THAT(test_support::golden_coverage(kDirectory), IsSupersetOf(types::known_type_names()));
}

}  // namespace
}  // namespace pg2duck::destination
