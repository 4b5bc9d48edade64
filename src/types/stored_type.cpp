#include "types/stored_type.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace pg2duck::types {
namespace {

constexpr std::array kSame = {oid::kBool,    oid::kChar,   oid::kBytea, oid::kText,
                              oid::kVarchar, oid::kBpchar, oid::kJson,  oid::kUuid};
constexpr std::array kReversed = {oid::kInt2,  oid::kInt4, oid::kInt8,  oid::kOid,       oid::kXid,
                                  oid::kCid,   oid::kXid8, oid::kPgLsn, oid::kFloat4,    oid::kFloat8,
                                  oid::kMoney, oid::kDate, oid::kTime,  oid::kTimestamp, oid::kTimestamptz};

bool is_one_of(const auto& types, Oid type) {
  return std::ranges::find(types, type) != types.end();
}

std::optional<StoredForm> form_of(const PgType& type) {
  if (is_one_of(kSame, type.oid) || (type.extension == "citext" && type.name == "citext")) {
    return StoredForm::kSame;
  }
  if (is_one_of(kReversed, type.oid)) {
    return StoredForm::kReversed;
  }
  switch (type.oid) {
    case oid::kNumeric:
      return StoredForm::kNumeric;
    case oid::kInterval:
      return StoredForm::kInterval;
    case oid::kTimetz:
      return StoredForm::kTimeTz;
    case oid::kName:
      return StoredForm::kName;
    default:
      break;
  }
  if (type.typtype == 'e') {
    return StoredForm::kEnum;
  }
  if (type.typtype == 'r') {
    return StoredForm::kRange;
  }
  return type.element != 0 ? std::optional(StoredForm::kArray) : std::nullopt;
}

}  // namespace

std::size_t alignment_of(char typalign) {
  switch (typalign) {
    case 'c':
      return 1;
    case 's':
      return 2;
    case 'i':
      return 4;
    default:
      return 8;
  }
}

std::optional<StoredType> stored_type(const TypeCatalog& catalog, Oid type) {
  const auto found = catalog.find(type);
  if (found == catalog.end()) {
    return std::nullopt;
  }
  const PgType& known = found->second;
  if (known.typtype == 'd') {
    return stored_type(catalog, known.base);
  }
  const std::optional<StoredForm> form = form_of(known);
  if (!form) {
    return std::nullopt;
  }
  StoredType stored{.form = *form,
                    .length = known.length,
                    .alignment = alignment_of(known.alignment),
                    .oid = known.oid,
                    .children = {},
                    .labels = {}};
  for (std::size_t i = 0; i < known.labels.size() && *form == StoredForm::kEnum; ++i) {
    stored.labels.emplace(known.label_oids.at(i), known.labels[i]);
  }
  if (*form == StoredForm::kArray || *form == StoredForm::kRange) {
    std::optional<StoredType> child =
        stored_type(catalog, *form == StoredForm::kArray ? known.element : known.range_subtype);
    if (!child) {
      return std::nullopt;
    }
    stored.children.push_back(std::move(*child));
  }
  return stored;
}

}  // namespace pg2duck::types
