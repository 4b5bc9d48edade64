// Input: a byte that chooses the column's type, then values, each as a 16-bit length (0xffff is NULL) and its bytes.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "support/array_column_view.hpp"
#include "support/decoding.hpp"

namespace {

using namespace pg2duck;
namespace oid = types::oid;

std::vector<types::Mapping> make_mappings() {
  std::vector<types::Mapping> mappings;
  for (const types::Oid type :
       {oid::kBool, oid::kInt2, oid::kInt4, oid::kInt8, oid::kOid, oid::kFloat4, oid::kFloat8, oid::kText, oid::kBpchar,
        oid::kBytea, oid::kJsonb, oid::kDate, oid::kTime, oid::kTimestamp, oid::kInterval, oid::kUuid}) {
    mappings.push_back(test_support::mapping_of(type));
    mappings.push_back(test_support::array_of(type));
  }
  for (const auto& [width, scale] : {std::pair{4, 2}, {9, 0}, {15, 2}, {18, 18}, {19, 3}, {38, 10}, {38, 38}}) {
    mappings.push_back(test_support::decimal_mapping(width, scale));
  }
  mappings.push_back(test_support::array_of(oid::kNumeric, ((15 << 16) | 2) + 4));
  return mappings;
}

test_support::Values split(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t kNull = 0xffff;
  const std::string input(reinterpret_cast<const char*>(data), size);
  test_support::Values values;
  for (std::size_t at = 0; at + 2 <= size;) {
    const std::size_t asked = static_cast<std::size_t>(data[at]) << 8 | data[at + 1];
    at += 2;
    if (asked == kNull) {
      values.emplace_back();
      continue;
    }
    const std::size_t taken = std::min(asked, size - at);
    values.emplace_back(input.substr(at, taken));
    at += taken;
  }
  return values;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::vector<types::Mapping> mappings = make_mappings();
  if (size == 0) {
    return 0;
  }
  const test_support::Values values = split(data + 1, size - 1);
  try {
    test_support::decode_values(mappings[data[0] % mappings.size()], values);
  } catch (const decode::BadValue& bad) {
    if (bad.row >= values.size()) {
      std::abort();
    }
  }
  return 0;
}
