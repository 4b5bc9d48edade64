# What we link: distribution packages, and DuckDB as scripts/bootstrap put it into build/deps.

find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(fmt CONFIG REQUIRED)
find_package(nlohmann_json CONFIG REQUIRED)
find_package(CLI11 CONFIG REQUIRED)
find_package(mimalloc CONFIG REQUIRED)
pkg_check_modules(libpq REQUIRED IMPORTED_TARGET libpq)
pkg_check_modules(tomlplusplus REQUIRED IMPORTED_TARGET tomlplusplus)
pkg_check_modules(xxhash REQUIRED IMPORTED_TARGET libxxhash)
pkg_check_modules(simdjson REQUIRED IMPORTED_TARGET simdjson)
pkg_check_modules(lz4 REQUIRED IMPORTED_TARGET liblz4)
pkg_check_modules(uriparser REQUIRED IMPORTED_TARGET liburiparser)
pkg_check_modules(utf8proc REQUIRED IMPORTED_TARGET libutf8proc)

set(PG2DUCK_DUCKDB_LIBRARY "${PG2DUCK_DEPS}/duckdb/lib/libduckdb.so")
set(PG2DUCK_DUCKDB_INCLUDE "${PG2DUCK_DEPS}/duckdb/include")
if(NOT EXISTS "${PG2DUCK_DUCKDB_LIBRARY}" OR NOT EXISTS "${PG2DUCK_DUCKDB_INCLUDE}/duckdb.h")
  message(FATAL_ERROR "DuckDB is not in ${PG2DUCK_DEPS}/duckdb. Run scripts/bootstrap first (every make target does).")
endif()
add_library(DuckDB::duckdb SHARED IMPORTED)
set_target_properties(DuckDB::duckdb PROPERTIES
  IMPORTED_LOCATION "${PG2DUCK_DUCKDB_LIBRARY}"
  INTERFACE_INCLUDE_DIRECTORIES "${PG2DUCK_DUCKDB_INCLUDE}"
  INTERFACE_SYSTEM_INCLUDE_DIRECTORIES "${PG2DUCK_DUCKDB_INCLUDE}")
