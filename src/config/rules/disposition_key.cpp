#include "config/rules/disposition_key.hpp"

#include <algorithm>
#include <array>

#include "config/rules/quantity.hpp"

namespace pg2duck::config {
namespace {

using Texts = std::vector<std::string>;

constexpr std::string_view kColumn = "the name of a column";
constexpr std::string_view kColumnExample = "\"updated_at\"";
constexpr std::string_view kValue = "a value of the cursor";
constexpr std::string_view kValueExample = "\"2025-01-01\"";
constexpr std::string_view kSide = "open or closed";

/// A text goes to `Member`.
template <std::string Disposition::* Member>
bool set_text(Disposition& disposition, const Texts& texts) {
  disposition.*Member = texts.front();
  return true;
}

bool set_key(Disposition& disposition, const Texts& texts) {
  disposition.key = texts;
  return true;
}

bool set_strategy(Disposition& disposition, const Texts& texts) {
  const auto strategy = parse_merge_strategy(texts.front());
  disposition.strategy = strategy.value_or(disposition.strategy);
  return strategy.has_value();
}

bool set_null_cursor(Disposition& disposition, const Texts& texts) {
  const auto policy = parse_null_cursor(texts.front());
  disposition.null_cursor = policy;
  return policy.has_value();
}

bool set_range_start(Disposition& disposition, const Texts& texts) {
  disposition.open_start = texts.front() == "open";
  return disposition.open_start || texts.front() == "closed";
}

bool set_range_end(Disposition& disposition, const Texts& texts) {
  disposition.closed_end = texts.front() == "closed";
  return disposition.closed_end || texts.front() == "open";
}

bool set_reconcile(Disposition& disposition, const Texts& texts) {
  const auto seconds = parse_duration(texts.front());
  disposition.reconcile_seconds = seconds.value_or(0);
  return disposition.reconcile_seconds > 0;
}

constexpr std::array kKeys{
    DispositionKey{"strategy", "upsert, delete-insert, insert-only or scd2", "\"upsert\"", false, set_strategy},
    DispositionKey{"key", "the names of columns", "[\"id\"]", true, set_key},
    DispositionKey{"hard_delete", kColumn, "\"deleted\"", false, set_text<&Disposition::hard_delete>},
    DispositionKey{"newest_by", kColumn, kColumnExample, false, set_text<&Disposition::newest_by>},
    DispositionKey{"valid_from", kColumn, "\"valid_from\"", false, set_text<&Disposition::valid_from>},
    DispositionKey{"valid_to", kColumn, "\"valid_to\"", false, set_text<&Disposition::valid_to>},
    DispositionKey{"cursor", kColumn, kColumnExample, false, set_text<&Disposition::cursor>},
    DispositionKey{"initial", kValue, kValueExample, false, set_text<&Disposition::initial>},
    DispositionKey{"end", kValue, kValueExample, false, set_text<&Disposition::end>},
    DispositionKey{"lag", "a number or an interval", "\"1 hour\"", false, set_text<&Disposition::lag>},
    DispositionKey{"range_start", kSide, "\"closed\"", false, set_range_start},
    DispositionKey{"range_end", kSide, "\"open\"", false, set_range_end},
    DispositionKey{"null_cursor", "raise, include or exclude", "\"include\"", false, set_null_cursor},
    DispositionKey{"reconcile", "a time, in seconds, minutes, hours, days or weeks", "\"7 days\"", false,
                   set_reconcile},
};

}  // namespace

std::span<const DispositionKey> disposition_keys() {
  return kKeys;
}

const DispositionKey* find_disposition_key(std::string_view name) {
  const auto* found = std::ranges::find(kKeys, name, &DispositionKey::name);
  return found == kKeys.end() ? nullptr : found;
}

void apply(const DispositionTexts& texts, Disposition& disposition) {
  for (const auto& [name, values] : texts) {
    find_disposition_key(name)->set(disposition, values);
  }
}

}  // namespace pg2duck::config
