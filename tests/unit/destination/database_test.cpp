#include "destination/session/database.hpp"

#include <array>
#include <chrono>
#include <fcntl.h>
#include <fstream>
#include <sys/fsuid.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "unit/destination/fixture.hpp"

namespace pg2duck::destination {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

using DatabaseTest = TargetTest;

constexpr const char* kLongQuery = "SELECT sum(a.i * b.i) FROM range(100000000) a(i), range(1000) b(i)";

void write_file(const std::string& path, const std::string& content) {
  std::ofstream(path) << content;
}

Error open_error(const std::string& path) {
  return error_of([&] { (void)Database::open({.path = path}); });
}

/// Another process that holds a write lock on a file, as DuckDB does, until this object goes.
class LockHolder {
 public:
  explicit LockHolder(const std::string& path) {
    std::array<int, 2> ready{};
    EXPECT_EQ(::pipe(ready.data()), 0);
    pid_ = ::fork();
    if (pid_ == 0) {
      struct flock lock{};
      lock.l_type = F_WRLCK;
      const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
      const bool held = ::fcntl(file, F_SETLK, &lock) == 0;
      if (::write(ready[1], held ? "1" : "0", 1) == 1) {
        ::pause();
      }
      ::_exit(0);
    }
    char answer = '0';
    EXPECT_EQ(::read(ready[0], &answer, 1), 1);
    EXPECT_EQ(answer, '1');
    ::close(ready[0]);
    ::close(ready[1]);
  }

  LockHolder(const LockHolder&) = delete;
  LockHolder& operator=(const LockHolder&) = delete;

  ~LockHolder() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }

  [[nodiscard]] std::string pid() const { return std::to_string(pid_); }

 private:
  pid_t pid_ = 0;
};

TEST_F(DatabaseTest, SettingsKeepTheInstanceParallelAndOffline) {
  EXPECT_EQ(value("SELECT current_setting('preserve_insertion_order')"), "false");
  EXPECT_EQ(value("SELECT current_setting('autoinstall_known_extensions')"), "false");
  EXPECT_EQ(value("SELECT current_setting('autoload_known_extensions')"), "false");
  EXPECT_EQ(value("SELECT current_setting('threads')"), "2");
  EXPECT_EQ(value("SELECT current_setting('temp_directory')"), path() + ".tmp");
  EXPECT_THAT(value("SELECT current_setting('memory_limit')"), HasSubstr("MiB"));
  EXPECT_THAT(engine::library_version(), StartsWith("v1."));
}

TEST_F(DatabaseTest, InstancesOfOneProcessSpillApartFromEachOther) {
  const auto spill_directory = [&](const std::string& name) {
    Database database = Database::open({.path = directory_.file(name), .kind = config::TargetKind::kParquet});
    return database.connect().query("SELECT current_setting('temp_directory')").rows.at(0).at(0).value_or("");
  };
  const std::string first = spill_directory("one");
  EXPECT_THAT(first, StartsWith(std::filesystem::temp_directory_path().string()));
  EXPECT_NE(first, spill_directory("two"));
}

TEST_F(DatabaseTest, TimestampTzNeedsNoExtensionToBeLoaded) {
  EXPECT_EQ(value("SELECT CAST(CAST('2024-03-01T10:00:00.5+02:00' AS TIMESTAMPTZ) AS VARCHAR)"),
            "2024-03-01 08:00:00.5+00");
  EXPECT_EQ(value("SELECT CAST('2024-03-01T08:00:00.123456Z' AS TIMESTAMPTZ)"), "2024-03-01 08:00:00.123456+00");
}

TEST_F(DatabaseTest, ClosingLeavesOneFile) {
  session_->execute("CREATE TABLE pg2duck_target.main.t AS SELECT 42 AS a");
  session_.reset();
  database_.reset();
  std::size_t files = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(directory_.path())) {
    ++files;
  }
  EXPECT_EQ(files, 1U);
  reopen();
  EXPECT_EQ(session_->query_int("SELECT a FROM pg2duck_target.main.t"), 42);
}

TEST_F(DatabaseTest, AnyFileNameWorks) {
  const std::string path = directory_.file("it's \"my\" copy.db");
  {
    (void)Database::open({.path = path});
  }
  EXPECT_TRUE(std::filesystem::exists(path));
}

