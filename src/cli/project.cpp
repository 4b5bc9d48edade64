#include "cli/project.hpp"

#include <filesystem>
#include <vector>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/redaction.hpp"
#include "cli/endpoints.hpp"
#include "config/toml_file.hpp"

namespace pg2duck::cli {
namespace {

config::Layer project_layer(const CommandLine& line, const config::Environment& environment) {
  const std::string file = line.value("config").value_or(config::kConfigurationFile);
  std::error_code ignored;
  if (!line.has("config") && !std::filesystem::exists(file, ignored)) {
    throw Error(ErrorKind::kUsage, fmt::format("there is no {} in this directory", file))
        .set_hint(
            "pg2duck init SOURCE TARGET writes one; --config FILE names another; pg2duck copy SOURCE TARGET "
            "needs none");
  }
  return config::read_toml_file(file, environment);
}

}  // namespace

config::Configuration load_project(const CommandLine& line, const config::Environment& environment) {
  config::Layer flags = line.layer;
  if (const auto source = line.value("source")) {
    flags.source = config::GivenSource{.connection = Secret(*source),
                                       .parts = {{.name = "source", .value = redact(*source), .origin = "--source"}}};
  }
  const std::vector<config::Layer> layers{project_layer(line, environment), config::environment_layer(environment),
                                          std::move(flags)};
  config::Configuration configuration = config::resolve(layers);
  check_endpoints(configuration.copy.source, configuration.copy.target);
  return configuration;
}

}  // namespace pg2duck::cli
