#include "types/type_rules.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <utility>

namespace pg2duck::types {
namespace {

using enum DuckTypeId;

struct BuiltIn {
  Oid type;
  const char* name;
  Wire wire;
  DuckTypeId target;
};

constexpr std::array kBuiltIns = {
    BuiltIn{oid::kBool, "bool", Wire::kBool, kBoolean},
    BuiltIn{oid::kChar, "char", Wire::kChar, kVarchar},
    BuiltIn{oid::kInt2, "int2", Wire::kInt2, kSmallint},
    BuiltIn{oid::kInt4, "int4", Wire::kInt4, kInteger},
    BuiltIn{oid::kInt8, "int8", Wire::kInt8, kBigint},
    BuiltIn{oid::kOid, "oid", Wire::kUint4, kUinteger},
    BuiltIn{oid::kXid, "xid", Wire::kUint4, kUinteger},
    BuiltIn{oid::kCid, "cid", Wire::kUint4, kUinteger},
    BuiltIn{oid::kRegproc, "regproc", Wire::kUint4, kUinteger},
    BuiltIn{oid::kRegprocedure, "regprocedure", Wire::kUint4, kUinteger},
    BuiltIn{oid::kRegoper, "regoper", Wire::kUint4, kUinteger},
    BuiltIn{oid::kRegoperator, "regoperator", Wire::kUint4, kUinteger},
    BuiltIn{oid::kRegclass, "regclass", Wire::kUint4, kUinteger},
    BuiltIn{oid::kRegtype, "regtype", Wire::kUint4, kUinteger},
    BuiltIn{oid::kRegrole, "regrole", Wire::kUint4, kUinteger},
    BuiltIn{oid::kRegnamespace, "regnamespace", Wire::kUint4, kUinteger},
    BuiltIn{oid::kRegconfig, "regconfig", Wire::kUint4, kUinteger},
    BuiltIn{oid::kRegdictionary, "regdictionary", Wire::kUint4, kUinteger},
    BuiltIn{oid::kRegcollation, "regcollation", Wire::kUint4, kUinteger},
    BuiltIn{oid::kXid8, "xid8", Wire::kUint8, kUbigint},
    BuiltIn{oid::kPgLsn, "pg_lsn", Wire::kUint8, kUbigint},
    BuiltIn{oid::kFloat4, "float4", Wire::kFloat4, kFloat},
    BuiltIn{oid::kFloat8, "float8", Wire::kFloat8, kDouble},
    BuiltIn{oid::kText, "text", Wire::kText, kVarchar},
    BuiltIn{oid::kVarchar, "varchar", Wire::kText, kVarchar},
    BuiltIn{oid::kName, "name", Wire::kText, kVarchar},
    BuiltIn{oid::kXml, "xml", Wire::kText, kVarchar},
    BuiltIn{oid::kRefcursor, "refcursor", Wire::kText, kVarchar},
    BuiltIn{oid::kBpchar, "bpchar", Wire::kPaddedText, kVarchar},
    BuiltIn{oid::kJsonpath, "jsonpath", Wire::kVersionedText, kVarchar},
    BuiltIn{oid::kBytea, "bytea", Wire::kBytes, kBlob},
    BuiltIn{oid::kDate, "date", Wire::kDate, DuckTypeId::kDate},
    BuiltIn{oid::kTime, "time", Wire::kTime, DuckTypeId::kTime},
    BuiltIn{oid::kTimetz, "timetz", Wire::kTimeTz, DuckTypeId::kTimeTz},
    BuiltIn{oid::kTimestamp, "timestamp", Wire::kTimestamp, DuckTypeId::kTimestamp},
    BuiltIn{oid::kTimestamptz, "timestamptz", Wire::kTimestamp, kTimestampTz},
    BuiltIn{oid::kInterval, "interval", Wire::kInterval, DuckTypeId::kInterval},
    BuiltIn{oid::kUuid, "uuid", Wire::kUuid, DuckTypeId::kUuid},
    BuiltIn{oid::kJson, "json", Wire::kText, DuckTypeId::kJson},
    BuiltIn{oid::kJsonb, "jsonb", Wire::kVersionedText, DuckTypeId::kJson},
    BuiltIn{oid::kBit, "bit", Wire::kBits, kBit},
    BuiltIn{oid::kVarbit, "varbit", Wire::kBits, kBit},
    BuiltIn{oid::kInet, "inet", Wire::kInet, kVarchar},
    BuiltIn{oid::kCidr, "cidr", Wire::kInet, kVarchar},
    BuiltIn{oid::kMacaddr, "macaddr", Wire::kMac, kVarchar},
    BuiltIn{oid::kMacaddr8, "macaddr8", Wire::kMac, kVarchar},
};

/// Types of extensions have other OIDs in every database.
struct OfExtension {
  const char* extension;
  const char* name;
  Wire wire;
  DuckTypeId target;
};

constexpr std::array kOfExtensions = {
    OfExtension{"citext", "citext", Wire::kText, kVarchar},
    OfExtension{"ltree", "ltree", Wire::kVersionedText, kVarchar},
    OfExtension{"ltree", "lquery", Wire::kVersionedText, kVarchar},
    OfExtension{"ltree", "ltxtquery", Wire::kVersionedText, kVarchar},
};

Mapping leaf(Wire wire, DuckType target) {
  Mapping mapping;
  mapping.wire = wire;
  mapping.target = std::move(target);
  return mapping;
}

Mapping with_children(Wire wire, std::vector<std::string> names, std::vector<Mapping> children) {
  std::vector<DuckType> targets;
  for (const Mapping& child : children) {
    targets.push_back(child.target);
  }
  Mapping mapping = leaf(wire, DuckType::structure(std::move(names), std::move(targets)));
  mapping.children = std::move(children);
  return mapping;
}

Mapping number() {
  return leaf(Wire::kFloat8, DuckType::of(kDouble));
}

Mapping point() {
  return with_children(Wire::kTuple, {"x", "y"}, {number(), number()});
}

Mapping points() {
  Mapping mapping = leaf(Wire::kCounted, DuckType::list(point().target));
  mapping.children.push_back(point());
  return mapping;
}

/// @source src/backend/utils/adt/geo_ops.c, the send functions
std::map<Oid, std::pair<const char*, Mapping>> geometric_types() {
  return {
      {oid::kPoint, {"point", point()}},
      {oid::kLine, {"line", with_children(Wire::kTuple, {"a", "b", "c"}, {number(), number(), number()})}},
      {oid::kLseg, {"lseg", with_children(Wire::kTuple, {"p1", "p2"}, {point(), point()})}},
      {oid::kBox, {"box", with_children(Wire::kTuple, {"high", "low"}, {point(), point()})}},
      {oid::kPath,
       {"path",
        with_children(Wire::kTuple, {"closed", "points"}, {leaf(Wire::kBool, DuckType::of(kBoolean)), points()})}},
      {oid::kPolygon, {"polygon", points()}},
      {oid::kCircle, {"circle", with_children(Wire::kTuple, {"center", "radius"}, {point(), number()})}},
  };
}

Mapping hstore() {
  return leaf(Wire::kHstore, DuckType::map(DuckType::of(kVarchar), DuckType::of(kVarchar)));
}

struct Rules {
  std::map<Oid, Mapping> built_in;
  std::map<std::pair<std::string, std::string>, Mapping, std::less<>> of_extension;
  std::vector<std::string> names;
};

Rules make_rules() {
  Rules rules;
  for (const BuiltIn& rule : kBuiltIns) {
    rules.built_in.emplace(rule.type, leaf(rule.wire, DuckType::of(rule.target)));
    rules.names.emplace_back(rule.name);
  }
  for (auto& [type, rule] : geometric_types()) {
    rules.built_in.emplace(type, rule.second);
    rules.names.emplace_back(rule.first);
  }
  for (const OfExtension& rule : kOfExtensions) {
    rules.of_extension.emplace(std::pair(rule.extension, rule.name), leaf(rule.wire, DuckType::of(rule.target)));
  }
  rules.of_extension.emplace(std::pair("hstore", "hstore"), hstore());
  for (const auto& [name, mapping] : rules.of_extension) {
    rules.names.push_back(name.first + "." + name.second);
  }
  for (const char* name :
       {"numeric", "money", "array", "composite", "domain", "enum", "range", "multirange", "int2vector", "oidvector",
        "postgis.geometry", "postgis.geography", "vector.vector", "vector.halfvec", "vector.sparsevec"}) {
    rules.names.emplace_back(name);
  }
  std::ranges::sort(rules.names);
  return rules;
}

const Rules& rules() {
  static const Rules made = make_rules();
  return made;
}

}  // namespace

const Mapping* find_rule(const PgType& type) {
  if (!type.has_binary_output) {
    return nullptr;
  }
  const auto built_in = rules().built_in.find(type.oid);
  if (built_in != rules().built_in.end()) {
    return &built_in->second;
  }
  const auto of_extension = rules().of_extension.find(std::pair(type.extension, type.name));
  return of_extension == rules().of_extension.end() ? nullptr : &of_extension->second;
}

std::vector<std::string> known_type_names() {
  return rules().names;
}

}  // namespace pg2duck::types
