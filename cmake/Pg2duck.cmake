# How a library, a program and an executable of ours are declared.

# pg2duck_library(NAME [PUBLIC lib...] [PRIVATE lib...]): src/NAME/*.cpp as the static library pg2duck::NAME.
# A folder that has no .cpp (yet) is an interface library, so that its edges exist all the same.
function(pg2duck_library name)
  cmake_parse_arguments(ARG "" "" "PUBLIC;PRIVATE" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/src/${name}/*.cpp")
  if(sources)
    add_library(pg2duck_${name} STATIC ${sources})
    target_include_directories(pg2duck_${name} PUBLIC "${PROJECT_SOURCE_DIR}/src" "${PROJECT_BINARY_DIR}/generated")
    target_link_libraries(pg2duck_${name} PUBLIC ${ARG_PUBLIC} PRIVATE ${ARG_PRIVATE} $<BUILD_INTERFACE:pg2duck_warnings>)
  else()
    add_library(pg2duck_${name} INTERFACE)
    target_include_directories(pg2duck_${name} INTERFACE "${PROJECT_SOURCE_DIR}/src" "${PROJECT_BINARY_DIR}/generated")
    target_link_libraries(pg2duck_${name} INTERFACE ${ARG_PUBLIC} ${ARG_PRIVATE})
  endif()
  add_library(pg2duck::${name} ALIAS pg2duck_${name})
endfunction()

# pg2duck_executable(NAME SOURCES file... LINK lib... [FOLDER subfolder of the build tree])
function(pg2duck_executable name)
  cmake_parse_arguments(ARG "" "FOLDER" "SOURCES;LINK" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_LINK} pg2duck_warnings)
  set(directory "${PROJECT_BINARY_DIR}/${ARG_FOLDER}")
  # Runs in place, without LD_LIBRARY_PATH, wherever the tree is moved to; a separate build RPATH would be padded
  # by CMake with an empty entry, which means the current directory.
  cmake_path(RELATIVE_PATH PG2DUCK_DEPS BASE_DIRECTORY "${directory}" OUTPUT_VARIABLE deps_from_directory)
  set_target_properties(${name} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY "${directory}"
    BUILD_WITH_INSTALL_RPATH ON
    INSTALL_RPATH "$ORIGIN/${deps_from_directory}/duckdb/lib")
endfunction()

# The program, build/<preset>/pg2duck; installs as bin/pg2duck beside lib/libduckdb.so.
function(pg2duck_program)
  file(GLOB sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/apps/pg2duck/*.cpp")
  if(NOT sources)
    message(STATUS "apps/pg2duck has no sources: no program")
    return()
  endif()
  # DuckDB first: at each start the loader looks 16,000 of its names up, in the order of the libraries.
  pg2duck_executable(pg2duck SOURCES ${sources} LINK DuckDB::duckdb pg2duck::cli CLI11::CLI11)
  if(NOT PG2DUCK_SANITIZE)
    # Replaces malloc for us, libpq and DuckDB: the client's CPU time falls by a sixth (docs/performance.md). Sanitizers
    # bring allocators of their own. Nothing refers to the library by name, so the linker must be told to keep it.
    target_link_options(pg2duck PRIVATE LINKER:--no-as-needed)
    target_link_libraries(pg2duck PRIVATE mimalloc)
  endif()
  set_property(TARGET pg2duck APPEND PROPERTY INSTALL_RPATH "$ORIGIN/../${CMAKE_INSTALL_LIBDIR}")
  install(TARGETS pg2duck RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
  install(FILES "${PG2DUCK_DUCKDB_LIBRARY}" DESTINATION "${CMAKE_INSTALL_LIBDIR}")
endfunction()
