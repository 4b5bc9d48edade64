#include "base/identifier.hpp"

#include <algorithm>

namespace pg2duck {
namespace {

std::string quote(std::string_view text, char mark) {
  std::string result;
  result.reserve(text.size() + 2);
  result += mark;
  for (char c : text) {
    if (c == mark) {
      result += mark;
    }
    result += c;
  }
  result += mark;
  return result;
}

bool is_plain(std::string_view name) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '$' ||
           static_cast<unsigned char>(c) >= 0x80;
  };
  return !name.empty() && !(name.front() >= '0' && name.front() <= '9') && std::ranges::all_of(name, plain);
}

}  // namespace

std::string quote_identifier(std::string_view name) {
  return quote(name, '"');
}

std::string quote_literal(std::string_view value) {
  return quote(value, '\'');
}

std::string display_identifier(std::string_view name) {
  return is_plain(name) ? std::string(name) : quote_identifier(name);
}

std::string TableName::quoted() const {
  return quote_identifier(schema) + "." + quote_identifier(name);
}

std::string TableName::display() const {
  return display_identifier(schema) + "." + display_identifier(name);
}

TableName TableName::folded() const {
  return {fold_case(schema), fold_case(name)};
}

std::string fold_case(std::string_view name) {
  std::string folded(name);
  std::ranges::transform(folded, folded.begin(),
                         [](char c) { return (c >= 'A' && c <= 'Z') ? static_cast<char>(c - 'A' + 'a') : c; });
  return folded;
}

}  // namespace pg2duck
