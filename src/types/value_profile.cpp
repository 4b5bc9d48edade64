#include "types/value_profile.hpp"

#include <algorithm>
#include <sstream>
#include <string>

#include <fmt/format.h>

namespace pg2duck::types {

void ValueProfile::merge(const ValueProfile& other) {
  integer_digits = std::max(integer_digits, other.integer_digits);
  scale = std::max(scale, other.scale);
  display_scale = std::max(display_scale, other.display_scale);
  has_special = has_special || other.has_special;
  if (other.least_dimensions != 0) {
    least_dimensions =
        least_dimensions == 0 ? other.least_dimensions : std::min(least_dimensions, other.least_dimensions);
    most_dimensions = std::max(most_dimensions, other.most_dimensions);
  }
  is_mixed = is_mixed || other.is_mixed || (srid && other.srid && *srid != *other.srid);
  if (!srid) {
    srid = other.srid;
  }
  has_values = has_values || other.has_values;
  has_misfit = has_misfit || other.has_misfit;
}

void add(ColumnProfile& profile, std::size_t slot, const ValueProfile& seen) {
  profile.resize(std::max(profile.size(), slot + 1));
  profile[slot].merge(seen);
}

void merge(ColumnProfile& into, const ColumnProfile& from) {
  if (from.empty()) {
    return;
  }
  // Of another length: the column's type has changed, and what was known of the old one says nothing.
  if (into.size() != from.size()) {
    into = from;
    return;
  }
  for (std::size_t i = 0; i < into.size(); ++i) {
    into[i].merge(from[i]);
  }
}

void bring_up_to_date(ColumnProfile& known, const ColumnProfile& seen) {
  if (known.size() == seen.size()) {
    for (std::size_t i = 0; i < known.size(); ++i) {
      if (seen[i].least_dimensions != 0) {
        known[i].least_dimensions = known[i].most_dimensions = 0;
      }
      if (seen[i].srid) {
        known[i].srid.reset();
      }
    }
  }
  merge(known, seen);
}

bool has_misfit(const ColumnProfile& profile) {
  return std::ranges::any_of(profile, &ValueProfile::has_misfit);
}

std::string to_text(const ColumnProfile& profile) {
  std::vector<std::string> nodes;
  for (const ValueProfile& node : profile) {
    const std::int64_t srid = node.srid ? static_cast<std::int64_t>(*node.srid) : -1;
    nodes.push_back(fmt::format("{:d} {} {} {} {:d} {} {} {} {:d}", node.has_values, node.integer_digits, node.scale,
                                node.display_scale, node.has_special, node.least_dimensions, node.most_dimensions, srid,
                                node.is_mixed));
  }
  return fmt::format("{}", fmt::join(nodes, " ; "));
}

ColumnProfile parse_profile(std::string_view text) {
  ColumnProfile profile;
  std::istringstream in{std::string(text)};
  while (in) {
    ValueProfile node;
    std::int64_t srid = -1;
    std::string separator;
    in >> node.has_values >> node.integer_digits >> node.scale >> node.display_scale >> node.has_special >>
        node.least_dimensions >> node.most_dimensions >> srid >> node.is_mixed;
    if (!in) {
      return {};
    }
    if (srid >= 0) {
      node.srid = static_cast<std::uint32_t>(srid);
    }
    profile.push_back(node);
    if (!(in >> separator)) {
      break;
    }
    if (separator != ";") {
      return {};
    }
  }
  return profile;
}

}  // namespace pg2duck::types
