#include "config/rules/disposition.hpp"

#include <array>
#include <utility>

namespace pg2duck::config {
namespace {

template <typename Value, std::size_t Count>
std::optional<Value> find_word(const std::array<std::pair<std::string_view, Value>, Count>& words,
                               std::string_view text) {
  for (const auto& [word, value] : words) {
    if (text == word) {
      return value;
    }
  }
  return std::nullopt;
}

}  // namespace

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

std::optional<OnSchemaChange> parse_on_schema_change(std::string_view text) {
  for (const OnSchemaChange policy : {OnSchemaChange::kApply, OnSchemaChange::kIgnore, OnSchemaChange::kFail}) {
    if (text == to_string(policy)) {
      return policy;
    }
  }
  return std::nullopt;
}

std::string_view to_string(OnSchemaChange policy) {
  return policy == OnSchemaChange::kApply ? "apply" : policy == OnSchemaChange::kIgnore ? "ignore" : "fail";
}

std::optional<MergeStrategy> parse_merge_strategy(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, MergeStrategy>, 4> kWords{
      {{"upsert", MergeStrategy::kUpsert},
       {"delete-insert", MergeStrategy::kDeleteInsert},
       {"insert-only", MergeStrategy::kInsertOnly},
       {"scd2", MergeStrategy::kScd2}}};
  return find_word(kWords, text);
}

std::optional<NullCursor> parse_null_cursor(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, NullCursor>, 3> kWords{
      {{"raise", NullCursor::kRaise}, {"include", NullCursor::kInclude}, {"exclude", NullCursor::kExclude}}};
  return find_word(kWords, text);
}

}  // namespace pg2duck::config
