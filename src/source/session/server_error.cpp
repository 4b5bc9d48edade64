#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>
#include <libpq-fe.h>

#include "source/session/session.hpp"

namespace pg2duck::source {
namespace {

struct StateRule {
  std::string_view prefix;  ///< of the SQLSTATE; the first that fits counts
  ErrorKind kind;
  const char* hint;  ///< used where the server gives none
};

constexpr const char* kRestarted = "see the server's log, then run again";

// PostgreSQL 15 manual, appendix A.
constexpr std::array<StateRule, 24> kStateRules = {{
    {"08", ErrorKind::kConnection, ""},
    {"25P03", ErrorKind::kConnection, "idle_in_transaction_session_timeout ended the session: set it to 0 or higher"},
    {"25P04", ErrorKind::kConnection, "transaction_timeout ended the session: set it to 0 or higher"},
    {"28", ErrorKind::kAuth, ""},
    {"3F000", ErrorKind::kSchemaDrift, "run again to plan with the tables as they are now"},
    {"40001", ErrorKind::kSourceSql,
     "on a standby, replay may remove rows that are being read: set hot_standby_feedback = on or raise "
     "max_standby_streaming_delay there, or copy from the primary"},
    {"42501", ErrorKind::kPermission, ""},
    {"42P01", ErrorKind::kSchemaDrift, "run again to plan with the tables as they are now"},
    {"42703", ErrorKind::kSchemaDrift, "run again to plan with the tables as they are now"},
    {"53100", ErrorKind::kSourceSql, "the server's disk is full"},
    {"53200", ErrorKind::kSourceSql,
     "the server is out of memory; when it names locks, raise max_locks_per_transaction and restart it"},
    {"53300", ErrorKind::kConnection, "lower --jobs, or raise max_connections on the server"},
    {"55P03", ErrorKind::kConflict, "wait for the other session, or raise lock_timeout"},
    {"57014", ErrorKind::kSourceSql,
     "a timeout or another session cancelled the statement; PGOPTIONS=\"-c statement_timeout=0\" lifts a limit"},
    {"57P01", ErrorKind::kConnection, kRestarted},
    {"57P02", ErrorKind::kConnection, kRestarted},
    {"57P03", ErrorKind::kConnection, "the server is not ready yet: try again in a moment"},
    {"57P04", ErrorKind::kConnection, "the database was dropped"},
    {"57P05", ErrorKind::kConnection, "idle_session_timeout ended the session: set it to 0 or higher"},
    {"58", ErrorKind::kSourceSql, "the server has trouble with its files: see its log"},
    {"72000", ErrorKind::kSourceSql, "old_snapshot_threshold on the server is too low for this copy"},
    {"XX001", ErrorKind::kSourceSql, "the table is damaged on the server: see its log"},
    {"XX002", ErrorKind::kSourceSql, "an index is damaged on the server: REINDEX it"},
    {"22P05", ErrorKind::kSourceSql, "a text in the table has no form in UTF-8: mend it in Postgres"},
}};

const StateRule* rule_of(std::string_view sqlstate) {
  for (const StateRule& rule : kStateRules) {
    if (sqlstate.starts_with(rule.prefix)) {
      return &rule;
    }
  }
  return nullptr;
}

std::string field(const PGresult* result, int code) {
  const char* text = PQresultErrorField(result, code);
  return text == nullptr ? std::string() : std::string(text);
}

// What no code tells stands in the server's words, or in libpq's; they are looked at in this file alone, once a session
// is there, and in login_error.cpp and connection_info.cpp before.
constexpr std::string_view kOfPooler = "pooling mode";
constexpr std::string_view kOfRowSecurity = "row-level security";
constexpr std::string_view kClosedUnexpectedly = "server closed the connection unexpectedly";

bool says(std::string_view text, std::string_view words) {
  return text.find(words) != std::string_view::npos;
}

std::string hint_for(const std::string& sqlstate, const std::string& message) {
  if (says(message, kOfPooler)) {
    return "a proxy hands out another connection for each statement: connect to Postgres itself, or set pool_mode to "
           "transaction or session";
  }
  if (says(message, kOfRowSecurity)) {
    return "connect as the table's owner, or as a role with BYPASSRLS";
  }
  const StateRule* rule = rule_of(sqlstate);
  return rule == nullptr ? std::string() : std::string(rule->hint);
}

}  // namespace

Error connection_lost(std::string_view libpq_text) {
  std::string text(libpq_text);
  std::ranges::replace(text, '\n', ' ');
  text.erase(text.find_last_not_of(' ') + 1);
  std::string message = "the server closed the connection";
  // libpq's usual text is a guess over three lines that says no more than this.
  if (!text.empty() && !says(text, kClosedUnexpectedly)) {
    message += ": " + text;
  }
  return Error(ErrorKind::kConnection, message)
      .set_hint(
          "the server may have been restarted, its process killed, or the network cut: see the server's log, "
          "then run again");
}

bool names_missing_schema(const Error& error, std::string_view schema) {
  return error.sqlstate() == "3F000" && says(error.message(), fmt::format("\"{}\"", schema));
}

ErrorKind kind_of_sqlstate(std::string_view sqlstate) {
  const StateRule* rule = rule_of(sqlstate);
  return rule == nullptr ? ErrorKind::kSourceSql : rule->kind;
}

Error server_error(const pg_result* result) {
  const std::string sqlstate = field(result, PG_DIAG_SQLSTATE);
  std::string message = field(result, PG_DIAG_MESSAGE_PRIMARY);
  if (sqlstate.empty()) {
    return connection_lost(PQresultErrorMessage(result));
  }
  const std::string detail = field(result, PG_DIAG_MESSAGE_DETAIL);
  if (!detail.empty()) {
    message += " (" + detail + ")";
  }
  if (sqlstate.starts_with("57P0") && sqlstate != "57P03") {
    message = "the server closed the connection: " + message;
  }
  const std::string hint = field(result, PG_DIAG_MESSAGE_HINT);
  return Error(kind_of_sqlstate(sqlstate), message)
      .set_sqlstate(sqlstate)
      .set_hint(hint.empty() ? hint_for(sqlstate, message) : hint);
}

}  // namespace pg2duck::source
