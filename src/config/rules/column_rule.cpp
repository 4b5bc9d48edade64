#include "config/rules/column_rule.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/error.hpp"

namespace pg2duck::config {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";
constexpr std::string_view kExpression = "expression";

Error rule_error(std::string_view text, const std::string& reason) {
  return Error(ErrorKind::kConfig, "column rule '" + std::string(text) + "': " + reason)
      .set_hint(
          "write TABLE.COLUMN=SETTING, e.g. 'public.orders.total=decimal(15,2)', '*.*.note=exclude', "
          "'public.orders.ref=varchar, rename reference'");
}

/// Where `wanted` stands outside of double quotes and parentheses; the last place with `last`. npos: nowhere.
std::size_t find_outside(std::string_view text, char wanted, bool last = false) {
  std::size_t found = std::string_view::npos;
  bool quoted = false;
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    quoted = quoted != (c == '"');
    if (quoted) {
      continue;
    }
    depth += (c == '(' ? 1 : 0) - (c == ')' ? 1 : 0);
    if (c == wanted && depth == 0) {
      found = i;
      if (!last) {
        break;
      }
    }
  }
  return found;
}

std::vector<std::string_view> split_settings(std::string_view text) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t comma = find_outside(text, ',');
    parts.push_back(trim(text.substr(0, comma)));
    if (comma == std::string_view::npos) {
      return parts;
    }
    text.remove_prefix(comma + 1);
  }
}

/// The name that `text` writes: as it stands, or between double quotes.
std::string unquoted(std::string_view text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') {
    return std::string(text);
  }
  std::string name;
  for (std::size_t i = 1; i + 1 < text.size(); ++i) {
    name += text[i];
    i += text[i] == '"' ? 1 : 0;
  }
  return name;
}

void apply_setting(ColumnRule& rule, std::string_view setting) {
  const std::size_t blank = setting.find_first_of(kBlanks);
  const std::string word = fold_case(setting.substr(0, blank));
  const std::string_view rest = blank == std::string_view::npos ? std::string_view() : trim(setting.substr(blank));
  if (word == "exclude" && rest.empty()) {
    rule.exclude = true;
  } else if (word == "include" && rest.empty()) {
    // A rule with no setting at all.
    rule.exclude = false;
  } else if (word == "rename") {
    rule.rename = unquoted(rest);
    if (rule.rename->empty()) {
      throw rule_error(rule.text, "rename needs a name");
    }
  } else if (word == "unrepresentable") {
    rule.unrepresentable = parse_choice<Unrepresentable>(rest);
    if (!rule.unrepresentable) {
      throw rule_error(rule.text, "unrepresentable needs error, null or text");
    }
  } else {
    rule.as = types::parse_chosen_type(setting);
    if (!rule.as) {
      throw Error(ErrorKind::kConfig,
                  "column rule '" + rule.text + "': '" + std::string(setting) + "' is no setting and no type")
          .set_hint(
              "settings are exclude, include, rename NAME, unrepresentable error|null|text, expression SQL, or one of "
              "the types " +
              types::chosen_type_names());
    }
  }
}

}  // namespace

ColumnRule ColumnRule::parse(std::string_view text) {
  const std::string_view trimmed = trim(text);
  const std::size_t equals = find_outside(trimmed, '=');
  if (equals == std::string_view::npos) {
    throw rule_error(trimmed, "it has no =");
  }
  const std::string_view names = trim(trimmed.substr(0, equals));
  const std::size_t dot = find_outside(names, '.', true);
  if (dot == std::string_view::npos) {
    throw rule_error(trimmed, "it does not say which table's column");
  }
  ColumnRule rule;
  rule.text = trimmed;
  rule.tables = TablePattern::parse(names.substr(0, dot));
  rule.columns = TablePattern::parse(names.substr(dot + 1));
  for (const std::string_view setting : split_settings(trimmed.substr(equals + 1))) {
    if (fold_case(setting.substr(0, setting.find_first_of(kBlanks))) == kExpression) {
      // SQL has commas and quotes of its own: all that follows is it.
      const auto begin = static_cast<std::size_t>(setting.data() - trimmed.data());
      rule.expression = std::string(trim(trimmed.substr(begin + kExpression.size())));
      break;
    }
    apply_setting(rule, setting);
  }
  if (rule.expression && rule.expression->empty()) {
    throw rule_error(trimmed, "expression needs SQL, such as sha256(email)");
  }
  if (rule.expression && rule.unrepresentable == Unrepresentable::kText) {
    throw rule_error(trimmed, "the text of a value would stand beside what the expression makes of it");
  }
  if (rule.exclude && (rule.as || rule.rename || rule.unrepresentable || rule.expression)) {
    throw rule_error(trimmed, "a column that is left out has no other settings");
  }
  if (rule.rename && !rule.is_exact()) {
    throw rule_error(trimmed, "only one column can take a name, and a pattern may choose many");
  }
  return rule;
}

bool ColumnRule::matches(const TableName& table, const std::string& column) const {
  return tables.matches(table) && columns.matches({"", column});
}

RowFilter RowFilter::parse(std::string_view text) {
  const std::string_view trimmed = trim(text);
  const std::size_t equals = find_outside(trimmed, '=');
  const std::string_view condition = equals == std::string_view::npos ? "" : trim(trimmed.substr(equals + 1));
  if (condition.empty()) {
    throw Error(ErrorKind::kConfig, "row filter '" + std::string(trimmed) + "' is not TABLE=CONDITION")
        .set_hint("e.g. --where \"public.orders=created_at >= '2025-01-01'\"");
  }
  return {.tables = TablePattern::parse(trimmed.substr(0, equals)),
          .condition = std::string(condition),
          .text = std::string(trimmed),
          .may_match_nothing = false};
}

}  // namespace pg2duck::config
