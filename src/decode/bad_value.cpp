#include "decode/bad_value.hpp"

#include <utility>

namespace pg2duck::decode {

void throw_corrupt(std::size_t row, std::string message) {
  throw BadValue{.row = row, .unrepresentable = false, .message = std::move(message)};
}

void throw_unrepresentable(std::size_t row, std::string message) {
  throw BadValue{.row = row, .unrepresentable = true, .message = std::move(message)};
}

void throw_wrong_size(std::size_t row, const char* type, std::int32_t size) {
  throw_corrupt(row, std::string(type) + " of " + std::to_string(size) + (size == 1 ? " byte" : " bytes"));
}

}  // namespace pg2duck::decode
