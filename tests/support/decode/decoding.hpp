#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "decode/wire/wire_decoder.hpp"
#include "support/decode/array_column_view.hpp"
#include "support/decode/wire.hpp"
#include "types/map_type.hpp"

namespace pg2duck::test_support {

using Values = std::vector<std::optional<std::string>>;

/// The mapping of a column of a built-in type, or of an array of it.
inline types::Mapping mapping_of(types::Oid type, std::int32_t typmod = -1) {
  types::PgType pg_type;
  pg_type.oid = type;
  return types::map_type({{type, pg_type}}, type, typmod);
}

inline types::Mapping array_of(types::Oid element, std::int32_t typmod = -1) {
  types::Mapping mapping;
  mapping.wire = types::Wire::kArray;
  mapping.dimensions = 1;
  mapping.children.push_back(mapping_of(element, typmod));
  mapping.children.front().type = element;
  mapping.target = types::DuckType::list(mapping.children.front().target);
  return mapping;
}

/// A mapping without children.
inline types::Mapping leaf(types::Wire wire, types::DuckType target) {
  return types::Mapping::of(wire, std::move(target));
}

inline types::Mapping leaf(types::Wire wire, types::DuckTypeId target) {
  return leaf(wire, types::DuckType::of(target));
}

inline types::Mapping decimal_mapping(int width, int scale) {
  return types::Mapping::of(types::Wire::kNumeric, types::DuckType::decimal(width, scale));
}

using MakeNested = std::unique_ptr<decode::ColumnDecoder> (*)(const types::Mapping& mapping,
                                                              decode::ColumnDecoders children);

/// What `make` makes of a mapping and the decoders of its children.
inline std::unique_ptr<decode::ColumnDecoder> make_nested(MakeNested make, const types::Mapping& mapping) {
  decode::ColumnDecoders children;
  for (const types::Mapping& child : mapping.children) {
    children.push_back(decode::make_wire_decoder(child));
  }
  return make(mapping, std::move(children));
}

/// `values` decoded by a new decoder into rows `first_row`, ... of a new column.
/// @error BadValue
inline std::unique_ptr<ArrayColumnView> decode_values(const types::Mapping& mapping, const Values& values,
                                                      std::size_t first_row = 0) {
  const auto blocks = std::make_shared<FieldBlocks>(values);
  auto column = std::make_unique<ArrayColumnView>(mapping.target, first_row + values.size());
  column->keep(blocks);
  decode::make_wire_decoder(mapping)->decode(blocks->fields(), *column, first_row);
  return column;
}

/// One value decoded.
template <typename T>
T decode_one(const types::Mapping& mapping, const std::string& bytes) {
  return decode_values(mapping, {bytes})->at<T>(0);
}

/// Why `values` cannot be decoded.
/// @error std::logic_error when they can
inline decode::BadValue bad_value(const types::Mapping& mapping, const Values& values) {
  try {
    decode_values(mapping, values);
  } catch (const decode::BadValue& bad) {
    return bad;
  }
  throw std::logic_error("decoded without a complaint");
}

/// "corrupt: ..." or "unrepresentable: ...", of one value.
inline std::string complaint(const types::Mapping& mapping, const std::string& bytes) {
  try {
    const decode::BadValue bad = bad_value(mapping, {bytes});
    return (bad.unrepresentable ? "unrepresentable: " : "corrupt: ") + bad.message;
  } catch (const std::logic_error&) {
    return "none";
  }
}

}  // namespace pg2duck::test_support
