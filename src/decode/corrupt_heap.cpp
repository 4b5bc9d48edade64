#include "decode/corrupt_heap.hpp"

#include "base/error.hpp"

namespace pg2duck::decode {

void throw_corrupt_heap(const std::string& what) {
  throw Error(ErrorKind::kCorruptData, what)
      .set_hint("read this table with --read copy; when that fails too, look at the table with amcheck");
}

}  // namespace pg2duck::decode
