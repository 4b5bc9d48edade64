#include "cli/project.hpp"

#include <algorithm>
#include <filesystem>
#include <unistd.h>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/redaction.hpp"
#include "cli/endpoints.hpp"
#include "config/dlt/project.hpp"
#include "config/toml/file.hpp"

namespace pg2duck::cli {
namespace {

constexpr const char* kPipeline = "pg2md";

bool gives(const config::Layer& layer, std::string_view setting) {
  return std::ranges::find(layer.values, setting, &config::Given::setting) != layer.values.end();
}

config::Layer dlt_layer(const config::DltFolders& folders, const CommandLine& line,
                        const config::Environment& environment, const std::vector<config::Layer>& above) {
  config::DltRequest request{.pipeline = line.request.pipeline.value_or(kPipeline)};
  for (const config::Layer& layer : above) {
    request.source_wanted = request.source_wanted && !layer.source;
    request.tables_wanted = request.tables_wanted && !gives(layer, "tables");
    request.target_wanted = request.target_wanted && !gives(layer, "target");
  }
  return config::read_dlt_project(folders, request, environment);
}

/// What lies in the working directory, below the layers `above`.
config::Layer project_layer(const CommandLine& line, const config::Environment& environment,
                            const std::vector<config::Layer>& above) {
  const std::string file = line.request.config.value_or(config::kConfigurationFile);
  const config::DltFolders folders = config::DltFolders::find(environment, ::geteuid() == 0);
  std::error_code ignored;
  if (line.request.config || std::filesystem::exists(file, ignored)) {
    config::Layer layer = config::read_toml_file(file, set_variables(environment));
    if (!line.request.config && folders.is_project()) {
      layer.notices.push_back(
          fmt::format("{} is used, the dlt project in {} is not", file, folders.project.lexically_normal().string()));
    }
    return layer;
  }
  if (!folders.is_project()) {
    throw Error(ErrorKind::kUsage, fmt::format("there is no {} and no .dlt project in this directory", file))
        .set_hint(
            "pg2duck init SOURCE TARGET writes one; --config FILE names another; pg2duck copy SOURCE TARGET "
            "needs none");
  }
  return dlt_layer(folders, line, environment, above);
}

}  // namespace

config::Environment set_variables(const config::Environment& environment) {
  return [environment](const char* name) {
    auto value = environment(name);
    return value && value->empty() ? std::nullopt : value;
  };
}

config::Configuration load_project(const CommandLine& line, const config::Environment& environment) {
  config::Layer flags = line.layer;
  if (const auto source = line.request.source) {
    flags.source = config::GivenSource{.connection = Secret(*source),
                                       .parts = {{.name = "source", .value = redact(*source), .origin = "--source"}}};
  }
  std::vector<config::Layer> layers{config::environment_layer(set_variables(environment)), std::move(flags)};
  layers.insert(layers.begin(), project_layer(line, environment, layers));
  config::Configuration configuration = config::resolve(layers);
  check_endpoints(configuration.copy.source, configuration.copy.target);
  return configuration;
}

}  // namespace pg2duck::cli
