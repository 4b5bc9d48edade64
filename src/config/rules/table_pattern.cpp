#include "config/rules/table_pattern.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "base/spelling.hpp"

namespace pg2duck::config {
namespace {

constexpr std::size_t kSuggestions = 3;
constexpr std::string_view kBlanks = " \t\r\n";

char fold(char c) {
  return (c >= 'A' && c <= 'Z') ? static_cast<char>(c - 'A' + 'a') : c;
}

Error pattern_error(std::string_view text, const std::string& reason) {
  return Error(ErrorKind::kConfig, "table pattern '" + std::string(text) + "': " + reason)
      .set_hint(
          "write name, schema.name or schema.*; a name with a dot, a comma or capitals goes between double quotes");
}

/// Where the UTF-8 character at `position` ends.
std::size_t next_character(std::string_view text, std::size_t position) {
  do {
    ++position;
  } while (position < text.size() && (static_cast<unsigned char>(text[position]) & 0xC0U) == 0x80U);
  return position;
}

}  // namespace

std::string_view trim(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) {
    return {};
  }
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

TablePattern TablePattern::parse(std::string_view text) {
  const std::string_view trimmed = trim(text);
  std::vector<Part> parts(1);
  bool quoted = false;
  for (std::size_t i = 0; i < trimmed.size(); ++i) {
    const char c = trimmed[i];
    if (c == '"' && quoted && i + 1 < trimmed.size() && trimmed[i + 1] == '"') {
      parts.back().push_back({Glyph::Kind::kLiteral, '"'});
      ++i;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (quoted) {
      parts.back().push_back({Glyph::Kind::kLiteral, c});
    } else if (c == '.') {
      parts.emplace_back();
    } else if (c == '*' || c == '?') {
      parts.back().push_back({c == '*' ? Glyph::Kind::kAnyRun : Glyph::Kind::kAnyOne, 0});
    } else {
      parts.back().push_back({Glyph::Kind::kLiteral, fold(c)});
    }
  }
  if (quoted) {
    throw pattern_error(trimmed, "a double quote is left open");
  }
  if (parts.size() > 2) {
    throw pattern_error(trimmed, "it has more than two parts");
  }
  if (std::ranges::any_of(parts, [](const Part& part) { return part.empty(); })) {
    throw pattern_error(trimmed, trimmed.empty() ? "it is empty" : "a part of it is empty");
  }
  TablePattern pattern;
  pattern.text_ = trimmed;
  pattern.name_ = std::move(parts.back());
  if (parts.size() == 2) {
    pattern.schema_ = std::move(parts.front());
  }
  return pattern;
}

std::vector<TablePattern> TablePattern::parse_list(std::span<const std::string> texts) {
  std::vector<TablePattern> patterns;
  for (const std::string& text : texts) {
    std::string_view rest = text;
    bool quoted = false;
    std::size_t length = 0;
    while (length < rest.size()) {
      if (rest[length] == '"') {
        quoted = !quoted;
      }
      if (rest[length] == ',' && !quoted) {
        patterns.push_back(parse(rest.substr(0, length)));
        rest.remove_prefix(length + 1);
        length = 0;
      } else {
        ++length;
      }
    }
    patterns.push_back(parse(rest));
  }
  return patterns;
}

bool TablePattern::matches(const TableName& table) const {
  // The name first: it tells more patterns apart than the schema, and there may be thousands of both.
  return match_part(name_, table.name) && (!schema_ || match_part(*schema_, table.schema));
}

bool TablePattern::is_exact() const {
  const auto exact = [](const Part& part) {
    return std::ranges::all_of(part, [](const Glyph& glyph) { return glyph.kind == Glyph::Kind::kLiteral; });
  };
  return exact(name_) && (!schema_ || exact(*schema_));
}

bool TablePattern::match_part(const Part& part, std::string_view name) {
  std::size_t glyph = 0;
  std::size_t position = 0;
  // Only the last run needs another try: this keeps the worst case at length times length.
  std::size_t after_run = std::string_view::npos;
  std::size_t run_end = 0;
  while (position < name.size()) {
    if (glyph < part.size() && part[glyph].kind == Glyph::Kind::kAnyRun) {
      after_run = ++glyph;
      run_end = position;
    } else if (glyph < part.size() && part[glyph].kind == Glyph::Kind::kAnyOne) {
      ++glyph;
      position = next_character(name, position);
    } else if (glyph < part.size() && part[glyph].literal == name[position]) {
      ++glyph;
      ++position;
    } else if (after_run != std::string_view::npos) {
      glyph = after_run;
      run_end = next_character(name, run_end);
      position = run_end;
    } else {
      return false;
    }
  }
  while (glyph < part.size() && part[glyph].kind == Glyph::Kind::kAnyRun) {
    ++glyph;
  }
  return glyph == part.size();
}

std::vector<std::string> nearest_names(std::string_view wanted, std::span<const TableName> candidates) {
  std::string plain = fold_case(wanted.substr(0, kLongestWord));
  std::erase(plain, '"');
  std::vector<std::pair<std::size_t, std::string>> ranked;
  ranked.reserve(candidates.size());
  for (const TableName& candidate : candidates) {
    const std::string name = fold_case(candidate.name);
    const std::size_t distance =
        std::min(edit_distance(plain, name), edit_distance(plain, fold_case(candidate.schema) + "." + name));
    ranked.emplace_back(distance, candidate.display());
  }
  const std::size_t count = std::min(kSuggestions, ranked.size());
  std::ranges::partial_sort(ranked, ranked.begin() + static_cast<std::ptrdiff_t>(count));
  std::vector<std::string> names;
  for (std::size_t i = 0; i < count; ++i) {
    names.push_back(std::move(ranked[i].second));
  }
  return names;
}

}  // namespace pg2duck::config
