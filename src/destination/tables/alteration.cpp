#include "destination/tables/alteration.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace pg2duck::destination {
namespace {

/// Holds names that change places.
constexpr const char* kPassingName = "_pg2duck_renamed_";

/// Whether a new name is among the old ones.
bool share_names(const std::vector<std::pair<std::string, std::string>>& renamed) {
  return std::ranges::any_of(renamed, [&renamed](const auto& one) {
    return std::ranges::any_of(renamed,
                               [&one](const auto& other) { return fold_case(one.second) == fold_case(other.first); });
  });
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

const TypeChange* change_of(const Alterations& alterations, const std::string& column) {
  const auto found = std::ranges::find(alterations.retyped, column, &RetypedColumn::name);
  return found == alterations.retyped.end() ? nullptr : &found->change;
}

/// The name that a column has before it is renamed.
const std::string& old_name(const Alterations& alterations, const std::string& name) {
  const auto& renamed = alterations.renamed;
  const auto found = std::ranges::find(renamed, name, &std::pair<std::string, std::string>::second);
  return found == renamed.end() ? name : found->first;
}

bool must_be_rewritten(const Session& session, const Alterations& alterations) {
  return std::ranges::any_of(alterations.retyped, [&session](const RetypedColumn& column) {
    return !can_alter(session.dialect().supports, column.change.from, column.change.to);
  });
}

/// The table once more, with its rows. To drop a column that has parts in the transaction that adds another one leaves
/// a lake which nobody can read any more (DuckLake of DuckDB 1.5.5).
class Rewriting {
 public:
  Rewriting(const Session& session, const TableShape& shape, const TableName& passing, const Alterations& alterations)
      : session_(session), shape_(shape), passing_(passing), alterations_(alterations) {}

  std::vector<Statement> statements() {
    const std::string table = target_name(session_, shape_.name);
    const std::string passing = target_name(session_, passing_);
    add(fmt::format("CREATE TABLE {} ({})", passing, fmt::join(definitions(), ", ")));
    if (std::string partition = partition_sql(session_, shape_, passing_); !partition.empty()) {
      add(std::move(partition));
    }
    std::ranges::move(comments_sql(session_, shape_, passing_), std::back_inserter(statements_));
    add(fmt::format("INSERT INTO {} SELECT {} FROM {}", passing, fmt::join(values(), ", "), table));
    add("DROP TABLE " + table);
    add(fmt::format("ALTER TABLE {} RENAME TO {}", passing, quote_identifier(shape_.name.name)));
    return std::move(statements_);
  }

 private:
  void add(std::string sql) {
    statements_.push_back({.sql = std::move(sql), .where = "table " + shape_.name.display()});
  }

  [[nodiscard]] std::vector<std::string> definitions() const {
    std::vector<std::string> columns;
    for (const ExistingColumn& column : alterations_.existing) {
      const TypeChange* change = change_of(alterations_, column.name);
      const bool not_null = column.not_null && !contains(alterations_.nullable, column.name);
      columns.push_back(fmt::format("{} {}{}", quote_identifier(column.name),
                                    change == nullptr ? column.type : change->to.sql(), not_null ? " NOT NULL" : ""));
    }
    for (const ColumnShape& column : alterations_.added) {
      columns.push_back(quote_identifier(column.name) + " " + target_type(session_, column).sql());
    }
    return columns;
  }

  [[nodiscard]] std::vector<std::string> values() const {
    std::vector<std::string> list;
    for (const ExistingColumn& column : alterations_.existing) {
      const std::string name = quote_identifier(old_name(alterations_, column.name));
      const TypeChange* change = change_of(alterations_, column.name);
      list.push_back(change == nullptr ? name : converted_sql(name, *change));
    }
    list.insert(list.end(), alterations_.added.size(), "NULL");
    return list;
  }

  const Session& session_;
  const TableShape& shape_;
  const TableName& passing_;
  const Alterations& alterations_;
  std::vector<Statement> statements_;
};

}  // namespace

std::vector<ExistingColumn> existing_columns(Session& session, const TableName& table) {
  // duckdb_columns() would look at every view of the system.
  const Rows found =
      session.query("SELECT column_name, column_type, \"null\" FROM (DESCRIBE " + target_name(session, table) + ")");
  std::vector<ExistingColumn> columns;
  for (const auto& row : found.rows) {
    columns.push_back(
        {.name = row[0].value_or(""), .type = row[1].value_or(""), .not_null = row[2].value_or("YES") == "NO"});
  }
  return columns;
}

std::vector<Statement> alter_statements(const Session& session, const TableShape& shape, const TableName& passing,
                                        const Alterations& alterations) {
  if (must_be_rewritten(session, alterations)) {
    return Rewriting(session, shape, passing, alterations).statements();
  }
  const TableName& table = shape.name;
  std::vector<Statement> statements;
  const auto add = [&](const std::string& column, const std::string& change) {
    statements.push_back({.sql = "ALTER TABLE " + target_name(session, table) + " " + change,
                          .where = fmt::format("table {}, column {}: {}", table.display(), column, change)});
  };
  const auto rename = [&](const std::string& from, const std::string& to, const std::string& shown) {
    add(shown, fmt::format("RENAME COLUMN {} TO {}", quote_identifier(from), quote_identifier(to)));
  };
  // Where they change places, or differ only in case, all go to names that nobody has first.
  const bool in_passing = share_names(alterations.renamed);
  for (std::size_t i = 0; i < alterations.renamed.size(); ++i) {
    const auto& [old, fresh] = alterations.renamed[i];
    rename(old, in_passing ? kPassingName + std::to_string(i) : fresh, old);
  }
  for (std::size_t i = 0; in_passing && i < alterations.renamed.size(); ++i) {
    const auto& [old, fresh] = alterations.renamed[i];
    rename(kPassingName + std::to_string(i), fresh, old);
  }
  for (const std::string& column : alterations.nullable) {
    add(column, fmt::format("ALTER COLUMN {} DROP NOT NULL", quote_identifier(column)));
  }
  for (const auto& [column, change] : alterations.retyped) {
    const std::string name = quote_identifier(column);
    const bool by_cast = conversion(change.from, change.to) <= types::Conversion::kTry;
    add(column, fmt::format("ALTER COLUMN {} SET DATA TYPE {}{}", name, change.to.sql(),
                            by_cast ? "" : " USING " + converted_sql(name, change)));
  }
  for (const ColumnShape& column : alterations.added) {
    add(column.name,
        fmt::format("ADD COLUMN {} {}", quote_identifier(column.name), target_type(session, column).sql()));
  }
  return statements;
}

}  // namespace pg2duck::destination
