#include <set>
#include <string>

#include <gtest/gtest.h>

#include "config/settings/index.hpp"

namespace pg2duck::config {
namespace {

/// Every setting of the table.
template <typename Function>
void for_each_setting(Function function) {
  for (const Chapter& chapter : chapters()) {
    for (const Setting& setting : chapter.settings) {
      function(setting);
    }
  }
}

TEST(ConfigSettings, EachSaysWhatThereIsToSay) {
  for_each_setting([](const Setting& setting) {
    EXPECT_FALSE(setting.summary.empty()) << setting.name;
    EXPECT_FALSE(setting.summary.ends_with('.')) << setting.name;
    EXPECT_TRUE(setting.details.empty() || setting.details.ends_with('.')) << setting.name;
    const bool flag = setting.flag_of.copy || setting.flag_of.sync;
    if (flag && setting.kind != Setting::Kind::kSwitch) {
      EXPECT_FALSE(setting.example.empty()) << setting.name;
      EXPECT_FALSE(setting.fallback.empty()) << setting.name;
    }
    EXPECT_EQ(setting.kind == Setting::Kind::kChoice, !setting.words.empty()) << setting.name;
  });
}

TEST(ConfigSettings, NamesAreUniqueInEachPlace) {
  std::set<std::string_view> run;
  for (const Setting* setting : run_settings()) {
    EXPECT_TRUE(run.insert(setting->name).second) << setting->name;
  }
  for (bool Places::* place : {&Places::top, &Places::table, &Places::column, &Places::source, &Places::target}) {
    std::set<std::string_view> names;
    for (const std::string_view name : names_in(place)) {
      EXPECT_TRUE(names.insert(name).second) << name;
    }
  }
}

TEST(ConfigSettings, ExamplesAndDefaultsAreTaken) {
  std::size_t taken = 0;
  for (const Setting* setting : run_settings()) {
    std::string example(setting->example);
    if (example.starts_with('\'') || example.starts_with('"')) {
      example = example.substr(1, example.size() - 2);
    }
    CopyOptions options;
    EXPECT_TRUE(setting->set(options, example)) << setting->name;
    EXPECT_TRUE(setting->show == nullptr || !setting->show(options).empty()) << setting->name;
    for (const std::string_view word : setting->words) {
      EXPECT_TRUE(setting->set(options, word)) << setting->name << word;
      EXPECT_EQ(setting->show(options), word) << setting->name;
    }
    if (!setting->words.empty() || setting->kind == Setting::Kind::kSwitch) {
      EXPECT_EQ(setting->show(CopyOptions()), setting->fallback) << setting->name;
    }
    ++taken;
  }
  EXPECT_GT(taken, 30U);
}

TEST(ConfigSettings, RulesOfTablesTakeWhatTheSectionTakes) {
  TableRule rule;
  rule.tables = TablePattern::parse("orders");
  const auto takes = [&rule](const char* name, const std::vector<std::string>& texts) {
    return give(rule, *find_setting(name, &Places::table), texts);
  };
  EXPECT_TRUE(takes("key", {"a", "b"}));
  EXPECT_TRUE(takes("range_start", {"open"}));
  EXPECT_TRUE(takes("reconcile", {"2 days"}));
  EXPECT_FALSE(takes("reconcile", {"0 days"}));
  EXPECT_FALSE(takes("cursor", {"a", "b"}));
  EXPECT_FALSE(takes("cursor", {""}));
  EXPECT_FALSE(takes("key", {}));
  EXPECT_FALSE(takes("strategy", {"upsrt"}));
  CopyOptions options;
  options.table_rules = {rule};
  const Disposition disposition = settings_for(options, {"public", "orders"}).disposition;
  EXPECT_EQ(disposition.key, (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(disposition.open_start);
  EXPECT_FALSE(disposition.closed_end);
  EXPECT_EQ(disposition.reconcile_seconds, 172'800U);
}

}  // namespace
}  // namespace pg2duck::config
