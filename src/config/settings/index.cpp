#include "config/settings/index.hpp"

#include <algorithm>
#include <array>

#include "config/settings/chapters.hpp"

namespace pg2duck::config {
namespace {

template <typename Condition>
std::vector<const Setting*> all_that(Condition condition) {
  std::vector<const Setting*> found;
  for (const Chapter& chapter : chapters()) {
    for (const Setting& setting : chapter.settings) {
      if (condition(setting)) {
        found.push_back(&setting);
      }
    }
  }
  return found;
}

template <typename Condition>
const Setting* first_that(Condition condition) {
  const std::vector<const Setting*> found = all_that(condition);
  return found.empty() ? nullptr : found.front();
}

}  // namespace

std::span<const Chapter> chapters() {
  static const std::array all{
      Chapter{kEndpointsTitle, endpoints()},
      Chapter{"The section [source]", source_section()},
      Chapter{"The section [target]", target_section()},
      Chapter{"What to copy", selection()},
      Chapter{"How it arrives", arrival()},
      Chapter{"How it is read, and how much that may take", reading()},
      Chapter{"Where it goes", place()},
      Chapter{kOutputTitle, output()},
      Chapter{"Sections of tables", table_section()},
      Chapter{"Columns of such a section", column_settings()},
      Chapter{"Append and merge", merge()},
      Chapter{"Cursors", cursor()},
  };
  return all;
}

std::vector<const Setting*> run_settings() {
  return all_that([](const Setting& setting) { return setting.set != nullptr; });
}

const Setting* find_setting(std::string_view name) {
  return first_that([name](const Setting& setting) { return setting.set != nullptr && setting.name == name; });
}

std::vector<const Setting*> settings_in(bool Places::* place) {
  return all_that([place](const Setting& setting) { return setting.stands_in.*place; });
}

std::vector<std::string_view> names_in(bool Places::* place) {
  const std::vector<const Setting*> settings = settings_in(place);
  std::vector<std::string_view> names(settings.size());
  std::ranges::transform(settings, names.begin(), &Setting::name);
  return names;
}

const Setting* find_setting(std::string_view name, bool Places::* place) {
  return first_that([&](const Setting& setting) { return setting.stands_in.*place && setting.name == name; });
}

bool give(TableRule& rule, const Setting& setting, const std::vector<std::string>& texts) {
  const bool several = texts.size() > 1 && setting.kind != Setting::Kind::kList;
  TableSettings scratch;
  if (texts.empty() || several || std::ranges::find(texts, "") != texts.end() ||
      !setting.set_for_table(scratch, texts)) {
    return false;
  }
  rule.values[std::string(setting.name)] = {.set = setting.set_for_table, .texts = texts};
  return true;
}

}  // namespace pg2duck::config
