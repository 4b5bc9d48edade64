#pragma once

#include <string>
#include <utility>

#include <duckdb.h>

#include "base/handle.hpp"
#include "destination/targets/attachment.hpp"
#include "destination/targets/instance.hpp"

namespace pg2duck::destination {

using ConnectionHandle = AddressHandle<duckdb_connection, duckdb_disconnect>;

/// @error Error(kDestination)
ConnectionHandle make_connection(const Instance& instance);

/// For destructors and the like: an error of the statement is dropped.
void run_quietly(duckdb_connection connection, const std::string& sql) noexcept;

/// A connection of this process's DuckDB, with an attachment of its own where that is a session of the target's server.
class Link {
 public:
  Link(ConnectionHandle connection, Attachment attachment, bool owns_attachment)
      : connection_(std::move(connection)), attachment_(std::move(attachment)), owns_attachment_(owns_attachment) {}

  Link(Link&& other) noexcept
      : connection_(std::move(other.connection_)),
        attachment_(std::move(other.attachment_)),
        owns_attachment_(std::exchange(other.owns_attachment_, false)) {}

  Link& operator=(Link&& other) noexcept {
    std::swap(connection_, other.connection_);
    std::swap(attachment_, other.attachment_);
    std::swap(owns_attachment_, other.owns_attachment_);
    return *this;
  }

  ~Link();

  [[nodiscard]] duckdb_connection connection() const { return connection_.get(); }

  [[nodiscard]] const Attachment& attachment() const { return attachment_; }

 private:
  ConnectionHandle connection_;
  Attachment attachment_;
  bool owns_attachment_;
};

}  // namespace pg2duck::destination
