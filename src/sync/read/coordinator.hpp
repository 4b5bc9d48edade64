#pragma once

#include <mutex>
#include <utility>

#include "source/read/snapshot.hpp"

namespace pg2duck::sync {

/// The snapshot's own session, for the few questions that workers ask it.
struct Coordinator {
  explicit Coordinator(source::Snapshot taken) : snapshot(std::move(taken)) {}

  source::Snapshot snapshot;
  std::mutex mutex;  ///< held while the session is used
};

}  // namespace pg2duck::sync
