#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <future>
#include <map>
#include <string>
#include <unistd.h>
#include <vector>

#include <duckdb.h>
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "base/error.hpp"
#include "base/peak_memory.hpp"
#include "support/servers/postgres_server.hpp"
#include "sync/run.hpp"

namespace pg2duck::sync {
namespace {

using test::TestDatabase;
using testing::Each;
using testing::Eq;

/// What an allocator keeps of one run and not of the next; under AddressSanitizer freed memory is set aside for a
/// while.
constexpr std::uint64_t kMemoryNoise = std::uint64_t{64} << 20;

std::size_t entries_of(const char* directory) {
  const auto entries = std::filesystem::directory_iterator(directory);
  return static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
}

/// What of the process a run could leave behind.
struct Held {
  std::size_t files = entries_of("/proc/self/fd");
  std::size_t threads = entries_of("/proc/self/task");

  bool operator==(const Held&) const = default;
};

/// Does something when a run comes to a phase.
class AtPhase : public Listener {
 public:
  AtPhase() = default;

  AtPhase(Phase phase, std::function<void()> action) : phase_(phase), action_(std::move(action)) {}

  void on_phase(Phase phase) override {
    if (action_ && phase == phase_) {
      action_();
    }
  }

 private:
  Phase phase_ = Phase::kConnecting;
  std::function<void()> action_;
};

class RunAgain : public testing::Test {
 protected:
  RunAgain() : directory_(std::filesystem::temp_directory_path() / ("pg2duck_run_again_" + database_.name())) {
    std::filesystem::create_directory(directory_);
    database_.execute(
        "CREATE TABLE orders AS SELECT g AS id, 'order ' || g AS note, g / 7.0 AS price FROM generate_series(1, 20000) "
        "g;"
        "CREATE TABLE customers(id int PRIMARY KEY, name text); INSERT INTO customers VALUES (1, 'Ann'), (2, NULL);"
        "CREATE SCHEMA broken; CREATE TABLE broken.prices(price numeric(10, 2)); INSERT INTO broken.prices VALUES "
        "('NaN')");
  }

  ~RunAgain() override { std::filesystem::remove_all(directory_); }

  [[nodiscard]] config::CopyOptions options(const std::string& file, const std::string& tables = "public.*") const {
    return {.source = Secret(database_.uri()), .target = (directory_ / file).string(), .tables = {tables}, .jobs = 2};
  }

  /// All of a report that is the same each time.
  static std::string content(const RunReport& report) {
    std::string text = report.error ? std::string(report.error->what()) + "\n" : "";
    for (const TableReport& table : report.tables) {
      text += fmt::format("{} -> {}: {}, {}, {} rows, {} rows, {} bytes", table.source.display(),
                          table.target.display(), to_string(table.status), table.mode, table.source_rows.value_or(0),
                          table.target_rows.value_or(0), table.bytes);
      for (const ColumnReport& column : table.columns) {
        text += fmt::format(", {} {}", column.plan.name, column.plan.target_type);
      }
      text += table.error ? std::string(", ") + table.error->what() + "\n" : "\n";
    }
    return text;
  }

