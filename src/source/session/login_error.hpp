#pragma once

#include <string>

#include "base/error.hpp"

namespace pg2duck::source {

/// What is known about a login that failed.
struct LoginFailure {
  std::string text;  ///< libpq's message, in verbose form so that it holds the server's SQLSTATE
  std::string host;  ///< host name, address or socket directory that was tried last
  std::string port;
  std::string user;
  std::string database;
  std::string method;           ///< what the server asked for, as LoginMethod names it; empty: not known
  bool used_password = false;   ///< the server asked for a password and got one
  std::string password_origin;  ///< where the password that was sent is written; empty: not known
  bool needs_password = false;  ///< the server asked for a password and there was none
  bool timed_out = false;       ///< nobody answered within the time that `text` tells
};

/// The failure in words that say what to do. libpq gives no fields for a login, only text: the one table of texts is
/// in this file pair.
Error login_error(const LoginFailure& failure);

/// Whether `error`, of a login, says that there is no server, or that it ended the login: as one does that stops.
bool says_server_is_gone(const Error& error);

}  // namespace pg2duck::source
