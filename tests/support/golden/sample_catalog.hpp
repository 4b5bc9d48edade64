#pragma once

#include <cstdint>

#include "types/map_type.hpp"

namespace pg2duck::test_support {

// Types that are not built in; their numbers are ours.
enum CustomOid : types::Oid {
  kFiniteInterval = 69'999,
  kMood,
  kPair,
  kPairArray,
  kTree,
  kMeasure,
  kSingle,
  kTextRange,
  kHstore,
  kLtree,
  kGeometry,
  kVector,
  kHalfVector,
  kSparseVector,
};

// Built-in types without a name in `types::oid`.
inline constexpr types::Oid kInt4Range = 3904;
inline constexpr types::Oid kNumericRange = 3906;
inline constexpr types::Oid kTimestamptzRange = 3910;
inline constexpr types::Oid kInt4Multirange = 4451;
inline constexpr types::Oid kNumericMultirange = 4532;

constexpr std::int32_t numeric_typmod(std::int32_t precision, std::int32_t scale) {
  return ((precision << 16) | scale) + 4;
}

/// The built-in types, and one or some of each other kind.
class SampleCatalog {
 public:
  SampleCatalog() {
    for (types::Oid type = 1; type < 5100; ++type) {
      add(type, 'b');
    }
    add(kFiniteInterval, 'b').has_infinity = false;
    types_[kFiniteInterval].oid = types::oid::kInterval;
    add(kMood, 'e').labels = {"sad", "ok", "happy"};
    add_range(kInt4Range, types::oid::kInt4, kInt4Multirange);
    add_range(kNumericRange, types::oid::kNumeric, kNumericMultirange);
    add(kTimestamptzRange, 'r').range_subtype = types::oid::kTimestamptz;
    add(kTextRange, 'r').range_subtype = types::oid::kText;
    add(kPairArray, 'b').element = kPair;
    add(kPair, 'c').fields = {{.name = "a", .type = types::oid::kInt4}, {.name = "b", .type = types::oid::kText}};
    add(kTree, 'c').fields = {{.name = "one", .type = kPair},
                              {.name = "many", .type = kPairArray},
                              {.name = "n", .type = types::oid::kNumeric, .typmod = numeric_typmod(5, 2)},
                              {.name = "d", .type = types::oid::kDate}};
    add(kMeasure, 'c').fields = {{.name = "n", .type = types::oid::kNumeric},
                                 {.name = "at", .type = types::oid::kTimestamptz}};
    add(kSingle, 'c').fields = {{.name = "a", .type = types::oid::kInt4}};
    add_extension(kHstore, "hstore", "hstore");
    add_extension(kLtree, "ltree", "ltree");
    add_extension(kGeometry, "postgis", "geometry");
    add_extension(kVector, "vector", "vector");
    add_extension(kHalfVector, "vector", "halfvec");
    add_extension(kSparseVector, "vector", "sparsevec");
  }

  [[nodiscard]] types::Mapping map(types::Oid type, std::int32_t typmod = -1,
                                   const types::MappingChoice& choice = {}) const {
    return types::map_type(types_, type, typmod, choice);
  }

  /// An array of `element`, guessed to have so many dimensions.
  types::Mapping array(types::Oid element, int dimensions = 1, std::int32_t typmod = -1,
                       types::MappingChoice choice = {}) {
    constexpr types::Oid kArray = 90'000;
    add(kArray, 'b').element = element;
    choice.dimensions = dimensions;
    return map(kArray, typmod, choice);
  }

 private:
  types::PgType& add(types::Oid oid, char typtype) {
    types::PgType& type = types_[oid];
    type = {};
    type.oid = oid;
    type.typtype = typtype;
    return type;
  }

  void add_range(types::Oid range, types::Oid subtype, types::Oid multirange) {
    add(range, 'r').range_subtype = subtype;
    add(multirange, 'm').range_subtype = range;
  }

  void add_extension(types::Oid oid, const char* extension, const char* name) {
    types::PgType& type = add(oid, 'b');
    type.extension = extension;
    type.name = name;
  }

  types::TypeCatalog types_;
};

}  // namespace pg2duck::test_support
