#pragma once

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace pg2duck::test {

/// The error that `action` throws; the test fails when there is none.
template <typename Action>
Error error_of(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "nothing was thrown";
  return {ErrorKind::kBug, "nothing was thrown"};
}

}  // namespace pg2duck::test
