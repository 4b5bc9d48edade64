#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/byte_cursor.hpp"

namespace pg2duck::decode {

/// Turns EWKB into WKB, one value at a time.
/// @source PostGIS, doc/ZMSgeoms.txt and liblwgeom/lwout_wkb.c; OGC 06-103r4, 8.2, "Well-known Binary Representation"
class EwkbConverter {
 public:
  /// Takes the place of what cannot be converted: GEOMETRYCOLLECTION EMPTY.
  static constexpr std::string_view kPlaceholder = {"\x01\x07\0\0\0\0\0\0\0", 9};

  /// @return whether GEOMETRY can hold the value; if so `wkb()` does, else `misfit()` says why not
  /// @error Error(kCorruptData)
  bool convert(Bytes ewkb);

  /// Of the last value. Valid until the next call.
  [[nodiscard]] std::string_view wkb() const { return wkb_; }

  /// Of the last value; 0: it has none.
  [[nodiscard]] std::uint32_t srid() const { return srid_; }

  /// Why the last value cannot be held, to follow "geometry ".
  [[nodiscard]] std::string misfit() const;

 private:
  enum class Misfit { kShape, kDimensions, kDepth };

  /// What a geometry begins with.
  struct Header {
    bool is_little = false;
    std::uint32_t shape = 0;
    std::uint32_t dimensions = 0;  ///< 0, 1000, 2000 or 3000: what Z and M add to the shape's number in WKB
    std::optional<std::uint32_t> srid;

    /// Bytes of a point's coordinates.
    [[nodiscard]] std::size_t point_size() const;
  };

  static Header read_header(ByteCursor& cursor);
  static std::uint32_t read_word(ByteCursor& cursor, bool is_little);

  bool convert_geometry(ByteCursor& cursor, const Header& header, int depth);
  bool convert_parts(ByteCursor& cursor, const Header& header, int depth);
  bool refuse(Misfit misfit, std::uint32_t shape);
  void put_word(std::uint32_t word);
  /// Copies a count of things that are at least `minimum_size` bytes each.
  std::uint32_t copy_count(ByteCursor& cursor, const Header& header, std::size_t minimum_size);
  void copy_points(ByteCursor& cursor, const Header& header, std::uint32_t count);

  std::string wkb_;
  std::uint32_t srid_ = 0;
  Misfit misfit_ = Misfit::kShape;
  std::uint32_t misfit_shape_ = 0;
};

}  // namespace pg2duck::decode
