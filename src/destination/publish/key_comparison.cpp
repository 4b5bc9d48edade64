#include "destination/publish/key_comparison.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/identifier.hpp"

namespace pg2duck::destination {
namespace {

using types::CanonicalForm;
using Kind = CanonicalForm::Kind;

const CanonicalForm& form_of(const TableChange& change, const std::string& column) {
  static const CanonicalForm same;
  const auto found = change.forms.find(column);
  return found == change.forms.end() ? same : found->second;
}

/// Strings are matched first, so that what stands in them stays.
std::string trimmed_json(const std::string& value) {
  return fmt::format(
      R"(regexp_replace(CAST({} AS VARCHAR), '("(?:[^"\\]|\\.)*")|(\.[0-9]*[1-9])0+\b|\.0+\b', '\1\2', 'g'))", value);
}

/// DuckDB's own equality of intervals treats months, days and time each for itself: 1 month - 1 day is not 29 days.
std::string span(const std::string& value) {
  const std::string parts = fmt::format(
      "((CAST(datepart('year', {0}) * 12 + datepart('month', {0}) AS HUGEINT) * 30 + datepart('day', {0})) * "
      "86400000000"
      " + datepart('hour', {0}) * 3600000000 + datepart('minute', {0}) * 60000000 + datepart('microsecond', {0}))",
      "CAST(" + value + " AS INTERVAL)");
  return parts;
}

/// Text of ASCII letters alone takes DuckDB's lower(), which is much faster, where the server does the same to them.
std::string lower_case(const CanonicalForm& form, const std::string& value) {
  const auto& [upper, lower] = form.letters;
  constexpr std::string_view kUpper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  constexpr std::string_view kLower = "abcdefghijklmnopqrstuvwxyz";
  const auto is_ascii = [](char byte) { return static_cast<unsigned char>(byte) < 0x80; };
  const bool usual = upper.starts_with(kUpper) && lower.starts_with(kLower) &&
                     std::ranges::count_if(upper, is_ascii) == static_cast<std::ptrdiff_t>(kUpper.size());
  const std::string each = fmt::format("translate({}, {}, {})", value, quote_literal(upper), quote_literal(lower));
  return usual ? fmt::format("CASE WHEN strlen({0}) = length({0}) THEN lower({0}) ELSE {1} END", value, each) : each;
}

std::string in_form_within(const CanonicalForm& form, const std::string& value, int depth);

std::string list_of(const CanonicalForm& form, const std::string& value, int lists, int depth) {
  const std::string element = fmt::format("e{}", depth);
  const std::string made = lists > 1 ? list_of(form, element, lists - 1, depth + 1)
                                     : in_form_within(form.children.front(), element, depth + 1);
  return fmt::format("[{} FOR {} IN {}]", made, element, value);
}

std::string fields_of(const CanonicalForm& form, const std::string& value, int depth) {
  std::vector<std::string> fields;
  for (std::size_t i = 0; i < form.names.size(); ++i) {
    const std::string field = fmt::format("struct_extract({}, {})", value, quote_literal(form.names[i]));
    fields.push_back(quote_identifier(form.names[i]) + " := " + in_form_within(form.children[i], field, depth));
  }
  return fmt::format("CASE WHEN {} IS NULL THEN NULL ELSE struct_pack({}) END", value, fmt::join(fields, ", "));
}

/// `depth`: how many lists it is in, each with a name for its element.
std::string in_form_within(const CanonicalForm& form, const std::string& value, int depth) {
  switch (form.kind) {
    case Kind::kSame:
      break;
    case Kind::kTrimmedNumber:
      return fmt::format("CASE WHEN contains({0}, '.') THEN rtrim(rtrim({0}, '0'), '.') ELSE {0} END",
                         "CAST(" + value + " AS VARCHAR)");
    case Kind::kUnpadded:
      return fmt::format("rtrim({}, ' ')", value);
    case Kind::kJson:
      return trimmed_json(value);
    case Kind::kSpan:
      return span(value);
    case Kind::kText:
      return fmt::format("CAST({} AS VARCHAR)", value);
    case Kind::kLowerCase:
      return lower_case(form, value);
    case Kind::kList:
      return list_of(form, value, form.depth, depth);
    case Kind::kFields:
      return fields_of(form, value, depth);
  }
  return value;
}

}  // namespace

std::string in_form(const CanonicalForm& form, const std::string& value) {
  return in_form_within(form, value, 0);
}

std::string key_values(const TableChange& change) {
  std::vector<std::string> values;
  for (const std::string& column : change.key) {
    values.push_back(in_form(form_of(change, column), quote_identifier(column)));
  }
  return fmt::format("{}", fmt::join(values, ", "));
}

/// Where no staged key can be NULL, plain equality means the same, and DuckDB passes over the row groups whose keys lie
/// beyond those that are staged.
std::string same_key(const TableChange& change) {
  std::vector<std::string> conditions;
  for (const std::string& column : change.key) {
    const auto shape = std::ranges::find(change.shape.columns, column, &ColumnShape::name);
    const bool never_null = shape != change.shape.columns.end() && shape->not_null;
    const CanonicalForm& form = form_of(change, column);
    const std::string name = quote_identifier(column);
    conditions.push_back(fmt::format("{} {} {}", in_form(form, "t." + name), never_null ? "=" : "IS NOT DISTINCT FROM",
                                     in_form(form, "s." + name)));
  }
  return fmt::format("{}", fmt::join(conditions, " AND "));
}

}  // namespace pg2duck::destination
