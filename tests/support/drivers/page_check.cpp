// page_check SOURCE TABLE SECONDS PATIENCE SEED: under one snapshot after another, reads a table as pages and by COPY,
// and compares the rows, byte by byte. Something else must write to the table meanwhile. When SECONDS have told too
// little, it goes on for up to PATIENCE seconds. Half of the time the pages of a range are read as two lists of blocks,
// the even and the odd ones. The LSN of each page is compared with the one that pageinspect finds in the same bytes.
//
// Two ways to read pages wrongly are tried as well, and must be found out: pages that are older than the snapshot, and
// a newer snapshot's bounds. Needs the function pg2duck.heap_pages of tests/e2e/test_page_concurrency.py, which
// gives the pages that are saved in pg2duck.saved. Prints what it has counted, as JSON.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include "base/error.hpp"
#include "decode/heap/heap_page.hpp"
#include "decode/heap/wire_conversion.hpp"
#include "decode/wire/copy_stream.hpp"
#include "source/read/copy_reader.hpp"
#include "source/read/page_reader.hpp"
#include "source/read/snapshot.hpp"
#include "sync/read/reading.hpp"

namespace {

using namespace pg2duck;
using Rows = std::vector<std::string>;

struct Counts {
  std::size_t snapshots = 0, rows = 0, decoded = 0, asked = 0, lists = 0, pages = 0, lsn_mismatches = 0;
  std::uint64_t maximum_lsn = 0;
  std::size_t mismatches = 0, early = 0, early_mismatches = 0, newer = 0, newer_mismatches = 0;

