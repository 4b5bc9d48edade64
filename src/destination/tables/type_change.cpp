#include "destination/tables/type_change.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "destination/tables/table_ddl.hpp"

namespace pg2duck::destination {
namespace {

using types::Conversion;
using types::TypeText;
using Kind = TypeText::Kind;

/// One value on its way; names of its own for the elements of lists inside of lists.
class Way {
 public:
  explicit Way(types::Digits digits) : digits_(digits) {}

  std::string converted(const std::string& value, const TypeText& from, const TypeText& to) {
    if (from == to) {
      return value;
    }
    if (from.kind == Kind::kList && to.kind == Kind::kList) {
      return has_same_depth(from, to)
                 ? of_elements(value, from, to)
                 : fmt::format("CASE WHEN {} IS NOT NULL THEN CAST([] AS {}) END", value, to.sql());
    }
    if (from.kind == Kind::kStruct && to.kind == Kind::kStruct) {
      return of_fields(value, from, to);
    }
    if (conversion(from, to, digits_) == Conversion::kAbsent) {
      return fmt::format("CAST(NULL AS {})", to.sql());
    }
    const std::string cast = fmt::format("CAST({} AS {})", value, to.sql());
    // DuckDB leaves out the zero before the point of a DECIMAL that has no room for it.
    return from.kind == Kind::kPlain && from.name.starts_with("DECIMAL(") && to.name == "VARCHAR"
               ? fmt::format("regexp_replace({}, '^(-?)[.]', '\\10.')", cast)
               : cast;
  }

  std::string misfit(const std::string& value, const TypeText& from, const TypeText& to) {
    const Conversion how = conversion(from, to, digits_);
    if (how <= Conversion::kCast) {
      return {};
    }
    if (from.kind == Kind::kList && to.kind == Kind::kList) {
      return has_same_depth(from, to) ? some_element(value, from, to) : fmt::format("len({}) > 0", value);
    }
    if (from.kind == Kind::kStruct && to.kind == Kind::kStruct) {
      return some_field(value, from, to);
    }
    if (how == Conversion::kAbsent) {
      return fmt::format("{} IS NOT NULL", value);
    }
    // A DECIMAL of fewer digits after the point would round.
    const bool rounds = from.name.starts_with("DECIMAL(") && to.name.starts_with("DECIMAL(");
    return rounds ? fmt::format("({0} IS NOT NULL AND TRY_CAST(TRY_CAST({0} AS {1}) AS {2}) IS DISTINCT FROM {0})",
                                value, to.sql(), from.sql())
                  : fmt::format("({0} IS NOT NULL AND TRY_CAST({0} AS {1}) IS NULL)", value, to.sql());
  }

 private:
  /// Elements that are lists themselves, and such that are not, have nothing in common, not even NULL.
  static bool has_same_depth(const TypeText& from, const TypeText& to) {
    return (from.children[0].kind == Kind::kList) == (to.children[0].kind == Kind::kList);
  }

  std::string element() { return fmt::format("_pg2duck_{}", ++elements_); }

  static std::string field_of(const std::string& value, const std::string& name) {
    return fmt::format("struct_extract({}, {})", value, quote_literal(name));
  }

  std::string of_elements(const std::string& value, const TypeText& from, const TypeText& to) {
    const std::string name = element();
    return fmt::format("list_transform({}, lambda {}: {})", value, name,
                       converted(name, from.children[0], to.children[0]));
  }

  std::string of_fields(const std::string& value, const TypeText& from, const TypeText& to) {
    std::vector<std::string> fields;
    for (std::size_t i = 0; i < to.fields.size(); ++i) {
      const TypeText* was = from.field(to.fields[i]);
      fields.push_back(fmt::format("{} := {}", quote_identifier(to.fields[i]),
                                   was == nullptr ? fmt::format("CAST(NULL AS {})", to.children[i].sql())
                                                  : converted(field_of(value, to.fields[i]), *was, to.children[i])));
    }
    return fmt::format("CASE WHEN {} IS NOT NULL THEN struct_pack({}) END", value, fmt::join(fields, ", "));
  }

  std::string some_element(const std::string& value, const TypeText& from, const TypeText& to) {
    const std::string name = element();
    return fmt::format("len(list_filter({}, lambda {}: {})) > 0", value, name,
                       misfit(name, from.children[0], to.children[0]));
  }

  std::string some_field(const std::string& value, const TypeText& from, const TypeText& to) {
    std::vector<std::string> lost;
    for (std::size_t i = 0; i < from.fields.size(); ++i) {
      const std::string field = field_of(value, from.fields[i]);
      const TypeText* goes_to = to.field(from.fields[i]);
      std::string condition = goes_to == nullptr ? field + " IS NOT NULL" : misfit(field, from.children[i], *goes_to);
      if (!condition.empty()) {
        lost.push_back(std::move(condition));
      }
    }
    return fmt::format("({})", fmt::join(lost, " OR "));
  }

  types::Digits digits_;
  int elements_ = 0;
};

bool holds_row(Session& session, const TableName& table, const std::string& condition) {
  return session.query_int(fmt::format("SELECT count(*) FROM (SELECT 1 FROM {} WHERE {} LIMIT 1)",
                                       target_name(session, table), condition)) > 0;
}

}  // namespace

std::string converted_sql(const std::string& value, const TypeChange& change) {
  return Way(change.digits).converted(value, change.from, change.to);
}

std::string misfit_sql(const std::string& value, const TypeChange& change) {
  return Way(change.digits).misfit(value, change.from, change.to);
}

bool all_fit(Session& session, const TableName& table, const std::string& column, const TypeChange& change) {
  const std::string misfit = misfit_sql(quote_identifier(column), change);
  return misfit.empty() || !holds_row(session, table, misfit);
}

bool has_values(Session& session, const TableName& table, const std::string& column) {
  return holds_row(session, table, quote_identifier(column) + " IS NOT NULL");
}

bool can_alter(const Capabilities& supports, const TypeText& from, const TypeText& to) {
  constexpr std::array<std::string_view, 4> kIntegers{"TINYINT", "SMALLINT", "INTEGER", "BIGINT"};
  if (supports.retypes) {
    return true;
  }
  const auto* old = std::ranges::find(kIntegers, from.name);
  const auto* fresh = std::ranges::find(kIntegers, to.name);
  const bool grows = old < fresh && fresh != kIntegers.end();
  const bool is_plain = from.kind == Kind::kPlain && to.kind == Kind::kPlain;
  return is_plain && (grows || (from.name == "FLOAT" && to.name == "DOUBLE"));
}

}  // namespace pg2duck::destination
