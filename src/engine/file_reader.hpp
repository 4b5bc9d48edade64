#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "base/handle.hpp"
#include "engine/connection.hpp"
#include "engine/error_text.hpp"

struct _duckdb_file_handle;
struct _duckdb_file_system;

namespace pg2duck::engine {

void destroy_file(_duckdb_file_handle** file);
void destroy_file_system(_duckdb_file_system** files);

/// A file, or an object of a store that the instance has an extension for, as DuckDB reads it.
///
/// @thread one caller
/// @error  as translate_error says with the rules
class FileReader {
 public:
  /// @pre `connection` and what the rules refer to live longer
  FileReader(const Connection& connection, const std::string& name, ErrorRules rules = {});

  /// Fills `block` as far as there is something. @return bytes; 0 at the end
  std::size_t read(std::span<char> block);

  /// Makes the file durable, where DuckDB can: on a disk.
  void sync();

 private:
  ErrorRules rules_;
  AddressHandle<_duckdb_file_system*, destroy_file_system> files_;
  AddressHandle<_duckdb_file_handle*, destroy_file> file_;
};

}  // namespace pg2duck::engine
