#include "source/catalog/type_catalog.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/identifier.hpp"

namespace pg2duck::source {
namespace {

using types::Oid;
using types::PgType;
using types::TypeCatalog;

constexpr int kVersion14 = 140000;
constexpr int kVersion17 = 170000;

std::string types_sql(const std::vector<Oid>& oids, int version) {
  // Version 14 brought multiranges, and a function that tells arrays from other types with elements (point, name).
  const bool since_14 = version >= kVersion14;
  const std::string multirange_of =
      since_14 ? "(SELECT m.rngtypid FROM pg_catalog.pg_range m WHERE m.rngmultitypid = t.oid)" : "NULL";
  const std::string is_array = since_14 ? "t.typsubscript = 'pg_catalog.array_subscript_handler'::pg_catalog.regproc"
                                        : "t.typelem <> 0 AND t.typlen = -1 AND t.typcategory = 'A'";
  return "SELECT t.oid, n.nspname, t.typname, t.typtype, t.typcategory,"
         " CASE WHEN t.typtype <> 'd' AND " +
         is_array +
         " THEN t.typelem ELSE 0 END, t.typbasetype, t.typtypmod,"
         " coalesce((SELECT r.rngsubtype FROM pg_catalog.pg_range r WHERE r.rngtypid = t.oid), " +
         multirange_of +
         ", 0), t.typsend::pg_catalog.oid <> 0,"
         " coalesce((SELECT e.extname::pg_catalog.text FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_extension e"
         " ON e.oid = d.refobjid WHERE d.classid = 'pg_catalog.pg_type'::pg_catalog.regclass AND d.objid = t.oid"
         " AND d.deptype = 'e' AND d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass), ''), t.typndims,"
         " fn.nspname, f.proname, NOT EXISTS (SELECT FROM pg_catalog.pg_cast c WHERE c.castsource = t.oid"
         " AND c.casttarget = 'pg_catalog.text'::pg_catalog.regtype AND c.castfunc <> 0), t.typlen, t.typalign"
         " FROM pg_catalog.pg_type t"
         " JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace"
         " JOIN pg_catalog.pg_proc f ON f.oid = t.typoutput"
         " JOIN pg_catalog.pg_namespace fn ON fn.oid = f.pronamespace"
         " WHERE t.oid = ANY (" +
         oid_array(oids) + ")";
}

/// Without fields and labels.
TypeCatalog read_these(Connection& connection, const std::vector<Oid>& oids) {
  const Result rows = connection.query(types_sql(oids, connection.server_version()));
  TypeCatalog catalog;
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    PgType type;
    type.oid = static_cast<Oid>(rows.integer(row, 0));
    type.schema = rows.text(row, 1);
    type.name = rows.text(row, 2);
    type.typtype = rows.text(row, 3).front();
    type.category = rows.text(row, 4).front();
    type.element = static_cast<Oid>(rows.integer(row, 5));
    type.base = static_cast<Oid>(rows.integer(row, 6));
    type.base_typmod = static_cast<std::int32_t>(rows.integer(row, 7));
    type.range_subtype = static_cast<Oid>(rows.integer(row, 8));
    type.has_binary_output = rows.boolean(row, 9);
    type.extension = rows.text(row, 10);
    type.base_dimensions = static_cast<int>(rows.integer(row, 11));
    type.output_function = quote_identifier(rows.text(row, 12)) + "." + quote_identifier(rows.text(row, 13));
    type.casts_as_output = rows.boolean(row, 14);
    type.length = static_cast<std::int16_t>(rows.integer(row, 15));
    type.alignment = rows.text(row, 16).front();
    type.has_infinity = connection.server_version() >= kVersion17;
    catalog.emplace(type.oid, std::move(type));
  }
  return catalog;
}

std::vector<Oid> of_typtype(const TypeCatalog& catalog, char typtype) {
  std::vector<Oid> oids;
  for (const auto& [oid, type] : catalog) {
    if (type.typtype == typtype) {
      oids.push_back(oid);
    }
  }
  return oids;
}

void read_fields(Connection& connection, TypeCatalog& catalog) {
  const std::vector<Oid> composites = of_typtype(catalog, 'c');
  if (composites.empty()) {
    return;
  }
  const Result rows = connection.query(
      "SELECT t.oid, a.attname, a.atttypid, a.atttypmod, a.attndims FROM pg_catalog.pg_type t"
      " JOIN pg_catalog.pg_attribute a ON a.attrelid = t.typrelid"
      " WHERE t.oid = ANY (" +
      oid_array(composites) + ") AND a.attnum > 0 AND NOT a.attisdropped ORDER BY t.oid, a.attnum");
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    catalog[static_cast<Oid>(rows.integer(row, 0))].fields.push_back(
        {.name = rows.text(row, 1),
         .type = static_cast<Oid>(rows.integer(row, 2)),
         .typmod = static_cast<std::int32_t>(rows.integer(row, 3)),
         .dimensions = static_cast<int>(rows.integer(row, 4))});
  }
}

void read_labels(Connection& connection, TypeCatalog& catalog) {
  const std::vector<Oid> enums = of_typtype(catalog, 'e');
  if (enums.empty()) {
    return;
  }
  const Result rows = connection.query(
      "SELECT e.enumtypid, e.enumlabel, e.oid FROM pg_catalog.pg_enum e"
      " WHERE e.enumtypid = ANY (" +
      oid_array(enums) + ") ORDER BY e.enumtypid, e.enumsortorder");
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    PgType& type = catalog[static_cast<Oid>(rows.integer(row, 0))];
    type.labels.push_back(rows.text(row, 1));
    type.label_oids.push_back(static_cast<Oid>(rows.integer(row, 2)));
  }
}

/// The types that those of `catalog` consist of.
std::vector<Oid> parts(const TypeCatalog& catalog) {
  std::vector<Oid> oids;
  for (const auto& [oid, type] : catalog) {
    oids.insert(oids.end(), {type.element, type.base, type.range_subtype});
    std::ranges::transform(type.fields, std::back_inserter(oids), [](const auto& field) { return field.type; });
  }
  return oids;
}

/// Those of `oids` that are not in `asked` yet, where they are from now on.
std::vector<Oid> unasked(std::vector<Oid> oids, std::set<Oid>& asked) {
  std::erase_if(oids, [&](Oid oid) { return !asked.insert(oid).second; });
  return oids;
}

/// How many digits money has after the point is a matter of the session's lc_monetary.
void read_money(Connection& connection, TypeCatalog& catalog) {
  const auto money = catalog.find(types::oid::kMoney);
  if (money != catalog.end()) {
    const Result rows =
        connection.query("SELECT pg_catalog.scale('1'::pg_catalog.int4::pg_catalog.money::pg_catalog.numeric)");
    money->second.fraction_digits = static_cast<int>(rows.integer(0, 0));
  }
}

}  // namespace

TypeCatalog read_types(Connection& connection, const std::vector<Oid>& used) {
  TypeCatalog catalog;
  std::set<Oid> asked{0};
  // Once for most tables: one recursive query takes the server longer to plan than this one takes as a whole.
  for (std::vector<Oid> next = unasked(used, asked); !next.empty();) {
    TypeCatalog level = read_these(connection, next);
    read_fields(connection, level);
    next = unasked(parts(level), asked);
    catalog.merge(level);
  }
  read_labels(connection, catalog);
  read_money(connection, catalog);
  return catalog;
}

std::string oid_array(const std::vector<Oid>& oids) {
  return fmt::format("'{{{}}}'::pg_catalog.oid[]", fmt::join(oids, ","));
}

}  // namespace pg2duck::source
