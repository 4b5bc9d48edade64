#include "destination/targets/attachment.hpp"

#include "destination/targets/object_store.hpp"
#include "unit/destination/fixture.hpp"

namespace pg2duck::destination {
namespace {

/// A connection that fetches no extensions from anywhere.
class AttachmentTest : public TargetTest {
 protected:
  AttachmentTest() {
    session_->execute("SET autoinstall_known_extensions = false");
    session_->execute("SET autoload_known_extensions = false");
  }

  std::string variable(const std::string& name) {
    return session_->query("SELECT coalesce(getvariable('" + name + "')::VARCHAR, 'not set')").rows[0][0].value_or("");
  }
};

TEST_F(AttachmentTest, TheTokenIsThereWhileTheStatementRunsAndGoneAfterwards) {
  DatabaseOptions options;
  options.token = Secret("canary");
  const Dialect dialect = dialect_of(config::TargetKind::kQuack, config::Profile::kTarget);
  run_with_token(session_->connection(), dialect, options,
                 "CREATE TEMP TABLE seen AS SELECT getvariable('pg2duck_token') AS t");
  EXPECT_EQ(session_->query("SELECT t FROM seen").rows[0][0], "canary");
  EXPECT_EQ(variable("pg2duck_token"), "not set");
}

TEST_F(AttachmentTest, TheTokenIsGoneAfterAnAttachThatFails) {
  DatabaseOptions options;
  options.token = Secret("canary");
  options.path = "localhost:1";
  const Dialect dialect = dialect_of(config::TargetKind::kQuack, config::Profile::kTarget);
  error_of([&] { (void)attach_target(session_->connection(), dialect, options, "other"); });
  EXPECT_EQ(variable("pg2duck_token"), "not set");
}

TEST_F(AttachmentTest, TheKeyOfAnObjectStoreIsGoneAfterASecretThatCannotBeMade) {
  const config::StoreAccess access{.endpoint = "http://localhost:1",
                                   .account = "",
                                   .key_id = "id",
                                   .secret = Secret("canary"),
                                   .connection_string = {}};
  error_of([&] { reach_object_store(session_->connection(), config::ObjectStore::kGcs, access); });
  EXPECT_EQ(variable("pg2duck_secret"), "not set");
}

}  // namespace
}  // namespace pg2duck::destination