  TestDatabase database_;
  std::filesystem::path directory_;
};

TEST_F(RunAgain, InOneProcessWithFailuresBetween) {
  const config::CopyOptions good = options("shop.duckdb");
  const auto interrupt_at = [&](Phase phase) {
    std::stop_source stop;
    AtPhase listener(phase, [&stop] { stop.request_stop(); });
    return run(good, listener, stop.get_token());
  };
  const auto fail = [&](const config::CopyOptions& bad) {
    AtPhase listener;
    return run(bad, listener);
  };
  config::CopyOptions nowhere = good;
  nowhere.source = Secret("postgresql://127.0.0.1:1/nothing?connect_timeout=2");
  config::CopyOptions no_directory = good;
  no_directory.target = (directory_ / "missing" / "shop.duckdb").string();
  // What stands between two good runs, and the error that it ends with.
  const std::vector<std::pair<std::function<RunReport()>, ErrorKind>> between{
      {[&] { return interrupt_at(Phase::kLocking); }, ErrorKind::kCancelled},
      {[&] { return interrupt_at(Phase::kLoading); }, ErrorKind::kCancelled},
      {[&] { return interrupt_at(Phase::kBeforeCommit); }, ErrorKind::kCancelled},
      {[&] { return fail(options("shop.duckdb", "public.missing")); }, ErrorKind::kConfig},
      {[&] { return fail(options("shop.duckdb", "broken.prices")); }, ErrorKind::kUnrepresentable},
      {[&] { return fail(nowhere); }, ErrorKind::kConnection},
      {[&] { return fail(no_directory); }, ErrorKind::kDestination},
      {[&] {
         AtPhase listener(Phase::kLoading, [&] {
           database_.execute(
               "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
               " WHERE datname = current_database() AND pid <> pg_backend_pid()");
         });
         return run(good, listener);
       },
       ErrorKind::kConnection},
      {[&] {
         AtPhase listener(Phase::kLoaded, [] { throw Error(ErrorKind::kUsage, "the listener has had enough"); });
         return run(good, listener);
       },
       ErrorKind::kUsage},
  };
  std::string expected;
  std::optional<Held> held;
  std::uint64_t memory_held = 0;
  for (std::size_t round = 0; round < 20; ++round) {
    AtPhase listener;
    const RunReport report = run(good, listener);
    ASSERT_EQ(report.exit_code(), 0) << content(report);
    if (expected.empty()) {
      expected = content(report);
    }
    EXPECT_EQ(content(report), expected);
    const auto& [failing, kind] = between[round % between.size()];
    const RunReport failed = failing();
    ASSERT_TRUE(failed.error) << round;
    EXPECT_EQ(failed.error->kind(), kind) << failed.error->what();
    EXPECT_EQ(entries_of(directory_.c_str()), 1U) << "only the file itself";
    // The first rounds start what a process starts once.
    if (round == between.size()) {
      held.emplace();
      memory_held = PeakMemory().bytes();
    }
  }
  EXPECT_EQ(Held{}, *held);
  EXPECT_LT(PeakMemory().bytes(), memory_held + kMemoryNoise);
}

TEST_F(RunAgain, SeveralAtOnceOnTargetsOfTheirOwn) {
  std::vector<std::future<std::string>> runs;
  for (int i = 0; i < 4; ++i) {
    runs.push_back(std::async(std::launch::async, [this, i] {
      std::string first;
      for (int round = 0; round < 3; ++round) {
        AtPhase listener;
        const std::string text = content(run(options(fmt::format("shop_{}.duckdb", i)), listener));
        if (round > 0 && text != first) {
          return first + "and then\n" + text;
        }
        first = text;
      }
      return first;
    }));
  }
  std::vector<std::string> reports;
  std::ranges::transform(runs, std::back_inserter(reports), [](auto& run) { return run.get(); });
  EXPECT_THAT(reports[0], testing::HasSubstr("orders"));
  EXPECT_THAT(reports, Each(Eq(reports[0])));
}

TEST_F(RunAgain, SeveralAtOnceInOneInstanceThatIsLent) {
  duckdb_database instance = nullptr;
  ASSERT_EQ(duckdb_open(nullptr, &instance), DuckDBSuccess);
  duckdb_connection connection = nullptr;
  ASSERT_EQ(duckdb_connect(instance, &connection), DuckDBSuccess);
  std::vector<std::future<std::string>> runs;
  for (int i = 0; i < 3; ++i) {
    const std::string name = fmt::format("shop_{}", i);
    ASSERT_EQ(duckdb_query(connection, ("ATTACH ':memory:' AS " + name).c_str(), nullptr), DuckDBSuccess);
    runs.push_back(std::async(std::launch::async, [this, name, instance] {
      config::CopyOptions borrowed = options("");
      borrowed.target = name;
      borrowed.instance = instance;
      AtPhase listener;
      return content(run(borrowed, listener));
    }));
  }
  std::vector<std::string> reports;
  std::ranges::transform(runs, std::back_inserter(reports), [](auto& run) { return run.get(); });
  EXPECT_THAT(reports[0], testing::HasSubstr("main.orders: published"));
  EXPECT_THAT(reports, Each(Eq(reports[0])));
  duckdb_disconnect(&connection);
  duckdb_close(&instance);
}

TEST_F(RunAgain, OfTwoOnOneTargetTheSecondIsRefused) {
  std::optional<RunReport> second;
  AtPhase listener(Phase::kLoading, [&] {
    AtPhase quiet;
    second = run(options("shop.duckdb"), quiet);
  });
  const RunReport first = run(options("shop.duckdb"), listener);
  EXPECT_EQ(first.exit_code(), 0) << content(first);
  ASSERT_TRUE(second && second->error);
  EXPECT_EQ(second->error->kind(), ErrorKind::kConflict) << second->error->what();
}

TEST_F(RunAgain, EachCountsTheMemoryOfItsOwnTime) {
  database_.execute(
      "CREATE SCHEMA big; CREATE TABLE big.texts AS SELECT g AS id, repeat(md5(g::text), 16) AS a, "
      "repeat(md5(g::text), 16) AS b"
      " FROM generate_series(1, 150000) g");
  AtPhase listener;
  const auto peak_of = [&](const std::string& tables) {
    const RunReport report = run(options("shop.duckdb", tables), listener);
    EXPECT_EQ(report.exit_code(), 0) << content(report);
    return report.peak_memory_bytes;
  };
  const std::uint64_t before = peak_of("public.customers");
  const std::uint64_t big = peak_of("big.texts");
  const std::uint64_t after = peak_of("public.customers");
  EXPECT_GT(big, before);
  // An allocator keeps some of it for later.
  EXPECT_LT(after, big - (big - before) / 4);
}

}  // namespace
}  // namespace pg2duck::sync
