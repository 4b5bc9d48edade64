#include "source/session/login_error.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

namespace pg2duck::source {
namespace {

/// One way to fail. The first rule whose SQLSTATE and text both fit counts; an empty one always fits.
/// %h host and port, %u user, %d database, %m authentication method, %t the server's or libpq's own words, %l the
/// pg_hba.conf line that is missing, %p where to look for the password.
struct Rule {
  std::string_view sqlstate;
  std::string_view text;
  ErrorKind kind;
  std::string_view message;
  std::string_view hint;
  std::string_view assigned;  ///< SQLSTATE where there is none
};

using enum ErrorKind;

constexpr std::string_view kPasswordHint =
    "check PGPASSWORD, the password in the connection string or ~/.pgpass (a line host:port:database:user:password)";
constexpr std::string_view kNoPasswordHint =
    "set PGPASSWORD, add a line host:port:database:user:password to ~/.pgpass (mode 600), or use service=NAME; in a "
    "project, password in [source] of pg2duck.toml or [sources.sql_database.credentials] of .dlt/secrets.toml";
constexpr std::string_view kRunningHint =
    "is the server running there, and does it listen on this address (listen_addresses, port)?";
constexpr std::string_view kReachHint = "check the host's name, the network and firewalls between here and there";
constexpr std::string_view kSlotsHint =
    "lower --jobs, wait for other sessions to end, or raise max_connections (or the role's CONNECTION LIMIT)";
constexpr std::string_view kClosedMessage = "the server at %h closed the connection during the login";
constexpr std::string_view kClosedHint =
    "see the server's log; a server that is starting, stopping or overloaded does this";
constexpr std::string_view kCertificateHint =
    "put the certificate authority's file into sslrootcert, or use sslmode=require to encrypt without checking";
constexpr std::string_view kNobodyThere = "08001";       // sqlclient_unable_to_establish_sqlconnection
constexpr std::string_view kConnectionFailed = "08006";  // connection_failure

/// These two libpq tells by flags, too.
constexpr Rule kNoPassword{"",
                           "no password supplied",
                           kAuth,
                           "the server at %h wants a password for user %u, and there is none",
                           kNoPasswordHint,
                           ""};
constexpr Rule kNoAnswer{"",
                         "timeout expired",
                         kConnection,
                         "no answer from %h: %t",
                         "check the host's name, the network and firewalls; connect_timeout=SECONDS waits longer",
                         ""};

// PostgreSQL 15: src/backend/libpq/auth.c, src/backend/utils/init/postinit.c, src/interfaces/libpq/fe-connect.c,
// fe-auth.c, fe-secure-openssl.c.
constexpr std::array kRules = {
    Rule{"28P01", "", kAuth, "the server rejected the password for user %u (%m authentication)", "%p"},
    Rule{"28000", "no pg_hba.conf entry", kAuth, "the server at %h has no pg_hba.conf entry for this login: %t",
         "add this line to the server's pg_hba.conf, then run SELECT pg_reload_conf(): %l"},
    Rule{"28000", "pg_hba.conf rejects", kAuth, "a pg_hba.conf line of the server at %h rejects this login: %t",
         "put this line above the rejecting one in pg_hba.conf, then run SELECT pg_reload_conf(): %l"},
    Rule{"28000", "role ", kAuth, "%t", "check the user name; a role is made by CREATE ROLE %u LOGIN PASSWORD '...'"},
    Rule{"28000", "eer authentication failed", kAuth, "the server lets in only the operating system's user %u: %t",
         "run pg2duck as that user, or connect over TCP with a password (host=localhost)"},
    Rule{"28000", "", kAuth, "the server at %h refused the login of user %u: %t",
         "see the server's log and its pg_hba.conf for the method that is asked for"},
    Rule{"28", "", kAuth, "the server at %h refused the login of user %u: %t", ""},
    Rule{"3D000", "", kConnection, "%t", "list the databases with: psql -l"},
    Rule{"42501", "", kPermission, "%t", "run as the database's owner: GRANT CONNECT ON DATABASE %d TO %u;"},
    Rule{"53300", "", kConnection, "the server at %h takes no more connections: %t", kSlotsHint},
    Rule{"57P03", "", kConnection, "the server at %h is not ready: %t", "try again in a moment"},
    Rule{"08P01", "unsupported startup parameter", kConnection, "the proxy at %h refuses a connection option: %t",
         "leave out options/PGOPTIONS, or add the parameter to PgBouncer's ignore_startup_parameters"},
    Rule{"08P01", "no such database", kConnection, "the proxy at %h does not know database %d",
         "see [databases] there"},
    Rule{"08P01", "no such user", kAuth, "the proxy at %h does not know user %u", "see its auth_file or auth_query"},

    kNoPassword,
    Rule{"", "password authentication failed", kAuth,
         "the server rejected the password for user %u (%m authentication)", "%p"},
    Rule{"", "no pg_hba.conf entry", kAuth, "the server at %h has no pg_hba.conf entry for this login: %t",
         "add this line to the server's pg_hba.conf, then run SELECT pg_reload_conf(): %l"},
    Rule{"", "server does not support SSL", kConnection, "the server at %h does not speak TLS, and sslmode requires it",
         "use sslmode=prefer or disable, or turn on ssl in postgresql.conf"},
    Rule{"", "certificate verify failed", kConnection, "the certificate of the server at %h is not trusted: %t",
         kCertificateHint},
    Rule{"", "does not match host name", kConnection, "the server at %h shows another host's certificate: %t",
         "connect by the name in the certificate, or use sslmode=verify-ca"},
    Rule{"", "root certificate file", kConnection, "the server's certificate cannot be checked: %t", kCertificateHint},
    Rule{"", "SSL error", kConnection, "TLS with the server at %h failed: %t",
         "check sslmode, sslcert, sslkey and the TLS versions that both sides allow"},
    Rule{"", "could not translate host name", kConnection, "host name %h is not known", kReachHint},
    Rule{"", "Connection refused", kConnection, "nothing listens at %h: connection refused", kRunningHint,
         kNobodyThere},
    Rule{"", "No such file or directory", kConnection, "there is no server socket at %h",
         "is a server running on this machine? For another one, name its host", kNobodyThere},
    kNoAnswer,
    Rule{"", "timed out", kConnection, "no answer from %h", kReachHint},
    Rule{"", "No route to host", kConnection, "there is no route to %h", kReachHint},
    Rule{"", "etwork is unreachable", kConnection, "the network of %h cannot be reached", kReachHint},
    Rule{"", "expected authentication request", kConnection, "something else than Postgres answers at %h",
         "check host and port"},
    Rule{"", "received invalid response", kConnection, "something else than Postgres answers at %h",
         "check host and port"},
    Rule{"", "definition of service", kUsage, "%t", "check the name, PGSERVICEFILE and ~/.pg_service.conf"},
    Rule{"", "service file", kUsage, "%t", "check PGSERVICEFILE"},
    Rule{"", "invalid ", kUsage, "a connection option is wrong: %t", "check the connection string and PG* variables"},
    Rule{"", "server closed the connection", kConnection, kClosedMessage, kClosedHint, kConnectionFailed},
    Rule{"", "Connection reset by peer", kConnection, kClosedMessage, kClosedHint, kConnectionFailed},
    Rule{"", "session is ", kConnection, "no host fits target_session_attrs: %t", "check the hosts and their roles"},
    Rule{"", "server is ", kConnection, "no host fits target_session_attrs: %t", "check the hosts and their roles"},
};

std::string shown(std::string_view name) {
  return "\"" + std::string(name) + "\"";
}

/// A field of pg_hba.conf; anything but a plain word must be quoted there.
std::string hba_field(const std::string& name) {
  const bool plain = !name.empty() && name != "all" && name != "replication" && name != "sameuser" &&
                     std::ranges::all_of(name, [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; });
  return plain ? name : shown(name);
}

/// The last `between "..."` that follows `label`; with sslmode=prefer the text tells of two attempts.
std::string last_quoted(const std::string& text, std::string_view label) {
  const std::size_t at = text.rfind(label);
  if (at == std::string::npos) {
    return {};
  }
  const std::size_t begin = at + label.size();
  const std::size_t end = text.find('"', begin);
  return end == std::string::npos ? std::string() : text.substr(begin, end - begin);
}

std::string hba_line(const LoginFailure& failure) {
  const std::string names = hba_field(failure.database) + " " + hba_field(failure.user);
  const std::string address = last_quoted(failure.text, "host \"");
  if (address == "[local]") {
    return "local " + names + " scram-sha-256";
  }
  if (address.empty()) {
    return "host " + names + " samenet scram-sha-256";
  }
  const std::size_t entry = failure.text.rfind("pg_hba.conf");
  const bool encrypted = failure.text.find("SSL encryption", entry) != std::string::npos ||
                         failure.text.find("SSL on", entry) != std::string::npos;
  return (encrypted ? "hostssl " : "host ") + names + " " + address +
         (address.find(':') == std::string::npos ? "/32" : "/128") + " scram-sha-256";
}

/// The five characters after "FATAL:  " in a verbose message.
std::string sqlstate_in(const std::string& text) {
  for (std::size_t at = text.rfind(":  "); at != std::string::npos && at + 9 <= text.size();
       at = at == 0 ? std::string::npos : text.rfind(":  ", at - 1)) {
    const std::string code = text.substr(at + 3, 5);
    if (text[at + 8] == ':' &&
        std::ranges::all_of(code, [](unsigned char c) { return std::isdigit(c) != 0 || (c >= 'A' && c <= 'Z'); })) {
      return code;
    }
  }
  return {};
}

/// The words of the last attempt: without "connection to server at ... failed", SQLSTATE and location.
std::string own_words(const std::string& text, const std::string& sqlstate) {
  std::size_t begin = 0;
  if (const std::size_t code = sqlstate.empty() ? std::string::npos : text.rfind(sqlstate + ": ");
      code != std::string::npos) {
    begin = code + sqlstate.size() + 2;
  } else if (const std::size_t failed = text.rfind(" failed: "); failed != std::string::npos) {
    begin = failed + 9;
  }
  begin = std::min(text.find_first_not_of(" \n\t", begin), text.size());
  return text.substr(begin, text.find('\n', begin) - begin);
}

std::string place(const LoginFailure& failure) {
  if (failure.host.empty()) {
    return "the local socket, port " + failure.port;
  }
  return failure.host.find(':') == std::string::npos ? failure.host + ":" + failure.port
                                                     : "[" + failure.host + "]:" + failure.port;
}

std::string fill(std::string_view pattern, const LoginFailure& failure, const std::string& words) {
  std::string text;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '%' || i + 1 == pattern.size()) {
      text += pattern[i];
      continue;
    }
    switch (pattern[++i]) {
      case 'h':
        text += place(failure);
        break;
      case 'u':
        text += shown(failure.user);
        break;
      case 'd':
        text += shown(failure.database);
        break;
      case 'm':
        text += failure.method.empty() ? "password" : failure.method;
        break;
      case 't':
        text += words;
        break;
      case 'p':
        text += failure.password_origin.empty() ? kPasswordHint : "correct the password in " + failure.password_origin;
        break;
      case 'l':
        text += hba_line(failure);
        break;
      default:
        break;
    }
  }
  return text;
}

