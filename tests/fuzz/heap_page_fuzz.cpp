// Input: a byte of switches, then a page, padded with zeros. Every tuple is judged, cut into attributes of many types,
// and decoded. A value in heap format must become what its wire format becomes.
// `heap_page_fuzz --seeds DIRECTORY` writes pages of sound tuples.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "decode/heap/heap_decoder.hpp"
#include "decode/heap/heap_page.hpp"
#include "decode/heap/tuple_reader.hpp"
#include "decode/heap/tuple_visibility.hpp"
#include "decode/heap/wire_conversion.hpp"
#include "decode/wire/wire_decoder.hpp"
#include "support/decode/array_column_view.hpp"
#include "support/decode/column_text.hpp"
#include "support/decode/heap_bytes.hpp"
#include "types/heap_type.hpp"
#include "types/map_type.hpp"

namespace {

using namespace pg2duck;
using namespace test_support;
namespace oid = types::oid;

constexpr types::Oid kMood = 70'000;
constexpr types::Oid kNumericRange = 3906;
constexpr types::Oid kNumericArray = 1231;
constexpr std::uint8_t kOneMore = 1;
constexpr std::uint8_t kDropOne = 2;

/// pg_type of the attributes, in their order.
types::TypeCatalog make_catalog() {
  types::TypeCatalog catalog;
  const auto add = [&](types::Oid type, std::int16_t length, char alignment) -> types::PgType& {
    types::PgType& made = catalog[type];
    made.oid = type;
    made.length = length;
    made.alignment = alignment;
    return made;
  };
  add(oid::kBool, 1, 'c');
  add(oid::kInt2, 2, 's');
  add(oid::kInt4, 4, 'i');
  add(oid::kInt8, 8, 'd');
  add(oid::kFloat8, 8, 'd');
  add(oid::kDate, 4, 'i');
  add(oid::kTimestamp, 8, 'd');
  add(oid::kNumeric, -1, 'i');
  add(oid::kText, -1, 'i');
  add(oid::kInterval, 16, 'd');
  add(oid::kTimetz, 12, 'd');
  add(oid::kName, 64, 'c');
  add(oid::kUuid, 16, 'c');
  types::PgType& mood = add(kMood, 4, 'i');
  mood.typtype = 'e';
  mood.labels = {"sad", "happy"};
  mood.label_oids = {70'001, 70'002};
  add(oid::kTextArray, -1, 'i').element = oid::kText;
  add(kNumericArray, -1, 'i').element = oid::kNumeric;
  types::PgType& range = add(kNumericRange, -1, 'i');
  range.typtype = 'r';
  range.range_subtype = oid::kNumeric;
  return catalog;
}

struct Attribute {
  types::Mapping mapping;
  types::HeapType heap_type;
};

std::vector<Attribute> make_attributes() {
  const types::TypeCatalog catalog = make_catalog();
  std::vector<Attribute> attributes;
  const auto add = [&](types::Oid type, std::int32_t typmod = -1) {
    attributes.push_back({types::map_type(catalog, type, typmod), *types::find_heap_type(catalog, type)});
  };
  add(oid::kNumeric, (15 << 16 | 2) + 4);
  add(oid::kNumeric, (38 << 16 | 10) + 4);
  for (const types::Oid type : {oid::kBool, oid::kInt2, oid::kInt4, oid::kInt8, oid::kFloat8, oid::kDate,
                                oid::kTimestamp, oid::kNumeric, oid::kText, oid::kInterval, oid::kTimetz, oid::kName,
                                oid::kUuid, kMood, oid::kTextArray, kNumericArray, kNumericRange}) {
    add(type);
  }
  return attributes;
}

const std::vector<Attribute>& attributes() {
  static const std::vector<Attribute> made = make_attributes();
  return made;
}

decode::TupleLayout layout(std::uint8_t switches) {
  decode::TupleLayout layout;
  for (std::size_t i = 0; i < attributes().size(); ++i) {
    layout.push_back({.length = attributes()[i].heap_type.length,
                      .alignment = attributes()[i].heap_type.alignment,
                      .column = i,
                      .missing = {}});
  }
  if ((switches & kOneMore) != 0) {
    layout.push_back({.length = -1, .alignment = 4, .column = std::nullopt, .missing = {}});
  }
  if ((switches & kDropOne) != 0) {
    layout[layout.size() / 2].column.reset();
  }
  return layout;
}

void require(bool condition) {
  if (!condition) {
    std::abort();
  }
}

/// What `decoder` makes of a value; "refused" for whatever it does not take.
std::string decoded(const Attribute& attribute, decode::ColumnDecoder& decoder, const decode::Field& field) {
  ArrayColumnView column(attribute.mapping.target, 1);
  try {
    decoder.decode({&field, 1}, column, 0);
  } catch (const decode::BadValue& bad) {
    require(bad.row == 0);
    return "refused";
  }
  return column_text(column, attribute.mapping.target, 0);
}

void compare(const Attribute& attribute, const decode::Field& field) {
  const std::string from_heap =
      decoded(attribute, *decode::make_heap_decoder(attribute.mapping, attribute.heap_type), field);
  std::vector<std::byte> sent;
  try {
    if (!field.is_null()) {
      decode::append_as_wire(attribute.heap_type, field.bytes(), sent);
    }
  } catch (const Error&) {
    require(from_heap == "refused");
    return;
  }
  // Nothing is made of nothing: the wire format is bounded by the heap format.
  require(sent.size() <= 64 * (static_cast<std::size_t>(std::max(field.length, 0)) + 1));
  const decode::Field wire{sent.data(), field.is_null() ? -1 : static_cast<std::int32_t>(sent.size())};
  require(from_heap == decoded(attribute, *decode::make_wire_decoder(attribute.mapping), wire));
}

void read(const decode::HeapPage& page, std::uint8_t switches) {
  const decode::TupleLayout tuple_layout = layout(switches);
  decode::TupleReader reader(tuple_layout);
  decode::TupleVisibility visibility({.xmin = 1002, .xmax = 1010, .in_progress = {1002, 1005}});
  decode::RowBatch batch(attributes().size(), 1);
  for (unsigned item = 1; item <= page.items(); ++item) {
    batch.clear(decode::ValueFormat::kHeap);
    reader.release();
    try {
      const Bytes tuple = page.tuple(item);
      if (tuple.empty()) {
        continue;
      }
      if (visibility.judge(tuple) == decode::TupleVisibility::Verdict::kOutcomeNeeded) {
        visibility.learn(visibility.needed(), visibility.needed() % 2 == 0);
      }
      if (!reader.read(tuple, batch)) {
        continue;
      }
    } catch (const Error&) {
      continue;
    }
    require(reader.decompressed_bytes() <= 256 * decode::HeapPage::kSize * attributes().size());
    for (std::size_t column = 0; column < attributes().size(); ++column) {
      if (tuple_layout[column].column) {
        compare(attributes()[column], batch.column(column)[0]);
      }
    }
  }
}

std::string varlena(const std::string& value) {
  return native(static_cast<std::uint32_t>((value.size() + 4) << 2)) + value;
}

void pad(std::string& data, std::size_t alignment) {
  data.resize((data.size() + alignment - 1) / alignment * alignment, '\0');
}

/// One tuple with a value in every attribute.
std::string sound_tuple() {
  const std::string numeric = native(std::uint16_t{0x8100}) + native(std::uint16_t{12}) + native(std::uint16_t{3400});
  const std::string array_head = native(1) + native(0) + native(std::uint32_t{oid::kText}) + native(1) + native(1);
  const std::string range = native(std::uint32_t{kNumericRange}) + '\x0f' + numeric + '\x0f' + numeric + '\x02';
  std::string data;
  for (const Attribute& attribute : attributes()) {
    const types::HeapType& type = attribute.heap_type;
    pad(data, type.alignment);
    if (type.length > 0) {
      data += type.format == types::HeapFormat::kEnum ? native(std::uint32_t{70'001})
                                                      : std::string(static_cast<std::size_t>(type.length), '\1');
    } else if (type.format == types::HeapFormat::kNumeric) {
      data += varlena(numeric);
    } else if (type.format == types::HeapFormat::kArray) {
      data +=
          varlena(array_head + varlena(type.children.front().format == types::HeapFormat::kNumeric ? numeric : "text"));
    } else if (type.format == types::HeapFormat::kRange) {
      data += varlena(range);
    } else {
      data += varlena("some text");
    }
  }
  return HeapTuple{.attributes = static_cast<unsigned>(attributes().size()), .data = data}.bytes();
}

void write_seeds(const std::string& directory) {
  const std::string nulls = HeapTuple{.attributes = 18, .nulls = std::string(3, '\0'), .data = ""}.bytes();
  PageBytes page;
  page.add(sound_tuple()).add(nulls).add(sound_tuple());
  for (const char switches : {char{0}, char{1}, char{2}, char{3}}) {
    std::ofstream file(directory + "/page" + std::to_string(switches), std::ios::binary);
    file.put(switches);
    file.write(reinterpret_cast<const char*>(page.bytes().data()), decode::HeapPage::kSize);
  }
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  if (*argc == 3 && std::string((*argv)[1]) == "--seeds") {
    write_seeds((*argv)[2]);
    std::exit(0);
  }
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) {
    return 0;
  }
  std::string page(reinterpret_cast<const char*>(data) + 1, std::min(size - 1, decode::HeapPage::kSize));
  page.resize(decode::HeapPage::kSize, '\0');
  try {
    read(decode::HeapPage(as_bytes(page)), data[0]);
  } catch (const Error&) {
    // A page with a broken header.
  }
  return 0;
}
