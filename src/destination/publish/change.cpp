#include "destination/publish/change.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "destination/publish/key_comparison.hpp"
#include "destination/publish/version_script.hpp"
#include "destination/publish/whole_row.hpp"
#include "types/duckdb_type.hpp"

namespace pg2duck::destination {
namespace {

/// SQL of one change. In it t is the table and s the staged rows.
class Script {
 public:
  Script(const Session& session, const TableChange& change)
      : session_(session),
        change_(change),
        target_(target_name(session, change.shape.name)),
        staged_(target_name(session, change.staged)) {
    for (const ColumnShape& column : change.shape.columns) {
      columns_.push_back(column.name);
    }
  }

  std::vector<Statement> initial_load() {
    if (!change_.newest_by.empty()) {
      add("DELETE FROM {0} WHERE rowid IN (SELECT rowid FROM {0} QUALIFY row_number() OVER "
          "(PARTITION BY {1} ORDER BY {2} DESC NULLS LAST) > 1)",
          staged_, key_values(change_), quote_identifier(change_.newest_by));
    }
    if (!change_.hard_delete.empty()) {
      add("DELETE FROM {} WHERE {}", staged_, deleted(""));
    }
    if (change_.kind == ChangeKind::kVersions) {
      std::ranges::move(first_version_statements(session_, change_), std::back_inserter(statements_));
    }
    return std::move(statements_);
  }

  std::vector<Statement> statements() {
    statements_ = change_.alterations;
    if (!change_.present.name.empty() && change_.kind != ChangeKind::kVersions) {
      add("DELETE FROM {0} WHERE rowid IN (SELECT t.rowid FROM {0} AS t ANTI JOIN {1} AS s ON {2})", target_, present(),
          same_key(change_));
    }
    switch (change_.kind) {
      case ChangeKind::kAppend:
        append();
        break;
      case ChangeKind::kUpsert:
        if (!can_be_replaced()) {
          merge();
          break;
        }
        [[fallthrough]];
      case ChangeKind::kDeleteInsert:
        add("DELETE FROM {} AS t USING {} AS s WHERE {}", target_, source(), same_key(change_));
        add("INSERT INTO {} ({}) SELECT {} FROM {} AS s{}", target_, names(), names("s."), source(),
            change_.hard_delete.empty() ? "" : " WHERE NOT " + deleted());
        break;
      case ChangeKind::kInsertOnly:
        merge();
        break;
      case ChangeKind::kVersions:
        std::ranges::move(version_statements(session_, change_, source(), change_.hard_delete.empty() ? "" : deleted()),
                          std::back_inserter(statements_));
        break;
    }
    add("DROP TABLE {}", staged_);
    if (!change_.present.name.empty() && change_.present != change_.staged) {
      add("DROP TABLE {}", present());
    }
    return std::move(statements_);
  }

  /// SQL of the part of `change.present` whose keys the copy lacks.
  [[nodiscard]] std::string missing(const std::string& column, std::size_t limit) const {
    const bool versions = change_.kind == ChangeKind::kVersions;
    const std::string copy =
        fmt::format("(SELECT *{} FROM {}{})", renames(), target_,
                    versions ? fmt::format(" WHERE {} IS NULL", quote_identifier(change_.validity.to)) : "");
    return fmt::format("SELECT s.{0} FROM {1} AS s ANTI JOIN {2} AS t ON {3} WHERE s.{0} IS NOT NULL LIMIT {4}",
                       quote_identifier(column), present(), copy, same_key(change_), limit);
  }

  /// SQL of one row: all of the copy's rows; those whose key is gone; of the others those that the staged rows meet,
  /// and those that meet one which is marked as deleted; the staged rows that are to stay.
  [[nodiscard]] std::string counts() const {
    if (change_.kind == ChangeKind::kVersions) {
      return version_counts(session_, change_, altered_copy(), source(), change_.hard_delete.empty() ? "" : deleted());
    }
    const bool keyed = change_.kind != ChangeKind::kAppend;
    const std::string copy = keyed ? altered_copy() : target_;
    const auto met = [&](const std::string& rows, const char* join) {
      return fmt::format("(SELECT count(*) FROM {} AS t {} JOIN {} AS s ON {})", copy, join, rows, same_key(change_));
    };
    const bool marks = !change_.hard_delete.empty();
    const std::string marked = fmt::format("(SELECT * FROM {} AS s WHERE {})", source(), marks ? deleted() : "false");
    return fmt::format("SELECT (SELECT count(*) FROM {}), {}, {}, {}, (SELECT count(*) FROM {} AS s{})", target_,
                       change_.present.name.empty() ? "0" : met(present(), "ANTI"),
                       keyed ? met(source(), "SEMI") : appended_before(), marks ? met(marked, "SEMI") : "0", source(),
                       marks ? " WHERE NOT " + deleted() : "");
  }

