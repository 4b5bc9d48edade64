#pragma once

#include <string>
#include <vector>

#include "config/dlt/settings.hpp"
#include "config/settings/layers.hpp"

namespace pg2duck::config {

/// A list of texts in a file, or as JSON in the environment.
/// @error Error(kConfig) for anything else
std::vector<std::string> list_of(const DltValue& value, const std::string& key);

/// Adds to `layer` what [sources.sql_database.TABLE] says of each of `tables`: how its copy is kept up
/// (write_disposition, primary_key, merge_key, incremental), and which columns are left out.
/// @error Error(kConfig) for a value that means nothing here
void read_dlt_tables(const DltSettings& settings, const std::string& schema, const std::vector<std::string>& tables,
                     Layer& layer);

}  // namespace pg2duck::config
