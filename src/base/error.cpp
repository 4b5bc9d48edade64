#include "base/error.hpp"

#include <exception>
#include <utility>

namespace pg2duck {

std::string_view to_string(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kUsage:
      return "usage";
    case ErrorKind::kConfig:
      return "config";
    case ErrorKind::kConnection:
      return "connection";
    case ErrorKind::kAuth:
      return "auth";
    case ErrorKind::kPermission:
      return "permission";
    case ErrorKind::kSourceSql:
      return "source_sql";
    case ErrorKind::kSchemaDrift:
      return "schema_drift";
    case ErrorKind::kUnsupportedType:
      return "unsupported_type";
    case ErrorKind::kUnrepresentable:
      return "unrepresentable";
    case ErrorKind::kCorruptData:
      return "corrupt_data";
    case ErrorKind::kOutOfMemory:
      return "out_of_memory";
    case ErrorKind::kDestination:
      return "destination";
    case ErrorKind::kTransient:
      return "transient";
    case ErrorKind::kConflict:
      return "conflict";
    case ErrorKind::kCountMismatch:
      return "count_mismatch";
    case ErrorKind::kCancelled:
      return "cancelled";
    case ErrorKind::kBug:
      return "bug";
  }
  return "bug";
}

Error::Error(ErrorKind kind, const std::string& message)
    : std::runtime_error(message), kind_(kind), message_(message), what_(message) {}

Error& Error::add_context(std::string where) {
  context_.insert(context_.begin(), std::move(where));
  rebuild();
  return *this;
}

Error& Error::set_hint(std::string hint) {
  hint_ = std::move(hint);
  return *this;
}

Error& Error::set_sqlstate(std::string sqlstate) {
  sqlstate_ = std::move(sqlstate);
  sqlstate_is_reported_ = !sqlstate_.empty();
  return *this;
}

Error& Error::assign_sqlstate(std::string sqlstate) {
  sqlstate_ = std::move(sqlstate);
  sqlstate_is_reported_ = false;
  return *this;
}

void Error::rebuild() {
  what_.clear();
  for (const std::string& where : context_) {
    what_ += where;
    what_ += (&where == &context_.back()) ? ": " : ", ";
  }
  what_ += message_;
}

Error current_error() {
  try {
    throw;
  } catch (const Error& error) {
    return error;
  } catch (const std::bad_alloc&) {
    return Error(ErrorKind::kDestination, "out of memory").assign_sqlstate("53200");
  } catch (const std::exception& error) {
    return Error(ErrorKind::kBug, error.what());
  } catch (...) {
    return Error(ErrorKind::kBug, "something was thrown that is no exception")
        .set_hint("please report this as a bug of pg2duck");
  }
}

}  // namespace pg2duck
