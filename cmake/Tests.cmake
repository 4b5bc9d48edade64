# Every test is one ctest test a suite: listing the cases of a sanitized binary at build time costs more than it tells.
# The presets run several suites at a time, the longest first. They share nothing: each has a server of its own.

find_package(GTest CONFIG REQUIRED)
set(tests "${PROJECT_SOURCE_DIR}/tests")
set(python "${PG2DUCK_DEPS}/venv/bin/python")

# Debian and Ubuntu keep the server's programs out of PATH; tests get the newest one at the end of it.
file(GLOB server_directories LIST_DIRECTORIES true "/usr/lib/postgresql/*/bin")
list(SORT server_directories COMPARE NATURAL ORDER DESCENDING)
list(JOIN server_directories ":" server_path)

# The program that users get. Most of what a suite waits for is DuckDB's own work, which sanitizers make three times as slow and never look into.
set(released "${PROJECT_SOURCE_DIR}/build/release/pg2duck")
set(sanitized "${PROJECT_BINARY_DIR}/pg2duck")

# What each test finds in its environment. After an exception AddressSanitizer looks through all that it has set aside for the frames of functions that have
# returned, so that it is given less of it than a stack has: tests of bad values throw a million times.
set(test_environment
    "PG2DUCK_DEPS=${PG2DUCK_DEPS}"
    "ASAN_OPTIONS=detect_leaks=1:detect_stack_use_after_return=1:abort_on_error=0:malloc_context_size=5:quarantine_size_mb=32:max_uar_stack_size_log=16"
    "LSAN_OPTIONS=suppressions=${tests}/support/sanitizers/lsan.supp:print_suppressions=0"
    "TSAN_OPTIONS=suppressions=${tests}/support/sanitizers/tsan.supp:halt_on_error=1"
    "UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1")

# pg2duck_test(NAME label program seconds command...): what it takes on a slow machine; the longer, the earlier it starts.
# Three times as long, and it hangs.
function(pg2duck_test name label program seconds)
  math(EXPR limit "3 * ${seconds}")
  add_test(NAME ${name} COMMAND ${ARGN} WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}")
  set_tests_properties(${name} PROPERTIES
    LABELS "${label}"
    TIMEOUT ${limit}
    COST ${seconds}
    ENVIRONMENT "PG2DUCK=${program};${test_environment}"
    ENVIRONMENT_MODIFICATION "PATH=path_list_append:${server_path}")
endfunction()

# --- lint-like -------------------------------------------------------------------------------------------------------
pg2duck_test(include_direction lint "${sanitized}" 60 /usr/bin/env python3 "${PROJECT_SOURCE_DIR}/scripts/check_includes" --self-test)
pg2duck_test(sizes lint "${sanitized}" 60 /usr/bin/env python3 "${PROJECT_SOURCE_DIR}/scripts/check_shape" --self-test)
pg2duck_test(sql_places lint "${sanitized}" 60 /usr/bin/env python3 "${PROJECT_SOURCE_DIR}/scripts/check_sql" --self-test)
pg2duck_test(guides lint "${sanitized}" 60 /usr/bin/env python3 "${PROJECT_SOURCE_DIR}/scripts/check_docs" --self-test)

# --- GoogleTest suites -----------------------------------------------------------------------------------------------
file(GLOB_RECURSE support_sources CONFIGURE_DEPENDS "${tests}/support/*.cpp")
list(FILTER support_sources EXCLUDE REGEX "/support/drivers/")
set(support_includes "${PROJECT_SOURCE_DIR}/tests")
if(support_sources)
  add_library(pg2duck_test_support STATIC ${support_sources})
  target_include_directories(pg2duck_test_support PUBLIC "${support_includes}")
  target_link_libraries(pg2duck_test_support PUBLIC pg2duck::cli GTest::gmock PRIVATE pg2duck_warnings)
else()
  add_library(pg2duck_test_support INTERFACE)
  target_include_directories(pg2duck_test_support INTERFACE "${support_includes}")
  target_link_libraries(pg2duck_test_support INTERFACE pg2duck::cli GTest::gmock)
endif()

# pg2duck_gtest_suite(FOLDER EXECUTABLE seconds): tests/FOLDER/*_test.cpp as one executable and one ctest test.
# They open their golden files by paths from the project's root, where ctest starts them.
function(pg2duck_gtest_suite folder executable seconds)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${tests}/${folder}/*_test.cpp")
  if(NOT sources)
    return()
  endif()
  pg2duck_executable(${executable} SOURCES ${sources}
                     LINK pg2duck_test_support pg2duck::cli GTest::gmock_main DuckDB::duckdb PkgConfig::xxhash CLI11::CLI11
                          PkgConfig::lz4)
  pg2duck_test(${folder} ${folder} "${sanitized}" ${seconds} ${executable} --gtest_brief=1)
endfunction()
pg2duck_gtest_suite(unit unit_tests 600)
pg2duck_gtest_suite(postgres postgres_tests 300)

# --- examples --------------------------------------------------------------------------------------------------------
# An example takes SOURCE and TARGET; it runs beside a private Postgres that holds two tables.
file(GLOB examples CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/examples/*.cpp")
foreach(example IN LISTS examples)
  get_filename_component(name "${example}" NAME_WE)
  pg2duck_executable(example_${name} SOURCES "${example}" LINK pg2duck::sync FOLDER examples)
  set_target_properties(example_${name} PROPERTIES OUTPUT_NAME "${name}")
  pg2duck_test(example_${name} example "${sanitized}" 120 "${PROJECT_SOURCE_DIR}/scripts/run_example" $<TARGET_FILE:example_${name}>)
endforeach()

# --- pytest suites ---------------------------------------------------------------------------------------------------
# pg2duck_pytest_suite(FOLDER seconds): with the released program, and in the preset "sanitized" with the sanitized one.
# A folder without test_*.py would make pytest fail, so it is left out; folders in it are suites of their own.
function(pg2duck_pytest_suite folder seconds)
  file(GLOB sources CONFIGURE_DEPENDS "${tests}/${folder}/test_*.py")
  if(sources)
    string(REPLACE "/" "_" name "${folder}")
    set(command "${python}" -m pytest -q -p no:cacheprovider "tests/${folder}" "--ignore-glob=tests/${folder}/*/*")
    pg2duck_test(${name} ${name} "${released}" ${seconds} ${command})
    pg2duck_test(${name}_sanitized sanitized "${sanitized}" ${seconds} ${command})
  endif()
endfunction()
pg2duck_pytest_suite(types 800)
pg2duck_pytest_suite(fault 900)
pg2duck_pytest_suite(e2e 1200)
pg2duck_pytest_suite(sync 700)
pg2duck_pytest_suite(targets 1000)
pg2duck_pytest_suite(targets/kept_up 1100)

# The soak in short. It is about what many runs leave behind, and sanitized programs do not leave more.
pg2duck_test(soak soak "${released}" 200 "${python}" -m pytest -q -p no:cacheprovider tests/soak)
