#pragma once

#include <string>

#include "base/secret.hpp"
#include "engine/connection.hpp"

namespace pg2duck::destination {

/// What SQL reads by getvariable('name') on a connection, as long as this lives: no text of SQL or error holds the
/// value.
class SecretVariable {
 public:
  /// @pre   `connection` lives longer than this
  /// @error Error(kDestination) without DuckDB's own words, which might repeat the value
  SecretVariable(const engine::Connection& connection, std::string name, const Secret& value);
  ~SecretVariable();
  SecretVariable(const SecretVariable&) = delete;
  SecretVariable& operator=(const SecretVariable&) = delete;

 private:
  const engine::Connection& connection_;
  std::string name_;
};

}  // namespace pg2duck::destination