TEST_F(DatabaseTest, ResultsBecomeText) {
  const Rows rows = session_->query(
      "SELECT true AS b, -7::TINYINT AS i, 2::HUGEINT AS h, 0.5::DOUBLE AS d, 'a' || chr(0) || 'b' AS t, NULL AS n,"
      " DATE '2024-02-29' AS day, TIMESTAMP '2024-02-29 12:00:00' AS at");
  EXPECT_THAT(rows.columns, ElementsAre("b", "i", "h", "d", "t", "n", "day", "at"));
  ASSERT_EQ(rows.rows.size(), 1U);
  EXPECT_THAT(rows.rows[0], ElementsAre("true", "-7", "2", "0.5", std::string("a\0b", 3), std::nullopt, "2024-02-29",
                                        "2024-02-29 12:00:00"));
  EXPECT_EQ(session_->query("SELECT i::BIGINT FROM range(5000) t(i)").rows.size(), 5000U);
  EXPECT_EQ(error_of([&] { (void)session_->query("SELECT [1]"); }).kind(), ErrorKind::kBug);
  EXPECT_EQ(error_of([&] { (void)session_->query_int("SELECT 'x'"); }).kind(), ErrorKind::kBug);
  EXPECT_EQ(error_of([&] { (void)session_->query_int("SELECT 1 WHERE false"); }).kind(), ErrorKind::kBug);
}

TEST_F(DatabaseTest, ALoadCountsItsRows) {
  session_->execute("CREATE TABLE pg2duck_target.main.t(a INTEGER); CREATE TABLE pg2duck_target.main.u(a INTEGER)");
  EXPECT_EQ(session_->execute_load("INSERT INTO pg2duck_target.main.t SELECT i FROM range(3) r(i)"), 3U);
}

TEST_F(DatabaseTest, RefusedSqlIsADestinationError) {
  const Error error = error_of([&] { session_->execute("SELECT * FROM nowhere"); });
  EXPECT_EQ(error.kind(), ErrorKind::kDestination);
  EXPECT_THAT(error.what(), HasSubstr("nowhere"));
  EXPECT_THAT(error.what(), Not(HasSubstr("\n")));
  EXPECT_EQ(error_of([&] { session_->execute(std::string("SELECT 1\0; SELECT 2", 19)); }).kind(), ErrorKind::kBug);
}

TEST_F(DatabaseTest, StatementsInOneTransactionAllOrNone) {
  session_->execute("CREATE TABLE pg2duck_target.main.t(a INTEGER)");
  const Statement insert{.sql = "INSERT INTO pg2duck_target.main.t VALUES (1)"};
  const Error error = error_of([&] { session_->execute_all({insert, {.sql = "SELECT nowhere", .where = "here"}}); });
  EXPECT_THAT(error.context(), ::testing::ElementsAre("here"));
  EXPECT_EQ(session_->query_int("SELECT count(*) FROM pg2duck_target.main.t"), 0);
  EXPECT_THROW(session_->execute_all({insert}, [] { throw std::runtime_error("not now"); }), std::runtime_error);
  EXPECT_EQ(session_->query_int("SELECT count(*) FROM pg2duck_target.main.t"), 0);
  session_->execute_all({insert});
  EXPECT_EQ(session_->query_int("SELECT count(*) FROM pg2duck_target.main.t"), 1);
}

TEST_F(DatabaseTest, InterruptStopsTheRunningStatement) {
  std::thread other([this] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    session_->interrupt();
  });
  EXPECT_EQ(error_of([&] { session_->execute(kLongQuery); }).kind(), ErrorKind::kCancelled);
  other.join();
  EXPECT_EQ(session_->query_int("SELECT 1"), 1);
}

TEST_F(DatabaseTest, AnInterruptBetweenStatementsStopsTheNext) {
  session_->interrupt();
  EXPECT_TRUE(session_->interrupt_pending());
  EXPECT_EQ(error_of([&] { session_->execute("SELECT 1"); }).kind(), ErrorKind::kCancelled);
  EXPECT_FALSE(session_->interrupt_pending());
  EXPECT_EQ(session_->query_int("SELECT 1"), 1);
}

TEST_F(DatabaseTest, APendingInterruptDoesNotKeepARollbackBack) {
  session_->execute("CREATE TABLE pg2duck_target.main.t(a INTEGER)");
  const Error error = error_of([&] {
    session_->execute_all({{.sql = "INSERT INTO pg2duck_target.main.t VALUES (1)"}}, [&] { session_->interrupt(); });
  });
  EXPECT_EQ(error.kind(), ErrorKind::kCancelled);
  EXPECT_EQ(session_->query_int("SELECT count(*) FROM pg2duck_target.main.t"), 0);
}

TEST_F(DatabaseTest, TooLittleMemoryIsTold) {
  Database small = Database::open({.path = directory_.file("small.duckdb"), .memory_limit_bytes = 20'000'000});
  Session session = small.connect();
  const Error error = error_of([&] { session.execute("SELECT list(repeat('x', 300000) || i) FROM range(1000) t(i)"); });
  EXPECT_EQ(error.kind(), ErrorKind::kOutOfMemory);
  EXPECT_EQ(error.sqlstate(), "53200");
}

TEST_F(DatabaseTest, ReadOnlyRefusesWrites) {
  session_.reset();
  database_.reset();
  Database reader = Database::open({.path = path(), .read_only = true});
  Session session = reader.connect();
  const Error error = error_of([&] { session.execute("CREATE TABLE pg2duck_target.main.t(a INTEGER)"); });
  EXPECT_EQ(error.kind(), ErrorKind::kDestination);
  EXPECT_EQ(error.sqlstate(), "25006");
  EXPECT_THAT(error.what(), HasSubstr("reading only"));
}

