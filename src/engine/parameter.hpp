#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace pg2duck::engine {

struct Blob {
  std::string bytes;
};

/// Days since 1970-01-01.
struct Date {
  std::int32_t days = 0;
};

/// Microseconds since 1970-01-01, of no time zone.
struct Timestamp {
  std::int64_t micros = 0;
};

/// Microseconds since 1970-01-01 in UTC.
struct TimestampTz {
  std::int64_t micros = 0;
};

/// A value for a statement's parameter; monostate is NULL. A string is text: UTF-8.
using Parameter =
    std::variant<std::monostate, bool, std::int64_t, double, std::string, Blob, Date, Timestamp, TimestampTz>;

/// Whether DuckDB takes these bytes for text.
bool is_utf8(std::string_view bytes);

}  // namespace pg2duck::engine
