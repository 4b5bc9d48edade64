#include "destination/publish/version_script.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "destination/publish/key_comparison.hpp"
#include "destination/publish/whole_row.hpp"

namespace pg2duck::destination {
namespace {

// A name of our own beside those of the table.
constexpr const char* kRow = "_pg2duck_row";

class VersionScript {
 public:
  VersionScript(const Session& session, const TableChange& change, const std::string& rows, const std::string& deleted)
      : change_(change),
        row_(session, change.shape),
        target_(target_name(session, change.shape.name)),
        staged_(target_name(session, change.staged)),
        from_(quote_identifier(change.validity.from)),
        to_(quote_identifier(change.validity.to)),
        rows_(rows),
        deleted_(deleted) {
    std::vector<std::string> names;
    std::ranges::transform(change.shape.columns, std::back_inserter(names), &ColumnShape::name);
    columns_ = quoted_list(names);
    values_ = quoted_list(names, "s.");
  }

  std::vector<Statement> statements() {
    const std::string now = version_time(change_);
    const std::string match = row_.same();
    if (!change_.present.name.empty()) {
      add("UPDATE {0} SET {1} = {2} WHERE {1} IS NULL AND rowid IN (SELECT t.rowid FROM {0} AS t ANTI JOIN {3} AS s ON "
          "{4})",
          target_, to_, now, present_, same_key(change_));
    }
    add("UPDATE {0} SET {1} = {2} WHERE rowid IN (SELECT o.{3} FROM {4} AS o ANTI JOIN {5} AS s ON {6})", target_, to_,
        now, kRow, open_versions(), fresh_rows(), match);
    add("INSERT INTO {0} ({1}, {2}, {3}) SELECT {4}, {5}, NULL FROM {6} AS s ANTI JOIN {7} AS o ON {8}", target_,
        columns_, from_, to_, values_, now, fresh_rows(), open_versions(), match);
    return std::move(statements_);
  }

  [[nodiscard]] std::string counts(const std::string& copy) const {
    const std::string open = valid_versions(copy);
    const std::string gone = present_.empty() ? "0"
                                              : fmt::format(
                                                    "(SELECT count(*) FROM {} AS t ANTI JOIN {} AS s ON {} "
                                                    "WHERE t.{} IS NULL)",
                                                    copy, present_, same_key(change_), to_);
    return fmt::format(
        "SELECT (SELECT count(*) FROM {0} AS t WHERE t.{1} IS NULL), {2}, (SELECT count(*) FROM {3} AS s SEMI JOIN {4} "
        "AS o ON {5}), (SELECT count(*) FROM {4} AS o), (SELECT count(*) FROM {3} AS s)",
        copy, to_, gone, fresh_rows(), row_.numbered(open), row_.same());
  }

  void set_present(std::string name) { present_ = std::move(name); }

 private:
  template <typename... Arguments>
  void add(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
    statements_.push_back({.sql = fmt::format(format, std::forward<Arguments>(arguments)...),
                           .where = "table " + change_.shape.name.display()});
  }

  /// Equal rows are numbered: as many versions stay open as there are rows.
  [[nodiscard]] std::string fresh_rows() const {
    return row_.numbered(rows_ + " AS s" + (deleted_.empty() ? "" : " WHERE NOT " + deleted_));
  }

  /// Those of `copy` that the rows say something of.
  [[nodiscard]] std::string valid_versions(const std::string& copy) const {
    const std::string same = change_.partial ? fmt::format(" SEMI JOIN {} AS s ON {}", staged_, same_key(change_)) : "";
    return fmt::format("{} AS t{} WHERE {} IS NULL", copy, same, to_);
  }

  [[nodiscard]] std::string open_versions() const {
    return row_.numbered(valid_versions(target_), fmt::format("rowid AS {}, ", kRow));
  }

  const TableChange& change_;
  WholeRow row_;
  std::string target_, staged_, present_, from_, to_;
  const std::string &rows_, &deleted_;
  std::string columns_, values_;
  std::vector<Statement> statements_;
};

}  // namespace

std::string version_time(const TableChange& change) {
  return "CAST(" + quote_literal(change.validity.at) + " AS TIMESTAMPTZ)";
}

std::string version_counts(const Session& session, const TableChange& change, const std::string& copy,
                           const std::string& rows, const std::string& deleted) {
  VersionScript script(session, change, rows, deleted);
  if (!change.present.name.empty()) {
    script.set_present(target_name(session, change.present));
  }
  return script.counts(copy);
}

std::vector<Statement> version_statements(const Session& session, const TableChange& change, const std::string& rows,
                                          const std::string& deleted) {
  VersionScript script(session, change, rows, deleted);
  if (!change.present.name.empty()) {
    script.set_present(target_name(session, change.present));
  }
  return script.statements();
}

std::vector<Statement> first_version_statements(const Session& session, const TableChange& change) {
  const std::string staged = target_name(session, change.staged);
  const std::string from = quote_identifier(change.validity.from);
  return {{"ALTER TABLE " + staged + " ADD COLUMN " + from + " TIMESTAMPTZ"},
          {"ALTER TABLE " + staged + " ADD COLUMN " + quote_identifier(change.validity.to) + " TIMESTAMPTZ"},
          {"UPDATE " + staged + " SET " + from + " = " + version_time(change)}};
}

}  // namespace pg2duck::destination
