#include "source/read/cursor_range.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <iterator>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "base/identifier.hpp"
#include "source/catalog/type_catalog.hpp"

namespace pg2duck::source {
namespace {

/// Transaction numbers are a ring of so many.
constexpr const char* kRing = "4294967296";

types::Oid base_type(const types::TypeCatalog& catalog, types::Oid type) {
  for (auto found = catalog.find(type); found != catalog.end() && found->second.typtype == 'd';
       found = catalog.find(type)) {
    type = found->second.base;
  }
  return type;
}

/// The type as SQL calls it when it is a number, else ""; a domain might not take what is no value of the column.
std::string number_type(types::Oid type) {
  namespace oid = types::oid;
  switch (type) {
    case oid::kInt2:
      return "pg_catalog.int2";
    case oid::kInt4:
      return "pg_catalog.int4";
    case oid::kInt8:
      return "pg_catalog.int8";
    case oid::kNumeric:
      return "pg_catalog.numeric";
    case oid::kFloat4:
      return "pg_catalog.float4";
    case oid::kFloat8:
      return "pg_catalog.float8";
    default:
      return "";
  }
}

/// A number is so many seconds before a time, so many days before a date.
std::string lag_value(const CursorRange& range) {
  namespace oid = types::oid;
  const std::string& lag = range.disposition.lag;
  const types::Oid type = base_type(range.types, range.column->type);
  if (const std::string number = number_type(type); !number.empty()) {
    return quote_literal(lag) + "::" + number;
  }
  if (type != oid::kDate && type != oid::kTimestamp && type != oid::kTimestamptz) {
    throw Error(ErrorKind::kConfig, fmt::format("lag is for cursors that are dates, times or numbers; {} is {}",
                                                range.column->name, range.column->type_display))
        .set_hint("leave lag out, or take another cursor");
  }
  const bool bare = lag.find_first_not_of("+-0123456789.") == std::string::npos;
  const char* unit = type == oid::kDate ? " days" : " seconds";
  return quote_literal(bare ? lag + unit : lag) + "::pg_catalog.interval";
}

/// The cursor as SQL.
struct CursorSql {
  std::string name;
  std::string type;
  types::PgOrdering by;
  std::string collation;
  bool composite = false;

  /// A value of the cursor's type.
  [[nodiscard]] std::string value(const std::string& text) const { return quote_literal(text) + "::" + type; }

  /// The cursor beside `value`, of its type, by one of the operators of its type.
  [[nodiscard]] std::string compared(const std::string& by_operator, const std::string& value) const {
    const std::string cast = by.operand.empty() ? "" : "::" + by.operand;
    // A domain's collation may be another than that of the column, and Postgres would not choose one of the two.
    return fmt::format("{}{} {} {}{}{}", name, cast, by_operator, value, cast,
                       collation.empty() ? "" : " COLLATE " + collation);
  }

  // IS NULL is also true of a row whose fields are all NULL, and IS NOT NULL false of one with some.
  [[nodiscard]] std::string is_null() const { return name + (composite ? " IS NOT DISTINCT FROM NULL" : " IS NULL"); }

