#include "config/setting.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "config/rules/quantity.hpp"
#include "config/target.hpp"

namespace pg2duck::config {
namespace {

using Kind = Setting::Kind;

/// DuckDB cannot even open a file in less.
constexpr std::uint64_t kLeastMemory = 1 << 20;
constexpr std::uint64_t kMostJobs = 1024;
constexpr std::uint64_t kMostPreview = 1000;

/// Assigns what `text` reads as, if it reads as anything.
template <typename Value, typename Parsed>
bool take(Value& value, const std::optional<Parsed>& parsed) {
  if (parsed) {
    value = static_cast<Value>(*parsed);
  }
  return parsed.has_value();
}

std::optional<std::uint64_t> count_between(std::string_view text, std::uint64_t least, std::uint64_t most) {
  const std::optional<std::uint64_t> count = parse_count(text);
  return count && *count >= least && *count <= most ? count : std::nullopt;
}

std::optional<std::uint64_t> size_from(std::string_view text, std::uint64_t least) {
  const std::optional<std::uint64_t> bytes = parse_byte_size(text);
  return bytes && *bytes >= least ? bytes : std::nullopt;
}

std::optional<bool> switched(std::string_view text) {
  return text == "true" ? std::optional(true) : text == "false" ? std::optional(false) : std::nullopt;
}

std::optional<OnError> on_error_of(std::string_view text) {
  return text == "abort"  ? std::optional(OnError::kAbort)
         : text == "skip" ? std::optional(OnError::kSkip)
                          : std::nullopt;
}

std::optional<Compression> compression_of(std::string_view text) {
  return text == "auto"     ? std::optional(Compression::kAuto)
         : text == "duckdb" ? std::optional(Compression::kDuckdb)
         : text == "fast"   ? std::optional(Compression::kFast)
                            : std::nullopt;
}

std::optional<Profile> profile_of(std::string_view text) {
  return text == "target"       ? std::optional(Profile::kTarget)
         : text == "motherduck" ? std::optional(Profile::kMotherduck)
                                : std::nullopt;
}

bool add_patterns(std::vector<std::string>& patterns, std::string_view text) {
  if (text.find_first_not_of(" \t,") == std::string_view::npos) {
    return false;
  }
  patterns.emplace_back(text);
  return true;
}

std::string joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) {
    all += (all.empty() ? "" : ", ") + text;
  }
  return all;
}

std::string number(std::uint64_t value) {
  return value == 0 ? std::string() : std::to_string(value);
}

std::string on_or_off(bool value) {
  return value ? "true" : "false";
}

std::string numeric_text(const types::NumericTarget& numeric) {
  using Target = types::NumericTarget::Kind;
  switch (numeric.kind) {
    case Target::kAuto:
      return "auto";
    case Target::kDecimal:
      return "decimal(" + std::to_string(numeric.width) + "," + std::to_string(numeric.scale) + ")";
    case Target::kVarchar:
      return "varchar";
    case Target::kDouble:
      return "double";
  }
  return {};
}

std::string unrepresentable_text(Unrepresentable policy) {
  return policy == Unrepresentable::kError ? "error" : policy == Unrepresentable::kNull ? "null" : "text";
}

std::string compression_text(Compression compression) {
  return compression == Compression::kAuto ? "auto" : compression == Compression::kDuckdb ? "duckdb" : "fast";
}

std::string shown_by_rules(const CopyOptions& /*options*/) {
  return {};
}

// Rules say themselves what is wrong with them.
bool add_column_rule(CopyOptions& options, std::string_view text) {
  options.columns.push_back(ColumnRule::parse(text));
  return true;
}

bool add_row_filter(CopyOptions& options, std::string_view text) {
  options.where.push_back(RowFilter::parse(text));
  return true;
}

template <std::string CopyOptions::* Text>
bool set_text(CopyOptions& options, std::string_view text) {
  options.*Text = text;
  return !text.empty();
}

bool set_limit(CopyOptions& options, std::string_view text) {
  options.limit = count_between(text, 1, UINT64_MAX);
  return options.limit.has_value();
}

bool set_dataset(CopyOptions& options, std::string_view text) {
  options.dataset = std::string(text);
  return !text.empty();
}

bool set_stage(CopyOptions& options, std::string_view text) {
  const std::optional<std::string> place = parquet_place(text);
  options.stage = place.value_or("");
  return place.has_value();
}

bool add_partition_rule(CopyOptions& options, std::string_view text) {
  options.table_rules.push_back(parse_partition_rule(text));
  return true;
}

bool add_share(CopyOptions& options, std::string_view text) {
  options.maintenance.update_share.emplace_back(text);
  return !text.empty();
}

