// kill_at POINT SOURCE TARGET [wait]: copies all tables and kills itself with SIGKILL at a named point of the run; with
// `wait` it says that it is there, and goes on after SIGUSR1.
//
// Points: planned, migrating (the ledger), staging, loading (the first of many tables is complete), loaded,
// before_commit, published.
// A target that needs them finds its token and DuckDB's extensions by the variables of the program.
// Ends with 0 when the run was over before the point came, which is a mistake of the test.
#include <csignal>
#include <cstdio>
#include <string>

#include "config/environment.hpp"
#include "sync/run.hpp"

namespace {

using pg2duck::sync::Phase;

class Killer : public pg2duck::sync::Listener {
 public:
  Killer(std::string point, bool waits) : point_(std::move(point)), waits_(waits) {
    // Blocked before there are threads that would die of it.
    sigemptyset(&awaited_);
    sigaddset(&awaited_, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &awaited_, nullptr);
  }

  void on_phase(Phase phase) override {
    switch (phase) {
      case Phase::kPlanned:
        reach("planned");
        break;
      case Phase::kMigrating:
        reach("migrating");
        break;
      case Phase::kLoading:
        reach("staging");
        break;
      case Phase::kLoaded:
        reach("loaded");
        break;
      case Phase::kBeforeCommit:
        reach("before_commit");
        break;
      case Phase::kPublished:
        reach("published");
        break;
      default:
        break;
    }
  }

  void on_table_finished(const pg2duck::sync::TableReport& /*table*/) override { reach("loading"); }

 private:
  void reach(const char* point) const {
    if (point_ != point) {
      return;
    }
    if (!waits_) {
      std::raise(SIGKILL);
    }
    std::printf("%s\n", point);
    std::fflush(stdout);
    int received = 0;
    sigwait(&awaited_, &received);
  }

  std::string point_;
  bool waits_;
  sigset_t awaited_{};
};

}  // namespace

int main(int argc, char** argv) {
  const bool waits = argc == 5 && std::string(argv[4]) == "wait";
  if (argc != 4 && !waits) {
    std::fputs("usage: kill_at POINT SOURCE TARGET [wait]\n", stderr);
    return 2;
  }
  pg2duck::config::CopyOptions options;
  options.source = pg2duck::Secret(argv[2]);
  options.target = argv[3];
  options.target_token = pg2duck::Secret(pg2duck::config::process_environment("PG2DUCK_QUACK_TOKEN").value_or(""));
  options.extension_directory = pg2duck::config::process_environment("PG2DUCK_EXTENSION_DIRECTORY").value_or("");
  options.object_stores = pg2duck::config::object_stores(pg2duck::config::process_environment);
  Killer killer(argv[1], waits);
  const pg2duck::sync::RunReport report = pg2duck::sync::run(options, killer);
  if (report.error) {
    std::fprintf(stderr, "%s\n", report.error->what());
  }
  return report.exit_code();
}
