#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pg2duck::destination {

/// What a column of the ledger holds.
enum class LedgerType {
  kText,          ///< VARCHAR
  kOptionalText,  ///< VARCHAR; the empty text is NULL
  kUuid,          ///< UUID of its text; the empty text is NULL
  kTime,          ///< TIMESTAMPTZ of ISO 8601; the empty text is NULL
  kCount,         ///< UBIGINT
  kSeconds,       ///< DOUBLE
  kFlag,          ///< BOOLEAN
  kOid,           ///< UINTEGER
  kSmall,         ///< SMALLINT
  kVersion,       ///< INTEGER
};

/// Its name in DuckDB.
std::string_view sql_type(LedgerType type);

/// A value as SQL. Error messages may hold anything: what is not UTF-8 becomes question marks.
std::string sql_value(LedgerType type, const std::string& value);
/// NULL where there is none.
std::string sql_value(LedgerType type, const std::optional<std::string>& value);
std::string sql_value(LedgerType type, double value);
std::string sql_value(LedgerType type, bool value);

template <std::integral Number>
std::string sql_value(LedgerType /*type*/, Number value) {
  return std::to_string(value);
}

/// Unset is NULL.
std::string sql_value(LedgerType type, const std::optional<std::uint64_t>& value);

/// `expression`, a column of this type, as the text that `take` reads.
std::string sql_text(LedgerType type, const std::string& expression);

// What `sql_text` yields, as the value that it was made of. NULL is the empty text, zero or false, or unset.

void take(const std::optional<std::string>& text, std::string& value);
void take(const std::optional<std::string>& text, std::optional<std::string>& value);
void take(const std::optional<std::string>& text, double& value);
void take(const std::optional<std::string>& text, bool& value);
void take(const std::optional<std::string>& text, std::optional<std::uint64_t>& value);

template <std::integral Number>
void take(const std::optional<std::string>& text, Number& value) {
  value = text ? static_cast<Number>(std::stoll(*text)) : Number{};
}

}  // namespace pg2duck::destination
