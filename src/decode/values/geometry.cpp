#include "decode/values/geometry.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "decode/bad_value.hpp"
#include "decode/values/ewkb.hpp"
#include "decode/values/string_decoder.hpp"

namespace pg2duck::decode {
namespace {

class Geometry {
 public:
  explicit Geometry(const types::Mapping& mapping)
      : srid_(mapping.srid), is_adaptive_(mapping.fit != types::Fit::kStrict), slot_(mapping.slot) {}

  std::string_view render(const Field& field, std::size_t row) {
    const bool has_shape = read(field, row);
    const std::uint32_t srid = converter_.srid();
    const bool fits = has_shape && srid == srid_;
    note(has_shape, fits);
    if (fits) {
      return converter_.wkb();
    }
    if (is_adaptive_) {
      return EwkbConverter::kPlaceholder;
    }
    throw_unrepresentable(row, "geometry " + (has_shape ? "of SRID " + std::to_string(srid) + " in a column of SRID " +
                                                              std::to_string(srid_)
                                                        : converter_.misfit()));
  }

  void collect(types::ColumnProfile& profile) const {
    if (is_adaptive_) {
      types::add(profile, slot_, seen_);
    }
  }

 private:
  /// @return whether GEOMETRY can hold the value, its SRID left aside
  bool read(const Field& field, std::size_t row) {
    try {
      return converter_.convert(field.bytes());
    } catch (const Error& error) {
      throw_corrupt(row, "geometry: " + error.message());
    }
  }

  void note(bool has_shape, bool fits) {
    seen_.has_values = true;
    seen_.srid = seen_.srid.value_or(converter_.srid());
    seen_.is_mixed = seen_.is_mixed || !has_shape || converter_.srid() != *seen_.srid;
    seen_.has_misfit = seen_.has_misfit || !fits;
  }

  std::uint32_t srid_;
  bool is_adaptive_;
  std::size_t slot_;
  types::ValueProfile seen_;
  EwkbConverter converter_;
};

}  // namespace

std::unique_ptr<ColumnDecoder> make_geometry_decoder(const types::Mapping& mapping) {
  if (mapping.wire != types::Wire::kGeometry) {
    throw Error(ErrorKind::kBug, "not the mapping of a geometry");
  }
  return make_string_decoder(Geometry(mapping));
}

}  // namespace pg2duck::decode
