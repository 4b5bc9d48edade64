#include "cli/report/hint.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace pg2duck::cli {
namespace {

struct OptionHint {
  ErrorKind kind;
  std::string_view sqlstate;
  std::string_view hint;
};

/// For errors of engine/error_text.cpp, and of this process's own memory.
constexpr std::array kHints{
    OptionHint{ErrorKind::kOutOfMemory, "53200", "raise --memory-limit, or lower --jobs"},
    OptionHint{ErrorKind::kDestination, "53200", "lower --memory-limit or --jobs, or give the process more memory"},
    OptionHint{ErrorKind::kDestination, "53400", "free disk space where the target lies, or raise --memory-limit"},
    OptionHint{ErrorKind::kDestination, "58P01", "check the path, or run `pg2duck copy` first"},
    OptionHint{ErrorKind::kUsage, "22023",
               "name a version of DuckDB up to the one that --version shows, such as v1.4.0"},
    OptionHint{ErrorKind::kUsage, "55000", "leave --storage-version out"},
    OptionHint{ErrorKind::kDestination, "23502",
               "look for such rows in Postgres, or in the column for values that --unrepresentable made NULL: a key "
               "holds none"},
    OptionHint{ErrorKind::kDestination, "23505", "copy without primary keys"},
};

}  // namespace

std::string hint_of(const Error& error) {
  if (!error.hint().empty()) {
    return error.hint();
  }
  const auto* found = std::ranges::find_if(kHints, [&](const OptionHint& option) {
    return option.kind == error.kind() && option.sqlstate == error.sqlstate();
  });
  return std::string(found == kHints.end() ? "" : found->hint);
}

}  // namespace pg2duck::cli
