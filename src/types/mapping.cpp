#include "types/mapping.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "base/error.hpp"
#include "base/identifier.hpp"
#include "types/type_rules.hpp"

namespace pg2duck::types {
namespace {

constexpr int kMaxDecimalWidth = 38;
constexpr int kMoneyWidth = 19;
// What a column becomes of which no value is known yet.
constexpr int kGuessedScale = 9;
constexpr std::uint32_t kWgs84 = 4326;

Mapping leaf(Wire wire, DuckType target) {
  Mapping mapping;
  mapping.wire = wire;
  mapping.target = std::move(target);
  return mapping;
}

/// DECIMAL when every value that the column may hold fits in it; nothing otherwise.
std::optional<DuckType> decimal_for(std::int32_t typmod) {
  if (typmod < 4) {
    return std::nullopt;
  }
  const auto [precision, scale] = numeric_modifier(typmod);
  // numeric(3,-2) holds 99900, numeric(3,5) 0.00999.
  const int width = scale < 0 ? precision - scale : std::max(precision, scale);
  return width <= kMaxDecimalWidth ? std::optional(DuckType::decimal(width, std::max(scale, 0))) : std::nullopt;
}

/// The DECIMAL that holds all values of a profile.
std::optional<DuckType> decimal_for(const ValueProfile& profile, bool finite) {
  if (!profile.has_values) {
    return DuckType::decimal(kMaxDecimalWidth, kGuessedScale);
  }
  if (profile.has_special && !finite) {
    return std::nullopt;
  }
  for (const int scale : {profile.display_scale, profile.scale}) {
    if (profile.integer_digits + scale <= kMaxDecimalWidth) {
      return DuckType::decimal(kMaxDecimalWidth, scale);
    }
  }
  return std::nullopt;
}

const PgType& find_type(const TypeCatalog& catalog, Oid type) {
  const auto found = catalog.find(type);
  if (found == catalog.end()) {
    throw Error(ErrorKind::kUnsupportedType, "type with OID " + std::to_string(type) + " is not in the catalog");
  }
  return found->second;
}

/// The PostGIS SRID that a typmod asks for; 0: none.
/// @source PostGIS, liblwgeom.h, TYPMOD_GET_SRID
std::uint32_t srid_of(std::int32_t typmod) {
  return typmod < 0 ? 0 : (static_cast<std::uint32_t>(typmod) & 0x0fffff00U) >> 8U;
}

/// pgvector's types; vector and halfvec have a fixed size if they were declared with one.
std::optional<Mapping> map_pgvector(const PgType& type, std::int32_t typmod) {
  if (type.extension != "vector" || !type.has_binary_output) {
    return std::nullopt;
  }
  const DuckType number = DuckType::of(DuckTypeId::kFloat);
  if (type.name == "sparsevec") {
    const DuckType dimensions = DuckType::of(DuckTypeId::kInteger);
    return leaf(Wire::kSparseVector,
                DuckType::structure({"dimensions", "indices", "values"},
                                    {dimensions, DuckType::list(dimensions), DuckType::list(number)}));
  }
  const DuckType numbers =
      typmod > 0 ? DuckType::array(number, static_cast<std::uint32_t>(typmod)) : DuckType::list(number);
  if (type.name == "vector" || type.name == "halfvec") {
    return leaf(type.name == "vector" ? Wire::kVector : Wire::kHalfVector, numbers);
  }
  return std::nullopt;
}

/// Maps one column. Adaptive nodes take the slots of the column's profile in order.
class Mapper {
 public:
  Mapper(const TypeCatalog& catalog, const MappingChoice& choice) : catalog_(catalog), choice_(choice) {}

  Mapping map_column(Oid type, std::int32_t typmod);

 private:
  Mapping map(Oid type, std::int32_t typmod, int dimensions);
  Mapping map_base(const PgType& domain, int dimensions);
  Mapping map_by_kind(const PgType& type, std::int32_t typmod, int dimensions);
  Mapping map_numeric(std::int32_t typmod);
  Mapping map_auto_numeric();
  Mapping map_enum(const PgType& type) const;
  Mapping map_array(const PgType& array, std::int32_t typmod, int dimensions);
  Mapping map_vector_of(Oid element);
  Mapping map_composite(const PgType& type);
  Mapping map_range(const PgType& type);
  Mapping map_multirange(const PgType& type);
  Mapping map_geometry(std::int32_t typmod, bool geography);
  Mapping map_chosen(const ChosenType& chosen, Oid type, std::int32_t typmod);
  [[nodiscard]] static Mapping as_text(const PgType& type, std::string note);
  [[nodiscard]] Oid base_of(Oid type) const;

  /// The next slot, and what is known of it.
  const ValueProfile& take_slot(Mapping& mapping);

