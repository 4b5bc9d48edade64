#include "cli/report/configuration_text.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>

#include <fmt/format.h>

#include "base/version.hpp"
#include "cli/terminal/display_text.hpp"
#include "cli/terminal/units.hpp"
#include "config/settings/index.hpp"
#include "source/session/connection_info.hpp"

namespace pg2duck::cli {
namespace {

using config::Setting;

constexpr std::size_t kCommentColumn = 44;
constexpr std::uint64_t kMaxShrink = 50;  // per cent

/// A TOML basic string; `${` is kept from being a reference.
std::string toml_text(std::string_view text) {
  std::string quoted = "\"";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"' || c == '\\') {
      quoted += '\\';
    }
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      quoted += fmt::format("\\u{:04X}", static_cast<unsigned char>(c));
      continue;
    }
    quoted += c == '$' && text.substr(i).starts_with("${") ? "$$" : std::string(1, c);
  }
  return quoted + "\"";
}

std::string commented(const std::string& line, const std::string& comment) {
  return pad_right(line, kCommentColumn) + " # " + comment + "\n";
}

std::string source_text(const config::CopyOptions& options) {
  const source::ConnectionInfo info = source::ConnectionInfo::parse(options.source);
  std::string text =
      "# Where the tables come from. What is left out is libpq's: the PG* variables, ~/.pgpass, a service file.\n";
  bool password = false;
  for (const auto& [keyword, value] : info.parameters()) {
    const bool secret = keyword == "password" || keyword == "sslpassword";
    password = password || keyword == "password";
    const std::string variable = keyword == "password" ? "${PGPASSWORD}" : "${PGSSLPASSWORD}";
    text += fmt::format("source.{} = {}\n", keyword, secret ? "\"" + variable + "\"" : toml_text(value.reveal()));
  }
  if (!password) {
    text +=
        "# source.password = \"${PGPASSWORD}\"         # or source.password_file = \"...\", readable by you alone\n";
  }
  return text + "\n";
}

std::string tables_text(const std::vector<sync::TablePlan>& plan, const sync::RunReport& report) {
  std::string text =
      "# The tables to copy. Patterns take new tables as they come: tables = [\"public.*\"]\ntables = [\n";
  for (const sync::TablePlan& table : plan) {
    const bool refused = std::ranges::any_of(report.tables, [&table](const sync::TableReport& entry) {
      return entry.source == table.source && entry.error;
    });
    if (!refused) {
      const std::string rows =
          table.estimated_rows < 0
              ? "rows not known"
              : "about " + format_count_of(static_cast<std::uint64_t>(table.estimated_rows), "row");
      text += commented("  " + toml_text(table.source.display()) + ",",
                        fmt::format("{}, {}, {}", table.kind, rows, format_bytes(table.bytes)));
    }
  }
  text += "]\n";
  for (const sync::TableReport& table : report.tables) {
    if (table.error) {
      text += fmt::format("# Cannot be copied: {}: {}\n", printable(table.source.display()),
                          printable(table.error->message()));
    }
  }
  return text + "\n";
}

/// The setting as a value when somebody asked for it, as a comment when not.
std::string setting_text(const Setting& setting, const config::CopyOptions& options) {
  const config::CopyOptions untouched;
  const std::string value = setting.show(options);
  const bool given = value != setting.show(untouched);
  std::string shown = given ? value : std::string(setting.example);
  if (!given) {
    std::erase(shown, '\'');
  }
  const bool bare = setting.kind == Setting::Kind::kCount || setting.kind == Setting::Kind::kSwitch;
  const std::string text = bare ? shown : toml_text(shown);
  const std::string line = fmt::format("{}{} = {}", given ? "" : "# ", setting.name,
                                       setting.kind == Setting::Kind::kList ? "[" + text + "]" : text);
  const std::string words = setting.words.empty() ? "" : ": " + needs_of(setting);
  return commented(line, fmt::format("{}{}. Default: {}", setting.summary, words, setting.fallback));
}

std::string settings_text(config::CopyOptions options) {
  // What was emptied by mistake should not empty its copy.
  options.max_shrink = options.max_shrink.value_or(kMaxShrink);
  std::string text = "# How it is done. `pg2duck copy --help` says more of each.\n";
  for (const Setting* setting : config::run_settings()) {
    if (setting->stands_in.top && setting->name != "target" && setting->name != "tables") {
      text += setting_text(*setting, options);
    }
  }
  return text + "\n";
}

/// Sections for columns that need a look, and one to copy from.
std::string sections_text(const std::vector<sync::TablePlan>& plan) {
  std::string text =
      "# Settings of single tables, or of all that match a pattern; the last one that matches counts.\n"
      "# [table.\"public.orders\"]\n"
      "# where = \"created_at >= '2025-01-01'\"     # only these rows; SQL\n"
      "# read = \"gentle\"                          # as above: read, mode, numeric, unrepresentable, "
      "on_schema_change\n"
      "# columns.note = \"exclude\"                 # or a type, \"rename NAME\", { type = \"varchar\", rename = \"x\" "
      "}\n";
  for (const sync::TablePlan& table : plan) {
    bool begun = false;
    for (const sync::ColumnPlan& column : table.columns) {
      if (!column.note.empty()) {
        text += begun ? "" : fmt::format("\n# [table.{}]\n", toml_text(table.source.display()));
        begun = true;
        text += commented(fmt::format("# columns.{} = {}", toml_text(display_identifier(column.name)),
                                      toml_text(fold_case(column.target_type))),
                          printable(fmt::format("{}: {}", column.source_type, column.note)));
      }
    }
  }
  return text;
}

}  // namespace

std::string configuration_text(const config::CopyOptions& options, const std::vector<sync::TablePlan>& plan,
                               const sync::RunReport& report) {
  std::string text = fmt::format(
      "# What `pg2duck sync` copies. `pg2duck plan` shows what it would do, `pg2duck explain-config` every setting "
      "and\n"
      "# where its value comes from. Written by pg2duck {} from {}.\n"
      "# Texts may refer to the environment: \"${{NAME}}\". The command line and PG2DUCK_ variables override this "
      "file.\n\n",
      kVersion, printable(report.source));
  text += source_text(options);
  text += "# The DuckDB file that is written.\ntarget = " + toml_text(options.target) + "\n\n";
  return text + tables_text(plan, report) + settings_text(options) + sections_text(plan);
}

}  // namespace pg2duck::cli
