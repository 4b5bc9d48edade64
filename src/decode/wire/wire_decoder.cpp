#include "decode/wire/wire_decoder.hpp"

#include "decode/nested/array.hpp"
#include "decode/nested/composite.hpp"
#include "decode/nested/hstore.hpp"
#include "decode/nested/packed_struct.hpp"
#include "decode/nested/pgvector.hpp"
#include "decode/nested/range.hpp"
#include "decode/values/bits.hpp"
#include "decode/values/enumeration.hpp"
#include "decode/values/geometry.hpp"
#include "decode/values/network.hpp"
#include "decode/values/numeric.hpp"
#include "decode/values/numeric_text.hpp"
#include "decode/values/scalars.hpp"
#include "decode/values/temporal.hpp"
#include "decode/values/text.hpp"

namespace pg2duck::decode {
namespace {

ColumnDecoders make_children(const types::Mapping& mapping) {
  ColumnDecoders children;
  for (const types::Mapping& child : mapping.children) {
    children.push_back(make_wire_decoder(child));
  }
  return children;
}

}  // namespace

std::unique_ptr<ColumnDecoder> make_wire_decoder(const types::Mapping& mapping) {
  using types::Wire;
  switch (mapping.wire) {
    case Wire::kNumeric:
      return make_numeric_decoder(mapping);
    case Wire::kNumericText:
      return make_numeric_text_decoder(mapping);
    case Wire::kChar:
    case Wire::kText:
    case Wire::kPaddedText:
    case Wire::kVersionedText:
    case Wire::kBytes:
      return make_text_decoder(mapping.wire);
    case Wire::kDate:
    case Wire::kTime:
    case Wire::kTimeTz:
    case Wire::kTimestamp:
    case Wire::kInterval:
    case Wire::kFiniteInterval:
      return make_temporal_decoder(mapping.wire);
    case Wire::kBits:
      return make_bits_decoder();
    case Wire::kInet:
    case Wire::kMac:
      return make_network_decoder(mapping.wire);
    case Wire::kEnum:
      return make_enum_decoder(mapping.target);
    case Wire::kGeometry:
      return make_geometry_decoder(mapping);
    case Wire::kArray:
      return make_array_decoder(mapping, make_children(mapping));
    case Wire::kComposite:
      return make_composite_decoder(mapping, make_children(mapping));
    case Wire::kRange:
      return make_range_decoder(mapping, make_children(mapping));
    case Wire::kMultirange:
      return make_multirange_decoder(mapping, make_children(mapping));
    case Wire::kPackedStruct:
      return make_packed_struct_decoder(mapping, make_children(mapping));
    case Wire::kCountedList:
      return make_counted_list_decoder(mapping, make_children(mapping));
    case Wire::kHstore:
      return make_hstore_decoder();
    case Wire::kVector:
    case Wire::kHalfVector:
    case Wire::kSparseVector:
      return make_pgvector_decoder(mapping);
    default:
      // Values of a fixed size; what is none of them either is refused there.
      return make_scalar_decoder(mapping.wire);
  }
}

}  // namespace pg2duck::decode
