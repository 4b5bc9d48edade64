#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/identifier.hpp"
#include "destination/ledger/ledger_value.hpp"
#include "destination/session/session.hpp"

namespace pg2duck::destination {

/// A column of a table of the ledger, as it stands in the target.
struct LedgerColumn {
  std::string name;
  LedgerType type;
  int since = 1;       ///< the first version of the ledger that has it
  std::string before;  ///< SQL over the row `own`: what it holds in rows of the versions before; empty: NULL
};

/// A table of the ledger, as it stands in the target.
struct LedgerShape {
  std::string name;
  /// False: a run adds or changes a row of it, or one a table, and to try the ways of compressing it takes longer than
  /// it saves.
  bool compressed = true;
  int since = 1;                      ///< the first version of the ledger that has it
  std::vector<LedgerColumn> columns;  ///< in order
};

/// Its full name, for a session's target.
std::string ledger_name(const Session& session, const std::string& table);
/// CREATE TABLE IF NOT EXISTS with the columns that a ledger of this version has.
Statement create_sql(const Session& session, const LedgerShape& shape, int version);
/// What gives a table of the version before the columns that `version` is the first to have, and the old rows' values.
std::vector<Statement> add_columns_sql(const Session& session, const LedgerShape& shape, int version);
/// INSERT of rows, each written as the values of all columns: a statement for a thousand of them.
std::vector<Statement> insert_sql(const Session& session, const LedgerShape& shape,
                                  const std::vector<std::string>& rows);
/// DELETE of the rows about these tables of the target, whatever their case, by its columns `schema` and `table`.
std::vector<Statement> delete_sql(const Session& session, const LedgerShape& shape,
                                  const std::vector<TableName>& tables);
/// SELECT of these expressions over all rows of a ledger of this version, which has all of today's columns in it.
std::string select_sql(const Session& session, const LedgerShape& shape, int version,
                       const std::vector<std::string>& expressions);

/// The one description of a table of the ledger: its columns in the target, and the members of Record that they hold.
/// It is created, written and read by this alone.
template <typename Record>
class LedgerTable {
 public:
  /// A column, and where its value is.
  struct Field {
    /// @param path to the member: `&Record::member`, or `&Record::part, &Part::member`
    template <typename Member, typename... Path>
    Field(LedgerColumn of, Member member, Path... path)
        : column(std::move(of)),
          write([type = column->type, member, ... path = path](const Record& record) {
            return sql_value(type, ((record.*member).*....*path));
          }),
          read_as(sql_text(column->type, quote_identifier(column->name))),
          read([member, ... path = path](const std::optional<std::string>& text, Record& record) {
            take(text, ((record.*member).*....*path));
          }) {}

    /// A column that the target fills by its clock when a row is written, and nobody here reads.
    static Field stamp(LedgerColumn of) {
      Field field;
      field.column = std::move(of);
      field.write = [](const Record& /*record*/) { return std::string("now()"); };
      return field;
    }

    /// A member that is read from an expression over the columns.
    template <typename... Path>
    static Field derived(std::string expression, Path... path) {
      Field field;
      field.read_as = std::move(expression);
      field.read = [... path = path](const std::optional<std::string>& text, Record& record) {
        take(text, (record.*....*path));
      };
      return field;
    }

    std::optional<LedgerColumn> column;  ///< unset: it stands in no column
    std::function<std::string(const Record&)> write;
    std::string read_as;  ///< SQL that yields text; empty: it is not read
    std::function<void(const std::optional<std::string>&, Record&)> read;

   private:
    Field() = default;
  };

  LedgerTable(LedgerShape shape, std::vector<Field> fields) : shape_(std::move(shape)), fields_(std::move(fields)) {
    for (const Field& field : fields_) {
      if (field.column) {
        shape_.columns.push_back(*field.column);
      }
    }
  }

  [[nodiscard]] const LedgerShape& shape() const { return shape_; }

  [[nodiscard]] std::vector<Statement> insert(const Session& session, const std::vector<Record>& records) const {
    std::vector<std::string> rows;
    for (const Record& record : records) {
      std::string& row = rows.emplace_back();
      for (const Field& field : fields_) {
        if (field.column) {
          row += (row.empty() ? "" : ", ") + field.write(record);
        }
      }
    }
    return insert_sql(session, shape_, rows);
  }

  /// All rows, in no order, of a ledger of this version that has the table.
  [[nodiscard]] std::vector<Record> read(Session& session, int version) const {
    std::vector<std::string> expressions;
    std::vector<const Field*> wanted;
    for (const Field& field : fields_) {
      if (!field.read_as.empty()) {
        expressions.push_back(field.read_as);
        wanted.push_back(&field);
      }
    }
    std::vector<Record> records;
    for (const auto& row : session.query(select_sql(session, shape_, version, expressions)).rows) {
      Record& record = records.emplace_back();
      for (std::size_t i = 0; i < wanted.size(); ++i) {
        wanted[i]->read(row[i], record);
      }
    }
    return records;
  }

 private:
  LedgerShape shape_;
  std::vector<Field> fields_;
};

}  // namespace pg2duck::destination
