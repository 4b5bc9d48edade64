#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "config/setting.hpp"
#include "config/toml/file.hpp"

namespace pg2duck::cli {

enum class LogFormat { kText, kJson };

/// What the command line says beside settings.
struct Request {
  std::optional<std::string> source;                ///< over the file's
  std::optional<std::string> config;                ///< another file than pg2duck.toml
  std::optional<std::string> pipeline;              ///< whose keys come first in a dlt project
  std::string output = config::kConfigurationFile;  ///< the file that `init` writes; "-" is standard output
  std::string report_file;                          ///< where the report goes as JSON too; empty: nowhere
  bool json = false;                                ///< the report as JSON on standard output
  LogFormat log_format = LogFormat::kText;
  bool quiet = false;
  bool verbose = false;
  bool help = false;
};

/// An option that is no setting, and the chapter of the help in which it stands. A new one is an entry in the table and
/// a field above.
struct RequestOption {
  std::string_view chapter;
  config::Setting about;  ///< `words`, if it has any, were looked at before `take`
  void (*take)(Request& request, const std::string& value);
};

std::span<const RequestOption> request_options();

}  // namespace pg2duck::cli
