#include <arpa/inet.h>
#include <chrono>
#include <cstdlib>
#include <netinet/in.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

#include <gmock/gmock.h>

#include "base/error.hpp"
#include "source/session/connection.hpp"
#include "support/error_of.hpp"
#include "support/servers/postgres_server.hpp"

namespace pg2duck::source {
namespace {

using test::error_of;
using test::open_connection;
using test::PostgresServer;
using test::stop_after;
using test::TestDatabase;
using testing::HasSubstr;

Error login_failure(const std::string& text) {
  return error_of([&] { open_connection(text); });
}

std::string address() {
  return "host=127.0.0.1 port=" + std::to_string(PostgresServer::shared().port());
}

/// Accepts connections and never says a word.
class SilentServer {
 public:
  SilentServer() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in name{};
    name.sin_family = AF_INET;
    name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(name);
    auto* generic = reinterpret_cast<sockaddr*>(&name);
    EXPECT_EQ(bind(socket_, generic, size) + listen(socket_, 5) + getsockname(socket_, generic, &size), 0);
    port_ = std::to_string(ntohs(name.sin_port));
  }

  ~SilentServer() { close(socket_); }

  SilentServer(const SilentServer&) = delete;
  SilentServer& operator=(const SilentServer&) = delete;

  [[nodiscard]] const std::string& port() const { return port_; }

 private:
  int socket_;
  std::string port_;
};

class SourceConnection : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    for (const char* name : {"PGPASSWORD", "PGOPTIONS", "PGSERVICE", "PGSSLMODE", "PGCONNECT_TIMEOUT", "PGAPPNAME"}) {
      unsetenv(name);
    }
    setenv("PGPASSFILE", "/nonexistent/pgpass", 1);
  }

  std::uint64_t read_copy(Connection& connection, const std::string& sql) {
    connection.start_copy("COPY (" + sql + ") TO STDOUT (FORMAT binary)");
    std::uint64_t bytes = 0;
    while (const auto message = connection.next_message()) {
      bytes += message->size();
      connection.release_messages();
    }
    return bytes;
  }

  TestDatabase database_;
};

TEST_F(SourceConnection, OpensWithOurNameAndEncoding) {
  Connection connection = database_.connect();
  EXPECT_EQ(connection.query("SHOW application_name").text(0, 0), "pg2duck");
  EXPECT_EQ(connection.query("SHOW client_encoding").text(0, 0), "UTF8");
  EXPECT_EQ(connection.parameter("server_encoding"), "UTF8");
  EXPECT_EQ(connection.parameter("no_such_parameter"), "");
  EXPECT_GE(connection.server_version(), 130000);
  EXPECT_EQ(connection.query("SELECT pg_backend_pid()").integer(0, 0), connection.backend_pid());
  Connection named = open_connection(database_.uri() + "?application_name=mine");
  EXPECT_EQ(named.query("SHOW application_name").text(0, 0), "mine");
}

TEST_F(SourceConnection, GivesResultsAsText) {
  Connection connection = database_.connect();
  const Result result = connection.query("SELECT 42 AS number, NULL, true, 'x' UNION ALL SELECT -1, 'n', false, ''");
  EXPECT_EQ(result.rows(), 2U);
  EXPECT_EQ(result.columns(), 4U);
  EXPECT_EQ(result.column_name(0), "number");
  EXPECT_EQ(result.integer(1, 0), -1);
  EXPECT_TRUE(result.is_null(0, 1));
  EXPECT_FALSE(result.is_null(1, 1));
  EXPECT_TRUE(result.boolean(0, 2));
  EXPECT_FALSE(result.boolean(1, 2));
  EXPECT_THROW(static_cast<void>(result.integer(0, 3)), Error);
  EXPECT_THROW(static_cast<void>(result.text(2, 0)), Error);
}

