#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/dlt/credentials.hpp"
#include "support/error_of.hpp"
#include "unit/config/dlt_directory.hpp"

namespace pg2duck::config {
namespace {

TEST(ConfigDltCredentials, SecretsOfAContainer) {
  DltDirectory project;
  project.write("secrets/sources--sql-database--credentials--password", "from a file\n");
  project.write("secrets/destination--motherduck--credentials--password/destination--motherduck--credentials--password",
                "in a directory");
  project.write(".dlt/secrets.toml",
                "[sources.sql_database.credentials]\ndrivername = \"postgresql\"\npassword = \"x\"\n");
  EXPECT_EQ(source_credentials(project.settings()).password->reveal(), "from a file");
  EXPECT_EQ(motherduck_credentials(project.settings(), project.environment()).token.reveal(), "in a directory");
}

TEST(ConfigDltCredentials, WhoWinsTheToken) {
  const auto token = [](const std::string& secrets, bool in_environment) {
    DltDirectory project;
    project.write(".dlt/secrets.toml", "[destination.motherduck.credentials]\n" + secrets);
    if (in_environment) {
      project.set("motherduck_token", "environment");
    }
    return motherduck_credentials(project.settings(), project.environment()).token.reveal();
  };
  EXPECT_EQ(token("token = \"t\"", false), "t");
  EXPECT_EQ(token("token = \"t\"\npassword = \"p\"", false), "p");
  EXPECT_EQ(token("token = \"t\"", true), "");
  EXPECT_EQ(token("password = \"p\"", true), "p");
}

TEST(ConfigDltCredentials, AUrlOfAnotherDestinationIsNotMotherducks) {
  const auto failure = [](const std::string& url) {
    DltDirectory project;
    project.write(".dlt/secrets.toml", "[destination.motherduck]\ncredentials = \"" + url + "\"\n");
    return test::error_of([&] { (void)motherduck_credentials(project.settings(), project.environment()); });
  };
  const Error error = failure("snowflake://user:secret@host/shop");
  EXPECT_THAT(error.what(),
              testing::HasSubstr("destination.motherduck.credentials is of snowflake, and not of Mother"));
  EXPECT_THAT(error.what() + error.hint(), testing::Not(testing::HasSubstr("secret@")));
}

}  // namespace
}  // namespace pg2duck::config
