#pragma once

#include <vector>

#include "types/change/type_text.hpp"

namespace pg2duck::types {

/// How values of one DuckDB type get into another, none of them changed. In the order of what they ask of the values.
enum class Conversion {
  kNone,    ///< the types are the same
  kCast,    ///< by a cast, each of them
  kTry,     ///< by a cast, those that fit
  kAbsent,  ///< not at all: where the types differ there must be no value
};

/// What a type knows that its text does not say.
enum class Digits {
  kAsDeclared,  ///< of a numeric the type says how many there are after the point, and text would not have these
  kLearnt,      ///< a DECIMAL is what its values asked for, and may become text if they ask for more
};

/// How values of `from` get into `to`. Lists as their elements, structs field by field: one that is new is NULL.
Conversion conversion(const TypeText& from, const TypeText& to, Digits digits = Digits::kAsDeclared);

/// Types for a column that has `old` and gets values of `fresh`, the best one first. The column keeps what it has where
/// that holds every new value, and takes the new type where that holds what is there; what else is needed the values
/// must allow.
std::vector<TypeText> candidates(const TypeText& old, const TypeText& fresh, Digits digits = Digits::kAsDeclared);

/// Whether numbers become text on the way from one type to the other, in any part of it.
bool writes_numbers(const TypeText& from, const TypeText& to);

}  // namespace pg2duck::types
