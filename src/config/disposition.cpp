#include "config/disposition.hpp"

#include <utility>

namespace pg2duck::config {

std::optional<Mode> parse_mode(std::string_view text) {
  for (const Mode mode : {Mode::kReplace, Mode::kAppend, Mode::kMerge}) {
    if (text == to_string(mode)) {
      return mode;
    }
  }
  return std::nullopt;
}

std::string_view to_string(Mode mode) {
  return mode == Mode::kReplace ? "replace" : mode == Mode::kAppend ? "append" : "merge";
}

std::optional<MergeStrategy> parse_merge_strategy(std::string_view text) {
  for (const auto& [word, strategy] :
       {std::pair("upsert", MergeStrategy::kUpsert), std::pair("delete-insert", MergeStrategy::kDeleteInsert),
        std::pair("insert-only", MergeStrategy::kInsertOnly)}) {
    if (text == word) {
      return strategy;
    }
  }
  return std::nullopt;
}

}  // namespace pg2duck::config
