#include "decode/values/geometry.hpp"

#include <bit>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "support/decode/decoding.hpp"

namespace pg2duck::decode {
namespace {

using namespace test_support;
using namespace std::string_literals;

constexpr std::uint32_t kZ = 0x8000'0000;
constexpr std::uint32_t kM = 0x4000'0000;
constexpr std::uint32_t kSrid = 0x2000'0000;

types::Mapping geometry(std::uint32_t srid = 0, types::Fit fit = types::Fit::kStrict) {
  types::Mapping mapping = leaf(types::Wire::kGeometry, types::DuckTypeId::kGeometry);
  mapping.srid = srid;
  mapping.fit = fit;
  return mapping;
}

/// Builds (E)WKB of one byte order.
class Wkb {
 public:
  explicit Wkb(bool little = true) : little_(little) {}

  Wkb& head(std::uint32_t shape) {
    bytes_ += little_ ? '\x01' : '\x00';
    return word(shape);
  }

  Wkb& word(std::uint32_t word) { return put(word); }

  Wkb& points(const std::vector<double>& coordinates) {
    for (const double coordinate : coordinates) {
      put(std::bit_cast<std::uint64_t>(coordinate));
    }
    return *this;
  }

  Wkb& part(const std::string& bytes) {
    bytes_ += bytes;
    return *this;
  }

  // NOLINTNEXTLINE(google-explicit-constructor): reads as bytes wherever bytes are asked for
  operator std::string() const { return bytes_; }

 private:
  template <typename T>
  Wkb& put(T value) {
    for (std::size_t i = 0; i < sizeof(T); ++i) {
      bytes_ += static_cast<char>(value >> 8 * (little_ ? i : sizeof(T) - 1 - i) & 0xff);
    }
    return *this;
  }

