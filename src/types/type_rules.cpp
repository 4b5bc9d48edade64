#include "types/type_rules.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <utility>

namespace pg2duck::types {
namespace {

using enum DuckTypeId;

/// A built-in type that is always mapped alike. OID and name as in src/include/catalog/pg_type.dat.
struct BuiltIn {
  Oid type = 0;
  const char* name = nullptr;
  Wire wire{};
  DuckTypeId target{};
  std::optional<HeapFormat> heap = std::nullopt;  ///< unset: never read from pages
};

constexpr std::array kBuiltIns = {
    BuiltIn{16, "bool", Wire::kBool, kBoolean, HeapFormat::kSame},
    BuiltIn{18, "char", Wire::kChar, kVarchar, HeapFormat::kSame},
    BuiltIn{21, "int2", Wire::kInt2, kSmallint, HeapFormat::kReversed},
    BuiltIn{23, "int4", Wire::kInt4, kInteger, HeapFormat::kReversed},
    BuiltIn{20, "int8", Wire::kInt8, kBigint, HeapFormat::kReversed},
    BuiltIn{26, "oid", Wire::kUint4, kUinteger, HeapFormat::kReversed},
    BuiltIn{28, "xid", Wire::kUint4, kUinteger, HeapFormat::kReversed},
    BuiltIn{29, "cid", Wire::kUint4, kUinteger, HeapFormat::kReversed},
    BuiltIn{24, "regproc", Wire::kUint4, kUinteger},
    BuiltIn{2202, "regprocedure", Wire::kUint4, kUinteger},
    BuiltIn{2203, "regoper", Wire::kUint4, kUinteger},
    BuiltIn{2204, "regoperator", Wire::kUint4, kUinteger},
    BuiltIn{2205, "regclass", Wire::kUint4, kUinteger},
    BuiltIn{2206, "regtype", Wire::kUint4, kUinteger},
    BuiltIn{4096, "regrole", Wire::kUint4, kUinteger},
    BuiltIn{4089, "regnamespace", Wire::kUint4, kUinteger},
    BuiltIn{3734, "regconfig", Wire::kUint4, kUinteger},
    BuiltIn{3769, "regdictionary", Wire::kUint4, kUinteger},
    BuiltIn{4191, "regcollation", Wire::kUint4, kUinteger},
    BuiltIn{5069, "xid8", Wire::kUint8, kUbigint, HeapFormat::kReversed},
    BuiltIn{3220, "pg_lsn", Wire::kUint8, kUbigint, HeapFormat::kReversed},
    BuiltIn{700, "float4", Wire::kFloat4, kFloat, HeapFormat::kReversed},
    BuiltIn{701, "float8", Wire::kFloat8, kDouble, HeapFormat::kReversed},
    BuiltIn{25, "text", Wire::kText, kVarchar, HeapFormat::kSame},
    BuiltIn{1043, "varchar", Wire::kText, kVarchar, HeapFormat::kSame},
    BuiltIn{19, "name", Wire::kText, kVarchar, HeapFormat::kName},
    BuiltIn{142, "xml", Wire::kText, kVarchar},
    BuiltIn{1790, "refcursor", Wire::kText, kVarchar},
    BuiltIn{1042, "bpchar", Wire::kPaddedText, kVarchar, HeapFormat::kSame},
    BuiltIn{4072, "jsonpath", Wire::kVersionedText, kVarchar},
    BuiltIn{17, "bytea", Wire::kBytes, kBlob, HeapFormat::kSame},
    BuiltIn{1082, "date", Wire::kDate, kDate, HeapFormat::kReversed},
    BuiltIn{1083, "time", Wire::kTime, kTime, HeapFormat::kReversed},
    BuiltIn{1266, "timetz", Wire::kTimeTz, kTimeTz, HeapFormat::kTimeTz},
    BuiltIn{1114, "timestamp", Wire::kTimestamp, kTimestamp, HeapFormat::kReversed},
    BuiltIn{1184, "timestamptz", Wire::kTimestamp, kTimestampTz, HeapFormat::kReversed},
    BuiltIn{2950, "uuid", Wire::kUuid, kUuid, HeapFormat::kSame},
    BuiltIn{114, "json", Wire::kText, kJson, HeapFormat::kSame},
    BuiltIn{3802, "jsonb", Wire::kVersionedText, kJson},
    BuiltIn{1560, "bit", Wire::kBits, kBit},
    BuiltIn{1562, "varbit", Wire::kBits, kBit},
    BuiltIn{869, "inet", Wire::kInet, kVarchar},
    BuiltIn{650, "cidr", Wire::kInet, kVarchar},
    BuiltIn{829, "macaddr", Wire::kMac, kVarchar},
    BuiltIn{774, "macaddr8", Wire::kMac, kVarchar},
};

/// The same of an extension, whose types have other OIDs in every database.
struct OfExtension {
  const char* extension = nullptr;
  const char* name = nullptr;
  Wire wire{};
  DuckTypeId target{};
  std::optional<HeapFormat> heap = std::nullopt;
};

constexpr std::array kOfExtensions = {
    OfExtension{"citext", "citext", Wire::kText, kVarchar, HeapFormat::kSame},
    OfExtension{"ltree", "ltree", Wire::kVersionedText, kVarchar},
    OfExtension{"ltree", "lquery", Wire::kVersionedText, kVarchar},
    OfExtension{"ltree", "ltxtquery", Wire::kVersionedText, kVarchar},
};

Mapping with_children(Wire wire, std::vector<std::string> names, std::vector<Mapping> children) {
  std::vector<DuckType> targets;
  for (const Mapping& child : children) {
    targets.push_back(child.target);
  }
  Mapping mapping = Mapping::of(wire, DuckType::structure(std::move(names), std::move(targets)));
  mapping.children = std::move(children);
  return mapping;
}

Mapping number() {
  return Mapping::of(Wire::kFloat8, DuckType::of(kDouble));
}

Mapping point() {
  return with_children(Wire::kPackedStruct, {"x", "y"}, {number(), number()});
}

Mapping points() {
  Mapping mapping = Mapping::of(Wire::kCountedList, DuckType::list(point().target));
  mapping.children.push_back(point());
  return mapping;
}

/// int2vector, oidvector: arrays of one dimension whose values count from 0.
Mapping vector_of(Wire wire, DuckTypeId target, Oid element) {
  Mapping child = Mapping::of(wire, DuckType::of(target));
  child.type = element;
  Mapping mapping = Mapping::of(Wire::kArray, DuckType::list(child.target));
  mapping.dimensions = 1;
  mapping.lower_bound = 0;
  mapping.children.push_back(std::move(child));
  return mapping;
}

Mapping interval(const PgType& type, std::int32_t /*typmod*/) {
  return Mapping::of(type.has_infinity ? Wire::kInterval : Wire::kFiniteInterval, DuckType::of(kInterval));
}

Mapping money(const PgType& type, std::int32_t /*typmod*/) {
  constexpr int kWidth = 19;
  return Mapping::of(Wire::kMoney, DuckType::decimal(kWidth, type.fraction_digits));
}

/// pgvector's vector and halfvec: of a fixed size if they were declared with one.
Mapping dense_vector(Wire wire, std::int32_t typmod) {
  const DuckType number = DuckType::of(kFloat);
  return Mapping::of(wire,
                     typmod > 0 ? DuckType::array(number, static_cast<std::uint32_t>(typmod)) : DuckType::list(number));
}

Mapping sparse_vector() {
  const DuckType index = DuckType::of(kInteger);
  return Mapping::of(Wire::kSparseVector,
                     DuckType::structure({"dimensions", "indices", "values"},
                                         {index, DuckType::list(index), DuckType::list(DuckType::of(kFloat))}));
}

/// What a type becomes, by what pg_type and the column's typmod say.
using MakeMapping = std::function<Mapping(const PgType& type, std::int32_t typmod)>;

MakeMapping always(Mapping mapping) {
  return [mapping = std::move(mapping)](const PgType&, std::int32_t) { return mapping; };
}

struct Rule {
  MakeMapping make;
  std::optional<HeapFormat> heap = std::nullopt;
};

class Rules {
 public:
  Rules();

