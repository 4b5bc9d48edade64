#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "decode/heap/tuple_layout.hpp"
#include "decode/heap/tuple_reader.hpp"
#include "decode/heap/tuple_visibility.hpp"
#include "decode/row_batch.hpp"
#include "decode/wire/copy_stream.hpp"
#include "source/read/page_access.hpp"
#include "source/read/range_reader.hpp"

namespace pg2duck::source {

/// How some transactions ended, all of them before the snapshot's xmin: whether each committed, nothing where the
/// server does not know any more.
using OutcomeFinder = std::function<std::vector<std::optional<bool>>(const std::vector<std::uint64_t>& transactions)>;

/// The OutcomeFinder's question: one query.
std::vector<std::optional<bool>> find_outcomes(Connection& connection, const std::vector<std::uint64_t>& transactions);

/// What reading the pages of one table needs.
struct PageSource {
  PageAccess access;
  decode::SnapshotBounds snapshot;
  std::map<types::Oid, decode::TupleLayout> layouts;  ///< by the heaps of the ranges
};

/// Reads ranges, or lists of blocks, as pages of the heap, as the server has them in memory, and takes them apart here.
/// Tuples that the page does not decide on, and those with values out of line (TOAST), are asked from the server by
/// their ctid, under the same snapshot. The server counts the rows of the same pages too, independently of all this.
///
/// Pages are read after the snapshot was taken, under a lock on the table that was granted before: no page can be older
/// than the snapshot, and no version that it sees can be removed.
class PageReader : public RangeReader {
 public:
  /// @pre `source` outlives this; all ranges are of its heaps, and have both ends
  PageReader(const PageSource& source, ReadRequest request, OutcomeFinder find_outcomes);

  void start(Connection& connection, const ReadRange& range) override;
  /// Begins to read those blocks of the range's heap that are listed, whatever blocks the range has.
  /// @pre as RangeReader::start; `blocks` are ascending, each once, and no later than the heap's last
  void start(Connection& connection, const ReadRange& range, std::vector<BlockNumber> blocks);
  bool gather(decode::RowBatch& batch) override;
  [[nodiscard]] RowPlace place(std::size_t row) const override;

  [[nodiscard]] std::size_t batch_bytes() const override { return bytes_; }

  [[nodiscard]] std::uint64_t server_rows() const override { return server_rows_; }

 private:
  /// Where a tuple stands: its ctid.
  struct TupleId {
    BlockNumber block;
    std::uint16_t item;
  };

  struct Tuple {
    Bytes bytes;
    TupleId id;
  };

  static std::string ctid(const TupleId& id);

  /// Reads the next pages, and finds their tuples that the snapshot sees. @return false after the last pages
  bool load_pages();
  void open_page(Bytes page);
  void judge(const Tuple& tuple);
  void judge_undecided();
  void add_rows(decode::RowBatch& batch);
  /// Begins to read the next of the rows that the server is asked for. @return false when there are none
  bool ask_server();
  bool gather_asked(decode::RowBatch& batch);

  const PageSource& source_;
  ReadRequest request_;
  OutcomeFinder find_outcomes_;
  decode::TupleVisibility visibility_;

  // The range.
  Connection* connection_ = nullptr;
  const ReadRange* range_ = nullptr;
  std::optional<decode::TupleReader> tuple_reader_;
  std::vector<BlockNumber> blocks_;
  std::size_t pages_read_ = 0;  // of `blocks_`
  std::vector<TupleId> asked_;  // tuples that the server must judge or send
  std::size_t next_asked_ = 0;
  std::uint64_t server_rows_ = 0;

  // The running COPY: of pages until its end, of asked rows after that.
  std::optional<decode::CopyStream> stream_;
  bool pages_done_ = false;

  // Some pages, and what they hold.
  decode::RowBatch pages_;
  std::vector<Tuple> tuples_;
  std::size_t next_tuple_ = 0;
  std::vector<Tuple> undecided_;
  std::vector<std::uint64_t> needed_;

  // The last batch.
  std::vector<std::size_t> places_;  // in tuples_; empty: of asked rows
  std::size_t bytes_ = 0;
};

}  // namespace pg2duck::source
