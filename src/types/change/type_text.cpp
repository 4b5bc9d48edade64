#include "types/change/type_text.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/identifier.hpp"

namespace pg2duck::types {
namespace {

/// Reads a text from left to right; each step says nothing where the text is no type.
class Parser {
 public:
  explicit Parser(std::string_view text) : rest_(text) {}

  std::optional<TypeText> type() {
    std::optional<TypeText> parsed = without_suffix();
    while (parsed && take("[")) {
      const std::size_t end = rest_.find(']');
      if (end == std::string_view::npos) {
        return std::nullopt;
      }
      TypeText outer{.kind = end == 0 ? TypeText::Kind::kList : TypeText::Kind::kArray,
                     .name = std::string(rest_.substr(0, end)),
                     .fields = {},
                     .children = {}};
      outer.children.push_back(*std::move(parsed));
      parsed = std::move(outer);
      rest_.remove_prefix(end + 1);
    }
    return parsed;
  }

  [[nodiscard]] bool is_done() const { return rest_.empty(); }

 private:
  bool take(std::string_view word) {
    if (!rest_.starts_with(word)) {
      return false;
    }
    rest_.remove_prefix(word.size());
    return true;
  }

  std::optional<TypeText> without_suffix() {
    if (take("STRUCT(")) {
      return parts(TypeText::Kind::kStruct);
    }
    if (take("MAP(")) {
      return parts(TypeText::Kind::kMap);
    }
    return plain();
  }

  std::optional<TypeText> parts(TypeText::Kind kind) {
    TypeText whole{.kind = kind, .name = {}, .fields = {}, .children = {}};
    do {
      if (kind == TypeText::Kind::kStruct) {
        std::optional<std::string> name = field_name();
        if (!name) {
          return std::nullopt;
        }
        whole.fields.push_back(*std::move(name));
      }
      std::optional<TypeText> child = type();
      if (!child) {
        return std::nullopt;
      }
      whole.children.push_back(*std::move(child));
    } while (take(", "));
    const bool complete = take(")") && (kind == TypeText::Kind::kStruct || whole.children.size() == 2);
    return complete ? std::optional(std::move(whole)) : std::nullopt;
  }

  /// With the space behind it.
  std::optional<std::string> field_name() {
    const std::size_t end = rest_.starts_with('"') ? end_of_quoted(0, '"') : rest_.find(' ');
    if (end >= rest_.size() || rest_[end] != ' ') {
      return std::nullopt;
    }
    std::string name(rest_.substr(0, end));
    rest_.remove_prefix(end + 1);
    if (name.starts_with('"')) {
      name = name.substr(1, name.size() - 2);
      for (std::size_t at = name.find("\"\""); at != std::string::npos; at = name.find("\"\"", at + 1)) {
        name.erase(at, 1);
      }
    }
    return name;
  }

  /// Behind the quote that closes the one at `begin`; a doubled one is part of the text.
  [[nodiscard]] std::size_t end_of_quoted(std::size_t begin, char quote) const {
    std::size_t at = begin + 1;
    while (at < rest_.size() && (rest_[at] != quote || (at + 1 < rest_.size() && rest_[at + 1] == quote))) {
      at += rest_[at] == quote ? 2 : 1;
    }
    return at + 1;
  }

  /// A name with what stands in brackets behind it.
  std::optional<TypeText> plain() {
    int depth = 0;
    std::size_t end = 0;
    while (end < rest_.size() && (depth > 0 || std::string_view(",)[").find(rest_[end]) == std::string_view::npos)) {
      depth += rest_[end] == '(' ? 1 : 0;
      depth -= rest_[end] == ')' ? 1 : 0;
      end = rest_[end] == '\'' || rest_[end] == '"' ? end_of_quoted(end, rest_[end]) : end + 1;
    }
    if (end == 0 || end > rest_.size()) {
      return std::nullopt;
    }
    TypeText found = TypeText::plain(std::string(rest_.substr(0, end)));
    rest_.remove_prefix(end);
    return found;
  }

  std::string_view rest_;
};

}  // namespace

TypeText TypeText::plain(std::string name) {
  return {.kind = Kind::kPlain, .name = std::move(name), .fields = {}, .children = {}};
}

std::string TypeText::sql() const {
  std::vector<std::string> parts;
  switch (kind) {
    case Kind::kPlain:
      return name;
    case Kind::kList:
    case Kind::kArray:
      return fmt::format("{}[{}]", children.at(0).sql(), name);
    case Kind::kStruct:
      for (std::size_t i = 0; i < fields.size(); ++i) {
        parts.push_back(quote_identifier(fields[i]) + " " + children[i].sql());
      }
      return fmt::format("STRUCT({})", fmt::join(parts, ", "));
    case Kind::kMap:
      return fmt::format("MAP({}, {})", children.at(0).sql(), children.at(1).sql());
  }
  return name;
}

const TypeText* TypeText::field(std::string_view wanted) const {
  const auto found = std::ranges::find(fields, wanted);
  return found == fields.end() ? nullptr : &children[static_cast<std::size_t>(found - fields.begin())];
}

TypeText parse_type(std::string_view text) {
  Parser parser(text);
  std::optional<TypeText> parsed = parser.type();
  return parsed && parser.is_done() ? *std::move(parsed) : TypeText::plain(std::string(text));
}

}  // namespace pg2duck::types
