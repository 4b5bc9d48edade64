#include "destination/targets/secret_variable.hpp"

#include <utility>

#include "engine/statement.hpp"

namespace pg2duck::destination {

SecretVariable::SecretVariable(const engine::Connection& connection, std::string name, const Secret& value)
    : connection_(connection), name_(std::move(name)) {
  engine::run_with_parameter(connection_, "SET VARIABLE " + name_ + " = $1", value.reveal());
}

SecretVariable::~SecretVariable() {
  try {
    engine::run_statement(connection_, "RESET VARIABLE " + name_);
  } catch (...) {
    // Nothing on purpose: the connection is lost, and the variable with it.
  }
}

}  // namespace pg2duck::destination
