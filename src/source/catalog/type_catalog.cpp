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
         " AND c.casttarget = 'pg_catalog.text'::pg_catalog.regtype AND c.castfunc <> 0), t.typlen, t.typalign,"
         " coalesce((SELECT l.collisdeterministic FROM pg_catalog.pg_range r JOIN pg_catalog.pg_collation l"
         " ON l.oid = r.rngcollation WHERE r.rngtypid = t.oid), true),"
         " CASE WHEN t.typtype = 'd' THEN pg_catalog.format_type(t.typbasetype, t.typtypmod) END"
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
    type.deterministic = rows.boolean(row, 17);
    type.base_display = rows.text(row, 18);
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
      "SELECT t.oid, a.attname, a.atttypid, a.atttypmod, a.attndims, coalesce(l.collisdeterministic, true),"
      " pg_catalog.format_type(a.atttypid, a.atttypmod) FROM pg_catalog.pg_type t"
      " JOIN pg_catalog.pg_attribute a ON a.attrelid = t.typrelid"
      " LEFT JOIN pg_catalog.pg_collation l ON l.oid = a.attcollation"
      " WHERE t.oid = ANY (" +
      oid_array(composites) + ") AND a.attnum > 0 AND NOT a.attisdropped ORDER BY t.oid, a.attnum");
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    catalog[static_cast<Oid>(rows.integer(row, 0))].fields.push_back(
        {.name = rows.text(row, 1),
         .type = static_cast<Oid>(rows.integer(row, 2)),
         .typmod = static_cast<std::int32_t>(rows.integer(row, 3)),
         .dimensions = static_cast<int>(rows.integer(row, 4)),
         .deterministic = rows.boolean(row, 5),
         .type_display = rows.text(row, 6)});
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

/// The default btree operator class of each type, as GetDefaultOpClass of Postgres chooses it: of the type itself, of
/// one that it is cast to without a function, or of any type of its kind.
std::string orderings_sql(const std::vector<Oid>& oids) {
  return "SELECT t.oid, n.nspname, p.oprname, a.amopstrategy, i.nspname, i.typname,"
         " coalesce((SELECT q.proname::pg_catalog.text FROM pg_catalog.pg_amproc e JOIN pg_catalog.pg_proc q"
         " ON q.oid = e.amproc JOIN pg_catalog.pg_namespace qn ON qn.oid = q.pronamespace"
         " WHERE e.amprocfamily = i.opcfamily AND e.amproclefttype = i.opcintype AND e.amprocrighttype = i.opcintype"
         " AND e.amprocnum = 4 AND qn.nspname = 'pg_catalog'), '') FROM pg_catalog.pg_type t"
         " CROSS JOIN LATERAL (SELECT o.opcfamily, o.opcintype, ns.nspname, it.typname"
         " FROM pg_catalog.pg_opclass o JOIN pg_catalog.pg_am m ON m.oid = o.opcmethod AND m.amname = 'btree'"
         " JOIN pg_catalog.pg_type it ON it.oid = o.opcintype"
         " JOIN pg_catalog.pg_namespace ns ON ns.oid = it.typnamespace"
         " WHERE o.opcdefault AND (it.oid = t.oid"
         " OR EXISTS (SELECT FROM pg_catalog.pg_cast k WHERE k.castsource = t.oid AND k.casttarget = it.oid"
         " AND k.castmethod = 'b' AND k.castcontext = 'i')"
         " OR (ns.nspname = 'pg_catalog' AND it.typname = CASE t.typtype WHEN 'e' THEN 'anyenum' WHEN 'r' THEN "
         "'anyrange'"
         " WHEN 'm' THEN 'anymultirange' WHEN 'c' THEN 'record'"
         " ELSE CASE WHEN t.typelem <> 0 AND t.typlen = -1 AND t.typcategory = 'A' THEN 'anyarray' END END))"
         " ORDER BY it.oid = t.oid DESC, it.typispreferred DESC, it.oid LIMIT 1) i"
         " JOIN pg_catalog.pg_amop a ON a.amopfamily = i.opcfamily AND a.amoplefttype = i.opcintype"
         " AND a.amoprighttype = i.opcintype AND a.amoppurpose = 's'"
         " JOIN pg_catalog.pg_operator p ON p.oid = a.amopopr"
         " JOIN pg_catalog.pg_namespace n ON n.oid = p.oprnamespace"
         " WHERE t.oid = ANY (" +
         oid_array(oids) + ")";
}

