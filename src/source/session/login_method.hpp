#pragma once

#include <cstddef>
#include <cstdio>
#include <string>

struct pg_conn;

namespace pg2duck::source {

/// Listens to a login to learn which authentication method the server asked for, which libpq tells in no other way.
/// @source PostgreSQL 15 manual, "Message Formats", Authentication*
class LoginMethod {
 public:
  /// @shape `connection` has just been started and outlives this object
  explicit LoginMethod(pg_conn* connection);
  LoginMethod(const LoginMethod&) = delete;
  LoginMethod& operator=(const LoginMethod&) = delete;
  ~LoginMethod();

  /// "scram-sha-256", "md5", "cleartext password", or empty when the server asked for none of them.
  [[nodiscard]] std::string name() const;

 private:
  pg_conn* connection_;
  char* text_ = nullptr;
  std::size_t size_ = 0;
  std::FILE* stream_;
};

}  // namespace pg2duck::source
