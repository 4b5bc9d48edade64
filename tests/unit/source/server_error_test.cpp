#include <gtest/gtest.h>

#include "base/error.hpp"
#include "source/session/session.hpp"

namespace pg2duck::source {
namespace {

TEST(ServerError, LeavesLibpqsGuessesOut) {
  EXPECT_EQ(connection_lost("server closed the connection unexpectedly\n"
                            "\tThis probably means the server terminated abnormally\n"
                            "\tbefore or while processing the request.\n")
                .message(),
            "the server closed the connection");
  EXPECT_EQ(connection_lost("could not receive data from server: Connection reset by peer\n").message(),
            "the server closed the connection: could not receive data from server: Connection reset by peer");
  EXPECT_EQ(connection_lost("").message(), "the server closed the connection");
}

TEST(ServerError, FindsTheSchemaThatIsGone) {
  const Error odd = Error(ErrorKind::kSchemaDrift, "schema \"a \"b\" does not exist").set_sqlstate("3F000");
  EXPECT_TRUE(names_missing_schema(odd, "a \"b"));
  const Error plain = Error(ErrorKind::kSchemaDrift, "schema \"sales\" does not exist").set_sqlstate("3F000");
  EXPECT_TRUE(names_missing_schema(plain, "sales"));
  EXPECT_FALSE(names_missing_schema(plain, "sale"));
  EXPECT_FALSE(names_missing_schema(Error(ErrorKind::kSchemaDrift, plain.message()).set_sqlstate("42P01"), "sales"));
}

}  // namespace
}  // namespace pg2duck::source