const Rule* rule_of(const LoginFailure& failure, std::string_view sqlstate) {
  if (failure.timed_out) {
    return &kNoAnswer;
  }
  const auto* rule = std::ranges::find_if(kRules, [&](const Rule& candidate) {
    return sqlstate.starts_with(candidate.sqlstate) && failure.text.find(candidate.text) != std::string::npos;
  });
  return rule != kRules.end() ? rule : failure.needs_password ? &kNoPassword : nullptr;
}

}  // namespace

Error login_error(const LoginFailure& failure) {
  const std::string sqlstate = sqlstate_in(failure.text);
  const std::string words = own_words(failure.text, sqlstate);
  const Rule* rule = rule_of(failure, sqlstate);
  if (rule == nullptr) {
    const bool refused = failure.used_password && !sqlstate.empty();
    return Error(refused ? kAuth : kConnection, fill("cannot connect to %h: %t", failure, words))
        .set_sqlstate(sqlstate);
  }
  Error error(rule->kind, fill(rule->message, failure, words));
  error.set_hint(fill(rule->hint, failure, words));
  return sqlstate.empty() ? error.assign_sqlstate(std::string(rule->assigned)) : error.set_sqlstate(sqlstate);
}

bool says_server_is_gone(const Error& error) {
  return error.kind() == kConnection && (error.sqlstate().starts_with("57P") || error.sqlstate() == kNobodyThere ||
                                         error.sqlstate() == kConnectionFailed);
}

}  // namespace pg2duck::source