TEST_F(SourceConnection, ErrorsCarryStateDetailAndKind) {
  Connection connection = database_.connect();
  const Error division = error_of([&] { connection.execute("SELECT 1; SELECT 1/0; SELECT 2"); });
  EXPECT_EQ(division.kind(), ErrorKind::kSourceSql);
  EXPECT_EQ(division.sqlstate(), "22012");
  EXPECT_EQ(division.message(), "division by zero");
  EXPECT_EQ(error_of([&] { connection.execute("SELECT * FROM nowhere"); }).kind(), ErrorKind::kSchemaDrift);
  connection.execute("CREATE TABLE u (a int UNIQUE)");
  EXPECT_THAT(error_of([&] { connection.execute("INSERT INTO u VALUES (1), (1)"); }).message(),
              HasSubstr("Key (a)=(1) already exists"));
  connection.execute("SET statement_timeout = 20");
  const Error timeout = error_of([&] { connection.execute("SELECT pg_sleep(5)"); });
  EXPECT_EQ(timeout.sqlstate(), "57014");
  EXPECT_THAT(timeout.hint(), HasSubstr("statement_timeout"));
}

TEST_F(SourceConnection, LoginFailuresSayWhatToDo) {
  const Error port = login_failure("host=127.0.0.1 port=1 user=postgres");
  EXPECT_EQ(port.kind(), ErrorKind::kConnection);
  EXPECT_EQ(port.message(), "nothing listens at 127.0.0.1:1: connection refused");
  EXPECT_THAT(port.hint(), HasSubstr("is the server running"));

  const Error socket = login_failure("host=/nonexistent user=postgres");
  EXPECT_EQ(socket.kind(), ErrorKind::kConnection);
  EXPECT_THAT(socket.message(), HasSubstr("no server socket at /nonexistent"));

  const Error database = login_failure(address() + " user=postgres dbname=nowhere");
  EXPECT_EQ(database.kind(), ErrorKind::kConnection);
  EXPECT_EQ(database.sqlstate(), "3D000");
  EXPECT_EQ(database.message(), "database \"nowhere\" does not exist");

  const Error role = login_failure(address() + " user=nobody_here dbname=postgres");
  EXPECT_EQ(role.kind(), ErrorKind::kAuth);
  EXPECT_EQ(role.message(), "role \"nobody_here\" does not exist");

  const Error tls = login_failure(address() + " user=postgres sslmode=require");
  EXPECT_EQ(tls.kind(), ErrorKind::kConnection);
  EXPECT_THAT(tls.message(), HasSubstr("does not speak TLS"));
  EXPECT_THAT(tls.hint(), HasSubstr("sslmode=prefer"));
}

TEST_F(SourceConnection, LoginFailuresByPasswordAndHba) {
  PostgresServer& server = PostgresServer::shared();
  database_.execute("CREATE ROLE by_password LOGIN PASSWORD 'right'");
  database_.execute("CREATE ROLE outsider LOGIN");
  server.set_hba("host all by_password 127.0.0.1/32 scram-sha-256\nhost all outsider 10.9.8.7/32 trust", false);
  const std::string target = address() + " dbname=" + database_.name();

  const Error wrong = login_failure(target + " user=by_password password=wrong-hunter2");
  EXPECT_EQ(wrong.kind(), ErrorKind::kAuth);
  EXPECT_EQ(wrong.sqlstate(), "28P01");
  EXPECT_EQ(wrong.message(), "the server rejected the password for user \"by_password\" (password authentication)");
  EXPECT_THAT(std::string(wrong.what()) + wrong.hint(), testing::Not(HasSubstr("hunter2")));

  const Error missing = login_failure(target + " user=by_password");
  EXPECT_EQ(missing.kind(), ErrorKind::kAuth);
  EXPECT_THAT(missing.hint(), HasSubstr("PGPASSWORD"));
  EXPECT_NO_THROW(open_connection(target + " user=by_password password=right"));

  const Error hba = login_failure(target + " user=outsider");
  EXPECT_EQ(hba.kind(), ErrorKind::kAuth);
  EXPECT_EQ(hba.sqlstate(), "28000");
  EXPECT_THAT(hba.hint(), HasSubstr("host " + database_.name() + " outsider 127.0.0.1/32 scram-sha-256"));

  server.set_hba("");
  database_.execute("DROP ROLE by_password; DROP ROLE outsider");
}

TEST_F(SourceConnection, LoginFailuresByLimitsAndRights) {
  database_.execute("CREATE ROLE limited LOGIN CONNECTION LIMIT 0");
  const Error slots = login_failure(database_.uri("limited"));
  EXPECT_EQ(slots.kind(), ErrorKind::kConnection);
  EXPECT_EQ(slots.sqlstate(), "53300");
  EXPECT_THAT(slots.hint(), HasSubstr("--jobs"));
  database_.execute("ALTER ROLE limited CONNECTION LIMIT -1; REVOKE CONNECT ON DATABASE " + database_.name() +
                    " FROM PUBLIC");
  const Error connect = login_failure(database_.uri("limited"));
  EXPECT_EQ(connect.kind(), ErrorKind::kPermission);
  EXPECT_THAT(connect.hint(), HasSubstr("GRANT CONNECT ON DATABASE \"" + database_.name() + "\" TO \"limited\""));
  database_.execute("DROP ROLE limited");
}

