#include "destination/targets/dialect.hpp"

#include <chrono>

#include "unit/destination/fixture.hpp"

namespace pg2duck::destination {
namespace {

using config::Profile;
using config::TargetKind;
using ::testing::HasSubstr;
using types::DuckType;
using types::DuckTypeId;

TEST(Dialect, TheProfileTightensTheLimitsOfEveryTarget) {
  const Limits motherduck = dialect_of(TargetKind::kMotherduck, Profile::kTarget).limits;
  EXPECT_EQ(motherduck.batch_rows, 1'000'000U);
  EXPECT_LT(motherduck.batch_seconds, std::chrono::seconds(60));
  for (const TargetKind kind : {TargetKind::kFile, TargetKind::kQuack, TargetKind::kDucklake}) {
    EXPECT_EQ(dialect_of(kind, Profile::kMotherduck).limits.batch_rows, motherduck.batch_rows);
    EXPECT_EQ(dialect_of(kind, Profile::kTarget).limits.batch_rows, 0U);
  }
}

TEST(Dialect, ALakeStoresOtherTypes) {
  DuckType mood = DuckType::of(DuckTypeId::kEnum);
  mood.names = {"sad", "ok"};
  const DuckType bits = DuckType::list(DuckType::of(DuckTypeId::kBit));
  const Dialect lake = dialect_of(TargetKind::kDucklake, Profile::kTarget);
  EXPECT_EQ(stored_type(lake, mood).sql(), "VARCHAR");
  EXPECT_EQ(stored_type(lake, bits).sql(), "VARCHAR[]");
  for (const DuckTypeId changed : {DuckTypeId::kHugeint, DuckTypeId::kTimeTz, DuckTypeId::kInterval}) {
    EXPECT_EQ(stored_type(lake, DuckType::of(changed)).sql(), "VARCHAR");
  }
  EXPECT_EQ(stored_type(lake, DuckType::array(DuckType::of(DuckTypeId::kFloat), 3)).sql(), "FLOAT[]");
  EXPECT_EQ(stored_type(dialect_of(TargetKind::kFile, Profile::kTarget), mood), mood);
}

TEST(Dialect, ErrorsSayWhetherToTryAgain) {
  const auto of = [](TargetKind kind, const char* text) {
    return engine::translate_error(text, {dialect_of(kind, Profile::kTarget).errors});
  };
  EXPECT_EQ(of(TargetKind::kQuack, "IO Error: Failed to send message: x").kind(), ErrorKind::kTransient);
  EXPECT_EQ(of(TargetKind::kQuack, "Invalid Input Error: Authentication failed").kind(), ErrorKind::kAuth);
  EXPECT_EQ(of(TargetKind::kMotherduck, "TransactionContext Error: write-write conflict").kind(),
            ErrorKind::kTransient);
  EXPECT_EQ(of(TargetKind::kMotherduck, "Invalid Input Error: Jwt is expired").kind(), ErrorKind::kAuth);
  EXPECT_THAT(of(TargetKind::kMotherduck, "Jwt is expired").hint(), HasSubstr("motherduck_token"));
  EXPECT_EQ(of(TargetKind::kMotherduck, "RESOURCE_EXHAUSTED: quota").kind(), ErrorKind::kDestination);
  // Of a file it is final.
  EXPECT_EQ(of(TargetKind::kFile, "TransactionContext Error: write-write conflict").kind(), ErrorKind::kDestination);
}

}  // namespace
}  // namespace pg2duck::destination