TEST_F(DatabaseTest, TheSameFileTwiceInOneProcessIsAConflict) {
  std::filesystem::create_symlink(path(), directory_.file("alias.duckdb"));
  EXPECT_EQ(open_error(path()).kind(), ErrorKind::kConflict);
  EXPECT_EQ(open_error(directory_.file("alias.duckdb")).kind(), ErrorKind::kConflict);
  reopen();
}

TEST(DatabaseOpen, NamesTheProcessThatHoldsTheFile) {
  const TempDirectory directory;
  const std::string path = directory.file("held.duckdb");
  {
    const LockHolder holder(path);
    const Error error = open_error(path);
    EXPECT_EQ(error.kind(), ErrorKind::kConflict);
    EXPECT_THAT(error.message(), StartsWith("the file is in use by /"));
    EXPECT_THAT(error.message(), HasSubstr("(PID " + holder.pid() + ")"));
    EXPECT_THAT(error.what(), StartsWith("target " + path));
    EXPECT_THAT(error.hint(), HasSubstr("one process at a time"));
  }
  std::filesystem::remove(path);
  EXPECT_NO_THROW((void)Database::open({.path = path}));
}

TEST(DatabaseOpen, AMissingDirectoryIsNotCreated) {
  const TempDirectory directory;
  const Error error = open_error(directory.file("no/such/a.duckdb"));
  EXPECT_EQ(error.kind(), ErrorKind::kDestination);
  EXPECT_THAT(error.what(), HasSubstr("does not exist"));
  EXPECT_THAT(error.hint(), HasSubstr("mkdir -p"));
  EXPECT_FALSE(std::filesystem::exists(directory.file("no")));
}

TEST(DatabaseOpen, ADirectoryIsNoFile) {
  const TempDirectory directory;
  EXPECT_THAT(open_error(directory.path().string()).what(), HasSubstr("is a directory"));
}

TEST(DatabaseOpen, OtherFilesAreLeftAlone) {
  const TempDirectory directory;
  const std::string sqlite = std::string("SQLite format 3\0", 16) + std::string(5000, 'x');
  for (const std::string& content : {std::string("hello"), std::string(20000, 'x'), sqlite}) {
    const std::string path = directory.file("other.db");
    write_file(path, content);
    const Error error = open_error(path);
    EXPECT_EQ(error.kind(), ErrorKind::kDestination);
    EXPECT_THAT(error.what(), HasSubstr("not a DuckDB database"));
    EXPECT_FALSE(error.hint().empty());
    EXPECT_EQ(std::filesystem::file_size(path), content.size());
  }
}

TEST(DatabaseOpen, AnEmptyFileBecomesADatabase) {
  const TempDirectory directory;
  const std::string path = directory.file("empty.duckdb");
  write_file(path, "");
  std::filesystem::last_write_time(path, std::filesystem::file_time_type::clock::now() - std::chrono::seconds(10));
  Database database = Database::open({.path = path});
  Session session = database.connect();
  session.execute("CREATE TABLE pg2duck_target.main.t(a INTEGER)");
  EXPECT_EQ(session.query_int("SELECT count(*) FROM pg2duck_target.main.t"), 0);
}

TEST(DatabaseOpen, ReadingNeedsTheFile) {
  const TempDirectory directory;
  const Error error = error_of([&] { (void)Database::open({.path = directory.file("a.duckdb"), .read_only = true}); });
  EXPECT_EQ(error.kind(), ErrorKind::kDestination);
  EXPECT_THAT(error.message(), StartsWith("the file does not exist"));
}

TEST(DatabaseOpen, AnUnwritableDirectoryIsAnError) {
  const TempDirectory directory;
  std::filesystem::permissions(directory.path(),
                               std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec);
  constexpr uid_t kNobody = 65534;
  const bool root = ::geteuid() == 0;
  if (root) {
    // Permissions do not bind root: this thread touches files as somebody else.
    ::setfsuid(kNobody);
    if (static_cast<uid_t>(::setfsuid(kNobody)) != kNobody) {
      GTEST_SKIP() << "runs as root and may not become another user";
    }
  }
  const Error error = open_error(directory.file("a.duckdb"));
  if (root) {
    ::setfsuid(0);
  }
  EXPECT_EQ(error.kind(), ErrorKind::kDestination);
  EXPECT_THAT(error.message(), StartsWith("this user may not write there"));
}

TEST(DatabaseOpen, WithoutAPathIsWrongUsage) {
  EXPECT_EQ(open_error("").kind(), ErrorKind::kUsage);
  EXPECT_EQ(open_error(":memory:").kind(), ErrorKind::kUsage);
}

}  // namespace
}  // namespace pg2duck::destination
