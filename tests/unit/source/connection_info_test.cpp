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

TEST_F(ConnectionInfoTest, TheUriIsReadAsWhatItWasMadeOf) {
  const auto uri = [](const std::string& text) { return ConnectionInfo::parse(Secret(text)).uri(); };
  const auto value = [](const ConnectionInfo& info, const char* key) {
    const auto found = info.parameters().find(key);
    return found == info.parameters().end() ? "" : found->second.reveal();
  };

  struct Case {
    const char* text;
    const char* user;
    const char* host;
    const char* port;
    const char* database;
  };

  const Case cases[] = {{"host=db user=ann dbname=shop password=secret", "ann", "db", "5432", "shop"},
                        {"", "me", "", "5432", "me"},
                        {"host=/tmp/socket", "me", "/tmp/socket", "5432", "me"},
                        {"host=a,b,/tmp port=5433,5434,5435 dbname=x", "me", "a,b,/tmp", "5433,5434,5435", "x"},
                        {"host=a,b port=5433 dbname=x", "me", "a,b", "5433,5433", "x"},
                        {"hostaddr=::1 user='a@b:c' dbname='x/y ?%'", "a@b:c", "::1", "5432", "x/y ?%"},
                        {"host=db dbname='postgresql://ann:hunter2@other:5433/c'", "ann", "other", "5433", "c"},
                        {"host=db dbname='password=hunter2 dbname=c'", "me", "db", "5432", "c"}};
  for (const Case& one : cases) {
    const std::string text = uri(one.text);
    const ConnectionInfo again = ConnectionInfo::parse(Secret(text));
    EXPECT_EQ(value(again, "user"), one.user) << text;
    EXPECT_EQ(value(again, "host"), one.host) << text;
    EXPECT_EQ(value(again, "port"), one.port) << text;
    EXPECT_EQ(value(again, "dbname"), one.database) << text;
    EXPECT_THAT(text, testing::AllOf(Not(HasSubstr("secret")), Not(HasSubstr("hunter2"))));
    EXPECT_EQ(again.uri(), text);
  }
  EXPECT_EQ(uri("postgresql://ann:secret@db:5433/shop?sslmode=require"), "postgresql://ann@db:5433/shop");
  EXPECT_EQ(uri("service='x y' user=ann"), "postgresql://ann@/?service=x%20y");
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
