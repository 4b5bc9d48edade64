#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/rules/disposition.hpp"

namespace pg2duck::config {

/// A key of a table's section in pg2duck.toml that says how its copy is kept up.
struct DispositionKey {
  std::string_view name;     ///< "cursor"
  std::string_view needs;    ///< what a value must be
  std::string_view example;  ///< a good value, as TOML writes it
  bool list;                 ///< it takes several texts
  /// Takes the texts over; there is one at least, and none is empty. @return false when they are not what it needs
  bool (*set)(Disposition& disposition, const std::vector<std::string>& texts);
};

/// All of them but `mode`, which is a setting of the run too.
std::span<const DispositionKey> disposition_keys();

/// nullptr: there is none of this name.
const DispositionKey* find_disposition_key(std::string_view name);

/// The texts of those keys that are set, by name. Each was taken by its `set` once.
using DispositionTexts = std::map<std::string, std::vector<std::string>>;

void apply(const DispositionTexts& texts, Disposition& disposition);

}  // namespace pg2duck::config
