#include "decode/values/text.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <string>
#include <string_view>

#include <fmt/format.h>
#include <simdjson.h>

#include "base/error.hpp"
#include "decode/bad_value.hpp"
#include "decode/null_marker.hpp"
#include "decode/values/string_decoder.hpp"

namespace pg2duck::decode {
namespace {

constexpr std::uint64_t kHighBits = 0x8080'8080'8080'8080;

template <typename T>
T load(const char* from) {
  T word;
  std::memcpy(&word, from, sizeof(T));
  return word;
}

template <typename T>
void store(char* to, T word) {
  std::memcpy(to, &word, sizeof(T));
}

/// What a lead byte asks for: the size of its sequence, and the range of the byte that follows.
/// @source The Unicode Standard, table 3-7, "Well-Formed UTF-8 Byte Sequences"
struct LeadRule {
  unsigned char first;
  unsigned char last;
  std::size_t size;
  unsigned char second_low;
  unsigned char second_high;
};

constexpr LeadRule kLeadRules[] = {
    {0x00, 0x7f, 1, 0x80, 0xbf}, {0xc2, 0xdf, 2, 0x80, 0xbf}, {0xe0, 0xe0, 3, 0xa0, 0xbf},
    {0xe1, 0xec, 3, 0x80, 0xbf}, {0xed, 0xed, 3, 0x80, 0x9f}, {0xee, 0xef, 3, 0x80, 0xbf},
    {0xf0, 0xf0, 4, 0x90, 0xbf}, {0xf1, 0xf3, 4, 0x80, 0xbf}, {0xf4, 0xf4, 4, 0x80, 0x8f},
};

/// Bytes of the valid UTF-8 sequence that `text` begins with; 0 when it begins with none.
std::size_t sequence_size(std::string_view text) {
  const auto within = [&](std::size_t i, unsigned low, unsigned high) {
    const auto byte = static_cast<unsigned char>(text[i]);
    return byte >= low && byte <= high;
  };
  const auto* rule = std::ranges::find_if(kLeadRules, [&](const LeadRule& r) { return within(0, r.first, r.last); });
  if (rule == std::end(kLeadRules) || text.size() < rule->size) {
    return 0;
  }
  for (std::size_t i = 1; i < rule->size; ++i) {
    if (!within(i, i == 1 ? rule->second_low : 0x80, i == 1 ? rule->second_high : 0xbf)) {
      return 0;
    }
  }
  return rule->size;
}

[[noreturn]] void throw_invalid_utf8(std::string_view text, const char* type, std::size_t row) {
  std::size_t position = 0;
  std::size_t size = 0;
  while (position < text.size() && (size = sequence_size(text.substr(position))) != 0) {
    position += size;
  }
  const unsigned byte = position < text.size() ? static_cast<unsigned char>(text[position]) : 0U;
  throw_corrupt(row, fmt::format("{} is not valid UTF-8 (byte 0x{:02x} at position {})", type, byte, position + 1));
}

void check_utf8(std::string_view text, const char* type, std::size_t row) {
  if (!simdjson::validate_utf8(text)) {
    throw_invalid_utf8(text, type, row);
  }
}

/// The `Words` words at `from`, or-ed together.
template <std::size_t Words>
std::uint64_t or_words(const char* from) {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < Words; ++i) {
    bits |= load<std::uint64_t>(from + i * sizeof(std::uint64_t));
  }
  return bits;
}

/// Few branches, as the sizes of a column's strings are hard to foretell: the last loads overlap those before them.
/// @pre `text` has 8 bytes or more
bool is_ascii(std::string_view text) {
  const char* from = text.data();
  const char* end = from + text.size();
  if (text.size() <= 16) {
    return ((or_words<1>(from) | or_words<1>(end - 8)) & kHighBits) == 0;
  }
  if (text.size() <= 32) {
    return ((or_words<2>(from) | or_words<2>(end - 16)) & kHighBits) == 0;
  }
  std::uint64_t bits = or_words<4>(end - 32);
  for (; end - from > 32 && (bits & kHighBits) == 0; from += 32) {
    bits |= or_words<4>(from);
  }
  return (bits & kHighBits) == 0;
}

/// Writes a string of at most 12 bytes into its entry, zeros after it: DuckDB compares whole entries.
/// Loads overlap so that no byte outside of `text` is touched and no loop runs.
/// @return the string's bytes or-ed together, to be held against kHighBits
std::uint64_t store_inline(StringEntry& entry, std::string_view text) {
  const std::size_t size = text.size();
  const char* from = text.data();
  entry = StringEntry{.length = static_cast<std::uint32_t>(size), .inlined = {}};
  char* to = static_cast<char*>(entry.inlined);
  if (size >= 8) {
    const auto head = load<std::uint64_t>(from);
    const auto tail = load<std::uint32_t>(from + size - 4);
    store(to, head);
    store(to + size - 4, tail);
    return head | tail;
  }
  if (size >= 4) {
    const auto head = load<std::uint32_t>(from);
    const auto tail = load<std::uint32_t>(from + size - 4);
    store(to, head);
    store(to + size - 4, tail);
    return head | tail;
  }
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < size; ++i) {
    to[i] = from[i];
    bits |= static_cast<unsigned char>(from[i]);
  }
  return bits;
}

