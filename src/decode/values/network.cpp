#include "decode/values/network.hpp"

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/byte_cursor.hpp"
#include "base/error.hpp"
#include "decode/bad_value.hpp"
#include "decode/values/string_decoder.hpp"

namespace pg2duck::decode {
namespace {

/// Room for the longest: an IPv4 address in IPv6 and its mask.
using Buffer = std::array<char, sizeof("ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255/128")>;

/// Writes into the buffer that it was made with; the callers print no more than fits.
class Printer {
 public:
  explicit Printer(Buffer& buffer) : begin_(buffer.data()), to_(begin_), end_(begin_ + buffer.size()) {}

  Printer& put(char character) {
    *to_++ = character;
    return *this;
  }

  Printer& number(unsigned value, int base) {
    to_ = std::to_chars(to_, end_, value, base).ptr;
    return *this;
  }

  [[nodiscard]] std::string_view text() const { return {begin_, static_cast<std::size_t>(to_ - begin_)}; }

 private:
  char* begin_;
  char* to_;
  char* end_;
};

void put_v4(Printer& out, const std::byte* address) {
  for (std::size_t i = 0; i < 4; ++i) {
    if (i > 0) {
      out.put('.');
    }
    out.number(std::to_integer<unsigned>(address[i]), 10);
  }
}

constexpr std::size_t kWords = 8;
using Words = std::array<std::uint16_t, kWords>;

struct Run {
  std::size_t begin = 0;
  std::size_t size = 0;

  [[nodiscard]] std::size_t end() const { return begin + size; }
};

/// The first of the longest runs of zeros; a single zero is none.
Run longest_zeros(const Words& words) {
  Run best;
  Run current;
  for (std::size_t i = 0; i < kWords; ++i) {
    current = words[i] != 0 ? Run{} : Run{.begin = current.size == 0 ? i : current.begin, .size = current.size + 1};
    if (current.size > best.size) {
      best = current;
    }
  }
  return best.size >= 2 ? best : Run{};
}

/// ::1.2.3.4 and ::ffff:1.2.3.4, yet not ::2: Postgres has a case for seven zeros too, but its loop
/// does not get there.
bool ends_in_v4(const Words& words, const Run& zeros) {
  return zeros.begin == 0 && (zeros.size == 6 || (zeros.size == 5 && words[5] == 0xffff));
}

/// @source src/port/inet_net_ntop.c, inet_net_ntop_ipv6
void put_v6(Printer& out, const std::byte* address) {
  Words words;
  for (std::size_t i = 0; i < kWords; ++i) {
    words[i] = load_big_endian<std::uint16_t>(address + 2 * i);
  }
  const Run zeros = longest_zeros(words);
  for (std::size_t i = 0; i < kWords; ++i) {
    if (zeros.size > 0 && i == zeros.begin) {
      out.put(':');
      i = zeros.end() - 1;
      continue;
    }
    if (i != 0) {
      out.put(':');
    }
    if (i == 6 && ends_in_v4(words, zeros)) {
      put_v4(out, address + 12);
      return;
    }
    out.number(words[i], 16);
  }
  if (zeros.end() == kWords) {
    out.put(':');
  }
}

/// @source src/backend/utils/adt/network.c, network_send and network_out
class Inet {
 public:
  std::string_view render(const Field& field, std::size_t row) {
    check(field, row);
    const bool is_v6 = byte(field, kFamily) == kV6;
    const unsigned bits = byte(field, kBits);
    Printer out(buffer_);
    if (is_v6) {
      put_v6(out, field.data + kAddress);
    } else {
      put_v4(out, field.data + kAddress);
    }
    if (byte(field, kIsCidr) != 0 || bits != (is_v6 ? 128 : 32)) {
      out.put('/').number(bits, 10);
    }
    return out.text();
  }

 private:
  enum Position : std::size_t { kFamily, kBits, kIsCidr, kSize, kAddress };

  // PGSQL_AF_INET and PGSQL_AF_INET6, the same on every system.
  static constexpr unsigned kV4 = 2;
  static constexpr unsigned kV6 = 3;

  static unsigned byte(const Field& field, Position position) {
    return std::to_integer<unsigned>(field.data[position]);
  }

  static void check(const Field& field, std::size_t row) {
    if (field.length < static_cast<std::int32_t>(kAddress)) {
      throw_wrong_size(row, "inet", field.length);
    }
    const unsigned family = byte(field, kFamily);
    if (family != kV4 && family != kV6) {
      throw_corrupt(row, "inet of address family " + std::to_string(family));
    }
    const unsigned size = family == kV4 ? 4 : 16;
    if (byte(field, kSize) != size || field.bytes().size() != kAddress + size) {
      throw_wrong_size(row, "inet", field.length);
    }
    if (byte(field, kBits) > 8 * size || byte(field, kIsCidr) > 1) {
      throw_corrupt(row, "inet with " + std::to_string(byte(field, kBits)) + " bits of mask and CIDR flag " +
                             std::to_string(byte(field, kIsCidr)));
    }
  }

  Buffer buffer_;
};

/// @source src/backend/utils/adt/mac.c, macaddr_out; mac8.c, macaddr8_out
class Mac {
 public:
  std::string_view render(const Field& field, std::size_t row) {
    if (field.length != 6 && field.length != 8) {
      throw_wrong_size(row, "macaddr", field.length);
    }
    constexpr std::string_view kDigits = "0123456789abcdef";
    Printer out(buffer_);
    for (const std::byte byte : field.bytes()) {
      if (!out.text().empty()) {
        out.put(':');
      }
      out.put(kDigits[std::to_integer<std::size_t>(byte >> 4)])
          .put(kDigits[std::to_integer<std::size_t>(byte & std::byte{15})]);
    }
    return out.text();
  }

 private:
  Buffer buffer_;
};

}  // namespace

std::unique_ptr<ColumnDecoder> make_network_decoder(types::Wire wire) {
  using types::Wire;
  switch (wire) {
    case Wire::kInet:
      return make_string_decoder<Inet>();
    case Wire::kMac:
      return make_string_decoder<Mac>();
    default:
      throw Error(ErrorKind::kBug, "not the wire layout of a network address");
  }
}

}  // namespace pg2duck::decode