 private:
  template <typename... Arguments>
  void add(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
    statements_.push_back({.sql = fmt::format(format, std::forward<Arguments>(arguments)...),
                           .where = "table " + change_.shape.name.display()});
  }

  /// Only rows between the minimum that was read and the maximum that is there can stand in both. With the NULLs apart
  /// DuckDB passes over all row groups below the minimum.
  void append() {
    if (change_.boundary.empty()) {
      add("INSERT INTO {} ({}) SELECT {} FROM {}", target_, names(), names(), staged_);
      return;
    }
    const auto& [column, maximum, read, known] = overlap(target_);
    const WholeRow row(session_, change_.shape);
    add("INSERT INTO {0} ({1}) SELECT {1} FROM {2} WHERE {3} > {4} OR ({4} IS NULL AND {3} IS NOT NULL) UNION ALL "
        "SELECT {5} FROM {6} AS s ANTI JOIN {7} AS o ON {8}",
        target_, names(), staged_, column, maximum, names("s."), read, known, row.same());
  }

  /// What an append has to compare with the rows of `copy`.
  struct Overlap {
    std::string column;   ///< by which rows were chosen
    std::string maximum;  ///< of its values in the copy
    std::string read;     ///< staged rows up to it, numbered
    std::string known;    ///< rows of the copy from the minimum on that was staged, numbered
  };

  [[nodiscard]] Overlap overlap(const std::string& copy) const {
    Overlap overlap{.column = quote_identifier(change_.boundary)};
    const std::string& column = overlap.column;
    overlap.maximum = fmt::format("(SELECT max({}) FROM {})", column, copy);
    const std::string minimum = fmt::format("(SELECT min({}) FROM {})", column, staged_);
    const WholeRow row(session_, change_.shape);
    overlap.read = row.numbered(fmt::format("{0} WHERE {1} <= {2} OR {1} IS NULL", staged_, column, overlap.maximum));
    overlap.known = row.numbered(
        fmt::format("(SELECT {0} FROM {1} WHERE {2} >= {3} UNION ALL SELECT {0} FROM {1} WHERE {2} IS NULL)", names(),
                    copy, column, minimum));
    return overlap;
  }

  /// SQL of the number of staged rows that an append finds in the copy.
  [[nodiscard]] std::string appended_before() const {
    if (change_.boundary.empty()) {
      return "0";
    }
    const auto& [column, maximum, read, known] = overlap(altered_copy());
    return fmt::format("(SELECT count(*) FROM {} AS s SEMI JOIN {} AS o ON {})", read, known,
                       WholeRow(session_, change_.shape).same());
  }

  [[nodiscard]] std::string renames() const {
    std::vector<std::string> list;
    for (const auto& [old, fresh] : change_.renamed) {
      list.push_back(quote_identifier(old) + " AS " + quote_identifier(fresh));
    }
    return list.empty() ? "" : fmt::format(" RENAME ({})", fmt::join(list, ", "));
  }

  /// The table as it will be when it is altered: without that a scan of it passes over more row groups.
  [[nodiscard]] std::string altered_copy() const {
    if (change_.alterations.empty()) {
      return target_;
    }
    std::vector<std::string> values;
    for (const ColumnShape& column : change_.shape.columns) {
      const std::string name = quote_identifier(column.name);
      const bool there = std::ranges::any_of(
          change_.existing, [&column](const std::string& other) { return fold_case(other) == fold_case(column.name); });
      values.push_back(
          fmt::format("TRY_CAST({} AS {}) AS {}", there ? name : "NULL", target_type(session_, column).sql(), name));
    }
    if (change_.kind == ChangeKind::kVersions) {
      values.push_back(quote_identifier(change_.validity.to));
    }
    return fmt::format("(SELECT {} FROM (SELECT *{} FROM {}))", fmt::join(values, ", "), renames(), target_);
  }

  /// To delete rows and insert them anew leaves their row groups as they are, where an update writes all of them again.
  /// What the source does not have any more would be lost with a row, and DuckDB checks a primary key too early.
  [[nodiscard]] bool can_be_replaced() const {
    const auto is_known = [this](const std::string& name) {
      return std::ranges::any_of(change_.shape.columns, [&name](const ColumnShape& column) {
        return fold_case(column.name) == fold_case(name);
      });
    };
    return change_.shape.primary_key.empty() && std::ranges::all_of(change_.existing, is_known);
  }

