#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>

#include <fmt/format.h>

#include "decode/column_view.hpp"
#include "support/decode/array_column_view.hpp"
#include "types/duckdb_type.hpp"

namespace pg2duck::test_support {

/// `units` with `scale` of its digits after the point: "-1.50" of -150 and 2.
inline std::string number_text(std::string units, std::size_t scale) {
  const bool negative = units.starts_with('-');
  units.erase(0, negative ? 1 : 0);
  if (units.size() <= scale) {
    units.insert(0, scale + 1 - units.size(), '0');
  }
  if (scale > 0) {
    units.insert(units.size() - scale, ".");
  }
  return (negative ? "-" : "") + units;
}

inline std::string decimal_text(const ArrayColumnView& column, const types::DuckType& type, std::size_t row) {
  decode::Int128 units = 0;
  switch (value_size(type)) {
    case 2:
      units = column.at<std::int16_t>(row);
      break;
    case 4:
      units = column.at<std::int32_t>(row);
      break;
    case 8:
      units = column.at<std::int64_t>(row);
      break;
    default:
      units = column.at<decode::Int128>(row);
  }
  return number_text(fmt::format("{}", units), type.scale);
}

inline std::string enum_text(const ArrayColumnView& column, const types::DuckType& type, std::size_t row) {
  const std::size_t labels = type.names.size();
  const std::size_t index = labels <= 0xff     ? column.at<std::uint8_t>(row)
                            : labels <= 0xffff ? column.at<std::uint16_t>(row)
                                               : column.at<std::uint32_t>(row);
  return type.names.at(index);
}

inline std::string column_text(ArrayColumnView& column, const types::DuckType& type, std::size_t row);

/// A NULL as it has to be: the fields of a STRUCT, and the elements of an ARRAY, are NULL with it.
inline void check_null(ArrayColumnView& column, const types::DuckType& type, std::size_t row) {
  using Layout = decode::ColumnView::Layout;
  if (!column.is_null(row)) {
    throw std::logic_error("a part of a NULL is not NULL");
  }
  if (column.layout() == Layout::kStruct || column.layout() == Layout::kArray) {
    const std::size_t rows_each = column.layout() == Layout::kArray ? type.size : 1;
    for (std::size_t i = 0; i < type.children.size(); ++i) {
      for (std::size_t child_row = row * rows_each; child_row < (row + 1) * rows_each; ++child_row) {
        check_null(column.child(i), type.children[i], child_row);
      }
    }
  }
}

inline std::string elements_text(ArrayColumnView& elements, const types::DuckType& type, std::size_t first,
                                 std::size_t count) {
  std::string text = "[";
  for (std::size_t i = first; i < first + count; ++i) {
    text += (i > first ? "," : "") + column_text(elements, type, i);
  }
  return text + "]";
}

inline std::string list_text(ArrayColumnView& column, const types::DuckType& type, std::size_t row) {
  const auto entry = column.at<decode::ListEntry>(row);
  const std::size_t size = column.child_size();
  if (entry.offset > size || entry.length > size - entry.offset) {
    throw std::logic_error("a list leaves its child");
  }
  const bool is_map = type.id == types::DuckTypeId::kMap;
  return elements_text(column.child(0),
                       is_map ? types::DuckType::structure({"key", "value"}, type.children) : type.children.front(),
                       entry.offset, entry.length);
}

inline std::string struct_text(ArrayColumnView& column, const types::DuckType& type, std::size_t row) {
  std::string text = "{";
  for (std::size_t i = 0; i < type.children.size(); ++i) {
    text += (i == 0 ? "" : ",") + type.names[i] + ":" + column_text(column.child(i), type.children[i], row);
  }
  return text + "}";
}

/// Row `row` of a column of `type`, like "{a:1,b:[x,null]}". Dates and times are their numbers.
/// @error std::logic_error for a list that leaves its child, a label that is none, or a NULL with a part that is not
inline std::string column_text(ArrayColumnView& column, const types::DuckType& type, std::size_t row) {
  using types::DuckTypeId;
  if (column.is_null(row)) {
    check_null(column, type, row);
    return "null";
  }
  switch (type.id) {
    case DuckTypeId::kBoolean:
      return column.at<std::uint8_t>(row) == 1 ? "true" : column.at<std::uint8_t>(row) == 0 ? "false" : "neither";
    case DuckTypeId::kSmallint:
      return std::to_string(column.at<std::int16_t>(row));
    case DuckTypeId::kInteger:
    case DuckTypeId::kDate:
      return std::to_string(column.at<std::int32_t>(row));
    case DuckTypeId::kBigint:
    case DuckTypeId::kTime:
    case DuckTypeId::kTimestamp:
    case DuckTypeId::kTimestampTz:
      return std::to_string(column.at<std::int64_t>(row));
    case DuckTypeId::kUtinyint:
      return std::to_string(column.at<std::uint8_t>(row));
    case DuckTypeId::kUsmallint:
      return std::to_string(column.at<std::uint16_t>(row));
    case DuckTypeId::kUinteger:
      return std::to_string(column.at<std::uint32_t>(row));
    case DuckTypeId::kUbigint:
    case DuckTypeId::kTimeTz:
      return std::to_string(column.at<std::uint64_t>(row));
    case DuckTypeId::kHugeint:
    case DuckTypeId::kUuid:
      return fmt::format("{}", column.at<decode::Int128>(row));
    case DuckTypeId::kFloat:
      return fmt::format("{}", column.at<float>(row));
    case DuckTypeId::kDouble:
      return fmt::format("{}", column.at<double>(row));
    case DuckTypeId::kInterval: {
      const auto value = column.at<decode::IntervalValue>(row);
      return fmt::format("{}m{}d{}us", value.months, value.days, value.micros);
    }
    case DuckTypeId::kVarchar:
    case DuckTypeId::kJson:
    case DuckTypeId::kBlob:
    case DuckTypeId::kBit:
    case DuckTypeId::kGeometry:
      return column.string_at(row);
    case DuckTypeId::kDecimal:
      return decimal_text(column, type, row);
    case DuckTypeId::kEnum:
      return enum_text(column, type, row);
    case DuckTypeId::kList:
    case DuckTypeId::kMap:
      return list_text(column, type, row);
    case DuckTypeId::kStruct:
      return struct_text(column, type, row);
    case DuckTypeId::kArray:
      return elements_text(column.child(0), type.children.front(), row * type.size, type.size);
  }
  return "not shown: " + type.sql();
}

}  // namespace pg2duck::test_support
