// Input: the number of columns, then messages, each as a 16-bit length and that many bytes.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

#include "base/error.hpp"
#include "decode/wire/copy_stream.hpp"

namespace {

using namespace pg2duck;

/// A row that was accepted must lie inside of its message.
void check_row(const decode::RowBatch& batch, const std::vector<std::byte>& message) {
  for (std::size_t column = 0; column < batch.columns(); ++column) {
    const decode::Field field = batch.column(column).back();
    const bool inside = field.is_null() ||
                        (field.data >= message.data() && field.data + field.length <= message.data() + message.size());
    if (!inside) {
      std::abort();
    }
  }
}

void read_messages(std::size_t columns, Bytes input) {
  constexpr std::size_t kMaxRows = 4;
  decode::CopyStream stream(columns);
  decode::RowBatch batch(columns, kMaxRows);
  while (input.size() >= 2) {
    const std::size_t asked = load_big_endian<std::uint16_t>(input.data());
    input = input.subspan(2);
    const std::size_t size = std::min(asked, input.size());
    // A block of its own for each message: AddressSanitizer sees a step over its edge.
    const std::vector<std::byte> message(input.begin(), input.begin() + static_cast<std::ptrdiff_t>(size));
    input = input.subspan(size);
    if (batch.full()) {
      batch.clear();
    }
    if (stream.read_message(message, batch)) {
      check_row(batch, message);
    }
  }
  stream.finish();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) {
    return 0;
  }
  try {
    read_messages(data[0] % 8, std::as_bytes(std::span(data + 1, size - 1)));
  } catch (const Error&) {
    return 0;
  }
  return 0;
}