constexpr std::array kSettings{
    Setting{"target", Kind::kText, true, "a DuckDB file, or another place by its prefix", "shop.duckdb", "none",
            set_text<&CopyOptions::target>, [](const CopyOptions& o) { return o.target; }},
    Setting{"database", Kind::kText, true, "the name of a database", "shop", "what the target names",
            set_text<&CopyOptions::database>, [](const CopyOptions& o) { return o.database; }},
    Setting{"create_database", Kind::kSwitch, true, "true or false", "true", "false",
            [](CopyOptions& o, std::string_view text) { return take(o.create_database, switched(text)); },
            [](const CopyOptions& o) { return on_or_off(o.create_database); }},
    Setting{"tables", Kind::kList, true, "table names or patterns", "'public.*'",
            "every table outside the system schemas",
            [](CopyOptions& o, std::string_view text) { return add_patterns(o.tables, text); },
            [](const CopyOptions& o) { return joined(o.tables); }},
    Setting{"exclude", Kind::kList, true, "table names or patterns", "'public.tmp_*'", "none",
            [](CopyOptions& o, std::string_view text) { return add_patterns(o.exclude, text); },
            [](const CopyOptions& o) { return joined(o.exclude); }},
    Setting{"views", Kind::kSwitch, true, "true or false", "true", "false",
            [](CopyOptions& o, std::string_view text) { return take(o.views, switched(text)); },
            [](const CopyOptions& o) { return on_or_off(o.views); }},
    Setting{"dataset", Kind::kText, true, "the name of a schema", "replica",
            "public becomes main, other schemas keep their name", set_dataset,
            [](const CopyOptions& o) { return o.dataset.value_or(""); }},
    Setting{"column", Kind::kList, false, "a rule for columns", "'public.orders.note=exclude'", "none", add_column_rule,
            shown_by_rules},
    Setting{"where", Kind::kList, false, "a condition for rows", "'public.orders=id > 1000'", "none", add_row_filter,
            shown_by_rules},
    Setting{"limit", Kind::kCount, true, "a whole number, 1 or more", "1000", "all rows", set_limit,
            [](const CopyOptions& o) { return number(o.limit.value_or(0)); }},
    Setting{"numeric", Kind::kText, true, "auto, varchar, double or decimal(p,s) with p up to 38", "varchar", "auto",
            [](CopyOptions& o, std::string_view text) { return take(o.numeric, types::parse_numeric_target(text)); },
            [](const CopyOptions& o) { return numeric_text(o.numeric); }},
    Setting{"unrepresentable", Kind::kText, true, "error, null or text", "null", "error",
            [](CopyOptions& o, std::string_view text) { return take(o.unrepresentable, parse_unrepresentable(text)); },
            [](const CopyOptions& o) { return unrepresentable_text(o.unrepresentable); }},
    Setting{"primary_keys", Kind::kSwitch, true, "true or false", "true", "false",
            [](CopyOptions& o, std::string_view text) { return take(o.primary_keys, switched(text)); },
            [](const CopyOptions& o) { return on_or_off(o.primary_keys); }},
    Setting{"mode", Kind::kText, true, "replace, append or merge", "merge", "replace",
            [](CopyOptions& o, std::string_view text) { return take(o.mode, parse_mode(text)); },
            [](const CopyOptions& o) { return std::string(to_string(o.mode)); }},
    Setting{
        "on_schema_change", Kind::kText, true, "apply, ignore or fail", "fail", "apply",
        [](CopyOptions& o, std::string_view text) { return take(o.on_schema_change, parse_on_schema_change(text)); },
        [](const CopyOptions& o) { return std::string(to_string(o.on_schema_change)); }},
    Setting{"full", Kind::kSwitch, false, "true or false", "true", "false",
            [](CopyOptions& o, std::string_view text) { return take(o.full, switched(text)); },
            [](const CopyOptions& o) { return on_or_off(o.full); }},
    Setting{"reconcile", Kind::kSwitch, false, "true or false", "true", "false",
            [](CopyOptions& o, std::string_view text) { return take(o.reconcile, switched(text)); },
            [](const CopyOptions& o) { return on_or_off(o.reconcile); }},
    Setting{"on_error", Kind::kText, true, "abort or skip", "skip", "abort",
            [](CopyOptions& o, std::string_view text) { return take(o.on_error, on_error_of(text)); },
            [](const CopyOptions& o) { return std::string(o.on_error == OnError::kSkip ? "skip" : "abort"); }},
    Setting{"read", Kind::kText, true, "auto, copy, pages or gentle", "gentle", "auto",
            [](CopyOptions& o, std::string_view text) { return take(o.read, parse_read_method(text)); },
            [](const CopyOptions& o) { return std::string(to_string(o.read)); }},
    Setting{"max_rate", Kind::kText, true, "bytes a second, or with KB, MB, GB, KiB, MiB, GiB", "20MB", "no limit",
            [](CopyOptions& o, std::string_view text) { return take(o.max_rate, size_from(text, 1)); },
            [](const CopyOptions& o) { return number(o.max_rate); }},
    Setting{"compression", Kind::kText, true, "auto, duckdb or fast", "fast", "auto",
            [](CopyOptions& o, std::string_view text) { return take(o.compression, compression_of(text)); },
            [](const CopyOptions& o) { return compression_text(o.compression); }},
    Setting{"jobs", Kind::kCount, true, "a number from 1 to 1024", "4", "the cores, 2 to 8; 1 for gentle",
            [](CopyOptions& o, std::string_view text) { return take(o.jobs, count_between(text, 1, kMostJobs)); },
            [](const CopyOptions& o) { return number(o.jobs); }},
    Setting{
        "memory_limit", Kind::kText, true, "1 MiB or more, in bytes or with KB, MB, GB, KiB, MiB, GiB", "4GB",
        "by the rows' width",
        [](CopyOptions& o, std::string_view text) { return take(o.memory_limit_bytes, size_from(text, kLeastMemory)); },
        [](const CopyOptions& o) { return number(o.memory_limit_bytes); }},
    Setting{
        "batch_rows", Kind::kCount, true, "a whole number, 1 or more", "1000000", "what suits the target",
        [](CopyOptions& o, std::string_view text) { return take(o.batch_rows, count_between(text, 1, UINT64_MAX)); },
        [](const CopyOptions& o) { return number(o.batch_rows); }},
    Setting{"data_path", Kind::kText, true, "a directory", "/data/shop", "beside the catalog",
            set_text<&CopyOptions::data_path>, [](const CopyOptions& o) { return o.data_path; }},
    Setting{"storage_version", Kind::kText, true, "a version of DuckDB, v1.0.0 or later, or latest", "v1.4.0",
            "the file's; of a new one v1.0.0, with which large tables take longer to refresh",
            set_text<&CopyOptions::storage_version>, [](const CopyOptions& o) { return o.storage_version; }},
    Setting{"profile", Kind::kText, true, "target or motherduck", "motherduck", "target",
            [](CopyOptions& o, std::string_view text) { return take(o.profile, profile_of(text)); },
            [](const CopyOptions& o) { return std::string(o.profile == Profile::kTarget ? "target" : "motherduck"); }},
    Setting{"partition_by", Kind::kList, false, "a table and what its files are divided by",
            "'public.orders=year(created_at)'", "none", add_partition_rule, shown_by_rules},
    Setting{"stage", Kind::kText, true, "parquet: and a directory, or a place in an object store",
            "parquet:s3://bucket/stage", "none", set_stage,
            [](const CopyOptions& o) { return o.stage.empty() ? o.stage : "parquet:" + o.stage; }},
    Setting{"create_snapshot", Kind::kSwitch, true, "true or false", "true", "false",
            [](CopyOptions& o, std::string_view text) { return take(o.maintenance.create_snapshot, switched(text)); },
            [](const CopyOptions& o) { return on_or_off(o.maintenance.create_snapshot); }},
    Setting{"update_share", Kind::kList, true, "the name of a share", "shop_share", "none", add_share,
            [](const CopyOptions& o) { return joined(o.maintenance.update_share); }},
    Setting{
        "expire_after", Kind::kText, true, "a time, in seconds, minutes, hours, days or weeks", "'7 days'", "never",
        [](CopyOptions& o, std::string_view text) { return take(o.maintenance.expire_after, parse_duration(text)); },
        [](const CopyOptions& o) {
          return o.maintenance.expire_after == 0 ? "" : number(o.maintenance.expire_after) + " seconds";
        }},
    Setting{"preview", Kind::kCount, false, "a number from 0 to 1000", "5", "0",
            [](CopyOptions& o, std::string_view text) { return take(o.preview, count_between(text, 0, kMostPreview)); },
            [](const CopyOptions& o) { return number(o.preview); }},
    Setting{"dry_run", Kind::kSwitch, false, "true or false", "true", "false",
            [](CopyOptions& o, std::string_view text) { return take(o.dry_run, switched(text)); },
            [](const CopyOptions& o) { return on_or_off(o.dry_run); }},
    Setting{"force", Kind::kSwitch, false, "true or false", "true", "false",
            [](CopyOptions& o, std::string_view text) { return take(o.force, switched(text)); },
            [](const CopyOptions& o) { return on_or_off(o.force); }},
};

}  // namespace

std::span<const Setting> settings() {
  return kSettings;
}

const Setting* find_setting(std::string_view name) {
  const auto* found = std::ranges::find(kSettings, name, &Setting::name);
  return found == kSettings.end() ? nullptr : found;
}

std::string flag_of(std::string_view setting) {
  std::string flag = "--" + std::string(setting);
  std::ranges::replace(flag, '_', '-');
  return flag;
}

}  // namespace pg2duck::config
