#include "sync/read/range_producer.hpp"

#include <algorithm>
#include <utility>

#include "base/identifier.hpp"
#include "decode/heap/heap_decoder.hpp"
#include "decode/wire/wire_decoder.hpp"
#include "source/read/copy_reader.hpp"
#include "source/read/page_reader.hpp"
#include "source/read/ranges.hpp"

namespace pg2duck::sync {
namespace {

std::unique_ptr<source::RangeReader> make_reader(const Reading& reading, const ScanEnvironment& environment) {
  source::ReadRequest request = reading.request(environment.limit);
  if (reading.pages && !environment.limit) {
    return std::make_unique<source::PageReader>(*reading.pages, std::move(request), environment.find_outcomes);
  }
  return std::make_unique<source::CopyReader>(std::move(request));
}

std::int64_t nanoseconds(std::chrono::steady_clock::duration duration) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(duration).count();
}

}  // namespace

RangeProducer::RangeProducer(SharedScan& scan)
    : scan_(scan),
      reader_(make_reader(scan.reading(), scan.environment())),
      findings_(scan.reading().columns.size()),
      batch_(selected(scan.reading().columns).size(), engine::kChunkRows) {
  for (const PlannedColumn& column : selected(scan.reading().columns)) {
    wire_decoders_.emplace_back(decode::make_wire_decoder(column.mapping));
    if (scan.reading().pages) {
      heap_decoders_.emplace_back(decode::make_heap_decoder(column.mapping, *column.heap_type));
    }
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
    scan_.counters().write_ns += nanoseconds(started - *returned_at_);
  }
  try {
    batch_.clear();
    batch_bytes_ = 0;
    while (batch_.rows() == 0 && ensure_range()) {
      gather();
    }
  } catch (Error& error) {
    give_up_connection();
    throw error.add_context("table " + scan_.reading().table.display());
  }
  const auto gathered = Clock::now();
  decode_batch(columns);
  const auto decoded = Clock::now();
  scan_.counters().read_ns += nanoseconds(gathered - started);
  scan_.counters().decode_ns += nanoseconds(decoded - gathered);
  scan_.counters().rows += batch_.rows();
  scan_.counters().bytes += batch_bytes_;
  scan_.environment().rate_limit.pass(batch_bytes_, scan_.environment().stop);
  returned_at_ = Clock::now();
  // When the table must be loaded again, what its values show is still wanted, and DuckDB's work is not.
  return scan_.has_misfit() ? std::min<std::size_t>(batch_.rows(), 1) : batch_.rows();
}

bool RangeProducer::ensure_range() {
  if (range_ != nullptr) {
    return true;
  }
  if (!connection_) {
    auto lease = scan_.environment().pool.borrow([this] { return scan_.all_taken(); });
    if (!lease) {
      return false;
    }
    connection_.emplace(std::move(*lease));
  }
  range_ = scan_.next_range();
  if (range_ == nullptr) {
    (*connection_)->release_messages();
    connection_.reset();
    return false;
  }
  batch_range_ = range_;
  reader_->start(**connection_, *range_);
  return true;
}

void RangeProducer::gather() {
  const bool more = reader_->gather(batch_);
  batch_bytes_ += reader_->batch_bytes();
  if (!more) {
    scan_.counters().server_rows += reader_->server_rows();
    scan_.counters().heap_bytes += range_->bytes;
    range_ = nullptr;
  }
}

std::vector<decode::TolerantDecoder>& RangeProducer::decoders() {
  return batch_.format() == decode::ValueFormat::kHeap ? heap_decoders_ : wire_decoders_;
}

void RangeProducer::decode_batch(std::span<decode::ColumnView* const> columns) {
  for (std::size_t column = 0; column < decoders().size(); ++column) {
    try {
      decode_column(column, columns);
    } catch (const decode::BadValue& bad) {
      refuse(bad, column);
    } catch (Error& error) {
      give_up_connection();
      throw error.add_context("column " + scan_.reading().columns[column].shape.name)
          .add_context("table " + scan_.reading().table.display());
    }
  }
  if (decoders().empty()) {
    for (std::size_t row = 0; row < batch_.rows(); ++row) {
      columns[0]->set_null(row);
    }
  }
  look_for_misfits();
}

void RangeProducer::decode_column(std::size_t column, std::span<decode::ColumnView* const> columns) {
  const std::vector<PlannedColumn>& planned = scan_.reading().columns;
  if (planned[column].role == ColumnRole::kSideText) {
    return;  // with the column before it
  }
  const std::span<const decode::Field> fields = batch_.column(column);
  if (planned[column].policy == config::Unrepresentable::kError) {
    decoders()[column].strict().decode(fields, *columns[column], 0);
    return;
  }
  const std::span<const std::size_t> refused = decoders()[column].decode(fields, *columns[column], 0);
  findings_[column].unrepresentable += refused.size();
  if (column + 1 < planned.size() && planned[column + 1].role == ColumnRole::kSideText) {
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
  decoders()[column].strict().decode(side_fields_, out, 0);
}

void RangeProducer::look_for_misfits() {
  for (std::size_t column = 0; column < decoders().size(); ++column) {
    if (scan_.reading().columns[column].is_adaptive()) {
      decoders()[column].strict().collect(findings_[column].profile);
      if (types::has_misfit(findings_[column].profile)) {
        scan_.note_misfit();
      }
    }
  }
}

void RangeProducer::refuse(const decode::BadValue& bad, std::size_t column) {
  const PlannedColumn& planned = scan_.reading().columns[column];
  const bool hidden = planned.is_transformed();
  const std::string type = planned.mapping.target.sql();
  Error error(bad.unrepresentable ? ErrorKind::kUnrepresentable : ErrorKind::kCorruptData,
              hidden ? "a value, not shown because it is transformed, cannot be held by " + type : bad.message);
  const source::RowPlace place = reader_->place(bad.row);
  const source::FoundValue found = batch_range_ == nullptr
                                       ? source::FoundValue{}
                                       : scan_.environment().find_value(*batch_range_, place, planned.text);
  if (bad.unrepresentable && !hidden && !found.text.empty()) {
    error = Error(error.kind(), bad.message + " (the value is " + found.text + ")");
  }
  if (!found.ctid.empty() || place.ordinal) {
    error.add_context(found.ctid.empty() ? "row " + std::to_string(*place.ordinal + 1) : "ctid " + found.ctid);
  }
  error.add_context("column " + planned.shape.name).add_context("table " + scan_.reading().table.display());
  const std::string rule =
      "--column '" + scan_.reading().table.display() + "." + display_identifier(planned.source.name) + "=";
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
