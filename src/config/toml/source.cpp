#include "config/toml/source.hpp"

#include <utility>

#include <fmt/format.h>

#include "base/redaction.hpp"
#include "config/connection_text.hpp"
#include "config/toml/secret.hpp"

namespace pg2duck::config {
namespace {

constexpr std::string_view kFileSuffix = "_file";

bool is_secret(std::string_view keyword) {
  return keyword == "password" || keyword == "sslpassword";
}

/// A password of its own, or one within a whole connection string.
bool holds_password(const toml::node& node, bool secret) {
  const auto* literal = node.as_string();
  return is_written_out(node) && (secret || (literal != nullptr && redact(literal->get()) != literal->get()));
}

void refuse_exposed_password(const TomlDocument& document, const toml::key& key, const toml::node& node, bool secret) {
  if (holds_password(node, secret)) {
    refuse_exposed(document, key, "password", "source");
  }
}

/// The section [source], key by key.
class SourceSection {
 public:
  explicit SourceSection(const TomlDocument& document) : document_(document) {}

  void take(const toml::key& key, const toml::node& node) {
    const std::string name(key.str());
    const bool in_file = name.ends_with(kFileSuffix);
    const std::string keyword = in_file ? name.substr(0, name.size() - kFileSuffix.size()) : name;
    if (keyword != "url" && !(in_file ? is_secret(keyword) : is_connection_keyword(keyword))) {
      throw unknown(key, keyword);
    }
    if (!in_file) {
      refuse_exposed_password(document_, key, node, is_secret(keyword));
    }
    const Secret value =
        in_file ? secret_of_file(document_, key, node) : Secret(text_of(document_, key, node, "a text or a number"));
    source_.parts.push_back({.name = "source." + name,
                             .value = is_secret(keyword) ? Secret::display() : redact(value.reveal()),
                             .origin = line_of(document_, key.source())});
    if (keyword == "url") {
      url_ = value;
    } else {
      parts_.emplace_back(keyword, value);
    }
  }

  GivenSource finish() {
    source_.connection = connection_text(url_.reveal(), parts_);
    return std::move(source_);
  }

 private:
  [[nodiscard]] Error unknown(const toml::key& key, const std::string& keyword) const {
    // `database` is a setting of the target; here it is dbname that is meant.
    if (stands_at_the_top(key.str()) && keyword != "database") {
      return unknown_key(document_, key, " in [source]", {});
    }
    const auto nearest = nearest_connection_keyword(keyword);
    return toml_error(document_, key.source(), fmt::format("unknown key {} in [source]", key.str()))
        .set_hint(nearest ? fmt::format("did you mean {}?", *nearest)
                          : "known are url, url_file, password_file and the keywords of libpq: host, port, dbname, "
                            "user, password, sslmode, ...");
  }

  const TomlDocument& document_;
  Secret url_;
  ConnectionParts parts_;
  GivenSource source_;
};

}  // namespace

GivenSource read_toml_source(const TomlDocument& document, const toml::key& key, const toml::node& node) {
  if (const toml::table* table = node.as_table(); table != nullptr && key.str() == "source") {
    SourceSection section(document);
    for (const toml::key* inner : keys_in_order(*table)) {
      section.take(*inner, *table->get(inner->str()));
    }
    return section.finish();
  }
  GivenSource source;
  if (key.str() == "source_file") {
    source.connection = secret_of_file(document, key, node);
  } else {
    refuse_exposed_password(document, key, node, false);
    source.connection = Secret(text_of(document, key, node, "a Postgres connection string, or a section [source]"));
  }
  source.parts.push_back({.name = std::string(key.str()),
                          .value = redact(source.connection.reveal()),
                          .origin = line_of(document, key.source())});
  return source;
}

}  // namespace pg2duck::config
