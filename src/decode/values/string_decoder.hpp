#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

#include "decode/column_decoder.hpp"
#include "decode/column_view.hpp"
#include "decode/null_marker.hpp"
#include "decode/row_batch.hpp"

namespace pg2duck::decode {

/// Stores `bytes` as the string of `row`; zeros follow a short one, since DuckDB compares whole entries.
/// @pre `entries` is the data of `out`
inline void store_string(ColumnView& out, StringEntry* entries, std::size_t row, std::string_view bytes) {
  if (bytes.size() > kInlineStringLength) {
    out.assign_string(row, bytes.data(), bytes.size());
    return;
  }
  StringEntry& entry = entries[row];
  entry = StringEntry{.length = static_cast<std::uint32_t>(bytes.size()), .inlined = {}};
  bytes.copy(static_cast<char*>(entry.inlined), bytes.size());
}

/// Decoder of a type whose values are printed or put together anew. `Rule` says how:
///
///     struct Rule {
///       std::string_view render(const Field& field, std::size_t row);  // valid until the next call
///       void collect(types::ColumnProfile& profile) const;             // of an adaptive mapping; may be left out
///     };
///
/// A rule may hold its buffer. What it returns is not checked to be UTF-8.
template <typename Rule>
class StringDecoder final : public ColumnDecoder {
 public:
  explicit StringDecoder(Rule rule = {}) : rule_(std::move(rule)) {}

  void decode(std::span<const Field> fields, ColumnView& out, std::size_t first_row) override {
    auto* entries = out.values<StringEntry>();
    NullMarker nulls(out, first_row);
    for (std::size_t row = 0; row < fields.size(); ++row) {
      if (fields[row].is_null()) {
        entries[first_row + row] = StringEntry{};
        nulls.mark(row);
      } else {
        store_string(out, entries, first_row + row, rule_.render(fields[row], row));
      }
    }
  }

  void collect(types::ColumnProfile& profile) const override {
    if constexpr (requires { rule_.collect(profile); }) {
      rule_.collect(profile);
    }
  }

 private:
  Rule rule_;
};

template <typename Rule>
std::unique_ptr<ColumnDecoder> make_string_decoder(Rule rule = {}) {
  return std::make_unique<StringDecoder<Rule>>(std::move(rule));
}

}  // namespace pg2duck::decode