TEST_F(SourceConnection, SilentHostsTimeOutAndTheNextIsTried) {
  const SilentServer silent;
  const Error timeout = login_failure("host=127.0.0.1 port=" + silent.port() + " user=postgres connect_timeout=2");
  EXPECT_EQ(timeout.kind(), ErrorKind::kConnection);
  EXPECT_THAT(timeout.message(), HasSubstr("no answer from 127.0.0.1:" + silent.port()));
  EXPECT_NO_THROW(open_connection("host=127.0.0.1,127.0.0.1 port=" + silent.port() + "," +
                                  std::to_string(PostgresServer::shared().port()) +
                                  " user=postgres connect_timeout=5"));
}

TEST_F(SourceConnection, StopEndsALogin) {
  const SilentServer silent;
  std::stop_source stop;
  const std::jthread stopper = stop_after(stop, std::chrono::milliseconds(150));
  const Error error = error_of([&] { open_connection("host=127.0.0.1 port=" + silent.port(), stop.get_token()); });
  EXPECT_EQ(error.kind(), ErrorKind::kCancelled);
}

TEST_F(SourceConnection, CopyGivesMessagesThatLiveUntilReleased) {
  Connection connection = database_.connect();
  connection.start_copy("COPY (SELECT g FROM generate_series(1, 5000) g) TO STDOUT (FORMAT binary)");
  std::vector<Bytes> kept;
  while (const auto message = connection.next_message()) {
    kept.push_back(*message);
  }
  EXPECT_EQ(connection.copied_rows(), 5000U);
  std::uint64_t bytes = 0;
  for (const Bytes& message : kept) {
    bytes += message.size();
  }
  // Signature, flags and extension; count, length and value of each row; trailer.
  EXPECT_EQ(bytes, 19U + 5000U * 10U + 2U);
  EXPECT_EQ(static_cast<char>(kept.front()[0]), 'P');
  connection.release_messages();
  EXPECT_EQ(read_copy(connection, "SELECT WHERE false"), 21U);
  EXPECT_EQ(connection.copied_rows(), 0U);
  EXPECT_THROW(static_cast<void>(connection.next_message()), Error);
}

TEST_F(SourceConnection, CopyFailureEndsTheCopyOnly) {
  Connection connection = database_.connect();
  const Error late = error_of([&] { read_copy(connection, "SELECT 1/(50000 - g) FROM generate_series(1, 60000) g"); });
  EXPECT_EQ(late.sqlstate(), "22012");
  const Error early = error_of([&] { connection.start_copy("COPY (SELECT nothing) TO STDOUT (FORMAT binary)"); });
  EXPECT_EQ(early.sqlstate(), "42703");
  EXPECT_EQ(connection.query("SELECT 1").integer(0, 0), 1);
}

TEST_F(SourceConnection, AKilledBackendIsALostConnection) {
  Connection connection = database_.connect();
  connection.start_copy("COPY (SELECT repeat('x', 1000), generate_series(1, 1000000000)) TO STDOUT (FORMAT binary)");
  ASSERT_TRUE(connection.next_message());
  database_.execute("SELECT pg_terminate_backend(" + std::to_string(connection.backend_pid()) + ")");
  const Error error = error_of([&] {
    while (connection.next_message()) {
      connection.release_messages();
    }
  });
  EXPECT_EQ(error.kind(), ErrorKind::kConnection);
  EXPECT_THAT(error.message(), HasSubstr("the server closed the connection"));
  EXPECT_FALSE(error.hint().empty());
  EXPECT_EQ(error_of([&] { connection.execute("SELECT 1"); }).kind(), ErrorKind::kConnection);
  connection.abandon_copy();
}