std::string_view view(const Field& field) {
  return {reinterpret_cast<const char*>(field.data), static_cast<std::size_t>(field.length)};
}

struct Text {
  static constexpr bool kIsUtf8 = true;
  static constexpr const char* kType = "text";

  static std::string_view content(const Field& field, std::size_t /*row*/) { return view(field); }
};

struct Blob {
  static constexpr bool kIsUtf8 = false;
  static constexpr const char* kType = "bytea";

  static std::string_view content(const Field& field, std::size_t /*row*/) { return view(field); }
};

struct PaddedText {
  static constexpr bool kIsUtf8 = true;
  static constexpr const char* kType = "char(n)";

  static std::string_view content(const Field& field, std::size_t /*row*/) {
    const std::string_view padded = view(field);
    return padded.substr(0, padded.find_last_not_of(' ') + 1);  // npos + 1 is 0
  }
};

struct VersionedText {
  static constexpr bool kIsUtf8 = true;
  static constexpr const char* kType = "value";

  static std::string_view content(const Field& field, std::size_t row) {
    constexpr char kVersion = 1;
    std::string_view text = view(field);
    if (text.empty()) {
      throw_wrong_size(row, kType, field.length);
    }
    if (text.front() != kVersion) {
      throw_corrupt(row, "value of version " + std::to_string(static_cast<unsigned char>(text.front())));
    }
    text.remove_prefix(1);
    return text;
  }
};

/// "char" holds any byte, but a text of UTF-8 only ASCII: Postgres prints the others in octal (PG 16+).
/// @source src/backend/utils/adt/char.c, charout
class SingleChar {
 public:
  std::string_view render(const Field& field, std::size_t row) {
    if (field.length != 1) {
      throw_wrong_size(row, "\"char\"", field.length);
    }
    const auto byte = std::to_integer<unsigned char>(*field.data);
    if (byte < 0x80) {
      text_[0] = static_cast<char>(byte);
      return {text_.data(), byte == 0 ? 0U : 1U};
    }
    text_ = {'\\', octal(byte >> 6), octal(byte >> 3), octal(byte)};
    return {text_.data(), text_.size()};
  }

 private:
  static char octal(int bits) { return static_cast<char>('0' + (bits & 7)); }

  std::array<char, 4> text_;
};

template <typename Rule>
class TextDecoder final : public ColumnDecoder {
 public:
  void decode(std::span<const Field> fields, ColumnView& out, std::size_t first_row) override {
    auto* entries = out.values<StringEntry>() + first_row;
    NullMarker nulls(out, first_row);
    for (std::size_t row = 0; row < fields.size(); ++row) {
      const Field field = fields[row];
      if (field.is_null()) {
        entries[row] = StringEntry{};
        nulls.mark(row);
        continue;
      }
      const std::string_view text = Rule::content(field, row);
      if (text.size() <= kInlineStringLength) {
        const std::uint64_t bits = store_inline(entries[row], text);
        if (Rule::kIsUtf8 && (bits & kHighBits) != 0) {
          check_utf8(text, Rule::kType, row);
        }
      } else {
        if (Rule::kIsUtf8 && !is_ascii(text)) {
          check_utf8(text, Rule::kType, row);
        }
        entries[row] = refer_to(text.data(), text.size());
      }
    }
  }
};

}  // namespace

std::unique_ptr<ColumnDecoder> make_text_decoder(types::Wire wire) {
  using types::Wire;
  switch (wire) {
    case Wire::kChar:
      return make_string_decoder<SingleChar>();
    case Wire::kText:
      return std::make_unique<TextDecoder<Text>>();
    case Wire::kPaddedText:
      return std::make_unique<TextDecoder<PaddedText>>();
    case Wire::kVersionedText:
      return std::make_unique<TextDecoder<VersionedText>>();
    case Wire::kBytes:
      return std::make_unique<TextDecoder<Blob>>();
    default:
      throw Error(ErrorKind::kBug, "not the wire layout of a string");
  }
}

}  // namespace pg2duck::decode
