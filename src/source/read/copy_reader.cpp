#include "source/read/copy_reader.hpp"

namespace pg2duck::source {

void CopyReader::start(Connection& connection, const ReadRange& range) {
  connection_ = &connection;
  stream_.reset();
  rows_before_ = 0;
  rows_ = 0;
  connection.start_copy(copy_sql(range, request_));
}

bool CopyReader::gather(decode::RowBatch& batch) {
  if (!stream_) {
    stream_.emplace(batch.columns());
  }
  batch.clear();
  connection_->release_messages();
  rows_before_ += rows_;
  bytes_ = 0;
  bool more = true;
  while (more && !batch.full() && bytes_ < kHeavyBatch) {
    const std::optional<Bytes> message = connection_->next_message();
    more = message.has_value();
    if (message) {
      bytes_ += message->size();
      stream_->read_message(*message, batch);
    }
  }
  rows_ = batch.rows();
  if (!more) {
    stream_->finish();
    server_rows_ = connection_->copied_rows();
  }
  return more;
}

RowPlace CopyReader::place(std::size_t row) const {
  return {.ordinal = rows_before_ + row, .ctid = {}};
}

}  // namespace pg2duck::source