TEST_F(SourceConnection, AbandonedCopyFreesTheSession) {
  Connection connection = database_.connect();
  connection.execute("BEGIN");
  connection.start_copy("COPY (SELECT repeat('x', 1000), generate_series(1, 1000000000)) TO STDOUT (FORMAT binary)");
  ASSERT_TRUE(connection.next_message());
  const auto started = std::chrono::steady_clock::now();
  connection.abandon_copy();
  EXPECT_LT(std::chrono::steady_clock::now() - started, std::chrono::seconds(30));
  EXPECT_EQ(error_of([&] { connection.execute("SELECT 1"); }).sqlstate(), "25P02");
  connection.execute("ROLLBACK");
  EXPECT_EQ(connection.query("SELECT 1").integer(0, 0), 1);
}

TEST_F(SourceConnection, StopCancelsAQueryAndACopy) {
  for (const bool copy : {false, true}) {
    std::stop_source stop;
    Connection connection = database_.connect("postgres", stop.get_token());
    const auto started = std::chrono::steady_clock::now();
    const std::jthread stopper = stop_after(stop, std::chrono::milliseconds(200));
    const Error error = error_of([&] {
      if (copy) {
        read_copy(connection, "SELECT repeat('x', 1000), generate_series(1, 1000000000)");
      } else {
        connection.execute("SELECT pg_sleep(600)");
      }
    });
    EXPECT_EQ(error.kind(), ErrorKind::kCancelled);
    EXPECT_LT(std::chrono::steady_clock::now() - started, std::chrono::seconds(300));
    Connection other = database_.connect();
    const std::string running = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND pid = " +
                                std::to_string(connection.backend_pid());
    EXPECT_TRUE(test::eventually([&] { return other.query(running).integer(0, 0) == 0; }));
  }
}

TEST_F(SourceConnection, ReadingEnvironmentBeatsTheRolesSettings) {
  database_.execute("CREATE ROLE hurried LOGIN");
  database_.execute("ALTER ROLE hurried SET statement_timeout = '2s'");
  database_.execute("ALTER ROLE hurried SET datestyle = 'German'");
  database_.execute("ALTER ROLE hurried SET standard_conforming_strings = off");
  Connection connection = database_.connect("hurried");
  connection.execute("BEGIN");
  set_reading_environment(connection);
  EXPECT_NO_THROW(connection.execute("SELECT pg_sleep(2.5)"));
  EXPECT_EQ(connection.query("SHOW lock_timeout").text(0, 0), "10s");
  EXPECT_EQ(connection.query("SHOW idle_in_transaction_session_timeout").text(0, 0), "0");
  EXPECT_EQ(connection.query("SHOW row_security").text(0, 0), "off");
  EXPECT_EQ(connection.query("SHOW synchronize_seqscans").text(0, 0), "off");
  EXPECT_EQ(connection.query("SHOW search_path").text(0, 0), "pg_catalog");
  EXPECT_EQ(connection.query("SELECT timestamptz '2024-02-03 04:05:06+01' || '\\'").text(0, 0),
            "2024-02-03 03:05:06+00\\");
  connection.execute("ROLLBACK");
  EXPECT_EQ(connection.query("SHOW datestyle").text(0, 0), "German, DMY");
  database_.execute("DROP ROLE hurried");
}

TEST_F(SourceConnection, ReadingEnvironmentKeepsTheUsersOwnTimeouts) {
  Connection connection = open_connection(
      database_.uri() + "?options=-c%20lock_timeout%3D3s%20--statement-timeout%3D70s%20-cdeadlock_timeout%3D2s");
  EXPECT_TRUE(connection.user_sets("lock_timeout"));
  EXPECT_TRUE(connection.user_sets("deadlock_timeout"));
  EXPECT_FALSE(connection.user_sets("idle_in_transaction_session_timeout"));
  connection.execute("BEGIN");
  set_reading_environment(connection);
  EXPECT_EQ(connection.query("SHOW lock_timeout").text(0, 0), "3s");
  EXPECT_EQ(connection.query("SHOW statement_timeout").text(0, 0), "70s");
  EXPECT_EQ(connection.query("SHOW idle_in_transaction_session_timeout").text(0, 0), "0");

  setenv("PGOPTIONS", "-c deadlock_timeout=5s -cstatement_timeout=30s", 1);
  Connection by_environment = database_.connect();
  unsetenv("PGOPTIONS");
  EXPECT_TRUE(by_environment.user_sets("statement_timeout"));
  EXPECT_FALSE(by_environment.user_sets("lock_timeout"));
}

}  // namespace
}  // namespace pg2duck::source
