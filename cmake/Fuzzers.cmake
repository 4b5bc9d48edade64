# tests/fuzz/NAME_fuzz.cpp -> build/fuzz/NAME_fuzz, a libFuzzer program over the layers that parse bytes.
# With PG2DUCK_LINT they are only compiled, by any compiler, so that clang-tidy sees them.

file(GLOB sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/tests/fuzz/*_fuzz.cpp")
foreach(source IN LISTS sources)
  get_filename_component(name "${source}" NAME_WE)
  if(PG2DUCK_FUZZ)
    pg2duck_executable(${name} SOURCES "${source}" LINK pg2duck::decode pg2duck::config)
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  else()
    add_library(${name} OBJECT "${source}")
    target_link_libraries(${name} PRIVATE pg2duck::decode pg2duck::config pg2duck_warnings)
  endif()
  target_include_directories(${name} PRIVATE "${PROJECT_SOURCE_DIR}/tests")
endforeach()
