#include "source/read/page_reader.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/identifier.hpp"
#include "decode/heap/heap_page.hpp"

namespace pg2duck::source {
namespace {

using decode::HeapPage;
using Verdict = decode::TupleVisibility::Verdict;

/// Half a megabyte: few questions about transactions, little memory.
constexpr std::size_t kPagesAtOnce = 64;
/// Rows that are asked for in one statement.
constexpr std::size_t kAskedAtOnce = 2000;
constexpr std::size_t kCountSize = 8;

std::vector<BlockNumber> blocks_of(const ReadRange& range) {
  std::vector<BlockNumber> blocks(*range.end_block - std::min(*range.first_block, *range.end_block));
  std::iota(blocks.begin(), blocks.end(), static_cast<BlockNumber>(*range.first_block));
  return blocks;
}

std::string asked_copy_sql(const ReadRange& range, const ReadRequest& request, std::span<const std::string> ctids) {
  return fmt::format(
      "COPY (SELECT {} FROM ONLY {} WHERE ctid = ANY ('{{\"{}\"}}'::pg_catalog.tid[])) TO STDOUT (FORMAT binary)",
      request.select_list, range.relation.quoted(), fmt::join(ctids, "\",\""));
}

}  // namespace

std::vector<std::optional<bool>> find_outcomes(Connection& connection, const std::vector<std::uint64_t>& transactions) {
  const Result rows = connection.query(
      fmt::format("SELECT pg_catalog.pg_xact_status(t) FROM pg_catalog.unnest('{{{}}}'::pg_catalog.xid8[])"
                  " WITH ORDINALITY AS x(t, position) ORDER BY position",
                  fmt::join(transactions, ",")));
  std::vector<std::optional<bool>> outcomes;
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    const std::string status = rows.text(row, 0);
    outcomes.push_back(status == "committed" ? std::optional(true)
                       : status == "aborted" ? std::optional(false)
                                             : std::nullopt);
  }
  return outcomes;
}

std::string PageReader::ctid(const TupleId& id) {
  return fmt::format("({},{})", id.block, id.item);
}

PageReader::PageReader(const PageSource& source, ReadRequest request, OutcomeFinder find_outcomes)
    : source_(source),
      request_(std::move(request)),
      find_outcomes_(std::move(find_outcomes)),
      visibility_(source.snapshot),
      pages_(1, kPagesAtOnce) {}

void PageReader::start(Connection& connection, const ReadRange& range) {
  start(connection, range, blocks_of(range));
}

void PageReader::start(Connection& connection, const ReadRange& range, std::vector<BlockNumber> blocks) {
  connection_ = &connection;
  range_ = &range;
  tuple_reader_.emplace(source_.layouts.at(range.oid));
  blocks_ = std::move(blocks);
  pages_read_ = 0;
  asked_.clear();
  next_asked_ = 0;
  server_rows_ = 0;
  tuples_.clear();
  next_tuple_ = 0;
  pages_done_ = blocks_.empty();
  if (!pages_done_) {
    stream_.emplace(1);
    connection.start_copy("COPY (" + pages_sql(source_.access, range.relation, blocks_) +
                          ") TO STDOUT (FORMAT binary)");
  }
}

bool PageReader::gather(decode::RowBatch& batch) {
  batch.clear(decode::ValueFormat::kHeap);
  tuple_reader_->release();
  places_.clear();
  bytes_ = 0;
  while (batch.rows() == 0 && (next_tuple_ < tuples_.size() || load_pages())) {
    add_rows(batch);
  }
  if (batch.rows() > 0) {
    return true;
  }
  return gather_asked(batch);
}

bool PageReader::load_pages() {
  if (pages_done_) {
    return false;
  }
  connection_->release_messages();
  pages_.clear();
  tuples_.clear();
  next_tuple_ = 0;
  while (!pages_done_ && !pages_.full()) {
    const std::optional<Bytes> message = connection_->next_message();
    pages_done_ = !message.has_value();
    if (message) {
      stream_->read_message(*message, pages_);
    }
  }
  if (pages_done_) {
    stream_->finish();
    stream_.reset();
  }
  for (const decode::Field& page : pages_.column(0)) {
    if (pages_read_ == blocks_.size() && page.length == static_cast<std::int32_t>(kCountSize)) {
      server_rows_ = load_big_endian<std::uint64_t>(page.data);
    } else if (page.is_null() || pages_read_ == blocks_.size()) {
      throw Error(ErrorKind::kCorruptData, "the server sent other pages than were asked for");
    } else {
      open_page(page.bytes());
    }
  }
  judge_undecided();
  if (pages_done_ && pages_read_ != blocks_.size()) {
    throw Error(ErrorKind::kCorruptData, "the server sent fewer pages than were asked for");
  }
  return true;
}

