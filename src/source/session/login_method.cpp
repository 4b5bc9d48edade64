#include "source/session/login_method.hpp"

#include <cstdlib>
#include <cstring>
#include <string_view>

#include <libpq-fe.h>

namespace pg2duck::source {

LoginMethod::LoginMethod(pg_conn* connection) : connection_(connection), stream_(open_memstream(&text_, &size_)) {
  if (stream_ != nullptr) {
    PQtrace(connection_, stream_);
  }
}

LoginMethod::~LoginMethod() {
  if (stream_ != nullptr) {
    PQuntrace(connection_);
    std::fclose(stream_);  // NOLINT(cppcoreguidelines-owning-memory): a C stream over memory has no other owner
  }
  if (text_ != nullptr) {
    explicit_bzero(text_, size_);  // the trace may hold what was sent in answer
    std::free(text_);              // NOLINT(cppcoreguidelines-owning-memory): open_memstream allocates so
  }
}

std::string LoginMethod::name() const {
  if (stream_ == nullptr || std::fflush(stream_) != 0) {
    return {};
  }
  const std::string_view trace(text_, size_);
  if (trace.find("Authentication\t 10") != std::string_view::npos) {
    return "scram-sha-256";
  }
  if (trace.find("Authentication\t 5") != std::string_view::npos) {
    return "md5";
  }
  return trace.find("Authentication\t 3") != std::string_view::npos ? "cleartext password" : "";
}

}  // namespace pg2duck::source
