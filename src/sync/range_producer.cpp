#include "sync/range_producer.hpp"

#include <algorithm>
#include <utility>

#include "base/identifier.hpp"
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
    : scan_(scan), findings_(scan.job_.columns.size()), batch_(scan.job_.columns.size(), destination::kChunkRows) {
  decoders_.reserve(scan.job_.columns.size());
  for (const ColumnJob& column : scan.job_.columns) {
    decoders_.emplace_back(decode::make_decoder(column.mapping));
  }
}

RangeProducer::~RangeProducer() {
  scan_.add_findings(findings_);
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
  // When the table must be loaded again, what its values show is still wanted, and DuckDB's work is not.
  return scan_.has_misfit() ? std::min<std::size_t>(batch_.rows(), 1) : batch_.rows();
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
  stream_.emplace(scan_.job_.columns.size());
  (*connection_)->start_copy(source::copy_sql(*range_, read_request(scan_.job_, scan_.environment_.limit)));
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
      decode_column(column, columns);
    } catch (const decode::BadValue& bad) {
      refuse(bad, column);
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
  look_for_misfits();
}

void RangeProducer::decode_column(std::size_t column, std::span<decode::ColumnView* const> columns) {
  const std::vector<ColumnJob>& jobs = scan_.job_.columns;
  if (jobs[column].is_side_text) {
    return;  // with the column before it
  }
  const std::span<const decode::Field> fields = batch_.column(column);
  if (jobs[column].policy == config::Unrepresentable::kError) {
    decoders_[column].strict().decode(fields, *columns[column], 0);
    return;
  }
  const std::span<const std::size_t> refused = decoders_[column].decode(fields, *columns[column], 0);
  findings_[column].unrepresentable += refused.size();
  if (column + 1 < jobs.size() && jobs[column + 1].is_side_text) {
    decode_side_text(column + 1, refused, *columns[column + 1]);
  }
}

void RangeProducer::decode_side_text(std::size_t column, std::span<const std::size_t> refused,
                                     decode::ColumnView& out) {
  side_fields_.assign(batch_.rows(), {});
  for (const std::size_t row : refused) {
    side_fields_[row] = batch_.column(column)[row];
    if (side_fields_[row].is_null()) {
      throw Error(ErrorKind::kBug, "Postgres sent no text of a value that could not be held");
    }
  }
  decoders_[column].strict().decode(side_fields_, out, 0);
}

void RangeProducer::look_for_misfits() {
  for (std::size_t column = 0; column < decoders_.size(); ++column) {
    if (types::is_adaptive(scan_.job_.columns[column].mapping)) {
      decoders_[column].strict().collect(findings_[column].profile);
      if (types::has_misfit(findings_[column].profile)) {
        scan_.has_misfit_ = true;
      }
    }
  }
}

void RangeProducer::refuse(const decode::BadValue& bad, std::size_t column) {
  Error error(bad.unrepresentable ? ErrorKind::kUnrepresentable : ErrorKind::kCorruptData, bad.message);
  const std::uint64_t row = rows_before_batch_ + bad.row;
  const source::FoundValue found =
      batch_range_ == nullptr ? source::FoundValue{}
                              : scan_.environment_.find_value(*batch_range_, row, scan_.job_.columns[column].text);
  if (bad.unrepresentable && !found.text.empty()) {
    error = Error(error.kind(), bad.message + " (the value is " + found.text + ")");
  }
  error.add_context(found.ctid.empty() ? "row " + std::to_string(row + 1) : "ctid " + found.ctid);
  const std::string& name = scan_.job_.shape.columns[column].name;
  error.add_context("column " + name).add_context("table " + scan_.job_.table.name.display());
  const std::string rule = "--column '" + scan_.job_.table.name.display() + "." +
                           display_identifier(scan_.job_.columns[column].source) + "=";
  error.set_hint(bad.unrepresentable
                     ? "copy it as NULL with " + rule + "unrepresentable null', as NULL with its text in a column " +
                           "beside it with '…=unrepresentable text', the whole column as text with '…=varchar'; or " +
                           "leave the table out with --exclude or --on-error skip"
                     : "mend the value in Postgres, or leave the table out with --exclude or --on-error skip");
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
