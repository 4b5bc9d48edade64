#include "config/toml/target.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/redaction.hpp"
#include "config/settings/index.hpp"
#include "config/target.hpp"
#include "config/toml/secret.hpp"

namespace pg2duck::config {
namespace {

Secret token_of(const TomlDocument& document, const toml::key& key, const toml::node& node) {
  if (key.str() == "token_file") {
    return secret_of_file(document, key, node);
  }
  if (is_written_out(node)) {
    refuse_exposed(document, key, "token", "target");
  }
  Secret token(text_of(document, key, node, "a text"));
  if (token.empty()) {
    throw toml_error(document, node.source(), "token is empty")
        .set_hint("token = \"${NAME}\", or leave it out: PG2DUCK_QUACK_TOKEN and motherduck_token hold one, too");
  }
  return token;
}

void check_takes_token(const TomlDocument& document, const toml::key& key, const std::string& target) {
  if (!target.empty() && !takes_token(target)) {
    throw toml_error(document, key.source(), fmt::format("the target {} is opened without a token", redact(target)))
        .set_hint(fmt::format("leave {} out; targets md: and quack: take one", key.str()));
  }
}

}  // namespace

std::string target_in(const TomlDocument& document, const toml::node& node, const std::string& text) {
  try {
    const auto file = file_named_by(text);
    return file && !file->empty() ? path_in(document, *file).string() : text;
  } catch (const Error& error) {
    throw toml_error(document, node.source(), error.what()).set_hint(error.hint());
  }
}

void read_toml_target(const TomlDocument& document, const toml::table& section, Layer& layer) {
  const toml::key* token_key = nullptr;
  std::string target;
  for (const toml::key* key : keys_in_order(section)) {
    const toml::node& node = *section.get(key->str());
    const Setting* setting = find_setting(key->str(), &Places::target);
    if (setting == nullptr) {
      throw unknown_key(document, *key, " in [target]", names_in(&Places::target));
    }
    if (key->str() == "url") {
      target = target_in(document, node, text_of(document, *key, node, setting->needs));
      layer.values.push_back(given_by(document, *key, "target", {target}, toml_example(*setting)));
      continue;
    }
    if (token_key != nullptr) {
      throw toml_error(document, key->source(), "token and token_file exclude each other").set_hint("keep one of them");
    }
    token_key = key;
    layer.token = GivenToken{.token = token_of(document, *key, node),
                             .target = {},
                             .part = {.name = fmt::format("target.{}", key->str()),
                                      .value = Secret::display(),
                                      .origin = line_of(document, key->source())}};
  }
  if (token_key != nullptr) {
    check_takes_token(document, *token_key, target);
    layer.token->target = target;
  }
}

}  // namespace pg2duck::config
