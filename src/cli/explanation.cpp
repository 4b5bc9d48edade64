#include "cli/explanation.hpp"

#include "cli/display_text.hpp"
#include "cli/json_values.hpp"
#include "cli/text_table.hpp"

namespace pg2duck::cli {

std::string render_explanation(const std::vector<config::Explained>& explained, const std::vector<std::string>& notices,
                               std::size_t width) {
  TextTable table;
  for (const char* title : {"Setting", "Value", "From"}) {
    table.add_column(title);
  }
  for (const config::Explained& entry : explained) {
    table.add_row({entry.name, entry.value, entry.origin});
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
