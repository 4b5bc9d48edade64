#include "decode/row_batch.hpp"

#include <algorithm>

namespace pg2duck::decode {
namespace {

// A megabyte of fields stays in the second-level cache; a 1,600-column table gets short batches.
constexpr std::size_t kMaxFields = 65'536;

}  // namespace

RowBatch::RowBatch(std::size_t columns, std::size_t max_rows)
    : columns_(columns),
      capacity_(std::clamp<std::size_t>(kMaxFields / std::max<std::size_t>(columns, 1), 1, max_rows)),
      fields_(columns * capacity_) {}

}  // namespace pg2duck::decode
