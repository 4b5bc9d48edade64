#include "destination/publish/change.hpp"

#include <algorithm>
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
    std::vector<std::string> renames;
    for (const auto& [old, fresh] : change_.renamed) {
      renames.push_back(quote_identifier(old) + " AS " + quote_identifier(fresh));
    }
    const bool versions = change_.kind == ChangeKind::kVersions;
    const std::string copy = fmt::format(
        "(SELECT *{} FROM {}{})", renames.empty() ? "" : fmt::format(" RENAME ({})", fmt::join(renames, ", ")), target_,
        versions ? fmt::format(" WHERE {} IS NULL", quote_identifier(change_.validity.to)) : "");
    return fmt::format("SELECT s.{0} FROM {1} AS s ANTI JOIN {2} AS t ON {3} WHERE s.{0} IS NOT NULL LIMIT {4}",
                       quote_identifier(column), present(), copy, same_key(change_), limit);
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
    const std::string column = quote_identifier(change_.boundary);
    const std::string maximum = fmt::format("(SELECT max({}) FROM {})", column, target_);
    const std::string minimum = fmt::format("(SELECT min({}) FROM {})", column, staged_);
    const WholeRow row(session_, change_.shape);
    const std::string read = row.numbered(fmt::format("{0} WHERE {1} <= {2} OR {1} IS NULL", staged_, column, maximum));
    const std::string known = row.numbered(
        fmt::format("(SELECT {0} FROM {1} WHERE {2} >= {3} UNION ALL SELECT {0} FROM {1} WHERE {2} IS NULL)", names(),
                    target_, column, minimum));
    add("INSERT INTO {0} ({1}) SELECT {1} FROM {2} WHERE {3} > {4} OR ({4} IS NULL AND {3} IS NOT NULL) UNION ALL "
        "SELECT {5} FROM {6} AS s ANTI JOIN {7} AS o ON {8}",
        target_, names(), staged_, column, maximum, names("s."), read, known, row.same());
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