  /// What its values are held to, once the slot is taken.
  [[nodiscard]] Fit fit() const { return choice_.final ? Fit::kStrict : Fit::kAdaptive; }

  const TypeCatalog& catalog_;
  const MappingChoice& choice_;
  std::size_t next_slot_ = 0;
  int depth_ = 0;
};

Mapping Mapper::as_text(const PgType& type, std::string note) {
  Mapping mapping = leaf(Wire::kText, {});
  mapping.type = oid::kText;
  mapping.send_as = SendAs::kText;
  mapping.send_with = type.output_function;
  mapping.note = std::move(note);
  return mapping;
}

Oid Mapper::base_of(Oid type) const {
  const PgType* found = &find_type(catalog_, type);
  while (found->typtype == 'd') {
    found = &find_type(catalog_, found->base);
  }
  return found->oid;
}

const ValueProfile& Mapper::take_slot(Mapping& mapping) {
  static const ValueProfile nothing;
  mapping.slot = next_slot_++;
  mapping.fit = fit();
  return mapping.slot < choice_.profile.size() ? choice_.profile[mapping.slot] : nothing;
}

Mapping Mapper::map_column(Oid type, std::int32_t typmod) {
  return choice_.as ? map_chosen(*choice_.as, type, typmod) : map(type, typmod, choice_.dimensions);
}

Mapping Mapper::map(Oid type, std::int32_t typmod, int dimensions) {
  const PgType& pg_type = find_type(catalog_, type);
  ++depth_;
  Mapping mapping = map_by_kind(pg_type, typmod, dimensions);
  --depth_;
  if (mapping.send_as == SendAs::kBinary) {
    // What had to be put together again is a row without a type.
    mapping.type = is_sent_as_it_is(mapping) ? type : oid::kRecord;
  }
  return mapping;
}

Mapping Mapper::map_by_kind(const PgType& type, std::int32_t typmod, int dimensions) {
  switch (type.typtype) {
    case 'p':
      throw Error(ErrorKind::kUnsupportedType, "pseudo-type " + type.name + " cannot be copied");
    case 'd':
      // The base type is what travels: a domain is sent by its base type's send function.
      return map_base(type, dimensions);
    case 'e':
      return map_enum(type);
    case 'c':
      return map_composite(type);
    case 'r':
      return map_range(type);
    case 'm':
      return map_multirange(type);
    default:
      break;
  }
  if (type.oid == oid::kInterval && !type.has_infinity) {
    return leaf(Wire::kFiniteInterval, DuckType::of(DuckTypeId::kInterval));
  }
  if (const Mapping* rule = find_rule(type)) {
    return *rule;
  }
  if (type.oid == oid::kNumeric) {
    return map_numeric(typmod);
  }
  if (type.oid == oid::kMoney) {
    return leaf(Wire::kMoney, DuckType::decimal(kMoneyWidth, type.fraction_digits));
  }
  if (type.oid == oid::kInt2Vector || type.oid == oid::kOidVector) {
    return map_vector_of(type.oid == oid::kInt2Vector ? oid::kInt2 : oid::kOid);
  }
  if (type.element != 0) {
    return map_array(type, typmod, dimensions);
  }
  if (type.extension == "postgis" && (type.name == "geometry" || type.name == "geography")) {
    return map_geometry(typmod, type.name == "geography");
  }
  if (const auto vector = map_pgvector(type, typmod)) {
    return *vector;
  }
  return as_text(type, type.name + ": sent as text");
}

/// As deep in the column as the domain is.
Mapping Mapper::map_base(const PgType& domain, int dimensions) {
  --depth_;
  Mapping mapping = map(domain.base, domain.base_typmod, std::max(dimensions, domain.base_dimensions));
  ++depth_;
  return mapping;
}

Mapping Mapper::map_numeric(std::int32_t typmod) {
  if (const auto decimal = decimal_for(typmod)) {
    return leaf(Wire::kNumeric, *decimal);
  }
  using Kind = NumericTarget::Kind;
  switch (choice_.numeric.kind) {
    case Kind::kDecimal:
      return leaf(Wire::kNumeric, DuckType::decimal(choice_.numeric.width, choice_.numeric.scale));
    case Kind::kVarchar:
      return leaf(Wire::kNumericText, {});
    case Kind::kDouble: {
      Mapping mapping = leaf(Wire::kFloat8, DuckType::of(DuckTypeId::kDouble));
      mapping.type = oid::kFloat8;
      mapping.send_as = SendAs::kCast;
      mapping.send_with = "pg_catalog.float8";
      mapping.note = "numeric: rounded to DOUBLE, as asked for";
      return mapping;
    }
    case Kind::kAuto:
      break;
  }
  return map_auto_numeric();
}

Mapping Mapper::map_auto_numeric() {
  Mapping mapping;
  const ValueProfile& seen = take_slot(mapping);
  if (const auto decimal = decimal_for(seen, choice_.finite)) {
    mapping.wire = Wire::kNumeric;
    mapping.target = *decimal;
    mapping.note = seen.has_values ? "numeric without a bound: the DECIMAL that all values fit in"
                                   : "numeric without a bound: no value is known yet";
    if (choice_.finite && !choice_.final) {
      mapping.fit = Fit::kAdaptiveFinite;
    }
  } else {
    mapping.wire = Wire::kNumericText;
    mapping.note = seen.has_special ? "numeric with NaN or infinity: exact digits as text"
                                    : "numeric of more than 38 digits: exact digits as text";
  }
  return mapping;
}

Mapping Mapper::map_enum(const PgType& type) const {
  const bool as_enum = choice_.as && choice_.as->kind == ChosenType::Kind::kEnum;
  if (!as_enum || type.labels.empty()) {
    return leaf(Wire::kText, {});
  }
  Mapping mapping = leaf(Wire::kEnum, DuckType::of(DuckTypeId::kEnum));
  mapping.target.names = type.labels;
  return mapping;
}

Mapping Mapper::map_array(const PgType& array, std::int32_t typmod, int dimensions) {
  const std::size_t slot_before = next_slot_;
  Mapping mapping = leaf(Wire::kArray, {});
  const ValueProfile& seen = take_slot(mapping);
  mapping.dimensions = std::max(1, dimensions);
  if (seen.least_dimensions != 0 && seen.least_dimensions == seen.most_dimensions) {
    mapping.dimensions = seen.least_dimensions;
  }
  Mapping element = map(array.element, typmod, 0);
  const PgType& base = find_type(catalog_, base_of(array.element));
  if (element.send_as == SendAs::kText && base.casts_as_output) {
    mapping.send_as = SendAs::kTextElements;
    mapping.type = oid::kTextArray;
  } else if (element.send_as == SendAs::kCast) {
    mapping.send_as = SendAs::kCast;
    mapping.send_with = element.send_with + "[]";
    mapping.type = oid::kFloat8Array;  // Only DOUBLE is asked for inside of arrays.
  } else if (!is_sent_as_it_is(element)) {
    next_slot_ = slot_before;
    return as_text(array, array.name + ": its elements have no binary form, sent as text");
  }
  mapping.note = std::exchange(element.note, "");
  element.send_as = SendAs::kBinary;
  mapping.target = element.target;
  for (int i = 0; i < mapping.dimensions; ++i) {
    mapping.target = DuckType::list(std::move(mapping.target));
  }
  mapping.children.push_back(std::move(element));
  return mapping;
}

/// int2vector, oidvector: arrays whose values count from 0.
Mapping Mapper::map_vector_of(Oid element) {
  Mapping child = map(element, -1, 0);
  Mapping mapping = leaf(Wire::kArray, DuckType::list(child.target));
  mapping.dimensions = 1;
  mapping.lower_bound = 0;
  mapping.children.push_back(std::move(child));
  return mapping;
}

Mapping Mapper::map_composite(const PgType& type) {
  const std::size_t slot_before = next_slot_;
  Mapping mapping = leaf(Wire::kComposite, {});
  std::vector<DuckType> targets;
  std::set<std::string> names;
  for (const PgField& field : type.fields) {
    names.insert(fold_case(field.name));
    mapping.fields.push_back(field.name);
    mapping.children.push_back(map(field.type, field.typmod, field.dimensions));
    targets.push_back(mapping.children.back().target);
    std::string& note = mapping.children.back().note;
    if (!note.empty()) {
      mapping.note += (mapping.note.empty() ? "" : "; ") + field.name + ": " + std::exchange(note, "");
    }
  }
  if (names.size() != type.fields.size() || names.empty()) {
    next_slot_ = slot_before;
    return as_text(type, names.empty() ? "a composite type without fields: sent as text"
                                       : "a composite type with fields that differ only in case: sent as text");
  }
  mapping.target = DuckType::structure(mapping.fields, std::move(targets));
  return mapping;
}

Mapping Mapper::map_range(const PgType& type) {
  const std::size_t slot_before = next_slot_;
  Mapping bound = map(type.range_subtype, -1, 0);
  if (!is_sent_as_it_is(bound)) {
    next_slot_ = slot_before;
    return as_text(type, type.name + ": its bounds have no binary form, sent as text");
  }
  const DuckType flag = DuckType::of(DuckTypeId::kBoolean);
  Mapping mapping = leaf(Wire::kRange, DuckType::structure({"lower", "upper", "lower_inc", "upper_inc", "empty"},
                                                           {bound.target, bound.target, flag, flag, flag}));
  mapping.note = std::exchange(bound.note, "");
  mapping.children.push_back(std::move(bound));
  return mapping;
}

Mapping Mapper::map_multirange(const PgType& type) {
  Mapping range = map(type.range_subtype, -1, 0);
  if (range.wire != Wire::kRange) {
    return as_text(type, type.name + ": its bounds have no binary form, sent as text");
  }
  Mapping mapping = leaf(Wire::kMultirange, DuckType::list(range.target));
  mapping.note = std::exchange(range.note, "");
  mapping.children.push_back(std::move(range));
  return mapping;
}

/// DuckDB's GEOMETRY has no curves, and no SRID in its values. It can have a coordinate system as a column, but loses
/// it in files that older versions of DuckDB can read. Inside of other types PostGIS's bytes are kept.
Mapping Mapper::map_geometry(std::int32_t typmod, bool geography) {
  constexpr int kColumn = 1;
  const Mapping bytes = leaf(Wire::kBytes, DuckType::of(DuckTypeId::kBlob));
  if (depth_ > kColumn) {
    Mapping mapping = bytes;
    mapping.note = "EWKB";
    return mapping;
  }
  Mapping mapping = leaf(Wire::kGeometry, DuckType::of(DuckTypeId::kGeometry));
  const ValueProfile& seen = take_slot(mapping);
  if (seen.is_mixed) {
    mapping = bytes;
    mapping.note = "geometries that GEOMETRY cannot hold in one column: EWKB";
    return mapping;
  }
  const std::uint32_t declared = srid_of(typmod) == 0 && geography ? kWgs84 : srid_of(typmod);
  mapping.srid = seen.srid.value_or(declared);
  if (mapping.srid != 0) {
    mapping.note = "SRID " + std::to_string(mapping.srid);
  }
  return mapping;
}

Mapping Mapper::map_chosen(const ChosenType& chosen, Oid type, std::int32_t typmod) {
  const PgType& pg_type = find_type(catalog_, type);
  using Kind = ChosenType::Kind;
  const auto cannot = [&](const char* what) {
    return Error(ErrorKind::kConfig, "type " + pg_type.name + " cannot become " + what)
        .set_hint("leave that setting out for this column; varchar holds the exact text of any type");
  };
  const PgType* base = &find_type(catalog_, base_of(type));
  if (base->element != 0 && (chosen.kind == Kind::kAuto || chosen.kind == Kind::kEnum)) {
    base = &find_type(catalog_, base_of(base->element));
  }
  switch (chosen.kind) {
    case Kind::kAuto:
      if (base->oid != oid::kNumeric) {
        throw cannot("auto: it is not numeric");
      }
      return map(type, typmod, choice_.dimensions);
    case Kind::kEnum:
      if (base->typtype != 'e') {
        throw cannot("ENUM: it is not an enum");
      }
      return map(type, typmod, choice_.dimensions);
    case Kind::kVarchar: {
      Mapping mapping = as_text(find_type(catalog_, base_of(type)), "text, as asked for");
      return mapping;
    }
    case Kind::kDecimal:
      if (base->oid == oid::kFloat4 || base->oid == oid::kFloat8) {
        throw cannot("DECIMAL: Postgres would round it on the way");
      }
      break;
    case Kind::kCast:
      break;
  }
  PgType wanted;
  wanted.oid = chosen.type;
  Mapping mapping = chosen.kind == Kind::kDecimal ? leaf(Wire::kNumeric, chosen.target) : *find_rule(wanted);
  mapping.type = chosen.type;
  if (base->oid != chosen.type) {
    mapping.send_as = SendAs::kCast;
    mapping.send_with = chosen.postgres_type;
  }
  mapping.note = "cast, as asked for";
  return mapping;
}

}  // namespace

Mapping map_type(const TypeCatalog& catalog, Oid type, std::int32_t typmod, const MappingChoice& choice) {
  return Mapper(catalog, choice).map_column(type, typmod);
}

bool is_sent_as_it_is(const Mapping& mapping) {
  return mapping.send_as == SendAs::kBinary && std::ranges::all_of(mapping.children, is_sent_as_it_is);
}

bool is_adaptive(const Mapping& mapping) {
  return mapping.fit != Fit::kStrict || std::ranges::any_of(mapping.children, is_adaptive);
}

bool may_be_unrepresentable(const Mapping& mapping) {
  switch (mapping.wire) {
    case Wire::kNumeric:
    case Wire::kTimestamp:
    case Wire::kInterval:
    case Wire::kBits:
    case Wire::kArray:
    case Wire::kEnum:
    case Wire::kGeometry:
      return true;
    default:
      return std::ranges::any_of(mapping.children, may_be_unrepresentable);
  }
}

}  // namespace pg2duck::types
