#include "source/session/connection_info.hpp"

#include <cstdlib>

#include <gmock/gmock.h>

#include "base/error.hpp"

namespace pg2duck::source {
namespace {

using testing::HasSubstr;
using testing::Not;

class ConnectionInfoTest : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"PGHOST", "PGHOSTADDR", "PGPORT", "PGUSER", "PGDATABASE", "PGSERVICE", "PGPASSWORD"}) {
      unsetenv(name);
    }
    setenv("PGUSER", "me", 1);
  }

  static std::string display(const std::string& text) { return ConnectionInfo::parse(Secret(text)).display(); }
};

TEST_F(ConnectionInfoTest, DisplaysEveryForm) {
  EXPECT_EQ(display("postgresql://ann:secret@db:5433/shop"), "postgresql://ann@db:5433/shop");
  EXPECT_EQ(display("host=db user=ann dbname=shop password=secret"), "postgresql://ann@db:5432/shop");
  EXPECT_EQ(display(""), "postgresql://me@[local]:5432/me");
  EXPECT_EQ(display("host=/tmp/socket"), "postgresql://me@[/tmp/socket]:5432/me");
  EXPECT_EQ(display("service=x user=ann"), "postgresql://ann@/?service=x");
  setenv("PGHOST", "from-environment", 1);
  setenv("PGDATABASE", "shop", 1);
  EXPECT_EQ(display(""), "postgresql://me@from-environment:5432/shop");
  unsetenv("PGHOST");
  unsetenv("PGDATABASE");
}

TEST_F(ConnectionInfoTest, KeepsParametersAsGiven) {
  const auto info = ConnectionInfo::parse(Secret("postgresql://ann:p%40ss@db/shop?sslmode=require&options=-c%20a%3Db"));
  EXPECT_EQ(info.parameters().at("password").reveal(), "p@ss");
  EXPECT_EQ(info.parameters().at("sslmode").reveal(), "require");
  EXPECT_EQ(info.parameters().at("options").reveal(), "-c a=b");
  EXPECT_FALSE(info.parameters().contains("port"));
}

TEST_F(ConnectionInfoTest, NeverShowsASecret) {
  for (const char* text :
       {"postgresql://ann:hunter2@db/shop?sslpassword=hunter2", "host=db password=hunter2 passfile=/hunter2",
        "host=db dbname='postgresql://a:hunter2@b/c'", "host=db dbname='password=hunter2'"}) {
    EXPECT_THAT(display(text), Not(HasSubstr("hunter2"))) << text;
  }
}

TEST_F(ConnectionInfoTest, ParseErrorsNeverEchoTheText) {
  for (const char* text :
       {"password hunter2", "host=db password=my hunter2", "host=db password='hunter2", "hunter2", "host=db hunter2=x",
        "postgresql://ann:hunter2@[::1/db", "postgresql://ann:hunter2%zz@db/x", "postgresql://ann:x@[::1]hunter2/db",
        "postgresql://ann:pa@hunter2@db/shop", "postgresql://ann:hunter2/x@db/shop",
        "postgresql://ann:12/hunter2@db/shop", "postgresql://db/shop?hunter2", "postgresql://db/shop?hunter2=1",
        "postgresql://db/shop?a=b=hunter2", "postgresql://ann:hun%00hunter2@db/shop"}) {
    try {
      ConnectionInfo::parse(Secret(text));
      ADD_FAILURE() << text;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kUsage);
      EXPECT_THAT(std::string(error.what()) + error.hint(), Not(HasSubstr("hunter2"))) << text;
      EXPECT_FALSE(error.hint().empty());
    }
  }
}

TEST_F(ConnectionInfoTest, VersionOfLibpq) {
  EXPECT_THAT(libpq_version(), testing::MatchesRegex("[0-9]+\\.[0-9]+"));
}

}  // namespace
}  // namespace pg2duck::source
