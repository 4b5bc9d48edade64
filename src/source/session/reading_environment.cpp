#include "base/identifier.hpp"
#include "source/session/connection.hpp"

namespace pg2duck::source {
namespace {

constexpr int kTransactionTimeoutSince = 170000;

void append(std::string& sql, const std::string& setting, std::string_view value) {
  sql += "SET LOCAL " + setting + " = " + quote_literal(value) + ";";
}

}  // namespace

void set_reading_environment(Connection& connection, const std::string& begin) {
  std::string sql = begin.empty() ? begin : begin + ";";
  // A SQL_ASCII database holds bytes of no known encoding. Asked for UTF8 the server would end the COPY at the first
  // invalid one; taken as they are, the decoder names their column and row.
  append(sql, "client_encoding", connection.parameter("server_encoding") == "SQL_ASCII" ? "SQL_ASCII" : "UTF8");
  append(sql, "standard_conforming_strings", "on");
  append(sql, "search_path", "pg_catalog");
  append(sql, "datestyle", "ISO, YMD");
  append(sql, "intervalstyle", "postgres");
  append(sql, "timezone", "UTC");
  append(sql, "bytea_output", "hex");
  append(sql, "extra_float_digits", "3");
  append(sql, "row_security", "off");
  append(sql, "synchronize_seqscans", "off");
  // The connections are what is parallel, and the user says how many; workers would also mix up the order of rows.
  append(sql, "max_parallel_workers_per_gather", "0");
  const auto unless_user_sets = [&](const char* setting, const char* value) {
    if (!connection.user_sets(setting)) {
      append(sql, setting, value);
    }
  };
  unless_user_sets("statement_timeout", "0");
  unless_user_sets("idle_in_transaction_session_timeout", "0");
  if (connection.server_version() >= kTransactionTimeoutSince) {
    unless_user_sets("transaction_timeout", "0");
  }
  unless_user_sets("lock_timeout", "10s");
  connection.execute(sql);
}

}  // namespace pg2duck::source
