#include "decode/wire/copy_stream.hpp"

#include <array>
#include <random>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "support/decode/wire.hpp"

namespace pg2duck::decode {
namespace {

using namespace test_support;
using namespace std::string_literals;

std::string header(std::uint32_t flags = 0, const std::string& extension = "") {
  return Wire().put("PGCOPY\n\xff\r\n\0"s).put(flags).field(extension);
}

std::string row(const std::vector<std::optional<std::string>>& values) {
  Wire out;
  out.put(static_cast<std::int16_t>(values.size()));
  for (const auto& value : values) {
    out.field(value);
  }
  return out;
}

std::string trailer() {
  return wire(std::int16_t{-1});
}

/// Feeds whole messages, each from a block of its own, and keeps the blocks alive.
class Reader {
 public:
  explicit Reader(std::size_t columns, std::size_t max_rows = 100) : stream_(columns), batch_(columns, max_rows) {}

  bool read(const std::string& message) {
    const auto* begin = reinterpret_cast<const std::byte*>(message.data());
    return stream_.read_message(blocks_.emplace_back(begin, begin + message.size()), batch_);
  }

  /// The message of the error, or "none".
  std::string complaint(const std::string& message) {
    try {
      read(message);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kCorruptData);
      return error.message();
    }
    return "none";
  }

  [[nodiscard]] std::optional<std::string> value(std::size_t column, std::size_t row_index) const {
    const Field field = batch_.column(column)[row_index];
    if (field.is_null()) {
      return std::nullopt;
    }
    return std::string(reinterpret_cast<const char*>(field.data), field.bytes().size());
  }

  CopyStream& stream() { return stream_; }

  RowBatch& batch() { return batch_; }

