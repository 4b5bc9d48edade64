#pragma once

#include <string>

#include "config/dlt/settings.hpp"
#include "config/environment.hpp"
#include "config/settings/layers.hpp"

namespace pg2duck::config {

/// What is asked of a dlt project.
struct DltRequest {
  std::string pipeline = "pg2md";  ///< whose keys come before all others
  bool source_wanted = true;       ///< unset: somebody above the project names the source, the tables or the target
  bool tables_wanted = true;
  bool target_wanted = true;
};

/// Reads a dlt project that replicates Postgres tables (`sql_database`) into MotherDuck: what its pipeline would copy,
/// from where, to where. `environment` must tell an empty variable from one that is not set.
///
/// `tables` of `[sources.sql_database]` in its `schema`, `workers` of the source or of `[extract]` as reading
/// connections, held to `pool_size` of `[postgres]`, the dataset, the log level, and both ends' credentials. Keys that
/// do nothing are named in the notices.
/// @error Error(kConfig) as dlt has them: no tables, no credentials, a secret in config.toml, a value of the wrong kind
Layer read_dlt_project(const DltFolders& folders, const DltRequest& request, const Environment& environment);

}  // namespace pg2duck::config
