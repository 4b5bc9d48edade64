#include "config/toml/secret.hpp"

#include <fmt/format.h>

#include "config/private_file.hpp"

namespace pg2duck::config {

Secret secret_of_file(const TomlDocument& document, const toml::key& key, const toml::node& node) {
  const std::filesystem::path file = path_in(document, text_of(document, key, node, "the name of a file"));
  try {
    return read_secret_file(file);
  } catch (Error& error) {
    throw error.add_context(place_of(document, key.source()));
  }
}

bool is_written_out(const toml::node& node) {
  const auto* literal = node.as_string();
  if (literal == nullptr) {
    return true;
  }
  const std::string& text = literal->get();
  std::size_t at = text.find("${");
  // $${ stands for the characters ${.
  while (at != std::string::npos && at > 0 && text[at - 1] == '$') {
    at = text.find("${", at + 1);
  }
  return at == std::string::npos;
}

void refuse_exposed(const TomlDocument& document, const toml::key& key, std::string_view noun,
                    std::string_view section) {
  if (document.exposure.empty()) {
    return;
  }
  throw toml_error(document, key.source(), fmt::format("a {} stands here, and {}", noun, document.exposure))
      .set_hint(fmt::format("chmod 600 '{}', or keep the {} elsewhere: {} = \"${{NAME}}\" or {}_file = \"...\" in [{}]",
                            document.name, noun, noun, noun, section));
}

}  // namespace pg2duck::config
