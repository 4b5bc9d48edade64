#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "types/pg_type.hpp"

namespace pg2duck::test_support {

/// One value of a case.
struct GoldenRow {
  std::string sql;                   ///< as Postgres takes it; names the row in messages
  std::optional<std::string> text;   ///< what DuckDB prints; nullopt: NULL
  std::optional<std::string> error;  ///< part of the message that refuses the value
  std::optional<std::string> bytes;  ///< what the server sent; nullopt: NULL
};

/// A case of tests/golden/types with what a server sent for it. The formats: tests/golden/README.md.
struct GoldenCase {
  std::string name;
  std::string covers;
  std::string becomes;              ///< the column's type in DuckDB
  std::string show = "v::VARCHAR";  ///< how DuckDB is asked for the text
  std::vector<GoldenRow> rows;

  types::TypeCatalog catalog;
  types::Oid type = 0;
  std::int32_t typmod = -1;
  int dimensions = 0;
  std::string read;  ///< the expression whose bytes were recorded, for a column v
};

/// The names of all cases below `directory` that have bytes to decode.
std::vector<std::string> golden_names(const std::filesystem::path& directory);

/// @error std::runtime_error for a file that breaks its format, or bytes that are not those of their case
GoldenCase read_golden_case(const std::filesystem::path& directory, const std::string& name);

/// What every .case file says it covers, those without bytes included.
std::vector<std::string> golden_coverage(const std::filesystem::path& directory);

}  // namespace pg2duck::test_support
