#pragma once

#include "destination/targets/attachment.hpp"
#include "engine/connection.hpp"

namespace pg2duck::destination {

/// A connection of this process's DuckDB, with an attachment of its own where that is a session of the target's server.
class Link {
 public:
  Link(engine::Connection connection, Attachment attachment, bool owns_attachment);
  Link(Link&& other) noexcept;
  Link& operator=(Link&& other) noexcept;
  ~Link();

  [[nodiscard]] const engine::Connection& connection() const { return connection_; }

  [[nodiscard]] const Attachment& attachment() const { return attachment_; }

 private:
  engine::Connection connection_;
  Attachment attachment_;
  bool owns_attachment_;
};

}  // namespace pg2duck::destination
