#include "source/read/request_check.hpp"

#include "source/session/savepoint.hpp"

namespace pg2duck::source {

std::optional<Error> find_fault(Connection& connection, const TableName& table, const ReadRequest& request) {
  const std::string from = " FROM " + table.quoted() + " AS " + quote_identifier(table.name);
  return try_asking(connection, [&] {
    connection.execute("SELECT " + request.select_list + from + " LIMIT 0");
    if (!request.condition.empty()) {
      // Without and within brackets: it must be one condition, and not the end of ours and the beginning of another.
      connection.execute("SELECT" + from + " WHERE\n" + request.condition + "\nLIMIT 0");
      connection.execute("SELECT" + from + " WHERE " + bracketed(request.condition) + " LIMIT 0");
    }
  });
}

}  // namespace pg2duck::source
