# Language level, warnings, sanitizers, ccache: everything that every target of ours is compiled with.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

# The lint preset compiles nothing; its commands are read by clang-tidy.
if(NOT CMAKE_CXX_COMPILER_LAUNCHER AND NOT PG2DUCK_LINT)
  find_program(PG2DUCK_CCACHE ccache)
  if(PG2DUCK_CCACHE)
    # What one clone has compiled, another one takes from the cache.
    set(CMAKE_CXX_COMPILER_LAUNCHER env "CCACHE_BASEDIR=${PROJECT_SOURCE_DIR}" CCACHE_NOHASHDIR=1 "${PG2DUCK_CCACHE}")
  endif()
endif()
add_compile_options("-ffile-prefix-map=${PROJECT_SOURCE_DIR}/=")

add_library(pg2duck_warnings INTERFACE)
target_compile_options(
  pg2duck_warnings
  INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wold-style-cast)
# Option structs are written as CopyOptions{.jobs = 4}; what is left out has its default.
target_compile_options(pg2duck_warnings INTERFACE -Wno-missing-field-initializers)
# Warnings are errors with g++, which CI uses; a clang of another version may know warnings that nobody has seen yet.
target_compile_options(pg2duck_warnings INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Werror>)

if(PG2DUCK_SANITIZE)
  add_compile_options(-fsanitize=${PG2DUCK_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${PG2DUCK_SANITIZE})
  if(PG2DUCK_SANITIZE MATCHES "undefined")
    add_compile_options(-fno-sanitize-recover=undefined)
  endif()
endif()
