#include "sync/range_producer.hpp"

#include <utility>

#include "source/ranges.hpp"

namespace pg2duck::sync {
namespace {

// A batch of wide rows ends here, so that memory follows the size of a row and not 2,048 of them.
constexpr std::size_t kBatchBytes = std::size_t{4} << 20;

std::int64_t nanoseconds(std::chrono::steady_clock::duration duration) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(duration).count();
}

}  // namespace

RangeProducer::RangeProducer(TableScan& scan)
    : scan_(scan), batch_(scan.job_.mappings.size(), destination::kChunkRows) {
  decoders_.reserve(scan.job_.mappings.size());
  for (const types::Mapping& mapping : scan.job_.mappings) {
    decoders_.push_back(decode::make_decoder(mapping));
  }
}

RangeProducer::~RangeProducer() {
  if (range_ != nullptr) {
    give_up_connection();
  }
}

std::size_t RangeProducer::fill(std::span<decode::ColumnView* const> columns) {
  const auto started = Clock::now();
  if (returned_at_) {
    scan_.counters_.write_ns += nanoseconds(started - *returned_at_);
  }
  try {
    batch_.clear();
    batch_bytes_ = 0;
    if (connection_) {
      (*connection_)->release_messages();
    }
    while (batch_.rows() == 0 && ensure_range()) {
      gather();
    }
  } catch (Error& error) {
    give_up_connection();
    throw error.add_context("table " + scan_.job_.table.name.display());
  }
  const auto gathered = Clock::now();
  decode_batch(columns);
  const auto decoded = Clock::now();
  scan_.counters_.read_ns += nanoseconds(gathered - started);
  scan_.counters_.decode_ns += nanoseconds(decoded - gathered);
  scan_.counters_.rows += batch_.rows();
  scan_.counters_.bytes += batch_bytes_;
  returned_at_ = decoded;
  return batch_.rows();
}

bool RangeProducer::ensure_range() {
  if (range_ != nullptr) {
    return true;
  }
  if (!connection_) {
    auto lease = scan_.environment_.pool.borrow([this] { return scan_.all_taken(); });
    if (!lease) {
      return false;
    }
    connection_.emplace(std::move(*lease));
  }
  range_ = scan_.next_range();
  if (range_ == nullptr) {
    connection_.reset();
    return false;
  }
  batch_range_ = range_;
  rows_before_batch_ = 0;
  stream_.emplace(scan_.job_.mappings.size());
  (*connection_)->start_copy(source::copy_sql(*range_, scan_.job_.select_list, scan_.environment_.limit));
  return true;
}

void RangeProducer::gather() {
  source::Connection& connection = **connection_;
  while (!batch_.full() && batch_bytes_ < kBatchBytes) {
    const std::optional<Bytes> message = connection.next_message();
    if (!message) {
      finish_range();
      return;
    }
    batch_bytes_ += message->size();
    stream_->read_message(*message, batch_);
  }
}

void RangeProducer::finish_range() {
  stream_->finish();
  scan_.counters_.server_rows += (*connection_)->copied_rows();
  scan_.counters_.heap_bytes += range_->bytes;
  range_ = nullptr;
}

void RangeProducer::decode_batch(std::span<decode::ColumnView* const> columns) {
  for (std::size_t column = 0; column < decoders_.size(); ++column) {
    try {
      decoders_[column]->decode(batch_.column(column), *columns[column], 0);
    } catch (const decode::BadValue& bad) {
      rethrow(bad, column);
    } catch (Error& error) {
      give_up_connection();
      throw error.add_context("column " + scan_.job_.shape.columns[column].name)
          .add_context("table " + scan_.job_.table.name.display());
    }
  }
  rows_before_batch_ += batch_.rows();
  if (decoders_.empty()) {
    for (std::size_t row = 0; row < batch_.rows(); ++row) {
      columns[0]->set_null(row);
    }
  }
}

void RangeProducer::rethrow(const decode::BadValue& bad, std::size_t column) {
  const std::string& name = scan_.job_.shape.columns[column].name;
  Error error(bad.unrepresentable ? ErrorKind::kUnrepresentable : ErrorKind::kCorruptData, bad.message);
  const std::string ctid = batch_range_ == nullptr
                               ? std::string()
                               : scan_.environment_.find_ctid(*batch_range_, rows_before_batch_ + bad.row);
  error.add_context(ctid.empty() ? "row " + std::to_string(rows_before_batch_ + bad.row + 1) : "ctid " + ctid);
  error.add_context("column " + name).add_context("table " + scan_.job_.table.name.display());
  error.set_hint("mend the value in Postgres, or leave the table out with --exclude or --on-error skip");
  give_up_connection();
  throw Error(error);
}

void RangeProducer::give_up_connection() {
  range_ = nullptr;
  if (connection_) {
    (*connection_)->abandon_copy();
    connection_->discard();
    connection_.reset();
  }
}

}  // namespace pg2duck::sync
