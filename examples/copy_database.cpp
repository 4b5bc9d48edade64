// Copies all tables of a Postgres database into a DuckDB file and names each one as it arrives.

#include <cstdio>

#include "sync/run.hpp"

namespace {

class TablePrinter : public pg2duck::sync::Listener {
 public:
  void on_table_finished(const pg2duck::sync::TableReport& table) override {
    std::printf("%s\n", table.source.display().c_str());
  }
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::printf("usage: copy_database 'postgresql://user@host/database' copy.duckdb\n");
    return 0;
  }
  pg2duck::config::CopyOptions options;
  options.source = pg2duck::Secret(argv[1]);
  options.target = argv[2];

  TablePrinter printer;
  const pg2duck::sync::RunReport report = pg2duck::sync::run(options, printer);
  if (report.error) {
    std::fprintf(stderr, "%s\n", report.error->what());
  } else {
    std::printf("%zu tables as of %s\n", report.tables.size(), report.snapshot_at.c_str());
  }
  return report.exit_code();
}
