# bench/*/NAME_bench.cpp -> build/<preset>/bench/NAME_bench

find_package(benchmark CONFIG REQUIRED)
file(GLOB sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/bench/*/*_bench.cpp")
foreach(source IN LISTS sources)
  get_filename_component(name "${source}" NAME_WE)
  pg2duck_executable(${name} SOURCES "${source}" LINK pg2duck::sync benchmark::benchmark_main FOLDER bench)
  # Bytes as Postgres sends them are built by what the tests have for it.
  target_include_directories(${name} PRIVATE "${PROJECT_SOURCE_DIR}/tests")
endforeach()