  [[nodiscard]] std::string is_set() const { return name + (composite ? " IS DISTINCT FROM NULL" : " IS NOT NULL"); }
};

std::string before(const CursorRange& range, const CursorSql& cursor, const std::string& value) {
  const bool date = base_type(range.types, range.column->type) == types::oid::kDate;
  return fmt::format("({} - {}){}", cursor.value(value), lag_value(range), date ? "::pg_catalog.date" : "");
}

std::string lower_bound(const CursorRange& range, const CursorSql& cursor, const std::string& watermark) {
  const config::Disposition& wanted = range.disposition;
  std::string bound = cursor.value(watermark);
  if (!wanted.lag.empty() && watermark != wanted.initial) {
    bound = before(range, cursor, watermark);
    if (!wanted.initial.empty()) {
      bound = fmt::format("GREATEST({}, {})", bound, cursor.value(wanted.initial));
    }
  }
  return cursor.compared(wanted.open_start ? cursor.by.greater : cursor.by.greater_or_equal, bound);
}

/// Null: it is not in the catalog.
const types::PgType* base_of(const CursorRange& range) {
  const auto found = range.types.find(base_type(range.types, range.column->type));
  return found == range.types.end() ? nullptr : &found->second;
}

CursorSql sql_of(const CursorRange& range) {
  const types::PgType* base = base_of(range);
  return {.name = quote_identifier(range.column->name),
          .type = range.column->type_display,
          .by = base == nullptr ? types::PgOrdering() : base->ordering.value_or(types::PgOrdering()),
          .collation = range.column->collation,
          .composite = base != nullptr && base->typtype == 'c'};
}

std::uint64_t transaction(const std::string& text) {
  return std::strtoull(text.c_str(), nullptr, 10);
}

}  // namespace

bool xmin_reaches(const std::string& from, const std::string& next) {
  return transaction(from) <= transaction(next) && transaction(next) - transaction(from) < (std::uint64_t{1} << 31U);
}

CursorColumn cursor_column(const CursorRange& range) {
  const types::PgType* base = base_of(range);
  const types::PgOrdering by = sql_of(range).by;
  return {.name = range.column->name,
          .greater = by.operand.empty() ? "" : by.greater,
          .operand = by.operand,
          .output_function = base == nullptr || base->casts_as_output ? "" : base->output_function};
}

bool is_sortable(const CursorRange& range) {
  const types::PgType* base = range.column == nullptr ? nullptr : base_of(range);
  return base == nullptr || base->ordering.has_value();
}

std::string rows_since(const CursorRange& range, const std::string& watermark) {
  if (range.column == nullptr) {
    return watermark.empty()
               ? ""
               : fmt::format(
                     "((xmin::pg_catalog.text::pg_catalog.int8 - {0}::pg_catalog.int8 % {1} + {1}) % {1}) < {1} / 2",
                     quote_literal(watermark), kRing);
  }
  const CursorSql cursor = sql_of(range);
  std::string rows = watermark.empty() ? "" : lower_bound(range, cursor, watermark);
  if (!range.disposition.end.empty()) {
    rows += rows.empty() ? "" : " AND ";
    rows += cursor.compared(range.disposition.closed_end ? cursor.by.less_or_equal : cursor.by.less,
                            cursor.value(range.disposition.end));
  }
  if (range.column->not_null) {
    return rows;
  }
  if (range.null_cursor == config::NullCursor::kExclude && rows.empty()) {
    return cursor.is_set();
  }
  if (range.null_cursor == config::NullCursor::kInclude && !rows.empty()) {
    return fmt::format("({}) OR {}", rows, cursor.is_null());
  }
  return rows;
}

std::string finite_rows(const CursorRange& range) {
  namespace oid = types::oid;
  if (range.column == nullptr) {
    return "";
  }
  const std::string name = quote_identifier(range.column->name);
  switch (const types::Oid type = base_type(range.types, range.column->type)) {
    case oid::kFloat4:
    case oid::kFloat8:
      return fmt::format("{} < 'infinity'::{}", name, number_type(type));
    case oid::kDate:
      return name + " < 'infinity'::pg_catalog.date";
    case oid::kTimestamp:
      return name + " < 'infinity'::pg_catalog.timestamp";
    case oid::kTimestamptz:
      return name + " < 'infinity'::pg_catalog.timestamptz";
    case oid::kNumeric:  // which has an infinity from Postgres 14 on only
      return fmt::format("{0} - {0} = 0", name);
    default:
      return "";
  }
}

std::string lag_is_negative(const CursorRange& range) {
  return range.disposition.lag.empty() || range.column == nullptr ? "" : lag_value(range) + " < '0'";
}

std::string rows_beyond(const CursorRange& range, const std::string& watermark) {
  const CursorSql cursor = sql_of(range);
  const std::string finite = finite_rows(range);
  return cursor.compared(cursor.by.greater, cursor.value(watermark)) + (finite.empty() ? "" : " AND " + finite);
}

std::string rows_with_any(const std::vector<std::string>& columns) {
  std::vector<std::string> filled;
  std::ranges::transform(columns, std::back_inserter(filled),
                         [](const std::string& column) { return quote_identifier(column) + " IS DISTINCT FROM NULL"; });
  return fmt::format("{}", fmt::join(filled, " OR "));
}

std::string rows_of_heaps(const std::vector<types::Oid>& heaps) {
  return heaps.empty() ? "" : "tableoid = ANY (" + oid_array(heaps) + ")";
}

bool is_text_now(const CursorRange& range, const std::string& was) {
  namespace oid = types::oid;
  const types::Oid type = base_type(range.types, range.column->type);
  return was != "VARCHAR" && (type == oid::kText || type == oid::kVarchar || type == oid::kBpchar);
}

}  // namespace pg2duck::source
