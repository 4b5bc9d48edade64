// kill_at POINT SOURCE TARGET: copies all tables and kills itself with SIGKILL at a named point of the run.
//
// Points: planned, staging, loading (the first of many tables is complete), loaded, before_commit, published.
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
  explicit Killer(std::string point) : point_(std::move(point)) {}

  void on_phase(Phase phase) override {
    switch (phase) {
      case Phase::kPlanned:
        die_at("planned");
        break;
      case Phase::kLoading:
        die_at("staging");
        break;
      case Phase::kLoaded:
        die_at("loaded");
        break;
      case Phase::kBeforeCommit:
        die_at("before_commit");
        break;
      case Phase::kPublished:
        die_at("published");
        break;
      default:
        break;
    }
  }

  void on_table_finished(const pg2duck::sync::TableReport& /*table*/) override { die_at("loading"); }

 private:
  void die_at(const char* point) const {
    if (point_ == point) {
      std::raise(SIGKILL);
    }
  }

  std::string point_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fputs("usage: kill_at POINT SOURCE TARGET\n", stderr);
    return 2;
  }
  pg2duck::config::CopyOptions options;
  options.source = pg2duck::Secret(argv[2]);
  options.target = argv[3];
  options.target_token = pg2duck::Secret(pg2duck::config::process_environment("PG2DUCK_QUACK_TOKEN").value_or(""));
  options.extension_directory = pg2duck::config::process_environment("PG2DUCK_EXTENSION_DIRECTORY").value_or("");
  options.object_stores = pg2duck::config::object_stores(pg2duck::config::process_environment);
  Killer killer(argv[1]);
  const pg2duck::sync::RunReport report = pg2duck::sync::run(options, killer);
  if (report.error) {
    std::fprintf(stderr, "%s\n", report.error->what());
  }
  return report.exit_code();
}