  bool little_;
  std::string bytes_;
};

std::string point(bool little = true) {
  return Wkb(little).head(1).points({1.5, -2});
}

std::string decoded(const std::string& ewkb, std::uint32_t srid = 0) {
  return decode_values(geometry(srid), {ewkb})->string_at(0);
}

/// One of each shape that GEOMETRY has; `add` marks their dimensions, by flags or by thousands.
std::string all_shapes(bool little, std::uint32_t add, const std::vector<double>& at) {
  const auto head = [&](std::uint32_t shape) { return Wkb(little).head(add + shape); };
  const std::string one = head(1).points(at);
  const std::string line = head(2).word(2).points(at).points(at);
  const std::string polygon = head(3).word(2).word(1).points(at).word(0);
  const std::string points = head(4).word(2).part(one).part(one);
  const std::string lines = head(5).word(1).part(line);
  const std::string polygons = head(6).word(1).part(polygon);
  return head(7).word(7).part(one).part(line).part(polygon).part(points).part(lines).part(polygons).part(
      head(7).word(0));
}

TEST(DecodeGeometry, TurnsEwkbIntoWkb) {
  struct Case {
    std::uint32_t flags;
    std::uint32_t thousands;
    std::vector<double> point;
  };

  for (const auto& [flags, thousands, at] :
       {Case{0, 0, {1, 2}}, Case{kZ, 1000, {1, 2, 3}}, Case{kM, 2000, {1, 2, 3}}, Case{kZ | kM, 3000, {1, 2, 3, 4}}}) {
    const std::string expected = all_shapes(true, thousands, at);
    EXPECT_EQ(decoded(all_shapes(true, flags, at)), expected);
    EXPECT_EQ(decoded(all_shapes(false, flags, at)), expected);
  }
}

TEST(DecodeGeometry, LetsEachPartHaveItsByteOrder) {
  EXPECT_EQ(decoded(Wkb(false).head(4).word(2).part(point(true)).part(point(false))),
            std::string(Wkb().head(4).word(2).part(point()).part(point())));
}

TEST(DecodeGeometry, CutsTheSridThatIsExpected) {
  const std::string ewkb = Wkb().head(kSrid | 1).word(4326).points({1.5, -2});
  EXPECT_EQ(decoded(ewkb, 4326), point());
  EXPECT_EQ(decoded(Wkb(false).head(kSrid | 1).word(4326).points({1.5, -2}), 4326), point());
  EXPECT_EQ(complaint(geometry(0), ewkb), "unrepresentable: geometry of SRID 4326 in a column of SRID 0");
  EXPECT_EQ(complaint(geometry(3857), ewkb), "unrepresentable: geometry of SRID 4326 in a column of SRID 3857");
  EXPECT_EQ(complaint(geometry(3857), point()), "unrepresentable: geometry of SRID 0 in a column of SRID 3857");
}

TEST(DecodeGeometry, KeepsTheBitsOfCoordinates) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::string empty = Wkb().head(1).points({nan, nan});
  EXPECT_EQ(decoded(empty), empty);
  const std::string odd = Wkb().head(1).points({-0.0, -std::numeric_limits<double>::infinity()});
  EXPECT_EQ(decoded(odd), odd);
}

TEST(DecodeGeometry, MarksNulls) {
  const auto column = decode_values(geometry(), {std::nullopt, point()}, 3);
  EXPECT_TRUE(column->is_null(3));
  EXPECT_EQ(column->at<Int128>(3), 0);
  EXPECT_EQ(column->string_at(4), point());
}

TEST(DecodeGeometry, RefusesShapesThatGeometryLacks) {
  const std::pair<std::uint32_t, std::string> shapes[] = {{8, "CIRCULARSTRING"},
                                                          {9, "COMPOUNDCURVE"},
                                                          {10, "CURVEPOLYGON"},
                                                          {11, "MULTICURVE"},
                                                          {12, "MULTISURFACE"},
                                                          {13, "CURVE"},
                                                          {14, "SURFACE"},
                                                          {15, "POLYHEDRALSURFACE"},
                                                          {16, "TIN"},
                                                          {17, "TRIANGLE"},
                                                          {18, "number 18"},
                                                          {1001, "number 1001"},
                                                          {0x1fff'ffff, "number 536870911"}};
  for (const auto& [shape, name] : shapes) {
    const std::string message = "unrepresentable: geometry of shape " + name + ", which GEOMETRY does not have";
    EXPECT_EQ(complaint(geometry(), Wkb().head(shape).word(0)), message);
    EXPECT_EQ(complaint(geometry(), Wkb().head(7).word(1).part(Wkb().head(shape).word(0))), message);
  }
}

/// A point in `depth - 1` collections.
std::string nested(int depth) {
  std::string bytes;
  for (int i = 1; i < depth; ++i) {
    bytes += Wkb().head(7).word(1);
  }
  return bytes + point();
}

TEST(DecodeGeometry, RefusesWhatDuckDbCannotPrint) {
  EXPECT_EQ(decoded(nested(16)), nested(16));
  EXPECT_EQ(complaint(geometry(), nested(17)), "unrepresentable: geometry nested more than 16 deep");
  EXPECT_EQ(complaint(geometry(), nested(100'000)), "unrepresentable: geometry nested more than 16 deep");
  EXPECT_EQ(complaint(geometry(), Wkb().head(7).word(1).part(Wkb().head(kZ | 1).points({1, 2, 3}))),
            "unrepresentable: geometry whose parts differ in dimensions (Z, M)");
}

TEST(DecodeGeometry, RefusesCorruptBytes) {
  const std::string whole =
      Wkb().head(7 | kSrid).word(5).word(2).part(point()).part(Wkb().head(3).word(1).word(2).points({1, 2, 3, 4}));
  EXPECT_EQ(complaint(geometry(5), whole), "none");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(complaint(geometry(5), whole.substr(0, size)).substr(0, 18), "corrupt: geometry:");
  }
  EXPECT_EQ(complaint(geometry(5), whole + "xy"), "corrupt: geometry: 2 bytes after its end");
  EXPECT_EQ(complaint(geometry(), "\x02"s + point().substr(1)), "corrupt: geometry: byte order 2");
  EXPECT_EQ(complaint(geometry(), Wkb().head(0)), "corrupt: geometry: shape number 0");
  EXPECT_EQ(complaint(geometry(), Wkb().head(7).word(1).part(Wkb().head(kSrid | 1).word(5).points({1, 2}))),
            "corrupt: geometry: a part with an SRID of its own");
  EXPECT_EQ(complaint(geometry(), Wkb().head(5).word(1).part(point())),
            "corrupt: geometry: a part of shape number 1 in one of number 5");
}

TEST(DecodeGeometry, HoldsCountsAgainstTheBytesThatAreLeft) {
  const std::string huge = "corrupt: geometry: a count of 4294967295 in ";
  for (const std::uint32_t shape : {2U, 3U, 4U, 5U, 6U, 7U}) {
    EXPECT_EQ(complaint(geometry(), Wkb().head(shape).word(0xffff'ffff).points({1})), huge + "8 bytes");
  }
  EXPECT_EQ(complaint(geometry(), Wkb().head(3).word(1).word(0xffff'ffff)), huge + "0 bytes");
}

/// The profile after `values`, and how the values were written.
std::pair<types::ValueProfile, std::vector<std::string>> adapted(std::uint32_t srid, const Values& values) {
  const types::Mapping mapping = geometry(srid, types::Fit::kAdaptive);
  const FieldBlocks blocks(values);
  ArrayColumnView column(mapping.target, values.size());
  const auto decoder = make_wire_decoder(mapping);
  decoder->decode(blocks.fields(), column, 0);
  types::ColumnProfile profile;
  decoder->collect(profile);
  std::vector<std::string> written;
  for (std::size_t row = 0; row < values.size(); ++row) {
    written.push_back(column.string_at(row));
  }
  return {profile.at(mapping.slot), written};
}

const std::string kWithSrid = Wkb().head(kSrid | 1).word(4326).points({1.5, -2});
const std::string kEmptyCollection = Wkb().head(7).word(0);

TEST(DecodeGeometry, NotesTheSridOfAdaptiveColumns) {
  const auto [all_fit, written] = adapted(4326, {kWithSrid, std::nullopt, kWithSrid});
  EXPECT_TRUE(all_fit.has_values);
  EXPECT_EQ(all_fit.srid, 4326U);
  EXPECT_FALSE(all_fit.is_mixed || all_fit.has_misfit);
  EXPECT_EQ(written, (std::vector<std::string>{point(), "", point()}));
  const auto [other, nothing] = adapted(0, {kWithSrid, kWithSrid});
  EXPECT_EQ(other.srid, 4326U);
  EXPECT_TRUE(other.has_misfit);
  EXPECT_FALSE(other.is_mixed);
  // Bytes that are no geometry, like an empty string, would fail the whole load.
  EXPECT_EQ(nothing, (std::vector<std::string>{kEmptyCollection, kEmptyCollection}));
}

TEST(DecodeGeometry, NotesWhatAdaptiveColumnsCannotHold) {
  const auto [mixed, written] = adapted(0, {point(), kWithSrid, point()});
  EXPECT_EQ(mixed.srid, 0U);
  EXPECT_TRUE(mixed.is_mixed && mixed.has_misfit);
  EXPECT_EQ(written, (std::vector<std::string>{point(), kEmptyCollection, point()}));
  const auto [curved, placeholder] = adapted(0, {Wkb().head(7).word(2).part(point()).part(Wkb().head(8).word(0))});
  EXPECT_TRUE(curved.is_mixed && curved.has_misfit);
  EXPECT_EQ(placeholder, (std::vector<std::string>{kEmptyCollection}));
  const auto [none, nulls] = adapted(0, {std::nullopt});
  EXPECT_EQ(none, types::ValueProfile());
}

TEST(DecodeGeometry, KeepsNoProfileOfStrictColumns) {
  types::ColumnProfile profile;
  make_wire_decoder(geometry())->collect(profile);
  EXPECT_TRUE(profile.empty());
  EXPECT_THROW(make_geometry_decoder(leaf(types::Wire::kText, types::DuckTypeId::kGeometry)), Error);
}

}  // namespace
}  // namespace pg2duck::decode
