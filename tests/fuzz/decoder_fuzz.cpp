// Input: a byte that chooses the column's type, a byte that chooses how it is decoded, then values, each as a 16-bit
// length (0xffff is NULL) and its bytes. `decoder_fuzz --types` prints the types in order, for decoder_seeds.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <iostream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "decode/tolerant_decoder.hpp"
#include "support/decode/array_column_view.hpp"
#include "support/decode/column_text.hpp"
#include "support/decode/decoding.hpp"
#include "support/golden/sample_catalog.hpp"

namespace {

using namespace pg2duck;
namespace oid = types::oid;
using namespace pg2duck::test_support;

/// A type under the name that it has in tests/golden.
struct Kind {
  std::string name;
  types::Mapping mapping;
};

constexpr std::pair<const char*, types::Oid> kPlainTypes[] = {
    {"boolean", oid::kBool},
    {"\"char\"", oid::kChar},
    {"smallint", oid::kInt2},
    {"integer", oid::kInt4},
    {"bigint", oid::kInt8},
    {"oid", oid::kOid},
    {"xid8", oid::kXid8},
    {"real", oid::kFloat4},
    {"double precision", oid::kFloat8},
    {"money", oid::kMoney},
    {"text", oid::kText},
    {"bpchar", oid::kBpchar},
    {"jsonb", oid::kJsonb},
    {"bytea", oid::kBytea},
    {"date", oid::kDate},
    {"time", oid::kTime},
    {"time with time zone", oid::kTimetz},
    {"timestamp", oid::kTimestamp},
    {"timestamp with time zone", oid::kTimestamptz},
    {"interval", oid::kInterval},
    {"interval of Postgres 16", kFiniteInterval},
    {"uuid", oid::kUuid},
    {"bit varying", oid::kVarbit},
    {"inet", oid::kInet},
    {"macaddr", oid::kMacaddr},
    {"macaddr8", oid::kMacaddr8},
    {"point", oid::kPoint},
    {"line", oid::kLine},
    {"lseg", oid::kLseg},
    {"box", oid::kBox},
    {"path", oid::kPath},
    {"polygon", oid::kPolygon},
    {"circle", oid::kCircle},
    {"int2vector", oid::kInt2Vector},
    {"oidvector", oid::kOidVector},
    {"numeric", oid::kNumeric},
    {"int4range", kInt4Range},
    {"numrange", kNumericRange},
    {"tstzrange", kTimestamptzRange},
    {"textrange", kTextRange},
    {"int4multirange", kInt4Multirange},
    {"nummultirange", kNumericMultirange},
    {"pair", kPair},
    {"tree", kTree},
    {"measure", kMeasure},
    {"single", kSingle},
    {"hstore", kHstore},
    {"ltree", kLtree},
    {"geometry", kGeometry},
    {"vector", kVector},
    {"halfvec", kHalfVector},
    {"sparsevec", kSparseVector},
};

std::vector<Kind> make_kinds() {
  SampleCatalog catalog;
  std::vector<Kind> kinds;
  for (const auto& [name, type] : kPlainTypes) {
    kinds.push_back({name, catalog.map(type)});
    kinds.push_back({std::string(name) + "[]", catalog.array(type)});
  }
  for (const auto& [precision, scale] : {std::pair{4, 2}, {9, 0}, {15, 2}, {18, 18}, {19, 3}, {38, 10}, {38, 38}}) {
    kinds.push_back({"numeric(" + std::to_string(precision) + "," + std::to_string(scale) + ")",
                     catalog.map(oid::kNumeric, numeric_typmod(precision, scale))});
  }
  for (int dimensions = 2; dimensions <= 6; ++dimensions) {
    std::string brackets;
    for (int i = 0; i < dimensions; ++i) {
      brackets += "[]";
    }
    kinds.push_back({"integer" + brackets, catalog.array(oid::kInt4, dimensions)});
    kinds.push_back({"text" + brackets, catalog.array(oid::kText, dimensions)});
  }
  types::MappingChoice text;
  text.numeric.kind = types::NumericTarget::Kind::kVarchar;
  kinds.push_back({"numeric as text", catalog.map(oid::kNumeric, -1, text)});
  kinds.push_back({"numeric[] as text", catalog.array(oid::kNumeric, 1, -1, text)});
  types::MappingChoice as_enum;
  as_enum.as.emplace();
  as_enum.as->kind = types::ChosenType::Kind::kEnum;
  kinds.push_back({"mood", catalog.map(kMood, -1, as_enum)});
  kinds.push_back({"mood[]", catalog.array(kMood, 1, -1, as_enum)});
  constexpr std::int32_t kThree = 3;
  kinds.push_back({"numeric(9,2)[]", catalog.array(oid::kNumeric, 1, numeric_typmod(9, 2))});
  kinds.push_back({"vector(3)", catalog.map(kVector, kThree)});
  kinds.push_back({"vector(3)[]", catalog.array(kVector, 1, kThree)});
  kinds.push_back({"halfvec(3)", catalog.map(kHalfVector, kThree)});
  kinds.push_back({"geometry(Geometry,4326)", catalog.map(kGeometry, 4326 << 8)});
  return kinds;
}

const std::vector<Kind>& kinds() {
  static const std::vector<Kind> made = make_kinds();
  return made;
}

/// What was guessed is held to `fit`.
void set_fit(types::Mapping& mapping, types::Fit fit) {
  if (mapping.fit != types::Fit::kStrict) {
    mapping.fit = fit;
  }
  for (types::Mapping& child : mapping.children) {
    set_fit(child, fit);
  }
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

void require(bool condition) {
  if (!condition) {
    std::abort();
  }
}

/// Bytes that one row takes in a column of `type` and in all that is below it, a list counted as one element.
std::size_t row_size(const types::DuckType& type) {
  std::size_t size = test_support::value_size(type);
  for (const types::DuckType& child : type.children) {
    size += row_size(child) * (type.id == types::DuckTypeId::kArray ? type.size : 1);
  }
  return size;
}

/// Bytes that the column holds in its arrays.
std::size_t held(ArrayColumnView& column, const types::DuckType& type, std::size_t rows) {
  using Layout = decode::ColumnView::Layout;
  std::size_t size = rows * test_support::value_size(type);
  if (type.id == types::DuckTypeId::kMap) {
    return size +
           held(column.child(0), types::DuckType::structure({"key", "value"}, type.children), column.child_size());
  }
  for (std::size_t i = 0; i < type.children.size(); ++i) {
    const std::size_t child_rows = column.layout() == Layout::kList    ? column.child_size()
                                   : column.layout() == Layout::kArray ? rows * type.size
                                                                       : rows;
    size += held(column.child(i), type.children[i], child_rows);
  }
  return size;
}

/// The shortest element of any list has two bytes on the wire (halfvec), so that no value can ask for more rows than
/// half of its bytes. Every row holds one value of each node of the type.
void check_memory(ArrayColumnView& column, const types::DuckType& type, const test_support::Values& values) {
  std::size_t bytes = 0;
  for (const auto& value : values) {
    bytes += value ? value->size() : 0;
  }
  require(held(column, type, values.size()) <= (values.size() + bytes / 2) * row_size(type));
}

/// All rows as text: every entry, length and pointer is followed.
std::vector<std::string> read_back(ArrayColumnView& column, const types::DuckType& type, std::size_t rows) {
  std::vector<std::string> texts;
  for (std::size_t row = 0; row < rows; ++row) {
    texts.push_back(test_support::column_text(column, type, row));
  }
  return texts;
}

bool is_text_of_numeric(const types::Mapping& mapping) {
  return mapping.wire == types::Wire::kNumericText || std::ranges::any_of(mapping.children, is_text_of_numeric);
}

/// What is printed is bounded by its bytes; a numeric as text has no more than 150 KB, whatever its bytes.
void check_text_size(const types::Mapping& mapping, const std::string& text, const std::optional<std::string>& value) {
  constexpr std::size_t kNumericText = 150'000;
  constexpr std::size_t kSmallestNumeric = 8;
  const std::size_t size = value ? value->size() : 0;
  const std::size_t numerics = is_text_of_numeric(mapping) ? size / kSmallestNumeric * kNumericText : 0;
  // The names of fields and the digits of numbers are of our own making: a hundred characters a part.
  require(text.size() <= (size + 1) * row_size(mapping.target) * 100 + numerics);
}

void decode_strictly(const types::Mapping& mapping, const test_support::Values& values) {
  const test_support::FieldBlocks blocks(values);
  ArrayColumnView column(mapping.target, values.size());
  const auto decoder = decode::make_wire_decoder(mapping);
  try {
    decoder->decode(blocks.fields(), column, 0);
  } catch (const decode::BadValue& bad) {
    require(bad.row < values.size());
    check_memory(column, mapping.target, values);
    return;
  }
  check_memory(column, mapping.target, values);
  const std::vector<std::string> texts = read_back(column, mapping.target, values.size());
  for (std::size_t row = 0; row < values.size(); ++row) {
    check_text_size(mapping, texts[row], values[row]);
  }
  types::ColumnProfile profile;
  decoder->collect(profile);
  require(types::parse_profile(types::to_text(profile)).size() == profile.size());
}

/// One value by a decoder of its own; nothing when it cannot be held.
std::optional<std::string> decode_alone(const types::Mapping& mapping, const std::optional<std::string>& value) {
  const test_support::FieldBlocks blocks({value});
  ArrayColumnView column(mapping.target, 1);
  try {
    decode::make_wire_decoder(mapping)->decode(blocks.fields(), column, 0);
  } catch (const decode::BadValue& bad) {
    require(bad.unrepresentable && bad.row == 0);
    return std::nullopt;
  }
  return read_back(column, mapping.target, 1).front();
}

/// What is tolerated must be NULL, and everything else as if it were alone.
void decode_tolerantly(const types::Mapping& mapping, const test_support::Values& values) {
  const test_support::FieldBlocks blocks(values);
  ArrayColumnView column(mapping.target, values.size());
  decode::TolerantDecoder decoder(decode::make_wire_decoder(mapping));
  std::vector<std::size_t> refused;
  try {
    const auto rows = decoder.decode(blocks.fields(), column, 0);
    refused.assign(rows.begin(), rows.end());
  } catch (const decode::BadValue& bad) {
    require(!bad.unrepresentable && bad.row < values.size());
    return;
  }
  check_memory(column, mapping.target, values);
  const std::vector<std::string> texts = read_back(column, mapping.target, values.size());
  // A guess that has turned out wrong writes no more values.
  if (types::is_adaptive(mapping)) {
    return;
  }
  for (std::size_t row = 0; row < values.size(); ++row) {
    const auto alone = decode_alone(mapping, values[row]);
    require(alone.has_value() != std::ranges::binary_search(refused, row));
    require(texts[row] == alone.value_or("null"));
  }
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): the fuzzer's name for it
extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  if (*argc == 2 && std::strcmp((*argv)[1], "--types") == 0) {
    for (const Kind& kind : kinds()) {
      std::cout << kind.name << '\n';
    }
    std::cout.flush();
    std::exit(0);
  }
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) {
    return 0;
  }
  constexpr types::Fit kFits[] = {types::Fit::kStrict, types::Fit::kAdaptive, types::Fit::kAdaptiveFinite};
  types::Mapping mapping = kinds()[data[0] % kinds().size()].mapping;
  set_fit(mapping, kFits[data[1] / 2 % std::size(kFits)]);
  const test_support::Values values = split(data + 2, size - 2);
  if (data[1] % 2 == 0) {
    decode_strictly(mapping, values);
  } else {
    decode_tolerantly(mapping, values);
  }
  return 0;
}
