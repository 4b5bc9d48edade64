#include "destination/publish/maintenance.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <string>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/identifier.hpp"
#include "base/retry.hpp"

namespace pg2duck::destination {
namespace {

/// For how long, at most, files stay that no copy which can be read needs: for those who still read one.
constexpr std::uint64_t kGraceSeconds = 3600;

/// Copies that nobody can ask for by a time within the last `seconds`. The youngest one before that is what the lake
/// was when they began.
std::string expired_snapshots(Session& session, std::uint64_t seconds) {
  const Rows found = session.query(
      fmt::format("SELECT snapshot_id FROM {}({}) WHERE snapshot_time < now() - INTERVAL '{} seconds' ORDER BY "
                  "snapshot_id DESC OFFSET 1",
                  session.dialect().expiry.snapshots, quote_literal(session.catalog()), seconds));
  std::vector<std::string> list;
  for (const auto& row : found.rows) {
    list.push_back(row[0].value_or(""));
  }
  return fmt::format("{}", fmt::join(list, ", "));
}

void expire(Session& session, std::uint64_t seconds) {
  const Expiry& functions = session.dialect().expiry;
  const std::string lake = quote_literal(session.catalog());
  if (const std::string expired = expired_snapshots(session, seconds); !expired.empty()) {
    session.execute(fmt::format("CALL {}({}, versions => [{}])", functions.expire, lake, expired));
  }
  session.execute(fmt::format("CALL {}({}, older_than => now() - INTERVAL '{} seconds')", functions.clean_up, lake,
                              std::min(seconds, kGraceSeconds)));
}

/// One part, and the SQL that does it by hand.
struct Part {
  std::string by_hand;
  std::function<void(Session& session)> run;
};

Part one_statement(const std::string& sql) {
  return {.by_hand = sql, .run = [sql](Session& session) { session.execute(sql); }};
}

std::vector<Part> parts_of(const Session& session, const config::Maintenance& maintenance) {
  std::vector<Part> parts;
  if (maintenance.expire_after > 0) {
    const Expiry& functions = session.dialect().expiry;
    parts.push_back({.by_hand = fmt::format("CALL {}(...) and CALL {}(...)", functions.expire, functions.clean_up),
                     .run = [seconds = maintenance.expire_after](Session& own) { expire(own, seconds); }});
  }
  if (maintenance.create_snapshot) {
    parts.push_back(one_statement("CREATE SNAPSHOT OF " + quote_identifier(session.catalog())));
  }
  for (const std::string& share : maintenance.update_share) {
    parts.push_back(one_statement("UPDATE SHARE " + quote_identifier(share)));
  }
  return parts;
}

/// @error what the last attempt threw
void attempt(Database& database, const Part& part) {
  for (Attempts attempts(database.dialect().limits.retry);; attempts.wait()) {
    try {
      Session session = database.connect();
      return part.run(session);
    } catch (const Error& error) {
      if (!attempts.may_follow(error)) {
        throw;
      }
    }
  }
}

/// The place of what was replaced is free in the file from then on. A transaction of somebody else may be in the way;
/// then a later run does it.
void checkpoint(Database& database) {
  try {
    Session session = database.connect();
    session.execute("CHECKPOINT " + quote_identifier(session.catalog()));
  } catch (const Error&) {
    return;
  }
}

}  // namespace

void check_maintenance(const Dialect& dialect, const config::Maintenance& maintenance) {
  if ((maintenance.create_snapshot || !maintenance.update_share.empty()) && !dialect.supports.snapshots) {
    throw Error(ErrorKind::kConfig, "only MotherDuck's own databases have snapshots for readers, and shares")
        .set_hint("leave --create-snapshot and --update-share out");
  }
  if (maintenance.expire_after > 0 && dialect.expiry.snapshots.empty()) {
    throw Error(ErrorKind::kConfig, "only a lake keeps earlier copies").set_hint("leave --expire-after out");
  }
}

std::vector<Error> maintain(Database& database, const config::Maintenance& maintenance) {
  std::vector<Error> failures;
  if (database.dialect().supports.own_checkpoint) {
    checkpoint(database);
  }
  if (maintenance == config::Maintenance{}) {
    return failures;
  }
  std::vector<Part> parts;
  try {
    parts = parts_of(database.connect(), maintenance);
  } catch (const Error& error) {
    failures.push_back(error);
  }
  for (const Part& part : parts) {
    try {
      attempt(database, part);
    } catch (const Error& error) {
      failures.push_back(
          Error(error.kind(), fmt::format("the copy is published, but {} failed: {}", part.by_hand, error.message()))
              .set_hint("do that in the target by hand; the next run does it again"));
    }
  }
  return failures;
}

}  // namespace pg2duck::destination
