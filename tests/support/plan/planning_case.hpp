#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "config/options.hpp"
#include "source/catalog/catalog.hpp"
#include "sync/plan/table_job.hpp"

namespace pg2duck::test {

/// One table to plan, public.t, and all that planning is told of it: what a table test has in its first column. Each
/// call gives a changed value, so that cases begin with what they share.
class Given {
 public:
  /// Columns of the source: "id int4 key, total numeric(10,2) not null, note text #7", where #7 is the column's number.
  explicit Given(std::string_view columns);

  // The source.
  [[nodiscard]] Given kind(source::RelationKind kind) const;
  [[nodiscard]] Given megabytes(std::uint64_t heap, std::uint64_t toast = 0) const;
  [[nodiscard]] Given rows(double estimated) const;
  /// So many partitions of equal size take the place of the one heap. `whole_because`: they say something else by
  /// themselves.
  [[nodiscard]] Given partitions(std::size_t count, std::string whole_because = {}) const;
  [[nodiscard]] Given row_security() const;
  [[nodiscard]] Given server(int version) const;
  /// Pages can be read: by a superuser, with attributes that lie as the columns do.
  [[nodiscard]] Given page_access() const;
  [[nodiscard]] Given page_refusal(std::string why) const;

  // What the user wants.
  /// Of the table: "mode=merge cursor=at key=a,b read=copy on_schema_change=fail primary_keys", as a section of
  /// pg2duck.toml has them; '_' in a value stands for a blank.
  [[nodiscard]] Given with(std::string_view settings) const;
  /// Of the run: "full", "reconcile", "force", "limit=10", "unrepresentable=null", "compression=fast".
  [[nodiscard]] Given run(std::string_view settings) const;
  [[nodiscard]] Given column(std::string_view rule) const;  ///< "note=exclude", of table t
  [[nodiscard]] Given rule(std::string_view text) const;    ///< "other.x=exclude", as the command line takes it
  [[nodiscard]] Given where(std::string_view filter, bool may_match_nothing = false) const;
  [[nodiscard]] Given section(std::string_view pattern) const;  ///< [table."pattern"], which sets something
  [[nodiscard]] Given partition_by(std::string_view keys) const;
  [[nodiscard]] Given dataset(std::string name) const;

  // The target.
  /// Holds a copy that an earlier run made of these columns; empty: of the ones that the source has now. A column may
  /// have another name there ("note text as remark"), a type of DuckDB ("n numeric in DECIMAL(38,2)"), or an expression
  /// ("note text by upper(note)").
  [[nodiscard]] Given copied(std::string_view columns = "") const;
  [[nodiscard]] Given copied_before(const std::string& table) const;  ///< of another table, which may be gone
  [[nodiscard]] Given recreated() const;                              ///< the table is not the one that was copied
  [[nodiscard]] Given limited_copy(std::string_view columns = "") const;
  [[nodiscard]] Given versions() const;  ///< the copy has the columns valid_from and valid_to of versions
  [[nodiscard]] Given watermark(std::string cursor, std::string value, std::int64_t reconciled_ago = -1) const;
  /// Heaps that the rows of the watermark's run were read from, by their OIDs: "16385,16386".
  [[nodiscard]] Given read_parts(std::string oids) const;
  [[nodiscard]] Given profile(const std::string& column, std::string text) const;

  /// No column of the copy holds a value.
  [[nodiscard]] Given empty_columns() const {
    Given next = *this;
    next.empty_columns_ = true;
    return next;
  }

  [[nodiscard]] Given target_view() const;
  [[nodiscard]] Given untracked_table() const;  ///< a table of the name that the ledger knows nothing of

  /// Takes no changes of tables, as Parquet files do.
  [[nodiscard]] Given replaced_only() const;
  [[nodiscard]] Given lake() const;  ///< whose files can be divided

  // What is answered when somebody asks; as here without: nothing is odd, no index helps, nothing is known.
  [[nodiscard]] Given maximum(std::string value) const;  ///< of the cursor, in the rows that are read
  [[nodiscard]] Given maximum_elsewhere(std::string value) const;
  [[nodiscard]] Given transactions(std::string seen, std::string next) const;
  [[nodiscard]] Given negative_lag() const;
  [[nodiscard]] Given null_cursors() const;
  [[nodiscard]] Given unwanted_rows() const;
  [[nodiscard]] Given cursor_failure(ErrorKind kind, const std::string& message) const;
  [[nodiscard]] Given fault(const std::string& message) const;
  [[nodiscard]] Given index() const;     ///< Postgres finds the cursor's rows by an index
  [[nodiscard]] Given no_index() const;  ///< no index begins with the cursor
  [[nodiscard]] Given bound(const std::string& column, types::DuckTypeId type) const;
  [[nodiscard]] Given unbound(const std::string& message) const;
  /// ANALYZE has found so many different values in the column, of so many bytes.
  [[nodiscard]] Given statistics(const std::string& column, double distinct, std::int32_t bytes) const;

  [[nodiscard]] sync::TableDraft draft() const;
  [[nodiscard]] bool asks_for_pages() const;        ///< whether it is worth a question who may read them
  [[nodiscard]] bool asks_for_compression() const;  ///< whether statistics are of use
  [[nodiscard]] sync::TableJob plan() const;

 private:
  template <typename Change>
  [[nodiscard]] Given changed(Change change) const;

  [[nodiscard]] sync::TableFacts facts_of(const sync::TableDraft& draft) const {
    sync::TableFacts facts = facts_;
    facts.misfits = empty_columns_ ? std::vector<sync::TypeDoubt>() : draft.type_doubts;
    return facts;
  }

  template <typename Planner>
  auto planned(Planner planner) const;

  std::string columns_;
  config::CopyOptions options_;
  source::Catalog catalog_;
  sync::TargetState target_;
  sync::Selected selected_;
  destination::Capabilities supports_;
  int server_version_ = 150000;
  source::PageAccess page_access_;
  std::map<types::Oid, source::Heap> heaps_;
  sync::ExpressionFacts expressions_;
  bool empty_columns_ = false;
  sync::TableFacts facts_;
};

}  // namespace pg2duck::test
