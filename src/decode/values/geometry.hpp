#pragma once

#include <memory>

#include "decode/column_decoder.hpp"
#include "types/mapping.hpp"

namespace pg2duck::decode {

/// The decoder of PostGIS's EWKB into the WKB that GEOMETRY is kept as: little-endian, Z and M as thousands of the
/// shape's number, no SRID.
///
/// Does not fit: another SRID than Mapping::srid, a shape that GEOMETRY does not have, dimensions that differ within
/// one geometry, nesting that DuckDB cannot print. An adaptive mapping puts an empty collection in its place.
/// @pre `mapping` has the wire layout kGeometry
/// @error Error(kBug) when it has not
std::unique_ptr<ColumnDecoder> make_geometry_decoder(const types::Mapping& mapping);

}  // namespace pg2duck::decode
