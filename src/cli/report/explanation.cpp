#include "cli/report/explanation.hpp"

#include <string_view>

#include "cli/report/json_values.hpp"
#include "cli/terminal/display_text.hpp"
#include "cli/terminal/text_table.hpp"

namespace pg2duck::cli {
namespace {

/// A list of many tables would make the column, and with it every line, as long as it is.
constexpr std::size_t kLongestValue = 60;

/// A list as lines that end behind a comma; a single long value stays whole.
std::vector<std::string> lines_of(std::string_view list) {
  std::vector<std::string> lines{""};
  while (!list.empty()) {
    const std::size_t comma = list.find(", ");
    const std::string_view part = list.substr(0, comma == std::string_view::npos ? comma : comma + 2);
    list.remove_prefix(part.size());
    if (!lines.back().empty() && lines.back().size() + part.size() > kLongestValue) {
      lines.emplace_back();
    }
    lines.back() += part;
  }
  return lines;
}

}  // namespace

std::string render_explanation(const std::vector<config::Explained>& explained, const std::vector<std::string>& notices,
                               std::size_t width) {
  TextTable table;
  for (const char* title : {"Setting", "Value", "From"}) {
    table.add_column(title);
  }
  for (const config::Explained& entry : explained) {
    const std::vector<std::string> values = lines_of(entry.value);
    table.add_row({entry.name, values.front(), entry.origin});
    for (std::size_t i = 1; i < values.size(); ++i) {
      table.add_row({"", values[i], ""});
    }
  }
  std::string text = table.render(width);
  for (const std::string& notice : notices) {
    text += "\nnote: " + printable(notice);
  }
  return text + (notices.empty() ? "" : "\n");
}

std::string explanation_json(const std::vector<config::Explained>& explained, const std::vector<std::string>& notices) {
  Json settings = Json::array();
  for (const config::Explained& entry : explained) {
    settings.push_back(Json{{"name", entry.name}, {"value", entry.value}, {"from", entry.origin}});
  }
  return dump(Json{{"settings", std::move(settings)}, {"notes", notices}}, 2) + "\n";
}

}  // namespace pg2duck::cli
