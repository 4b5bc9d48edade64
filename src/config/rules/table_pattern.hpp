#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/identifier.hpp"

namespace pg2duck::config {

/// A pattern over table names, in psql's spirit: `orders`, `sales.*`, `public.ord?r*`, `"Odd.Name"`.
///
/// `*` is any run of characters, `?` one character; neither crosses the dot between schema and
/// table. Without a schema it matches in every schema. Unquoted letters fold to lower case as in
/// SQL; between double quotes everything is literal, `""` is a quote.
class TablePattern {
 public:
  /// @error Error(kConfig) on an empty part, an open quote, or more than two parts
  static TablePattern parse(std::string_view text);
  /// Splits at commas outside quotes: `--tables 'a,b.*'` may also be given more than once.
  static std::vector<TablePattern> parse_list(std::span<const std::string> texts);

  [[nodiscard]] bool matches(const TableName& table) const;
  /// No wildcard anywhere: the pattern names tables rather than describing them.
  [[nodiscard]] bool is_exact() const;

  /// As the user wrote it.
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  /// A character, or a wildcard, of one part.
  struct Glyph {
    enum class Kind { kLiteral, kAnyRun, kAnyOne } kind = Kind::kLiteral;
    char literal = 0;
  };

  using Part = std::vector<Glyph>;

  static bool match_part(const Part& part, std::string_view name);

  std::string text_;
  std::optional<Part> schema_;
  Part name_;
};

/// `text` without the blanks around it.
std::string_view trim(std::string_view text);

/// Up to three of `candidates` that look most like `wanted` (edit distance), nearest first.
std::vector<std::string> nearest_names(std::string_view wanted, std::span<const TableName> candidates);

}  // namespace pg2duck::config
