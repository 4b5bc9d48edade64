#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/setting.hpp"

namespace pg2duck::config {

/// Titles of the chapters that a program's own options may join.
inline constexpr std::string_view kEndpointsTitle = "Source and target";
inline constexpr std::string_view kOutputTitle = "What it shows";

/// Settings that belong together, in the order in which they are shown.
struct Chapter {
  std::string_view title;
  std::span<const Setting> settings;
};

/// All settings there are.
std::span<const Chapter> chapters();

/// Those of a run, which `set` takes: flags, and keys at the top of the file.
std::vector<const Setting*> run_settings();

/// nullptr: no setting of a run is called so.
const Setting* find_setting(std::string_view name);

/// Those that may stand in a place: `settings_in(&Places::table)`.
std::vector<const Setting*> settings_in(bool Places::* place);
std::vector<std::string_view> names_in(bool Places::* place);

/// nullptr: none of this name may stand there.
const Setting* find_setting(std::string_view name, bool Places::* place);

/// Gives a rule the texts of a setting that has `set_for_table`. @return false when they are not what it needs: there
/// are none, one is empty, or there are several for what is no list
bool give(TableRule& rule, const Setting& setting, const std::vector<std::string>& texts);

}  // namespace pg2duck::config
