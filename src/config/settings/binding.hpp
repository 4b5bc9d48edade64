#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "config/rules/choice.hpp"
#include "config/rules/quantity.hpp"
#include "config/setting.hpp"

namespace pg2duck::config {

/// What connects a setting with the field that it sets: each of these completes an entry of the table by its kind.
/// A field is a pointer to a member, or a function from the options to a reference, for one that lies deeper.

/// @return false when `Parse` does not understand the text
template <auto Field, auto Parse, typename Options>
bool assign(Options& options, std::string_view text) {
  auto& field = std::invoke(Field, options);
  const auto parsed = Parse(text);
  using Value = std::remove_reference_t<decltype(field)>;
  if constexpr (std::is_same_v<Value, std::remove_const_t<decltype(parsed)>>) {
    field = parsed ? parsed : std::move(field);
  } else if (parsed) {
    field = static_cast<Value>(*parsed);
  }
  return parsed.has_value();
}

/// The same for one table; Field is of TableSettings.
template <auto Field, auto Parse>
bool assign_for_table(TableSettings& settings, const std::vector<std::string>& texts) {
  return assign<Field, Parse>(settings, texts.front());
}

template <auto Field, typename Options>
using ValueOf = std::remove_cvref_t<std::invoke_result_t<decltype(Field), Options&>>;

constexpr std::optional<bool> parse_switch(std::string_view text) {
  return text == "true" ? std::optional(true) : text == "false" ? std::optional(false) : std::nullopt;
}

template <std::uint64_t Minimum, std::uint64_t Maximum>
std::optional<std::uint64_t> parse_count_between(std::string_view text) {
  const std::optional<std::uint64_t> count = parse_count(text);
  return count && *count >= Minimum && *count <= Maximum ? count : std::nullopt;
}

template <std::uint64_t Minimum>
std::optional<std::uint64_t> parse_size_from(std::string_view text) {
  const std::optional<std::uint64_t> bytes = parse_byte_size(text);
  return bytes && *bytes >= Minimum ? bytes : std::nullopt;
}

inline std::optional<std::string> parse_text(std::string_view text) {
  return text.empty() ? std::nullopt : std::optional(std::string(text));
}

/// What has no value is shown as nothing: 0, an empty text, an optional that is unset.
inline std::string shown(std::uint64_t value) {
  return value == 0 ? std::string() : std::to_string(value);
}

inline std::string shown(const std::string& text) {
  return text;
}

template <typename Value>
std::string shown(const std::optional<Value>& value) {
  return value ? shown(*value) : std::string();
}

template <auto Field>
constexpr Setting choice(Setting setting) {
  using Value = ValueOf<Field, CopyOptions>;
  setting.kind = Setting::Kind::kChoice;
  setting.words = kWords<Value>;
  setting.meanings = kMeanings<Value>;
  setting.set = assign<Field, parse_choice<Value>, CopyOptions>;
  setting.show = [](const CopyOptions& options) { return std::string(word_of(std::invoke(Field, options))); };
  return setting;
}

template <auto Field>
constexpr Setting on_or_off(Setting setting) {
  setting.kind = Setting::Kind::kSwitch;
  setting.example = "true";
  setting.fallback = "false";
  setting.set = assign<Field, parse_switch, CopyOptions>;
  setting.show = [](const CopyOptions& options) { return std::string(std::invoke(Field, options) ? "true" : "false"); };
  return setting;
}

template <auto Field, std::uint64_t Minimum, std::uint64_t Maximum>
constexpr Setting count(Setting setting) {
  setting.kind = Setting::Kind::kCount;
  setting.minimum = Minimum;
  setting.maximum = Maximum;
  setting.set = assign<Field, parse_count_between<Minimum, Maximum>, CopyOptions>;
  setting.show = [](const CopyOptions& options) { return shown(std::invoke(Field, options)); };
  return setting;
}

template <auto Field, std::uint64_t Minimum>
constexpr Setting size(Setting setting) {
  setting.kind = Setting::Kind::kSize;
  setting.set = assign<Field, parse_size_from<Minimum>, CopyOptions>;
  setting.show = [](const CopyOptions& options) { return shown(std::invoke(Field, options)); };
  return setting;
}

/// Keeps the kind; an empty text is none.
template <auto Field>
constexpr Setting text(Setting setting) {
  setting.set = assign<Field, parse_text, CopyOptions>;
  setting.show = [](const CopyOptions& options) { return shown(std::invoke(Field, options)); };
  return setting;
}

/// What is empty or blanks and commas is no text of a list.
template <auto Field>
constexpr Setting list(Setting setting) {
  setting.kind = Setting::Kind::kList;
  setting.set = [](CopyOptions& options, std::string_view text) {
    std::invoke(Field, options).emplace_back(text);
    return text.find_first_not_of(" \t,") != std::string_view::npos;
  };
  setting.show = [](const CopyOptions& options) {
    return fmt::format("{}", fmt::join(std::invoke(Field, options), ", "));
  };
  return setting;
}

/// A flag that may be repeated, whose values are rules: `Add` puts one to the others, or throws what is wrong with it.
template <auto Add>
constexpr Setting rules(Setting setting) {
  setting.kind = Setting::Kind::kList;
  setting.set = [](CopyOptions& options, std::string_view text) {
    Add(options, text);
    return true;
  };
  return setting;
}

/// A setting of the run that a section [table."..."] may say, too.
template <auto TableField, auto Parse>
constexpr Setting also_for_tables(Setting setting) {
  setting.stands_in.table = true;
  setting.set_for_table = assign_for_table<TableField, Parse>;
  return setting;
}

/// Keys that only such a section has: how its copy is kept up. Field is of Disposition.
template <auto Field>
constexpr auto kOfDisposition =
    [](TableSettings& settings) -> auto& { return std::invoke(Field, settings.disposition); };

template <auto Field>
constexpr Setting table_text(Setting setting) {
  setting.stands_in = {.table = true};
  setting.set_for_table = assign_for_table<kOfDisposition<Field>, parse_text>;
  return setting;
}

template <auto Field, typename Value>
constexpr Setting table_choice(Setting setting) {
  setting.kind = Setting::Kind::kChoice;
  setting.stands_in = {.table = true};
  setting.words = kWords<Value>;
  setting.meanings = kMeanings<Value>;
  setting.set_for_table = assign_for_table<kOfDisposition<Field>, parse_choice<Value>>;
  return setting;
}

}  // namespace pg2duck::config
