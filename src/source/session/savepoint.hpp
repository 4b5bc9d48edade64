#pragma once

#include <functional>
#include <optional>

#include "base/error.hpp"
#include "source/session/connection.hpp"

namespace pg2duck::source {

/// Runs `ask` under a savepoint, so that a statement which fails does not end the transaction.
/// @shape  inside a transaction; `ask` leaves no COPY behind
/// @return what `ask` threw, with its statements undone; nullopt: nothing
/// @error  Error(kCancelled) and Error(kConnection) of `ask`: there is no transaction any more
std::optional<Error> try_asking(Connection& connection, const std::function<void()>& ask);

}  // namespace pg2duck::source
