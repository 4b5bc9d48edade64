#include "source/session/login_error.hpp"

#include <gmock/gmock.h>

namespace pg2duck::source {
namespace {

using testing::HasSubstr;

LoginFailure failure(const std::string& text) {
  return {.text = text, .host = "db.example", .port = "5432", .user = "ann", .database = "shop"};
}

struct Case {
  std::string text;
  ErrorKind kind;
  std::string message;
  std::string hint;
};

TEST(LoginError, KnowsTheTextsOfLibpqAndTheServer) {
  const std::string at = "connection to server at \"db.example\" (10.0.0.1), port 5432 failed: ";
  const std::vector<Case> cases = {
      {at + "Connection refused\n\tIs the server running on that host and accepting TCP/IP connections?\n",
       ErrorKind::kConnection, "nothing listens at db.example:5432", "is the server running"},
      {"could not translate host name \"db.example\" to address: Name or service not known\n", ErrorKind::kConnection,
       "host name db.example:5432 is not known", "check the host's name"},
      {at + "FATAL:  28P01: password authentication failed for user \"ann\"\nLOCATION:  auth_failed, auth.c:335\n",
       ErrorKind::kAuth, "rejected the password for user \"ann\" (password authentication)", "PGPASSWORD"},
      {at + "FATAL:  28P01: Passwort-Authentifizierung f\xC3\xBCr Benutzer \xC2\xBB"
            "ann\xC2\xAB fehlgeschlagen\n",
       ErrorKind::kAuth, "rejected the password", "~/.pgpass"},
      {at + "fe_sendauth: no password supplied\n", ErrorKind::kAuth, "wants a password for user \"ann\"", "PGPASSWORD"},
      {at + "FATAL:  28000: no pg_hba.conf entry for host \"10.0.0.7\", user \"ann\", database \"shop\", no "
            "encryption\n",
       ErrorKind::kAuth, "no pg_hba.conf entry", "host shop ann 10.0.0.7/32 scram-sha-256"},
      {at + "FATAL:  28000: no pg_hba.conf entry for host \"::1\", user \"ann\", database \"shop\", SSL encryption\n",
       ErrorKind::kAuth, "no pg_hba.conf entry", "hostssl shop ann ::1/128 scram-sha-256"},
      {at + "FATAL:  28000: role \"ann\" does not exist\n", ErrorKind::kAuth, "role \"ann\" does not exist",
       "CREATE ROLE"},
      {"connection to server on socket \"/x/.s.PGSQL.5432\" failed: FATAL:  28000: Peer authentication failed for user "
       "\"ann\"\n",
       ErrorKind::kAuth, "only the operating system's user \"ann\"", "host=localhost"},
      {at + "FATAL:  3D000: database \"shop\" does not exist\n", ErrorKind::kConnection,
       "database \"shop\" does not exist", "psql -l"},
      {at + "FATAL:  53300: sorry, too many clients already\n", ErrorKind::kConnection, "too many clients", "--jobs"},
      {at + "FATAL:  42501: permission denied for database \"shop\"\nDETAIL:  User does not have CONNECT privilege.\n",
       ErrorKind::kPermission, "permission denied", "GRANT CONNECT ON DATABASE \"shop\" TO \"ann\""},
      {at + "server does not support SSL, but SSL was required\n", ErrorKind::kConnection, "does not speak TLS",
       "sslmode"},
      {at + "FATAL:  57P03: the database system is starting up\n", ErrorKind::kConnection, "is not ready", "try again"},
      {"definition of service \"x\" not found\n", ErrorKind::kUsage, "definition of service", "PGSERVICEFILE"},
      {"timeout expired (10 s)", ErrorKind::kConnection, "no answer from db.example:5432", "connect_timeout"},
      {"invalid sslmode value: \"maybe\"\n", ErrorKind::kUsage, "invalid sslmode", "connection string"},
  };
  for (const Case& expected : cases) {
    const Error error = login_error(failure(expected.text));
    EXPECT_EQ(error.kind(), expected.kind) << expected.text;
    EXPECT_THAT(error.message(), HasSubstr(expected.message));
    EXPECT_THAT(error.hint(), HasSubstr(expected.hint)) << expected.text;
    EXPECT_THAT(error.message(), testing::Not(HasSubstr("LOCATION")));
  }
}

TEST(LoginError, KeepsTheServersStateAndWords) {
  const Error error = login_error(failure("connection to server failed: FATAL:  XX000: something odd\nLOCATION: f\n"));
  EXPECT_EQ(error.sqlstate(), "XX000");
  EXPECT_EQ(error.message(), "cannot connect to db.example:5432: something odd");
}

TEST(LoginError, AssignsAStateWhereNoServerGaveOne) {
  EXPECT_EQ(login_error(failure("failed: Connection refused\n")).sqlstate(), "08001");
  EXPECT_EQ(login_error(failure("failed: No such file or directory\n")).sqlstate(), "08001");
  const Error closed = login_error(failure("failed: server closed the connection unexpectedly\n"));
  EXPECT_EQ(closed.sqlstate(), "08006");
  EXPECT_FALSE(closed.has_reported_sqlstate());
}

TEST(LoginError, GoesByWhatLibpqTellsInFlags) {
  LoginFailure silent = failure("timeout expired (3 s)");
  silent.timed_out = true;
  EXPECT_EQ(login_error(silent).message(), "no answer from db.example:5432: timeout expired (3 s)");
  LoginFailure nameless = failure("in words that nobody knows");
  nameless.needs_password = true;
  EXPECT_THAT(login_error(nameless).message(), HasSubstr("and there is none"));
}

TEST(LoginError, SaysWhereTheWrongPasswordIsWritten) {
  LoginFailure wrong = failure("FATAL:  28P01: password authentication failed for user \"ann\"\n");
  wrong.password_origin = "pg2duck.toml:2";
  EXPECT_EQ(login_error(wrong).hint(), "correct the password in pg2duck.toml:2");
}

TEST(LoginError, QuotesOddNamesInTheMissingLine) {
  LoginFailure odd = failure(
      "FATAL:  28000: no pg_hba.conf entry for host \"[local]\", user \"a b\", database \"all\", no encryption\n");
  odd.user = "a b";
  odd.database = "all";
  EXPECT_THAT(login_error(odd).hint(), HasSubstr("local \"all\" \"a b\" scram-sha-256"));
}

TEST(LoginError, TellsAServerThatIsGoneFromWhatIsWrongHere) {
  for (const char* text :
       {"failed: Connection refused\n", "failed: server closed the connection unexpectedly\n",
        "could not receive data from server: Connection reset by peer\n", "failed: No such file or directory\n",
        "FATAL:  57P03: the database system is shutting down\n"}) {
    EXPECT_TRUE(says_server_is_gone(login_error(failure(text)))) << text;
  }
  for (const char* text :
       {"could not create socket: Too many open files\n", "could not translate host name \"db.example\" to address\n",
        "failed: No route to host\n", "FATAL:  53300: sorry, too many clients already\n",
        "FATAL:  28P01: password authentication failed for user \"ann\"\n"}) {
    EXPECT_FALSE(says_server_is_gone(login_error(failure(text)))) << text;
  }
}

TEST(LoginError, SurvivesOddText) {
  for (const char* text : {"", ":  ", ":  12345", ":  12345:", " failed: ", "FATAL:  ", "host \""}) {
    EXPECT_EQ(login_error(failure(text)).kind(), ErrorKind::kConnection) << text;
  }
}

}  // namespace
}  // namespace pg2duck::source
