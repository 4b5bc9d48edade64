#include "engine/file_reader.hpp"

#include <cstdint>

#include <duckdb.h>

namespace pg2duck::engine {
namespace {

using Context = AddressHandle<duckdb_client_context, duckdb_destroy_client_context>;
using OpenOptions = AddressHandle<duckdb_file_open_options, duckdb_destroy_file_open_options>;
using ErrorData = AddressHandle<duckdb_error_data, duckdb_destroy_error_data>;

[[noreturn]] void throw_failure(duckdb_error_data problem, ErrorRules rules) {
  const ErrorData owner(problem);
  throw translate_error(duckdb_error_data_message(problem), rules);
}

}  // namespace

void destroy_file(_duckdb_file_handle** file) {
  duckdb_destroy_file_handle(file);
}

void destroy_file_system(_duckdb_file_system** files) {
  duckdb_destroy_file_system(files);
}

FileReader::FileReader(const Connection& connection, const std::string& name, ErrorRules rules) : rules_(rules) {
  Context context;
  duckdb_connection_get_client_context(connection.native(), context.out());
  *files_.out() = duckdb_client_context_get_file_system(context.get());
  const OpenOptions options(duckdb_create_file_open_options());
  duckdb_file_open_options_set_flag(options.get(), DUCKDB_FILE_FLAG_READ, true);
  if (duckdb_file_system_open(files_.get(), name.c_str(), options.get(), file_.out()) == DuckDBError) {
    throw_failure(duckdb_file_system_error_data(files_.get()), rules_);
  }
}

std::size_t FileReader::read(std::span<char> block) {
  const std::int64_t size = duckdb_file_handle_read(file_.get(), block.data(), static_cast<std::int64_t>(block.size()));
  if (size < 0) {
    throw_failure(duckdb_file_handle_error_data(file_.get()), rules_);
  }
  return static_cast<std::size_t>(size);
}

void FileReader::sync() {
  if (duckdb_file_handle_sync(file_.get()) == DuckDBError) {
    throw_failure(duckdb_file_handle_error_data(file_.get()), rules_);
  }
}

}  // namespace pg2duck::engine