  [[nodiscard]] const Rule* find(const PgType& type) const {
    if (const auto built_in = built_in_.find(type.oid); built_in != built_in_.end()) {
      return &built_in->second;
    }
    const auto of_extension = of_extension_.find(std::pair(type.extension, type.name));
    return of_extension == of_extension_.end() ? nullptr : &of_extension->second;
  }

  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }

 private:
  void add(Oid type, const char* name, MakeMapping make, std::optional<HeapFormat> heap = std::nullopt) {
    built_in_.emplace(type, Rule{.make = std::move(make), .heap = heap});
    names_.emplace_back(name);
  }

  void add(const char* extension, const char* name, MakeMapping make, std::optional<HeapFormat> heap = std::nullopt) {
    of_extension_.emplace(std::pair(extension, name), Rule{.make = std::move(make), .heap = heap});
    names_.push_back(std::string(extension) + "." + name);
  }

  void add_geometric();

  std::map<Oid, Rule> built_in_;
  std::map<std::pair<std::string, std::string>, Rule, std::less<>> of_extension_;
  std::vector<std::string> names_;
};

Rules::Rules() {
  for (const BuiltIn& rule : kBuiltIns) {
    add(rule.type, rule.name, always(Mapping::of(rule.wire, DuckType::of(rule.target))), rule.heap);
  }
  for (const OfExtension& rule : kOfExtensions) {
    add(rule.extension, rule.name, always(Mapping::of(rule.wire, DuckType::of(rule.target))), rule.heap);
  }
  add_geometric();
  add(1186, "interval", interval, HeapFormat::kInterval);
  add(790, "money", money, HeapFormat::kReversed);
  add(22, "int2vector", always(vector_of(Wire::kInt2, kSmallint, oid::kInt2)));
  add(30, "oidvector", always(vector_of(Wire::kUint4, kUinteger, oid::kOid)));
  add("hstore", "hstore",
      always(Mapping::of(Wire::kHstore, DuckType::map(DuckType::of(kVarchar), DuckType::of(kVarchar)))));
  add("vector", "vector", [](const PgType&, std::int32_t typmod) { return dense_vector(Wire::kVector, typmod); });
  add("vector", "halfvec", [](const PgType&, std::int32_t typmod) { return dense_vector(Wire::kHalfVector, typmod); });
  add("vector", "sparsevec", always(sparse_vector()));
  for (const char* kind : {"numeric", "array", "composite", "domain", "enum", "range", "multirange", "postgis.geometry",
                           "postgis.geography"}) {
    names_.emplace_back(kind);
  }
  std::ranges::sort(names_);
}

/// @source src/backend/utils/adt/geo_ops.c, the send functions
void Rules::add_geometric() {
  const Mapping flag = Mapping::of(Wire::kBool, DuckType::of(kBoolean));
  add(600, "point", always(point()));
  add(628, "line", always(with_children(Wire::kPackedStruct, {"a", "b", "c"}, {number(), number(), number()})));
  add(601, "lseg", always(with_children(Wire::kPackedStruct, {"p1", "p2"}, {point(), point()})));
  add(603, "box", always(with_children(Wire::kPackedStruct, {"high", "low"}, {point(), point()})));
  add(602, "path", always(with_children(Wire::kPackedStruct, {"closed", "points"}, {flag, points()})));
  add(604, "polygon", always(points()));
  add(718, "circle", always(with_children(Wire::kPackedStruct, {"center", "radius"}, {point(), number()})));
}

const Rules& rules() {
  static const Rules made;
  return made;
}

}  // namespace

std::optional<Mapping> find_rule(const PgType& type, std::int32_t typmod) {
  const Rule* rule = type.has_binary_output ? rules().find(type) : nullptr;
  return rule == nullptr ? std::nullopt : std::optional(rule->make(type, typmod));
}

std::optional<HeapFormat> find_heap_format(const PgType& type) {
  const Rule* rule = rules().find(type);
  return rule == nullptr ? std::nullopt : rule->heap;
}

std::vector<std::string> known_type_names() {
  return rules().names();
}

}  // namespace pg2duck::types