void PageReader::open_page(Bytes bytes) {
  const HeapPage page(bytes);
  const bool all_visible = page.all_visible();
  for (unsigned item = 1; item <= page.items(); ++item) {
    const Tuple tuple{page.tuple(item), {blocks_[pages_read_], static_cast<std::uint16_t>(item)}};
    if (tuple.bytes.empty()) {
      continue;
    }
    if (all_visible) {
      tuples_.push_back(tuple);
    } else {
      judge(tuple);
    }
  }
  ++pages_read_;
}

void PageReader::judge(const Tuple& tuple) {
  switch (visibility_.judge(tuple.bytes)) {
    case Verdict::kVisible:
      tuples_.push_back(tuple);
      break;
    case Verdict::kInvisible:
      break;
    case Verdict::kOutcomeNeeded:
      undecided_.push_back(tuple);
      needed_.push_back(visibility_.needed());
      break;
    case Verdict::kAskServer:
      asked_.push_back(tuple.id);
      break;
  }
}

void PageReader::judge_undecided() {
  // Twice at most: for the transaction that made a tuple, and for the one that deleted it.
  while (!undecided_.empty()) {
    std::ranges::sort(needed_);
    needed_.erase(std::unique(needed_.begin(), needed_.end()), needed_.end());
    const std::vector<std::optional<bool>> outcomes = find_outcomes_(needed_);
    std::vector<std::uint64_t> unknown;
    for (std::size_t i = 0; i < needed_.size(); ++i) {
      if (i < outcomes.size() && outcomes[i]) {
        visibility_.learn(needed_[i], *outcomes[i]);
      } else {
        unknown.push_back(needed_[i]);
      }
    }
    needed_.clear();
    for (const Tuple& tuple : std::exchange(undecided_, {})) {
      const bool is_unknown = visibility_.judge(tuple.bytes) == Verdict::kOutcomeNeeded &&
                              std::ranges::binary_search(unknown, visibility_.needed());
      if (is_unknown) {
        asked_.push_back(tuple.id);
      } else {
        judge(tuple);
      }
    }
  }
}

void PageReader::add_rows(decode::RowBatch& batch) {
  while (next_tuple_ < tuples_.size() && !batch.full() && bytes_ + tuple_reader_->decompressed_bytes() < kHeavyBatch) {
    const Tuple& tuple = tuples_[next_tuple_];
    if (tuple_reader_->read(tuple.bytes, batch)) {
      places_.push_back(next_tuple_);
      bytes_ += tuple.bytes.size();
    } else {
      asked_.push_back(tuple.id);
    }
    ++next_tuple_;
  }
}

bool PageReader::ask_server() {
  if (next_asked_ == asked_.size()) {
    return false;
  }
  const std::size_t count = std::min(kAskedAtOnce, asked_.size() - next_asked_);
  std::vector<std::string> ctids;
  for (const TupleId& id : std::span(asked_).subspan(next_asked_, count)) {
    ctids.push_back(ctid(id));
  }
  connection_->start_copy(asked_copy_sql(*range_, request_, ctids));
  next_asked_ += count;
  return true;
}

bool PageReader::gather_asked(decode::RowBatch& batch) {
  batch.clear(decode::ValueFormat::kWire);
  connection_->release_messages();
  while (batch.rows() == 0) {
    if (!stream_) {
      if (!ask_server()) {
        return false;
      }
      stream_.emplace(batch.columns());
    }
    while (stream_ && !batch.full() && bytes_ < kHeavyBatch) {
      const std::optional<Bytes> message = connection_->next_message();
      if (message) {
        bytes_ += message->size();
        stream_->read_message(*message, batch);
      } else {
        stream_->finish();
        stream_.reset();
      }
    }
  }
  return true;
}

RowPlace PageReader::place(std::size_t row) const {
  return row < places_.size() ? RowPlace{.ordinal = std::nullopt, .ctid = ctid(tuples_[places_[row]].id)} : RowPlace{};
}

}  // namespace pg2duck::source
