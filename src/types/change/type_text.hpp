#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pg2duck::types {

/// A DuckDB type as its text says it, taken apart as far as types have parts: for types that a target names, which need
/// not be those that `DuckType` knows.
struct TypeText {
  enum class Kind {
    kPlain,   ///< no parts: `name` is all of it, "DECIMAL(38,2)", "ENUM('a', 'b')"
    kList,    ///< one child
    kArray,   ///< one child; `name` says how many, "3"
    kStruct,  ///< a child for each of `fields`
    kMap,     ///< two children: key, value
  };

  Kind kind = Kind::kPlain;
  std::string name;
  std::vector<std::string> fields;
  std::vector<TypeText> children;

  bool operator==(const TypeText&) const = default;

  /// A type without parts.
  static TypeText plain(std::string name);

  /// The type as DuckDB SQL spells it.
  [[nodiscard]] std::string sql() const;

  /// The child that stands under this name in a struct; null: there is none.
  [[nodiscard]] const TypeText* field(std::string_view wanted) const;
};

/// Takes the text of a type apart. What is no type that has parts is a plain one of that text.
TypeText parse_type(std::string_view text);

}  // namespace pg2duck::types
