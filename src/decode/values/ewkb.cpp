#include "decode/values/ewkb.hpp"

#include <cstring>
#include <iterator>

#include "base/error.hpp"

namespace pg2duck::decode {
namespace {

enum Shape : std::uint32_t {
  kPoint = 1,
  kLineString,
  kPolygon,
  kMultiPoint,
  kMultiLineString,
  kMultiPolygon,
  kGeometryCollection,
};

/// PostGIS's shapes after those, none of which GEOMETRY has.
/// @source PostGIS, liblwgeom/liblwgeom.h, WKB_CIRCULARSTRING_TYPE and on
constexpr std::string_view kOtherShapes[] = {
    "CIRCULARSTRING", "COMPOUNDCURVE", "CURVEPOLYGON",      "MULTICURVE", "MULTISURFACE",
    "CURVE",          "SURFACE",       "POLYHEDRALSURFACE", "TIN",        "TRIANGLE",
};

constexpr std::uint32_t kHasZ = 0x8000'0000;
constexpr std::uint32_t kHasM = 0x4000'0000;
constexpr std::uint32_t kHasSrid = 0x2000'0000;

/// DuckDB stores deeper ones, but "exceeds maximum recursion depth of 16" when it prints or compares them.
constexpr int kMaxDepth = 16;

/// Byte order, shape, and a count or a point.
constexpr std::size_t kLeastGeometrySize = 9;
constexpr std::size_t kWordSize = 4;

std::string shape_name(std::uint32_t shape) {
  constexpr std::uint32_t kFirst = kGeometryCollection + 1;
  return shape - kFirst < std::size(kOtherShapes) ? std::string(kOtherShapes[shape - kFirst])
                                                  : "number " + std::to_string(shape);
}

void swap_doubles(char* data, std::size_t size) {
  for (std::size_t i = 0; i < size; i += sizeof(std::uint64_t)) {
    std::uint64_t word;
    std::memcpy(&word, data + i, sizeof(word));
    word = __builtin_bswap64(word);
    std::memcpy(data + i, &word, sizeof(word));
  }
}

[[noreturn]] void throw_corrupt_data(const std::string& message) {
  throw Error(ErrorKind::kCorruptData, message);
}

}  // namespace

std::size_t EwkbConverter::Header::point_size() const {
  return sizeof(double) * (dimensions == 0 ? 2 : dimensions == 3000 ? 4 : 3);
}

bool EwkbConverter::convert(Bytes ewkb) {
  ByteCursor cursor(ewkb);
  wkb_.clear();
  const Header header = read_header(cursor);
  srid_ = header.srid.value_or(0);
  if (!convert_geometry(cursor, header, 1)) {
    return false;
  }
  if (!cursor.at_end()) {
    throw_corrupt_data(std::to_string(cursor.remaining()) + " bytes after its end");
  }
  return true;
}

std::string EwkbConverter::misfit() const {
  switch (misfit_) {
    case Misfit::kShape:
      return "of shape " + shape_name(misfit_shape_) + ", which GEOMETRY does not have";
    case Misfit::kDimensions:
      return "whose parts differ in dimensions (Z, M)";
    case Misfit::kDepth:
      return "nested more than " + std::to_string(kMaxDepth) + " deep";
  }
  throw Error(ErrorKind::kBug, "unknown misfit");
}

EwkbConverter::Header EwkbConverter::read_header(ByteCursor& cursor) {
  const auto order = cursor.read<std::uint8_t>();
  if (order > 1) {
    throw_corrupt_data("byte order " + std::to_string(order));
  }
  Header header;
  header.is_little = order == 1;
  const std::uint32_t word = read_word(cursor, header.is_little);
  header.shape = word & ~(kHasZ | kHasM | kHasSrid);
  header.dimensions = ((word & kHasZ) != 0 ? 1000 : 0) + ((word & kHasM) != 0 ? 2000 : 0);
  if ((word & kHasSrid) != 0) {
    header.srid = read_word(cursor, header.is_little);
  }
  if (header.shape == 0) {
    throw_corrupt_data("shape number 0");
  }
  return header;
}

std::uint32_t EwkbConverter::read_word(ByteCursor& cursor, bool is_little) {
  const auto word = cursor.read<std::uint32_t>();
  return is_little ? __builtin_bswap32(word) : word;
}

bool EwkbConverter::convert_geometry(ByteCursor& cursor, const Header& header, int depth) {
  if (header.shape > kGeometryCollection) {
    return refuse(Misfit::kShape, header.shape);
  }
  if (depth > kMaxDepth) {
    return refuse(Misfit::kDepth, header.shape);
  }
  wkb_.push_back('\x01');
  put_word(header.shape + header.dimensions);
  switch (header.shape) {
    case kPoint:
      copy_points(cursor, header, 1);
      return true;
    case kLineString:
      copy_points(cursor, header, copy_count(cursor, header, header.point_size()));
      return true;
    case kPolygon:
      for (std::uint32_t rings = copy_count(cursor, header, kWordSize); rings > 0; --rings) {
        copy_points(cursor, header, copy_count(cursor, header, header.point_size()));
      }
      return true;
    default:
      return convert_parts(cursor, header, depth);
  }
}

bool EwkbConverter::convert_parts(ByteCursor& cursor, const Header& header, int depth) {
  for (std::uint32_t parts = copy_count(cursor, header, kLeastGeometrySize); parts > 0; --parts) {
    const Header part = read_header(cursor);
    if (part.srid) {
      throw_corrupt_data("a part with an SRID of its own");
    }
    constexpr std::uint32_t kToSingle = kMultiPoint - kPoint;
    if (header.shape != kGeometryCollection && part.shape != header.shape - kToSingle) {
      throw_corrupt_data("a part of shape number " + std::to_string(part.shape) + " in one of number " +
                         std::to_string(header.shape));
    }
    if (part.dimensions != header.dimensions) {
      return refuse(Misfit::kDimensions, part.shape);
    }
    if (!convert_geometry(cursor, part, depth + 1)) {
      return false;
    }
  }
  return true;
}

bool EwkbConverter::refuse(Misfit misfit, std::uint32_t shape) {
  misfit_ = misfit;
  misfit_shape_ = shape;
  return false;
}

void EwkbConverter::put_word(std::uint32_t word) {
  char bytes[kWordSize];
  std::memcpy(static_cast<void*>(bytes), &word, kWordSize);
  wkb_.append(static_cast<const char*>(bytes), kWordSize);
}

std::uint32_t EwkbConverter::copy_count(ByteCursor& cursor, const Header& header, std::size_t minimum_size) {
  const std::uint32_t count = read_word(cursor, header.is_little);
  if (count > cursor.remaining() / minimum_size) {
    throw_corrupt_data("a count of " + std::to_string(count) + " in " + std::to_string(cursor.remaining()) + " bytes");
  }
  put_word(count);
  return count;
}

void EwkbConverter::copy_points(ByteCursor& cursor, const Header& header, std::uint32_t count) {
  const Bytes points = cursor.take(count * header.point_size());
  const std::size_t before = wkb_.size();
  wkb_.append(reinterpret_cast<const char*>(points.data()), points.size());
  if (!header.is_little) {
    swap_doubles(wkb_.data() + before, points.size());
  }
}

}  // namespace pg2duck::decode
