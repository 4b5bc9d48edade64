#include "destination/targets/statement_log.hpp"

#include <fstream>
#include <memory>
#include <mutex>

#include "base/error.hpp"

namespace pg2duck::destination {
namespace {

struct LogFile {
  std::mutex mutex;
  std::ofstream stream;
};

}  // namespace

void tell(const OnStatement& on_statement, std::string_view sql) {
  if (on_statement) {
    on_statement(sql);
  }
}

OnStatement log_statements_to(const std::string& path) {
  const auto file = std::make_shared<LogFile>();
  file->stream.open(path, std::ios::app);
  if (!file->stream) {
    throw Error(ErrorKind::kUsage, "the log of statements cannot be written: " + path)
        .set_hint("PG2DUCK_SQL_LOG names a file in a directory that is there");
  }
  return [file](std::string_view sql) {
    const std::lock_guard lock(file->mutex);
    file->stream << sql << ";\n" << std::flush;
  };
}

}  // namespace pg2duck::destination
