#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pg2duck::types {

/// What the values of one adaptive node of a mapping have shown: enough to choose a type that holds them all.
struct ValueProfile {
  // numeric
  int integer_digits = 0;    ///< most digits before the point
  int scale = 0;             ///< most digits after the point, zeros at the end not counted
  int display_scale = 0;     ///< most digits after the point as Postgres prints them
  bool has_special = false;  ///< NaN or an infinity was seen
  // array
  int least_dimensions = 0;  ///< of the arrays that are not empty; 0: none seen
  int most_dimensions = 0;
  // geometry
  std::optional<std::uint32_t> srid;  ///< the first one seen
  bool is_mixed = false;              ///< several SRIDs, or shapes that GEOMETRY does not have

  bool has_values = false;
  bool has_misfit = false;  ///< a value did not fit the type that was chosen before; not kept between runs

  /// Adds what `other` has seen.
  void merge(const ValueProfile& other);

  bool operator==(const ValueProfile&) const = default;
};

/// The profiles of a column's adaptive nodes, by Mapping::slot.
using ColumnProfile = std::vector<ValueProfile>;

/// Adds what one node has seen.
void add(ColumnProfile& profile, std::size_t slot, const ValueProfile& seen);

/// Node by node. A profile of another length belongs to another type, and takes the place of the old one.
void merge(ColumnProfile& into, const ColumnProfile& from);

/// What is known after `seen`, all values of a run: numbers stay as wide as they ever were, since a type must not get
/// narrower; how deep arrays are and which SRID geometries have is what they are now.
void bring_up_to_date(ColumnProfile& known, const ColumnProfile& seen);

[[nodiscard]] bool has_misfit(const ColumnProfile& profile);

/// A profile as the ledger keeps it, and back. Text that cannot be read gives an empty profile: it is a hint only.
std::string to_text(const ColumnProfile& profile);
ColumnProfile parse_profile(std::string_view text);

}  // namespace pg2duck::types
