#pragma once

#include <memory>

namespace pg2duck::destination {

struct DatabaseOptions;

/// A DuckDB in this process's memory, to which nothing is attached. To start one takes some 20 ms, which are well spent
/// beside something that waits.
///
/// @thread one at a time; its connections may be used from several
class Instance {
 public:
  /// As the options want it: threads, memory, nothing downloaded; or the one that they lend, as it is.
  /// @error Error(kDestination)
  static Instance start(const DatabaseOptions& options);

  Instance(Instance&&) noexcept;
  Instance& operator=(Instance&&) noexcept;
  ~Instance();

  /// Somebody else's, who closes it.
  [[nodiscard]] bool is_borrowed() const;

  /// The raw `duckdb_database`.
  [[nodiscard]] void* native() const;

 private:
  struct State;
  explicit Instance(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace pg2duck::destination
