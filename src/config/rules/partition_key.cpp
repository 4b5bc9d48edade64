#include "config/rules/partition_key.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

namespace pg2duck::config {
namespace {

constexpr std::array<std::string_view, 4> kTransforms{"year", "month", "day", "hour"};
constexpr std::string_view kBucket = "bucket";
constexpr unsigned kMaximumBuckets = 100'000;

/// Takes one key after the other from the front of a text.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  std::optional<PartitionKey> key() {
    const bool quoted = next() == '"';
    const std::optional<std::string> word = name();
    if (!word || quoted || !take('(')) {
      return word ? std::optional(PartitionKey{.transform = {}, .buckets = 0, .column = *word}) : std::nullopt;
    }
    PartitionKey key{.transform = *word, .buckets = 0, .column = {}};
    if (*word == kBucket) {
      key.buckets = number();
      if (key.buckets == 0 || !take(',')) {
        return std::nullopt;
      }
    } else if (std::ranges::find(kTransforms, *word) == kTransforms.end()) {
      return std::nullopt;
    }
    const std::optional<std::string> column = name();
    if (!column || !take(')')) {
      return std::nullopt;
    }
    key.column = *column;
    return key;
  }

  /// Whether `wanted` is next; it is taken then.
  bool take(char wanted) {
    const bool found = next() == wanted;
    rest_.remove_prefix(found ? 1 : 0);
    return found;
  }

  /// The next character that is no blank; NUL at the end.
  char next() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t"), rest_.size()));
    return rest_.empty() ? '\0' : rest_.front();
  }

 private:
  static bool in_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

  std::optional<std::string> name() {
    std::string found;
    if (take('"')) {
      for (; !rest_.empty(); rest_.remove_prefix(1)) {
        if (rest_.starts_with("\"\"")) {
          rest_.remove_prefix(1);
        } else if (rest_.front() == '"') {
          rest_.remove_prefix(1);
          return found.empty() ? std::nullopt : std::optional(found);
        }
        found += rest_.front();
      }
      return std::nullopt;
    }
    next();
    const auto* end = std::ranges::find_if_not(rest_, in_name);
    found.assign(rest_.begin(), end);
    rest_.remove_prefix(found.size());
    return found.empty() ? std::nullopt : std::optional(found);
  }

  /// 0: there is none, or it is too big.
  unsigned number() {
    unsigned value = 0;
    next();
    for (; !rest_.empty() && std::isdigit(static_cast<unsigned char>(rest_.front())) != 0; rest_.remove_prefix(1)) {
      value = value > kMaximumBuckets ? value : value * 10 + static_cast<unsigned>(rest_.front() - '0');
    }
    return value > kMaximumBuckets ? 0 : value;
  }

  std::string_view rest_;
};

}  // namespace

std::vector<PartitionKey> PartitionKey::parse(std::string_view text) {
  Reader reader(text);
  std::vector<PartitionKey> keys;
  do {
    const std::optional<PartitionKey> key = reader.key();
    if (!key) {
      return {};
    }
    keys.push_back(*key);
  } while (reader.take(','));
  return reader.next() == '\0' ? keys : std::vector<PartitionKey>{};
}

}  // namespace pg2duck::config
