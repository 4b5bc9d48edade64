// lent_instance: holds a DuckDB in memory open and lets the library copy into it, as often as it is told to.
//
// Each line of standard input is a JSON array, and is answered by one line of JSON:
//   ["copy", STOP, ARGUMENT...]  what `pg2duck copy ARGUMENT...` would do, into the database that TARGET names; STOP is
//                                "" or "loading", the point at which it is told to stop  -> {code, out, err}
//   ["query", SQL]               what SQL yields, as text                               -> rows, or a string: the error
#include <iostream>
#include <span>
#include <string>
#include <vector>

#include <duckdb.h>
#include <nlohmann/json.hpp>

#include "cli/arguments.hpp"
#include "cli/progress/progress_listener.hpp"
#include "cli/report/report.hpp"
#include "cli/report/report_json.hpp"
#include "engine/connection.hpp"
#include "engine/rows.hpp"
#include "sync/run.hpp"

namespace {

using namespace pg2duck;
using nlohmann::json;

class Stopper : public cli::ProgressListener {
 public:
  explicit Stopper(bool when_loading) : when_loading_(when_loading) {}

  void on_phase(sync::Phase phase) override {
    if (when_loading_ && phase == sync::Phase::kLoading) {
      stop.request_stop();
    }
  }

  std::stop_source stop;

 private:
  bool when_loading_;
};

json copy(duckdb_database instance, const std::string& stop, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "copy");
  cli::Command command = cli::parse_arguments(std::span<const std::string>(arguments), config::process_environment);
  command.copy.instance = instance;
  Stopper listener(stop == "loading");
  const sync::RunReport report = sync::run(command.copy, listener, listener.stop.get_token());
  const int code = report.exit_code();
  return {{"code", code},
          {"out", cli::report_json(report, listener.plan(), command.copy.dry_run, code)},
          {"err", cli::render_errors(report, true, false)}};
}

json query(duckdb_database instance, const std::string& sql) {
  const engine::Connection connection(engine::Instance::borrow(instance));
  json rows = json::array();
  for (const auto& row : engine::run_query(connection, sql).rows) {
    json& values = rows.emplace_back(json::array());
    for (const auto& value : row) {
      values.push_back(value ? json(*value) : json(nullptr));
    }
  }
  return rows;
}

json answer(duckdb_database instance, const std::vector<std::string>& request) {
  try {
    return request.at(0) == "copy" ? copy(instance, request.at(1), {request.begin() + 2, request.end()})
                                   : query(instance, request.at(1));
  } catch (const Error& error) {
    return json(error.what());
  }
}

}  // namespace

int main() {
  duckdb_database instance = nullptr;
  if (duckdb_open(nullptr, &instance) == DuckDBError) {
    return 1;
  }
  for (std::string line; std::getline(std::cin, line);) {
    std::cout << answer(instance, json::parse(line).get<std::vector<std::string>>()).dump() << std::endl;
  }
  duckdb_close(&instance);
  return 0;
}
