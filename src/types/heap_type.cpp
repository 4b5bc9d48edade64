#include "types/heap_type.hpp"

#include <utility>

#include "types/type_rules.hpp"

namespace pg2duck::types {
namespace {

std::optional<HeapFormat> format_of(const PgType& type) {
  if (const auto format = find_heap_format(type)) {
    return format;
  }
  if (type.oid == oid::kNumeric) {
    return HeapFormat::kNumeric;
  }
  switch (type.typtype) {
    case 'e':
      return HeapFormat::kEnum;
    case 'r':
      return HeapFormat::kRange;
    default:
      return type.element != 0 ? std::optional(HeapFormat::kArray) : std::nullopt;
  }
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

std::optional<HeapType> find_heap_type(const TypeCatalog& catalog, Oid type) {
  const auto found = catalog.find(type);
  if (found == catalog.end()) {
    return std::nullopt;
  }
  const PgType& known = found->second;
  if (known.typtype == 'd') {
    return find_heap_type(catalog, known.base);
  }
  const std::optional<HeapFormat> format = format_of(known);
  if (!format) {
    return std::nullopt;
  }
  HeapType heap_type{.format = *format,
                     .length = known.length,
                     .alignment = alignment_of(known.alignment),
                     .oid = known.oid,
                     .children = {},
                     .labels = {}};
  if (*format == HeapFormat::kEnum) {
    for (std::size_t i = 0; i < known.labels.size(); ++i) {
      heap_type.labels.emplace(known.label_oids.at(i), known.labels[i]);
    }
  }
  if (*format == HeapFormat::kArray || *format == HeapFormat::kRange) {
    std::optional<HeapType> child =
        find_heap_type(catalog, *format == HeapFormat::kArray ? known.element : known.range_subtype);
    if (!child) {
      return std::nullopt;
    }
    heap_type.children.push_back(std::move(*child));
  }
  return heap_type;
}

}  // namespace pg2duck::types
