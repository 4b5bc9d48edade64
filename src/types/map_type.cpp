#include "types/map_type.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/identifier.hpp"
#include "types/numeric_mapping.hpp"
#include "types/type_rules.hpp"

namespace pg2duck::types {
namespace {

constexpr std::uint32_t kWgs84 = 4326;

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
  Mapping map_enum(const PgType& type) const;
  Mapping map_array(const PgType& array, std::int32_t typmod, int dimensions);
  Mapping map_composite(const PgType& type);
  Mapping map_range(const PgType& type);
  Mapping map_multirange(const PgType& type);
  Mapping map_geometry(std::int32_t typmod, bool geography);
  Mapping map_chosen(const ChosenType& chosen, Oid type, std::int32_t typmod);
  /// A column of `base` cast to the chosen type.
  [[nodiscard]] static Mapping map_cast(const ChosenType& chosen, Oid base);
  [[nodiscard]] static Mapping as_text(const PgType& type, std::string note);
  [[nodiscard]] Oid base_of(Oid type) const;

  /// What is known of the values of the next adaptive node.
  [[nodiscard]] const ValueProfile& known_of_next() const;
  /// Makes `mapping` that node.
  void take_slot(Mapping& mapping);

  const TypeCatalog& catalog_;
  const MappingChoice& choice_;
  std::size_t next_slot_ = 0;
  int depth_ = 0;
};

Mapping Mapper::as_text(const PgType& type, std::string note) {
  Mapping mapping = Mapping::of(Wire::kText, {});
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

const ValueProfile& Mapper::known_of_next() const {
  static const ValueProfile nothing;
  return next_slot_ < choice_.profile.size() ? choice_.profile[next_slot_] : nothing;
}

void Mapper::take_slot(Mapping& mapping) {
  mapping.slot = next_slot_++;
  mapping.fit = choice_.final ? Fit::kStrict : Fit::kAdaptive;
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
    mapping.type = has_own_wire_format(mapping) ? type : oid::kRecord;
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
  if (const auto rule = find_rule(type, typmod)) {
    return *rule;
  }
  if (type.oid == oid::kNumeric) {
    return map_numeric(typmod);
  }
  if (type.element != 0) {
    return map_array(type, typmod, dimensions);
  }
  if (type.extension == "postgis" && (type.name == "geometry" || type.name == "geography")) {
    return map_geometry(typmod, type.name == "geography");
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
  if (const auto declared = map_declared_numeric(typmod, choice_.numeric)) {
    return *declared;
  }
  Mapping mapping = map_seen_numeric(known_of_next(), choice_.finite);
  take_slot(mapping);
  if (mapping.wire == Wire::kNumeric && choice_.finite && !choice_.final) {
    mapping.fit = Fit::kAdaptiveFinite;
  }
  return mapping;
}

Mapping Mapper::map_enum(const PgType& type) const {
  const bool as_enum = choice_.as && choice_.as->kind == ChosenType::Kind::kEnum;
  if (!as_enum || type.labels.empty()) {
    return Mapping::of(Wire::kText, {});
  }
  Mapping mapping = Mapping::of(Wire::kEnum, DuckType::of(DuckTypeId::kEnum));
  mapping.target.names = type.labels;
  return mapping;
}

Mapping Mapper::map_array(const PgType& array, std::int32_t typmod, int dimensions) {
  const std::size_t slot_before = next_slot_;
  Mapping mapping = Mapping::of(Wire::kArray, {});
  const ValueProfile& seen = known_of_next();
  take_slot(mapping);
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
  } else if (!has_own_wire_format(element)) {
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

Mapping Mapper::map_composite(const PgType& type) {
  const std::size_t slot_before = next_slot_;
  Mapping mapping = Mapping::of(Wire::kComposite, {});
  std::vector<DuckType> targets;
  std::set<std::string> names;
  std::vector<std::string> notes;
  for (const PgField& field : type.fields) {
    names.insert(fold_case(field.name));
    mapping.fields.push_back(field.name);
    mapping.children.push_back(map(field.type, field.typmod, field.dimensions));
    targets.push_back(mapping.children.back().target);
    if (const std::string note = std::exchange(mapping.children.back().note, ""); !note.empty()) {
      notes.push_back(field.name + ": " + note);
    }
  }
  if (names.size() != type.fields.size() || names.empty()) {
    next_slot_ = slot_before;
    return as_text(type, names.empty() ? "a composite type without fields: sent as text"
                                       : "a composite type with fields that differ only in case: sent as text");
  }
  mapping.target = DuckType::structure(mapping.fields, std::move(targets));
  mapping.note = fmt::format("{}", fmt::join(notes, "; "));
  return mapping;
}

Mapping Mapper::map_range(const PgType& type) {
  const std::size_t slot_before = next_slot_;
  Mapping bound = map(type.range_subtype, -1, 0);
  if (!has_own_wire_format(bound)) {
    next_slot_ = slot_before;
    return as_text(type, type.name + ": its bounds have no binary form, sent as text");
  }
  const DuckType flag = DuckType::of(DuckTypeId::kBoolean);
  Mapping mapping = Mapping::of(Wire::kRange, DuckType::structure({"lower", "upper", "lower_inc", "upper_inc", "empty"},
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
  Mapping mapping = Mapping::of(Wire::kMultirange, DuckType::list(range.target));
  mapping.note = std::exchange(range.note, "");
  mapping.children.push_back(std::move(range));
  return mapping;
}

/// DuckDB's GEOMETRY has no curves, and no SRID in its values. It can have a coordinate system as a column, but loses
/// it in files that older versions of DuckDB can read. Inside of other types PostGIS's bytes are kept.
Mapping Mapper::map_geometry(std::int32_t typmod, bool geography) {
  constexpr int kColumn = 1;
  const Mapping bytes = Mapping::of(Wire::kBytes, DuckType::of(DuckTypeId::kBlob));
  if (depth_ > kColumn) {
    Mapping mapping = bytes;
    mapping.note = "EWKB";
    return mapping;
  }
  Mapping mapping = Mapping::of(Wire::kGeometry, DuckType::of(DuckTypeId::kGeometry));
  const ValueProfile& seen = known_of_next();
  take_slot(mapping);
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
    case Kind::kVarchar:
      return as_text(find_type(catalog_, base_of(type)), "text, as asked for");
    case Kind::kDecimal:
      if (base->oid == oid::kFloat4 || base->oid == oid::kFloat8) {
        throw cannot("DECIMAL: Postgres would round it on the way");
      }
      break;
    case Kind::kCast:
      break;
  }
  return map_cast(chosen, base->oid);
}

Mapping Mapper::map_cast(const ChosenType& chosen, Oid base) {
  PgType wanted;
  wanted.oid = chosen.type;
  Mapping mapping =
      chosen.kind == ChosenType::Kind::kDecimal ? Mapping::of(Wire::kNumeric, chosen.target) : *find_rule(wanted, -1);
  mapping.type = chosen.type;
  if (base != chosen.type) {
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

}  // namespace pg2duck::types