  /// Both wrong ways were found out, and at least `wanted` snapshots were looked at.
  [[nodiscard]] bool tell_enough(std::size_t wanted) const {
    return snapshots >= wanted && asked > 0 && early_mismatches > 0 && newer_mismatches > 0;
  }
};

/// One field after the other, each with its length, as it would be on the wire.
std::string row_text(const sync::Reading& reading, const decode::RowBatch& batch, std::size_t row) {
  std::vector<std::byte> bytes;
  for (std::size_t column = 0; column < reading.columns.size(); ++column) {
    const decode::Field field = batch.column(column)[row];
    std::vector<std::byte> value;
    if (!field.is_null() && batch.format() == decode::ValueFormat::kHeap) {
      decode::append_as_wire(*reading.columns[column].heap_type, field.bytes(), value);
    } else if (!field.is_null()) {
      value.assign(field.bytes().begin(), field.bytes().end());
    }
    const std::string length = field.is_null() ? "null;" : std::to_string(value.size()) + ":";
    const auto length_bytes = std::as_bytes(std::span(length));
    bytes.insert(bytes.end(), length_bytes.begin(), length_bytes.end());
    bytes.insert(bytes.end(), value.begin(), value.end());
  }
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Adds the rows of what `reader` has begun to read.
void read_started(source::RangeReader& reader, const sync::Reading& reading, Counts* counts, Rows& rows) {
  decode::RowBatch batch(reading.columns.size(), 2048);
  bool more = true;
  std::size_t of_range = 0;
  while (more) {
    more = reader.gather(batch);
    for (std::size_t row = 0; row < batch.rows(); ++row) {
      rows.push_back(row_text(reading, batch, row));
    }
    of_range += batch.rows();
    if (counts != nullptr) {
      (batch.format() == decode::ValueFormat::kHeap ? counts->decoded : counts->asked) += batch.rows();
    }
  }
  if (counts != nullptr && of_range != reader.server_rows()) {
    std::fprintf(stderr, "the server counts %zu rows, read were %zu\n", static_cast<std::size_t>(reader.server_rows()),
                 of_range);
    ++counts->mismatches;
  }
}

/// Every second block of `range`, from its first or from its second on.
std::vector<source::BlockNumber> every_second(const source::ReadRange& range, std::uint64_t from) {
  std::vector<source::BlockNumber> blocks;
  for (std::uint64_t block = *range.first_block + from; block < *range.end_block; block += 2) {
    blocks.push_back(static_cast<source::BlockNumber>(block));
  }
  return blocks;
}

class Checker {
 public:
  Checker(const char* source, std::string table, unsigned seed)
      : info_(source::ConnectionInfo::parse(Secret(source))),
        table_(std::move(table)),
        side_(source::Connection::open(info_, {})),
        dice_(seed) {
    options_.read = config::ReadMethod::kPages;
  }

  void check_once();

  Counts counts;

 private:
  bool chance(unsigned percent) { return dice_() % 100 < percent; }

  void pause(unsigned most) { std::this_thread::sleep_for(std::chrono::milliseconds(dice_() % most)); }

  std::vector<source::RelationEntry> find_table(source::Connection& connection) const;
  sync::Reading plan(source::Connection& session, const std::vector<source::RelationEntry>& relations) const;
  Rows by_pages(const sync::Reading& reading, const source::PageSource& pages, Counts* counts);
  Rows by_copy(const sync::Reading& reading);
  void check_lsns();

  source::ConnectionInfo info_;
  std::string table_;
  config::CopyOptions options_;
  source::Connection side_;  // sees what is committed at each statement
  std::mt19937 dice_;
  std::optional<source::Connection> session_;  // at the snapshot
  std::optional<source::Connection> reader_;   // at the same one
};

std::vector<source::RelationEntry> Checker::find_table(source::Connection& connection) const {
  std::vector<source::RelationEntry> all = source::list_relations(connection);
  std::erase_if(all, [&](const source::RelationEntry& relation) { return relation.name.display() != table_; });
  if (all.size() != 1) {
    throw Error(ErrorKind::kConfig, "there is no table " + table_);
  }
  return all;
}

sync::Reading Checker::plan(source::Connection& session, const std::vector<source::RelationEntry>& relations) const {
  source::Catalog catalog = source::read_catalog(session, {relations.front().oid});
  for (source::Leaf& leaf : catalog.tables.front().leaves) {
    leaf.toast_bytes = 0;  // pages are not given up for it here
  }
  sync::PlanInputs inputs{.options = options_,
                          .catalog = catalog,
                          .selection = {{relations.front(), {"main", "checked"}}},
                          .target = {},
                          .staged_prefix = {},
                          .taken_at = {},
                          .readers = 2,
                          .block_bytes = 8192,
                          .server_version = session.server_version()};
  inputs.page_access = source::find_page_access(session);
  std::vector<types::Oid> leaves;
  for (const source::Leaf& leaf : catalog.tables.front().leaves) {
    leaves.push_back(leaf.oid);
  }
  inputs.heaps = source::read_heaps(session, leaves);
  inputs.snapshot_bounds =
      decode::SnapshotBounds::parse(session.query("SELECT pg_catalog.pg_current_snapshot()").text(0, 0));
  const sync::TableJob job = finish_table(inputs, draft_table(inputs, 0), {}, 1);
  if (!job.read.pages) {
    throw Error(ErrorKind::kBug, "not read as pages: " + describe(job).read);
  }
  return reading_of(job);
}

Rows Checker::by_pages(const sync::Reading& reading, const source::PageSource& pages, Counts* result) {
  source::PageReader reader(pages, reading.request(std::nullopt),
                            [this](const auto& transactions) { return find_outcomes(*session_, transactions); });
  Rows rows;
  const bool by_lists = result != nullptr && chance(50);
  for (const source::ReadRange& range : reading.ranges) {
    if (!by_lists) {
      reader.start(*reader_, range);
      read_started(reader, reading, result, rows);
      continue;
    }
    for (const std::uint64_t from : {std::uint64_t{0}, std::uint64_t{1}}) {
      reader.start(*reader_, range, every_second(range, from));
      read_started(reader, reading, result, rows);
    }
    ++result->lists;
  }
  reader_->release_messages();
  std::ranges::sort(rows);
  return rows;
}

Rows Checker::by_copy(const sync::Reading& reading) {
  source::CopyReader reader(reading.request(std::nullopt));
  Rows rows;
  for (const source::ReadRange& range : reading.ranges) {
    reader.start(*reader_, range);
    read_started(reader, reading, nullptr, rows);
  }
  reader_->release_messages();
  std::ranges::sort(rows);
  return rows;
}

void Checker::check_lsns() {
  decode::CopyStream stream(2);
  decode::RowBatch batch(2, 1);
  // OFFSET 0: the page that pageinspect looks at is the one that is sent, and not a later one.
  reader_->start_copy("COPY (SELECT page, (public.page_header(page)).lsn FROM (SELECT public.get_raw_page('" + table_ +
                      "', b) AS page FROM generate_series(0, pg_relation_size('" + table_ +
                      "') / 8192 - 1) AS b OFFSET 0) AS pages) TO STDOUT (FORMAT binary)");
  while (const std::optional<Bytes> message = reader_->next_message()) {
    batch.clear();
    if (stream.read_message(*message, batch)) {
      const std::uint64_t lsn = decode::HeapPage(batch.column(0)[0].bytes()).lsn();
      ++counts.pages;
      counts.lsn_mismatches += lsn != load_big_endian<std::uint64_t>(batch.column(1)[0].data) ? 1 : 0;
      counts.maximum_lsn = std::max(counts.maximum_lsn, lsn);
    }
    reader_->release_messages();
  }
  stream.finish();
}

void Checker::check_once() {
  reader_.reset();
  session_.reset();
  const bool early = chance(30);
  if (early) {
    // The lock keeps vacuum from cutting off pages between their counting and their reading.
    side_.execute(
        "LOCK TABLE " + table_ +
        " IN ACCESS SHARE MODE; TRUNCATE pg2duck.saved; INSERT INTO pg2duck.saved SELECT b, public.get_raw_page('" +
        table_ + "', b) FROM generate_series(0, pg_relation_size('" + table_ + "') / 8192 - 1) AS b");
    pause(60);
  }
  source::Connection coordinator = source::Connection::open(info_, {});
  const std::vector<source::RelationEntry> relations = find_table(coordinator);
  source::Snapshot snapshot = source::Snapshot::take(std::move(coordinator), relations);
  session_.emplace(source::open_at_snapshot(info_, snapshot.id(), relations, {}));
  reader_.emplace(source::open_at_snapshot(info_, snapshot.id(), relations, {}));
  const sync::Reading reading = plan(*session_, relations);
  if (chance(50)) {
    pause(150);
  }
  Rows truth;
  const bool copy_first = chance(50);  // its hints on the pages help whoever comes second
  if (copy_first) {
    truth = by_copy(reading);
  }
  const Rows rows = by_pages(reading, *reading.pages, &counts);
  if (!copy_first) {
    truth = by_copy(reading);
  }
  check_lsns();
  ++counts.snapshots;
  counts.rows += truth.size();
  if (rows != truth) {
    ++counts.mismatches;
    std::fprintf(stderr, "snapshot %zu: %zu rows by COPY, %zu as pages, or other values\n", counts.snapshots,
                 truth.size(), rows.size());
  }
  if (early) {
    source::PageSource pages = *reading.pages;
    pages.access.by = source::PageAccess::By::kFunction;
    ++counts.early;
    counts.early_mismatches += by_pages(reading, pages, nullptr) != truth ? 1 : 0;
  }
  if (chance(30)) {
    source::PageSource pages = *reading.pages;
    pages.snapshot = decode::SnapshotBounds::parse(side_.query("SELECT pg_catalog.pg_current_snapshot()").text(0, 0));
    ++counts.newer;
    counts.newer_mismatches += by_pages(reading, pages, nullptr) != truth ? 1 : 0;
  }
}

/// DDL that came between is none of this test's business.
bool is_expected(const Error& error) {
  return error.kind() == ErrorKind::kSchemaDrift || error.sqlstate() == "55P03" || error.sqlstate() == "40P01";
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) {
    std::fputs("usage: page_check SOURCE TABLE SECONDS PATIENCE SEED\n", stderr);
    return 2;
  }
  try {
    Checker checker(argv[1], argv[2], static_cast<unsigned>(std::atoi(argv[5])));
    const std::chrono::seconds time(std::atoi(argv[3]));
    const auto end = std::chrono::steady_clock::now() + time;
    const auto given_up = end + std::chrono::seconds(std::atoi(argv[4]));
    const auto goes_on = [&](std::chrono::steady_clock::time_point now) {
      return now < end || (now < given_up && !checker.counts.tell_enough(static_cast<std::size_t>(time.count()) / 4));
    };
    while (goes_on(std::chrono::steady_clock::now())) {
      try {
        checker.check_once();
      } catch (const Error& error) {
        if (!is_expected(error)) {
          throw;
        }
      }
    }
    const Counts& c = checker.counts;
    fmt::print(R"({{"snapshots": {}, "rows": {}, "decoded": {}, "asked": {}, "mismatches": {}, "early": {}, )"
               R"("early_mismatches": {}, "newer": {}, "newer_mismatches": {}, "lists": {}, "pages": {}, )"
               R"("lsn_mismatches": {}, "maximum_lsn": {}}})"
               "\n",
               c.snapshots, c.rows, c.decoded, c.asked, c.mismatches, c.early, c.early_mismatches, c.newer,
               c.newer_mismatches, c.lists, c.pages, c.lsn_mismatches, c.maximum_lsn);
    return c.mismatches == 0 && c.lsn_mismatches == 0 ? 0 : 1;
  } catch (const Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
