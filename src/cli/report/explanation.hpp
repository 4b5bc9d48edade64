#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "config/settings/layers.hpp"

namespace pg2duck::cli {

/// Every effective setting with its value and where it came from, as a table of `width` columns (0: unlimited) for
/// people, followed by what the configuration has to tell.
std::string render_explanation(const std::vector<config::Explained>& explained, const std::vector<std::string>& notices,
                               std::size_t width);

/// The same as one JSON document.
std::string explanation_json(const std::vector<config::Explained>& explained, const std::vector<std::string>& notices);

}  // namespace pg2duck::cli
