// What servers sent for tests/golden, whole and then broken in every place: no bytes may break a decoder.

#include <gtest/gtest.h>

#include "decode/tolerant_decoder.hpp"
#include "support/decode/column_text.hpp"
#include "support/decode/decoding.hpp"
#include "support/golden/golden_case.hpp"

namespace pg2duck::decode {
namespace {

using namespace test_support;
using types::Fit;

const std::string kDirectory = "tests/golden/types";

/// Nothing more of a value than this is broken: long ones have the same bytes again and again.
constexpr std::size_t kMaxPlaces = 150;

void set_fit(types::Mapping& mapping, Fit fit) {
  if (mapping.fit != Fit::kStrict) {
    mapping.fit = fit;
  }
  for (types::Mapping& child : mapping.children) {
    set_fit(child, fit);
  }
}

/// The decoders of one column: for values that are held to the mapping, and for what was guessed of it.
class Decoders {
 public:
  explicit Decoders(const GoldenCase& golden) {
    types::MappingChoice choice;
    choice.dimensions = golden.dimensions;
    mapping_ = types::map_type(golden.catalog, golden.type, golden.typmod, choice);
    for (const Fit fit : {Fit::kStrict, Fit::kAdaptive, Fit::kAdaptiveFinite}) {
      set_fit(mapping_, fit);
      if (decoders_.empty() || types::is_adaptive(mapping_)) {
        decoders_.emplace_back(make_wire_decoder(mapping_));
      }
    }
  }

  /// Decodes `value` between two NULLs in every way. A complaint must be of its row, and the row NULL when it is
  /// tolerated; what is written must be readable.
  void decode(const std::string& value) {
    const FieldBlocks blocks({std::nullopt, value, std::nullopt});
    for (TolerantDecoder& decoder : decoders_) {
      ArrayColumnView column(mapping_.target, blocks.fields().size());
      try {
        const auto refused = decoder.decode(blocks.fields(), column, 0);
        for (std::size_t row = 0; row < blocks.fields().size(); ++row) {
          column_text(column, mapping_.target, row);
        }
        ASSERT_LE(refused.size(), 1U);
        for (const std::size_t row : refused) {
          ASSERT_EQ(row, 1U);
          ASSERT_TRUE(column.is_null(1));
        }
      } catch (const BadValue& bad) {
        ASSERT_EQ(bad.row, 1U);
        ASSERT_FALSE(bad.unrepresentable);
      }
    }
  }

  /// Whether the strict decoder takes `value`, or says that the target cannot hold it.
  bool is_sound(const std::string& value) {
    const FieldBlocks blocks({value});
    ArrayColumnView column(mapping_.target, 1);
    try {
      decoders_.front().decode(blocks.fields(), column, 0);
    } catch (const BadValue&) {
      return false;
    }
    return true;
  }

 private:
  types::Mapping mapping_;
  std::vector<TolerantDecoder> decoders_;
};

class DecodeCorpus : public ::testing::TestWithParam<std::string> {
 protected:
  /// `check` for each value of the case.
  template <typename Check>
  void for_each_value(Check check) {
    const GoldenCase golden = read_golden_case(kDirectory, GetParam());
    Decoders decoders(golden);
    for (const GoldenRow& row : golden.rows) {
      if (row.bytes) {
        SCOPED_TRACE(row.sql);
        check(decoders, *row.bytes);
      }
    }
  }
};

TEST_P(DecodeCorpus, IsSound) {
  for_each_value([](Decoders& decoders, const std::string& bytes) {
    decoders.decode(bytes);
    EXPECT_TRUE(decoders.is_sound(bytes));
  });
}

TEST_P(DecodeCorpus, BreaksNothingWhenCutShort) {
  for_each_value([](Decoders& decoders, const std::string& bytes) {
    for (std::size_t size = bytes.size() > kMaxPlaces ? bytes.size() - kMaxPlaces : 0; size < bytes.size(); ++size) {
      decoders.decode(bytes.substr(0, size));
    }
    for (std::size_t size = 0; size < std::min(bytes.size(), kMaxPlaces); ++size) {
      decoders.decode(bytes.substr(0, size));
    }
    decoders.decode(bytes + '\0');
    decoders.decode(bytes + bytes);
  });
}

TEST_P(DecodeCorpus, BreaksNothingWithAnotherByte) {
  for_each_value([](Decoders& decoders, const std::string& bytes) {
    for (std::size_t at = 0; at < std::min(bytes.size(), kMaxPlaces); ++at) {
      for (const unsigned flip : {0x01U, 0x02U, 0x10U, 0x40U, 0x80U, 0xffU}) {
        std::string broken = bytes;
        broken[at] = static_cast<char>(static_cast<unsigned char>(broken[at]) ^ flip);
        decoders.decode(broken);
      }
    }
  });
}

INSTANTIATE_TEST_SUITE_P(All, DecodeCorpus, ::testing::ValuesIn(golden_names(kDirectory)),
                         [](const auto& one) { return one.param; });

}  // namespace
}  // namespace pg2duck::decode