 private:
  std::vector<std::vector<std::byte>> blocks_;
  CopyStream stream_;
  RowBatch batch_;
};

TEST(CopyStream, ReadsHeaderRowsAndTrailerInMessagesOfTheirOwn) {
  Reader reader(3);
  EXPECT_FALSE(reader.read(header()));
  EXPECT_TRUE(reader.read(row({"one", std::nullopt, ""})));
  EXPECT_TRUE(reader.read(row({"", "two", std::string(5'000, 'x')})));
  EXPECT_FALSE(reader.read(trailer()));
  reader.stream().finish();
  EXPECT_EQ(reader.stream().rows(), 2U);
  EXPECT_EQ(reader.batch().rows(), 2U);
  EXPECT_EQ(reader.value(0, 0), "one");
  EXPECT_EQ(reader.value(1, 0), std::nullopt);
  EXPECT_EQ(reader.value(2, 0), "");
  EXPECT_EQ(reader.value(1, 1), "two");
  EXPECT_EQ(reader.value(2, 1), std::string(5'000, 'x'));
}

TEST(CopyStream, ReadsThemInOneMessage) {
  Reader reader(1);
  EXPECT_TRUE(reader.read(header(0, "an extension of the header") + row({"a"}) + trailer()));
  reader.stream().finish();
  EXPECT_EQ(reader.value(0, 0), "a");
}

TEST(CopyStream, ReadsAnEmptyTable) {
  Reader reader(2);
  EXPECT_FALSE(reader.read(header() + trailer()));
  reader.stream().finish();
  EXPECT_EQ(reader.stream().rows(), 0U);
}

TEST(CopyStream, ReadsRowsWithoutColumns) {
  Reader reader(0);
  EXPECT_TRUE(reader.read(header() + row({})));
  EXPECT_TRUE(reader.read(row({})));
  EXPECT_EQ(reader.stream().rows(), 2U);
}

TEST(CopyStream, CountsRowsOverBatches) {
  Reader reader(1, 2);
  reader.read(header());
  for (int i = 0; i < 6; ++i) {
    if (reader.batch().full()) {
      reader.batch().clear();
    }
    EXPECT_TRUE(reader.read(row({std::to_string(i)})));
  }
  EXPECT_EQ(reader.stream().rows(), 6U);
  EXPECT_EQ(reader.value(0, 1), "5");
}

TEST(CopyStream, RefusesOtherHeaders) {
  EXPECT_EQ(Reader(1).complaint("PGCOPY\n\xff\r\n\1"s + std::string(8, '\0')),
            "the COPY does not begin with the binary signature");
  EXPECT_EQ(Reader(1).complaint("a text COPY, line by line\n"), "the COPY does not begin with the binary signature");
  EXPECT_EQ(Reader(1).complaint(header(1U << 16)), "the COPY holds OIDs before its rows");
  EXPECT_EQ(Reader(1).complaint(header(1U << 20)), "the COPY has unknown flags: 1048576");
  EXPECT_EQ(Reader(1).complaint(header(1)), "none");
  EXPECT_EQ(Reader(1).complaint(header().substr(0, 15) + wire(-1)), "the header extension has length -1");
  EXPECT_NE(Reader(1).complaint(header().substr(0, 15) + wire(5) + "four"), "none");
}

TEST(CopyStream, RefusesOtherFieldCounts) {
  for (const std::int16_t count : std::initializer_list<std::int16_t>{0, 1, 3, 32'767, -2, -32'768}) {
    Reader reader(2);
    reader.read(header());
    EXPECT_EQ(reader.complaint(wire(count) + wire(-1) + wire(-1) + wire(-1)),
              "a row has " + std::to_string(count) + " fields, expected 2");
  }
}

TEST(CopyStream, RefusesLengthsThatLeaveTheRow) {
  for (const std::int32_t length : {3, 1'000, 0x7fff'ffff}) {
    Reader reader(1);
    reader.read(header());
    EXPECT_EQ(reader.complaint(wire(std::int16_t{1}) + wire(length) + "ab"),
              "field 1 of a row has length " + std::to_string(length) + ", 2 bytes are left");
    EXPECT_EQ(reader.batch().rows(), 0U);
  }
  for (const std::int32_t length : {-2, -0x7fff'ffff - 1}) {
    Reader reader(1);
    reader.read(header());
    EXPECT_EQ(reader.complaint(wire(std::int16_t{1}) + wire(length) + "ab"),
              "field 1 of a row has length " + std::to_string(length));
  }
}

TEST(CopyStream, RefusesMoreThanOneRowInAMessage) {
  Reader reader(1);
  EXPECT_EQ(reader.complaint(header() + row({"a"}) + row({"b"})), "a message holds more than one row");
}

TEST(CopyStream, RefusesDataAfterTheTrailer) {
  Reader reader(1);
  reader.read(header() + trailer());
  EXPECT_EQ(reader.complaint(row({"a"})), "data after the end of the COPY");
  EXPECT_EQ(reader.complaint(trailer()), "data after the end of the COPY");
  EXPECT_EQ(Reader(1).complaint(header() + trailer() + "x"), "data after the end of the COPY");
  EXPECT_FALSE(reader.read(""));
}

TEST(CopyStream, RefusesAnEndWithoutTrailer) {
  Reader reader(1);
  EXPECT_THROW(reader.stream().finish(), Error);
  reader.read(header() + row({"a"}));
  EXPECT_THROW(reader.stream().finish(), Error);
}

TEST(CopyStream, RefusesEveryPrefixOfAMessage) {
  const std::string first = header(0, "ext") + row({"some", std::nullopt, "values"});
  const std::size_t header_size = header(0, "ext").size();
  for (std::size_t size = 0; size < first.size(); ++size) {
    Reader reader(3);
    EXPECT_EQ(reader.complaint(first.substr(0, size)) == "none", size == header_size) << size;
    EXPECT_EQ(reader.stream().rows(), 0U);
  }
  const std::string next = row({"some", std::nullopt, "values"});
  for (std::size_t size = 1; size < next.size(); ++size) {
    Reader reader(3);
    reader.read(header());
    EXPECT_NE(reader.complaint(next.substr(0, size)), "none") << size;
  }
}

TEST(CopyStream, SurvivesRandomBytes) {
  const auto seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  const std::string sound = header() + row({"some", std::nullopt, "values"}) + trailer();
  for (int round = 0; round < 15'000; ++round) {
    std::string message = sound;
    for (auto changes = random() % 4; changes > 0; --changes) {
      message[random() % message.size()] = static_cast<char>(random());
    }
    Reader reader(3);
    if (reader.complaint(message) == "none" && reader.batch().rows() == 1) {
      // Every field lies inside of the message; reading them lets AddressSanitizer look.
      std::size_t bytes = 0;
      for (std::size_t column = 0; column < 3; ++column) {
        bytes += reader.value(column, 0).value_or("").size();
      }
      EXPECT_LT(bytes, message.size());
    }
  }
}

}  // namespace
}  // namespace pg2duck::decode
