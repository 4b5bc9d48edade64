#pragma once

#include <string>
#include <vector>

#include "source/catalog/catalog.hpp"
#include "source/session/connection.hpp"

namespace pg2duck::source {

/// What can be known of a database before anything in it is locked. Nothing of it is promised to stay so.
struct Survey {
  std::vector<RelationEntry> relations;
  std::string user;  ///< that the session reads as
  types::Oid database_oid = 0;
  /// Of the cluster, decimal: initdb makes it, standbys share it. Empty: this user may not ask for it.
  /// @source pg_control_system() is open to everybody, unless an administrator has revoked that (Postgres 13 to 18)
  std::string system_identifier;
  unsigned block_bytes = 0;  ///< of the server's pages
};

/// In a short transaction of its own.
Survey take_survey(Connection& connection);

}  // namespace pg2duck::source
