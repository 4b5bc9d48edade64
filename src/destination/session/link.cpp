#include "destination/session/link.hpp"

#include <utility>

#include "base/identifier.hpp"
#include "engine/statement.hpp"

namespace pg2duck::destination {

Link::Link(engine::Connection connection, Attachment attachment, bool owns_attachment)
    : connection_(std::move(connection)), attachment_(std::move(attachment)), owns_attachment_(owns_attachment) {}

Link::Link(Link&& other) noexcept
    : connection_(std::move(other.connection_)),
      attachment_(std::move(other.attachment_)),
      owns_attachment_(std::exchange(other.owns_attachment_, false)) {}

Link& Link::operator=(Link&& other) noexcept {
  std::swap(connection_, other.connection_);
  std::swap(attachment_, other.attachment_);
  std::swap(owns_attachment_, other.owns_attachment_);
  return *this;
}

Link::~Link() {
  if (owns_attachment_) {
    engine::run_quietly(connection_, "DETACH " + quote_identifier(attachment_.alias));
  }
}

}  // namespace pg2duck::destination
