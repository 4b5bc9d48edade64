#include "destination/targets/instance.hpp"

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>
#include <unistd.h>
#include <utility>

#include <duckdb.h>

#include "base/handle.hpp"
#include "base/version.hpp"
#include "destination/targets/database.hpp"
#include "destination/targets/error_text.hpp"

namespace pg2duck::destination {
namespace {

using DatabaseHandle = AddressHandle<duckdb_database, duckdb_close>;
using ConfigHandle = AddressHandle<duckdb_config, duckdb_destroy_config>;

void set_option(duckdb_config config, const char* name, const std::string& value) {
  if (duckdb_set_config(config, name, value.c_str()) == DuckDBError) {
    throw Error(ErrorKind::kDestination, std::string("DuckDB refuses the setting ") + name + " = " + value);
  }
}

/// Where DuckDB spills what does not fit into memory; an instance in memory would do it in the working directory. Each
/// has a place of its own: two would write into each other's files.
std::string spill_directory(const DatabaseOptions& options, const Dialect& dialect) {
  if (dialect.supports.file_locks) {
    return options.path + ".tmp";
  }
  static std::atomic<unsigned> instances{0};
  const std::string name = "pg2duck_" + std::to_string(getpid()) + "_" + std::to_string(++instances) + ".tmp";
  return (std::filesystem::temp_directory_path() / name).string();
}

ConfigHandle make_config(const DatabaseOptions& options) {
  const Dialect dialect = dialect_of(options.kind, options.profile);
  ConfigHandle config;
  if (duckdb_create_config(config.out()) == DuckDBError) {
    throw Error(ErrorKind::kDestination, "DuckDB cannot make its configuration");
  }
  set_option(config.get(), "threads", std::to_string(options.threads == 0 ? 1 : options.threads));
  if (options.memory_limit_bytes != 0) {
    set_option(config.get(), "memory_limit", std::to_string(options.memory_limit_bytes) + "B");
  }
  // With the order kept, an INSERT from a table function runs on one thread.
  set_option(config.get(), "preserve_insertion_order", "false");
  // Nothing is downloaded or loaded that the user did not ask for.
  set_option(config.get(), "autoinstall_known_extensions", "false");
  set_option(config.get(), "autoload_known_extensions", "false");
  set_option(config.get(), "temp_directory", spill_directory(options, dialect));
  set_option(config.get(), "custom_user_agent", std::string("pg2duck/") + kVersion);
  return config;
}

}  // namespace

struct Instance::State {
  DatabaseHandle own;
  void* lent = nullptr;
};

Instance::Instance(std::unique_ptr<State> state) : state_(std::move(state)) {}

Instance::Instance(Instance&&) noexcept = default;
Instance& Instance::operator=(Instance&&) noexcept = default;
Instance::~Instance() = default;

Instance Instance::start(const DatabaseOptions& options) {
  auto state = std::make_unique<State>();
  if (options.instance != nullptr) {
    state->lent = options.instance;
    return Instance(std::move(state));
  }
  const ConfigHandle config = make_config(options);
  char* text = nullptr;
  if (duckdb_open_ext(nullptr, state->own.out(), config.get(), &text) == DuckDBError) {
    const std::unique_ptr<char, Releaser<duckdb_free>> owner(text);
    throw translate_error(text == nullptr ? "the instance does not start" : text);
  }
  return Instance(std::move(state));
}

bool Instance::is_borrowed() const {
  return state_->lent != nullptr;
}

void* Instance::native() const {
  return is_borrowed() ? state_->lent : state_->own.get();
}

}  // namespace pg2duck::destination
