#pragma once

#include <map>
#include <string>

#include "base/secret.hpp"

namespace pg2duck::source {

/// A libpq connection string taken apart: URI, key=value, or empty for the PG* environment.
class ConnectionInfo {
 public:
  /// @error Error(kUsage) when libpq cannot parse it; the message never shows the password
  /// `password_origin` says where a password in it was written, for messages.
  static ConnectionInfo parse(const Secret& text, std::string password_origin = {});

  /// Keywords and values as given, defaults and environment left to libpq.
  [[nodiscard]] const std::map<std::string, Secret>& parameters() const { return parameters_; }

  /// `postgresql://user@host:port/database` for people: never a password or other secret.
  [[nodiscard]] std::string display() const;

  /// The same for libpq, which takes it as it is: what is needed to reach the database but its secrets.
  [[nodiscard]] std::string uri() const;

  /// As given to `parse`; empty: it holds no password, or nobody knows.
  [[nodiscard]] const std::string& password_origin() const { return password_origin_; }

 private:
  std::map<std::string, Secret> parameters_;
  std::string password_origin_;
};

/// libpq's version, e.g. "15.18".
std::string libpq_version();

}  // namespace pg2duck::source