  void merge() {
    std::string sql = fmt::format("MERGE INTO {} AS t USING {} AS s ON {}", target_, source(), same_key(change_));
    if (!change_.hard_delete.empty()) {
      sql += fmt::format(" WHEN MATCHED AND {} THEN DELETE", deleted());
    }
    const std::string updates = assignments();
    if (change_.kind == ChangeKind::kUpsert && !updates.empty()) {
      sql += " WHEN MATCHED THEN UPDATE SET " + updates;
    }
    const std::string unless = change_.hard_delete.empty() ? "" : " AND NOT " + deleted();
    add("{} WHEN NOT MATCHED{} THEN INSERT ({}) VALUES ({})", sql, unless, names(), names("s."));
  }

  [[nodiscard]] std::string present() const { return target_name(session_, change_.present); }

  [[nodiscard]] std::string names(std::string_view prefix = "") const { return quoted_list(columns_, prefix); }

  [[nodiscard]] std::string assignments() const {
    std::vector<std::string> list;
    for (const std::string& column : columns_) {
      // What stands in a key may be another form of the same.
      if (std::ranges::find(change_.key, column) == change_.key.end() || change_.forms.contains(column)) {
        list.push_back(fmt::format("{0} = s.{0}", quote_identifier(column)));
      }
    }
    return fmt::format("{}", fmt::join(list, ", "));
  }

  /// The staged rows, of each key one.
  [[nodiscard]] std::string source() const {
    if (change_.newest_by.empty()) {
      return staged_;
    }
    return fmt::format("(SELECT * FROM {} QUALIFY row_number() OVER (PARTITION BY {} ORDER BY {} DESC NULLS LAST) = 1)",
                       staged_, key_values(change_), quote_identifier(change_.newest_by));
  }

  [[nodiscard]] std::string deleted(std::string_view prefix = "s.") const {
    const auto column = std::ranges::find(change_.shape.columns, change_.hard_delete, &ColumnShape::name);
    const bool boolean = column != change_.shape.columns.end() && column->type.sql() == "BOOLEAN";
    return fmt::format("({}{} {})", prefix, quote_identifier(change_.hard_delete), boolean ? "IS TRUE" : "IS NOT NULL");
  }

  const Session& session_;
  const TableChange& change_;
  std::string target_;
  std::string staged_;
  std::vector<std::string> columns_;
  std::vector<Statement> statements_;
};

}  // namespace

std::vector<Statement> change_statements(const Session& session, const TableChange& change) {
  return Script(session, change).statements();
}

std::vector<Statement> initial_load_statements(const Session& session, const TableChange& change) {
  return Script(session, change).initial_load();
}

ChangeCounts count_changes(Session& session, const TableChange& change) {
  const auto row = session.query(Script(session, change).counts()).rows.at(0);
  const auto number = [&row](std::size_t i) { return std::stoull(row.at(i).value_or("0")); };
  ChangeCounts counts{.wanted = number(4), .before = number(0)};
  const std::uint64_t gone = number(1);
  const std::uint64_t met = number(2);
  const std::uint64_t marked = number(3);
  const std::uint64_t kept = met - std::min(met, marked);
  counts.rows.inserted = counts.wanted - std::min(counts.wanted, kept);
  if (change.kind == ChangeKind::kVersions) {
    // `marked` are the valid ones that could have been met.
    counts.rows.updated = gone + marked - std::min(marked, met);
    counts.rows.inserted = counts.wanted - std::min(counts.wanted, met);
    counts.after = counts.before + counts.rows.inserted - std::min(counts.before, counts.rows.updated);
    return counts;
  }
  counts.rows.deleted = gone + marked;
  const bool rewrites = change.kind == ChangeKind::kUpsert || change.kind == ChangeKind::kDeleteInsert;
  counts.rows.updated = rewrites ? kept : 0;
  counts.after = counts.before + counts.rows.inserted - std::min(counts.before, counts.rows.deleted);
  return counts;
}

std::vector<std::string> find_missing(Session& session, const TableChange& change, const std::string& column,
                                      std::size_t limit) {
  std::vector<std::string> values;
  for (auto& row : session.query(Script(session, change).missing(column, limit)).rows) {
    values.push_back(row[0].value_or(""));
  }
  return values;
}

std::int64_t count_later_versions(Session& session, const TableChange& change) {
  return session.query_int(fmt::format("SELECT count(*) FROM {} WHERE {} > {}", target_name(session, change.shape.name),
                                       quote_identifier(change.validity.from), version_time(change)));
}

std::int64_t count_repeated_keys(Session& session, const TableChange& change) {
  return session.query_int(fmt::format("SELECT count(*) FROM (SELECT 1 FROM {} GROUP BY {} HAVING count(*) > 1)",
                                       target_name(session, change.staged), key_values(change)));
}

}  // namespace pg2duck::destination
