# Programs that pytest suites run beside pg2duck, each built as the pg2duck in the same build directory is.

file(GLOB drivers CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/tests/support/drivers/*.cpp")
add_custom_target(test_programs)
foreach(driver IN LISTS drivers)
  get_filename_component(name "${driver}" NAME_WE)
  pg2duck_executable(${name} SOURCES "${driver}" LINK pg2duck::cli DuckDB::duckdb FOLDER drivers)
  add_dependencies(test_programs ${name})
endforeach()