std::string* operator_of(types::PgOrdering& ordering, std::int64_t strategy) {
  switch (strategy) {
    case 1:
      return &ordering.less;
    case 2:
      return &ordering.less_or_equal;
    case 4:
      return &ordering.greater_or_equal;
    case 5:
      return &ordering.greater;
    default:
      return nullptr;
  }
}

/// By the name of the function that says it.
types::Equality equality_of(const std::string& equal_image) {
  if (equal_image == "btequalimage") {
    return types::Equality::kImage;
  }
  return equal_image == "btvarstrequalimage" ? types::Equality::kCollated : types::Equality::kOther;
}

void read_orderings(Connection& connection, TypeCatalog& catalog) {
  std::vector<Oid> oids;
  for (auto& [oid, type] : catalog) {
    type.ordering.reset();
    type.equality = types::Equality::kUndefined;
    oids.push_back(oid);
  }
  const Result rows = connection.query(orderings_sql(oids));
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    PgType& type = catalog[static_cast<Oid>(rows.integer(row, 0))];
    type.equality = equality_of(rows.text(row, 6));
    std::optional<types::PgOrdering>& known = type.ordering;
    types::PgOrdering ordering = known.value_or(types::PgOrdering());
    std::string* const name = operator_of(ordering, rows.integer(row, 3));
    if (const std::string schema = rows.text(row, 1); name != nullptr && schema != "pg_catalog") {
      // The name of an operator has no characters that could end it.
      *name = "OPERATOR(" + quote_identifier(schema) + "." + rows.text(row, 2) + ")";
      ordering.operand = quote_identifier(rows.text(row, 4)) + "." + quote_identifier(rows.text(row, 5));
    }
    known = std::move(ordering);
  }
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

/// What citext makes of letters before it compares. Only in UTF-8, and not where a letter depends on those beside it.
void read_lower_case(Connection& connection, PgType& citext) {
  // The blocks that have letters with two cases.
  // @source The Unicode Character Database, DerivedCoreProperties.txt, Changes_When_Lowercased
  const Result rows = connection.query(
      "WITH letters AS (SELECT pg_catalog.chr(c) AS upper, pg_catalog.lower(pg_catalog.chr(c)) AS lower, c FROM ("
      "SELECT pg_catalog.generate_series(1, 12287) UNION ALL SELECT pg_catalog.generate_series(42560, 43967)"
      " UNION ALL SELECT pg_catalog.generate_series(64256, 65535)"
      " UNION ALL SELECT pg_catalog.generate_series(65536, 73727)"
      " UNION ALL SELECT pg_catalog.generate_series(93696, 94207)"
      " UNION ALL SELECT pg_catalog.generate_series(122624, 126975)) AS codes(c)"
      " WHERE pg_catalog.getdatabaseencoding() = 'UTF8')"
      " SELECT coalesce(pg_catalog.string_agg(upper, '' ORDER BY c), ''),"
      " coalesce(pg_catalog.string_agg(lower, '' ORDER BY c), ''),"
      " count(*) > 0 AND bool_and(pg_catalog.length(lower) = 1)"
      // The last sigma of a word is another one, in ICU and in PG_UNICODE_FAST.
      " AND pg_catalog.lower(pg_catalog.chr(913) || pg_catalog.chr(931))"
      " = pg_catalog.lower(pg_catalog.chr(913)) || pg_catalog.lower(pg_catalog.chr(931))"
      " FROM letters WHERE lower <> upper");
  if (rows.boolean(0, 2)) {
    citext.lower_case = std::pair(rows.text(0, 0), rows.text(0, 1));
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
  read_orderings(connection, catalog);
  read_money(connection, catalog);
  for (auto& [oid, type] : catalog) {
    if (type.extension == "citext" && type.name == "citext") {
      read_lower_case(connection, type);
    }
  }
  return catalog;
}

std::string oid_array(const std::vector<Oid>& oids) {
  return fmt::format("'{{{}}}'::pg_catalog.oid[]", fmt::join(oids, ","));
}

}  // namespace pg2duck::source
