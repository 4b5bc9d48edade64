#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "decode_columns.hpp"
#include "support/decode/wire.hpp"
#include "types/pg_type.hpp"

/// Values as Postgres sends them, for the decoders' benchmark.
namespace pg2duck::bench {

namespace oid = types::oid;
using test_support::Wire;

inline std::uint64_t bits(double value) {
  return std::bit_cast<std::uint64_t>(value);
}

inline MakeValue integers(std::size_t size) {
  return [size](Random& random) {
    const std::uint64_t value = random();
    return Wire().put(value).bytes().substr(0, size);
  };
}

inline MakeValue below(std::uint64_t limit) {
  return [limit](Random& random) { return Wire().put(random() % limit); };
}

/// A numeric of `units`, two of its digits after the point.
inline std::string money(std::uint64_t units) {
  std::vector<std::uint16_t> groups = {static_cast<std::uint16_t>(units / 1'000'000),
                                       static_cast<std::uint16_t>(units / 100 % 10'000),
                                       static_cast<std::uint16_t>(units % 100 * 100)};
  std::int16_t weight = 1;
  while (!groups.empty() && groups.front() == 0) {
    groups.erase(groups.begin());
    --weight;
  }
  while (!groups.empty() && groups.back() == 0) {
    groups.pop_back();
  }
  Wire out;
  out.put(static_cast<std::uint16_t>(groups.size())).put(weight).put(std::uint32_t{2});
  for (const std::uint16_t group : groups) {
    out.put(group);
  }
  return out;
}

/// Prices up to 100,000.00: one or two groups before the point, mostly one after it.
inline std::string price(Random& random) {
  return money(random() % 10'000'000);
}

inline std::string letters(Random& random, std::size_t shortest, std::size_t longest) {
  std::string text;
  for (std::size_t size = shortest + random() % (longest - shortest + 1); size > 0; --size) {
    text += static_cast<char>('a' + random() % 26);
  }
  return text;
}

inline MakeValue strings(std::size_t shortest, std::size_t longest, const std::string& before = "",
                         const std::string& after = "") {
  return [=](Random& random) { return before + letters(random, shortest, longest) + after; };
}

inline std::string point(Random& random) {
  return Wire().put(bits(static_cast<double>(random() % 1000))).put(bits(0.25));
}

inline MakeValue repeated(const MakeValue& make_value, int times) {
  return [=](Random& random) {
    std::string bytes;
    for (int i = 0; i < times; ++i) {
      bytes += make_value(random);
    }
    return bytes;
  };
}

inline MakeValue counted(const MakeValue& make_value, std::int32_t times, const std::string& before = "") {
  return [=](Random& random) { return before + Wire().put(times).bytes() + repeated(make_value, times)(random); };
}

inline MakeValue array_of(types::Oid element, const std::vector<std::int32_t>& sizes, const MakeValue& make_value) {
  return [=](Random& random) {
    Wire out;
    out.put(static_cast<std::int32_t>(sizes.size())).put(std::int32_t{0}).put(element);
    std::int32_t count = 1;
    for (const std::int32_t size : sizes) {
      out.put(size).put(std::int32_t{1});
      count *= size;
    }
    for (; count > 0; --count) {
      out.field(make_value(random));
    }
    return out.bytes();
  };
}

inline std::string int4_range(Random& random) {
  constexpr std::uint8_t kLowerIncluded = 2;
  const auto lower = static_cast<std::int32_t>(random() % 1000);
  return Wire().put(kLowerIncluded).field(Wire().put(lower).bytes()).field(Wire().put(lower + 5).bytes());
}

inline std::string pair(Random& random) {
  return Wire()
      .put(std::int32_t{2})
      .put(oid::kInt4)
      .field(integers(4)(random))
      .put(oid::kText)
      .field(letters(random, 1, 20));
}

inline std::string hstore(Random& random) {
  Wire out;
  out.put(std::int32_t{2});
  for (const char* key : {"color", "size"}) {
    out.field(key).field(letters(random, 1, 20));
  }
  return out;
}

inline std::string little_endian_point(Random& random) {
  std::string bytes("\x01\x01\0\0\0", 5);
  for (const double value : {static_cast<double>(random() % 1000), 0.5}) {
    bytes.append(reinterpret_cast<const char*>(&value), sizeof(value));
  }
  return bytes;
}

inline MakeValue vectors(std::int16_t dimensions, std::size_t element) {
  return [=](Random& random) {
    Wire out;
    out.put(dimensions).put(std::int16_t{0});
    for (std::int16_t i = 0; i < dimensions; ++i) {
      out.put(std::string_view(Wire().put(random()).bytes().substr(0, element)));
    }
    return out.bytes();
  };
}

inline std::string sparse_vector(Random& random) {
  Wire out;
  out.put(std::int32_t{1000}).put(std::int32_t{8}).put(std::int32_t{0});
  for (std::int32_t i = 0; i < 8; ++i) {
    out.put(100 * i);
  }
  return out.put(std::string_view(repeated(integers(4), 8)(random)));
}

}  // namespace pg2duck::bench
