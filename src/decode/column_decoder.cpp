#include "decode/column_decoder.hpp"

#include "base/error.hpp"
#include "decode/nested.hpp"
#include "decode/numeric.hpp"
#include "decode/scalars.hpp"
#include "decode/temporal.hpp"
#include "decode/text.hpp"

namespace pg2duck::decode {

std::unique_ptr<ColumnDecoder> make_decoder(const types::Mapping& mapping) {
  using types::Wire;
  switch (mapping.wire) {
    case Wire::kBool:
    case Wire::kInt2:
    case Wire::kInt4:
    case Wire::kInt8:
    case Wire::kUint4:
    case Wire::kFloat4:
    case Wire::kFloat8:
    case Wire::kUuid:
      return make_scalar_decoder(mapping.wire);
    case Wire::kNumeric:
      return make_numeric_decoder(mapping.target);
    case Wire::kText:
    case Wire::kPaddedText:
    case Wire::kBytes:
    case Wire::kJsonb:
      return make_text_decoder(mapping.wire);
    case Wire::kDate:
    case Wire::kTime:
    case Wire::kTimestamp:
    case Wire::kInterval:
      return make_temporal_decoder(mapping.wire);
    case Wire::kArray:
      return make_array_decoder(mapping);
  }
  throw Error(ErrorKind::kBug, "unknown wire layout");
}

}  // namespace pg2duck::decode
