#include "engine/instance.hpp"

#include <algorithm>
#include <memory>

#include <duckdb.h>

#include "base/version.hpp"
#include "engine/error_text.hpp"

namespace pg2duck::engine {
namespace {

using Config = AddressHandle<duckdb_config, duckdb_destroy_config>;

void set_option(duckdb_config config, const char* name, const std::string& value) {
  if (duckdb_set_config(config, name, value.c_str()) == DuckDBError) {
    throw Error(ErrorKind::kDestination, std::string("DuckDB refuses the setting ") + name + " = " + value);
  }
}

Config make_config(const InstanceOptions& options) {
  Config config;
  if (duckdb_create_config(config.out()) == DuckDBError) {
    throw Error(ErrorKind::kDestination, "DuckDB cannot make its configuration");
  }
  set_option(config.get(), "threads", std::to_string(std::max(1U, options.threads)));
  if (options.memory_limit_bytes != 0) {
    set_option(config.get(), "memory_limit", std::to_string(options.memory_limit_bytes) + "B");
  }
  // With the order kept, an INSERT from a table function runs on one thread.
  set_option(config.get(), "preserve_insertion_order", "false");
  set_option(config.get(), "autoinstall_known_extensions", "false");
  set_option(config.get(), "autoload_known_extensions", "false");
  if (!options.temp_directory.empty()) {
    set_option(config.get(), "temp_directory", options.temp_directory);
  }
  set_option(config.get(), "custom_user_agent", std::string("pg2duck/") + kVersion);
  return config;
}

}  // namespace

std::string library_version() {
  return duckdb_library_version();
}

void close_instance(_duckdb_database** instance) {
  duckdb_close(instance);
}

Instance Instance::start(const InstanceOptions& options) {
  Instance instance;
  const Config config = make_config(options);
  char* text = nullptr;
  if (duckdb_open_ext(nullptr, instance.own_.out(), config.get(), &text) == DuckDBError) {
    const std::unique_ptr<char, Releaser<duckdb_free>> owner(text);
    throw translate_error(text == nullptr ? "the instance does not start" : text);
  }
  return instance;
}

Instance Instance::borrow(_duckdb_database* instance) {
  Instance borrowed;
  borrowed.borrowed_ = instance;
  return borrowed;
}

}  // namespace pg2duck::engine
