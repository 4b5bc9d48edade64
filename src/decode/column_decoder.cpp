#include "decode/column_decoder.hpp"

#include "base/error.hpp"
#include "decode/nested/array.hpp"
#include "decode/nested/composite.hpp"
#include "decode/nested/hstore.hpp"
#include "decode/nested/range.hpp"
#include "decode/nested/tuple.hpp"
#include "decode/values/bits.hpp"
#include "decode/values/enumeration.hpp"
#include "decode/values/geometry.hpp"
#include "decode/values/network.hpp"
#include "decode/values/numeric.hpp"
#include "decode/values/numeric_text.hpp"
#include "decode/values/scalars.hpp"
#include "decode/values/temporal.hpp"
#include "decode/values/text.hpp"
#include "decode/values/vectors.hpp"

namespace pg2duck::decode {

std::unique_ptr<ColumnDecoder> make_decoder(const types::Mapping& mapping) {
  using types::Wire;
  switch (mapping.wire) {
    case Wire::kBool:
    case Wire::kInt2:
    case Wire::kInt4:
    case Wire::kInt8:
    case Wire::kUint4:
    case Wire::kUint8:
    case Wire::kFloat4:
    case Wire::kFloat8:
    case Wire::kMoney:
    case Wire::kUuid:
      return make_scalar_decoder(mapping.wire);
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
    case Wire::kArray:
      return make_array_decoder(mapping);
    case Wire::kComposite:
      return make_composite_decoder(mapping);
    case Wire::kRange:
      return make_range_decoder(mapping);
    case Wire::kMultirange:
      return make_multirange_decoder(mapping);
    case Wire::kTuple:
      return make_tuple_decoder(mapping);
    case Wire::kCounted:
      return make_counted_decoder(mapping);
    case Wire::kHstore:
      return make_hstore_decoder();
    case Wire::kGeometry:
      return make_geometry_decoder(mapping);
    case Wire::kVector:
    case Wire::kHalfVector:
    case Wire::kSparseVector:
      return make_vector_decoder(mapping);
  }
  throw Error(ErrorKind::kBug, "unknown wire layout");
}

}  // namespace pg2duck::decode
