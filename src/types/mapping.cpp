#include "types/mapping.hpp"

#include <algorithm>
#include <utility>

namespace pg2duck::types {

Mapping Mapping::of(Wire wire, DuckType target) {
  Mapping mapping;
  mapping.wire = wire;
  mapping.target = std::move(target);
  return mapping;
}

bool has_own_wire_format(const Mapping& mapping) {
  return mapping.send_as == SendAs::kBinary && std::ranges::all_of(mapping.children, has_own_wire_format);
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
