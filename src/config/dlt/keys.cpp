#include "config/dlt/keys.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/spelling.hpp"
#include "config/dlt/tables.hpp"

namespace pg2duck::config {
namespace {

struct KnownKey {
  std::string_view section;  ///< how the section ends: "extract" is also that of one source
  std::string_view key;
  std::string_view unused;  ///< why it does nothing here; empty: it is used
};

constexpr std::string_view kNoFiles = "no interim files are written";
constexpr std::string_view kNoStages = "rows are decoded and loaded by the thread that reads them";
constexpr std::string_view kNothingSent = "nothing is ever sent anywhere";
constexpr std::string_view kOwnReader = "tables are read by pg2duck's own reader";
constexpr std::string_view kExactTypes = "types come from Postgres, exactly";
constexpr std::string_view kNoBookkeeping = "rows carry no bookkeeping columns; the ledger is in schema _pg2duck";
constexpr std::string_view kNoStaging = "tables are staged beside their target and renamed in one transaction";

/// Keys of dlt 1.31 and of the guide (its dead ones included).
constexpr std::array kKnown{
    KnownKey{"", "schema", ""},
    KnownKey{"", "workers", ""},
    KnownKey{"sources", "schema", ""},
    KnownKey{"sql_database", "schema", ""},
    KnownKey{"sql_database", "tables", ""},
    KnownKey{"sql_database", "table", "the list is called tables"},
    KnownKey{"sql_database", "workers", ""},
    KnownKey{"sql_database", "credentials", ""},
    KnownKey{"sql_database", "table_names", "the pipeline of the guide chooses by tables"},
    KnownKey{"sql_database", "chunk_size", kOwnReader},
    KnownKey{"sql_database", "backend", kOwnReader},
    KnownKey{"sql_database", "backend_kwargs", kOwnReader},
    KnownKey{"sql_database", "engine_kwargs", kOwnReader},
    KnownKey{"sql_database", "defer_table_reflect", kOwnReader},
    KnownKey{"sql_database", "include_views", "a view is copied when tables names it"},
    KnownKey{"sql_database", "resolve_foreign_keys", kOwnReader},
    KnownKey{"sql_database", "reflection_level", kExactTypes},
    KnownKey{"sql_database", "detect_precision_hints", kExactTypes},
    KnownKey{"sql_database", "write_disposition", ""},
    KnownKey{"sql_database", "primary_key", ""},
    KnownKey{"sql_database", "merge_key", ""},
    KnownKey{"sql_database", "included_columns", ""},
    KnownKey{"sql_database", "excluded_columns", ""},
    KnownKey{"write_disposition", "disposition", ""},
    KnownKey{"write_disposition", "strategy", ""},
    KnownKey{"write_disposition", "validity_column_names", ""},
    KnownKey{"write_disposition", "active_record_timestamp", "versions that are valid have NULL as their end"},
    KnownKey{"write_disposition", "boundary_timestamp", "versions begin and end with the snapshots that see them"},
    KnownKey{"write_disposition", "row_version_column_name", "versions are compared as whole rows"},
    KnownKey{"incremental", "cursor_path", ""},
    KnownKey{"incremental", "initial_value", ""},
    KnownKey{"incremental", "end_value", ""},
    KnownKey{"incremental", "lag", ""},
    KnownKey{"incremental", "range_start", ""},
    KnownKey{"incremental", "range_end", ""},
    KnownKey{"incremental", "on_cursor_value_missing", ""},
    KnownKey{"incremental", "row_order", "rows that an index finds come in its order"},
    KnownKey{"incremental", "last_value_func", "the maximum value counts"},
    KnownKey{"incremental", "primary_key", "rows of the last value are compared as wholes"},
    KnownKey{"incremental", "allow_external_schedulers", "nobody else sets the range"},
    KnownKey{"credentials", "drivername", ""},
    KnownKey{"credentials", "database", ""},
    KnownKey{"credentials", "host", ""},
    KnownKey{"credentials", "port", ""},
    KnownKey{"credentials", "username", ""},
    KnownKey{"credentials", "password", ""},
    KnownKey{"credentials", "query", ""},
    KnownKey{"credentials", "token", ""},
    KnownKey{"postgres", "pool_size", ""},
    KnownKey{"data_writer", "format", ""},
    KnownKey{"data_writer", "buffer_max_items", kNoFiles},
    KnownKey{"data_writer", "file_max_items", kNoFiles},
    KnownKey{"data_writer", "file_max_bytes", kNoFiles},
    KnownKey{"data_writer", "disable_compression", kNoFiles},
    KnownKey{"data_writer", "flavor", kNoFiles},
    KnownKey{"data_writer", "version", kNoFiles},
    KnownKey{"data_writer", "data_page_size", kNoFiles},
    KnownKey{"data_writer", "row_group_size", kNoFiles},
    KnownKey{"data_writer", "timestamp_timezone", kNoFiles},
    KnownKey{"motherduck", "credentials", ""},
    KnownKey{"motherduck", "batch_size", ""},
    KnownKey{"motherduck", "create_indexes", "primary keys are carried over with --primary-keys"},
    KnownKey{"motherduck", "replace_strategy", kNoStaging},
    KnownKey{"motherduck", "staging_dataset_name_layout", kNoStaging},
    KnownKey{"motherduck", "enable_dataset_name_normalization", "names stay as they are"},
    KnownKey{"motherduck", "info_tables_query_threshold", kOwnReader},
    KnownKey{"extract", "workers", ""},
    KnownKey{"extract", "max_parallel_items", kNoStages},
    KnownKey{"extract", "next_item_mode", "the biggest table is read first"},
    KnownKey{"normalize", "workers", ""},
    KnownKey{"normalize", "start_method", kNoStages},
    KnownKey{"normalize", "loader_file_format", kNoFiles},
    KnownKey{"parquet_normalizer", "add_dlt_load_id", kNoBookkeeping},
    KnownKey{"parquet_normalizer", "add_dlt_id", kNoBookkeeping},
    KnownKey{"load", "workers", ""},
    KnownKey{"load", "parallelism_strategy", kNoStages},
    KnownKey{"load", "raise_on_failed_jobs", "a table that fails ends the run, unless --on-error skip"},
    KnownKey{"load", "raise_on_max_retries", kNoFiles},
    KnownKey{"load", "delete_completed_jobs", kNoFiles},
    KnownKey{"load", "truncate_staging_dataset", kNoStaging},
    KnownKey{"load", "start_new_jobs_on_signal", kNoFiles},
    KnownKey{"runtime", "log_level", ""},
    KnownKey{"runtime", "dlthub_telemetry", ""},
    KnownKey{"runtime", "dlthub_dsn", kNothingSent},
    KnownKey{"runtime", "dlthub_telemetry_endpoint", kNothingSent},
    KnownKey{"runtime", "sentry_dsn", kNothingSent},
    KnownKey{"runtime", "slack_incoming_hook", kNothingSent},
    KnownKey{"runtime", "log_format", "--log-format json gives one object a line"},
    KnownKey{"runtime", "request_timeout", "no web requests are made"},
    KnownKey{"runtime", "request_max_attempts", "no web requests are made"},
    KnownKey{"runtime", "request_backoff_factor", "no web requests are made"},
    KnownKey{"runtime", "request_max_retry_delay", "no web requests are made"},
    KnownKey{"schema", "naming", "names stay as they are"},
    KnownKey{"", "progress", "progress shows on a terminal, and as lines in a pipe"},
    KnownKey{"", "dataset_name", ""},
    KnownKey{"", "destination", "--target names another one"},
};

/// Sections of which nothing is read, whatever they hold.
constexpr std::array<KnownKey, 4> kForeign{KnownKey{"destination", "", "it is the section of another destination"},
                                           KnownKey{"sources", "", "it is the section of another source"},
                                           KnownKey{"pipelines", "", "it is the section of another pipeline"},
                                           KnownKey{"providers", "", "no vault is asked for values"}};

/// Walks one file.
class Walk {
 public:
  Walk(const DltSettings& settings, const std::vector<std::string>& tables, const DltSettings::File& file,
       std::vector<UnusedDltKey>& unused)
      : pipeline_(settings.pipeline()), tables_(tables), file_(file), unused_(unused) {}

  void table(const toml::table& table, std::vector<std::string>& path) {
    for (const auto& [key, node] : table) {
      const std::string name(key.str());
      path.push_back(name);
      const bool is_value = name == "query" || !node.is_table();
      if (is_value) {
        value(path, key);
      } else if (const auto without = unlisted(path)) {
        say(path, key, *without);
      } else if (const auto reason = foreign(path)) {
        say(path, key, "is not used: " + std::string(*reason));
      } else {
        this->table(*node.as_table(), path);
      }
      path.pop_back();
    }
  }

 private:
  [[nodiscard]] std::optional<std::string_view> foreign(const std::vector<std::string>& path) const {
    const std::size_t first = !path.empty() && path.front() == pipeline_ ? 1 : 0;
    if (path.size() != first + 2) {
      return path.size() == first + 1 && path[first] == "providers" ? std::optional(kForeign[3].unused) : std::nullopt;
    }
    constexpr std::array<std::array<std::string_view, 4>, 3> kOurs{
        {{"motherduck", "credentials", "", ""},
         {"sql_database", "credentials", "extract", "data_writer"},
         {"", "", "", ""}}};
    for (std::size_t i = 0; i < kOurs.size(); ++i) {
      const bool ours = std::ranges::find(kOurs.at(i), path.back()) != kOurs.at(i).end() ||
                        (kForeign.at(i).section == "pipelines" && path.back() == pipeline_);
      if (path[first] == kForeign.at(i).section && !ours) {
        return kForeign.at(i).unused;
      }
    }
    return std::nullopt;
  }

  /// What is to be said of a section that is about a table which the project does not name.
  [[nodiscard]] std::optional<std::string> unlisted(const std::vector<std::string>& path) const {
    const std::size_t first = !path.empty() && path.front() == pipeline_ ? 1 : 0;
    constexpr std::array<std::string_view, 4> kOthers{"sql_database", "credentials", "extract", "data_writer"};
    if (tables_.empty() || path.size() != first + 3 || path[first] != "sources" || path[first + 1] != "sql_database" ||
        std::ranges::find(kOthers, path.back()) != kOthers.end() ||
        std::ranges::find(tables_, path.back()) != tables_.end()) {
      return std::nullopt;
    }
    const std::vector<std::string_view> known(tables_.begin(), tables_.end());
    const auto nearest = nearest_word(path.back(), known);
    return "has no effect: tables names no such table" + (nearest ? "; did you mean " + *nearest + "?" : "");
  }

  void value(const std::vector<std::string>& path, const toml::key& key) {
    std::string section = path.size() > 1 ? path[path.size() - 2] : "";
    if (section == pipeline_ || section == "pipelines") {
      section = "";
    }
    // [sources.sql_database.orders] holds the keys of one table.
    const bool of_table = path.size() >= 4 && path[path.size() - 3] == "sql_database" && section != "credentials" &&
                          section != "extract" && section != "data_writer" && section != "sql_database" &&
                          section != "incremental" && section != "write_disposition";
    if (of_table) {
      section = "sql_database";
    }
    std::vector<std::string_view> near;
    for (const KnownKey& known : kKnown) {
      if (known.section == section && known.key == path.back()) {
        if (!known.unused.empty()) {
          say(path, key, "is not used: " + std::string(known.unused));
        }
        return;
      }
      if (known.section == section) {
        near.push_back(known.key);
      }
    }
    unknown(path, key, near);
  }

  void unknown(const std::vector<std::string>& path, const toml::key& key, const std::vector<std::string_view>& near) {
    std::set<std::string_view> words;
    if (near.empty()) {
      // The section is what is misspelt, if anything.
      for (const KnownKey& known : kKnown) {
        words.insert(known.section);
      }
    }
    const std::vector<std::string_view> sections(words.begin(), words.end());
    const std::string& word = near.empty() && path.size() > 1 ? path[path.size() - 2] : path.back();
    const auto nearest = nearest_word(word, near.empty() ? sections : near);
    say(path, key,
        nearest ? fmt::format("is not known and has no effect; did you mean {}?", *nearest)
                : "is not known and has no effect",
        nearest.value_or(""));
  }

  void say(const std::vector<std::string>& path, const toml::key& key, const std::string& what,
           const std::string& nearest = {}) {
    unused_.push_back(
        {.nearest = nearest,
         .sentence = fmt::format("{}:{}: {} {}", file_.name, key.source().begin.line, fmt::join(path, "."), what)});
  }

  const std::string& pipeline_;
  const std::vector<std::string>& tables_;
  const DltSettings::File& file_;
  std::vector<UnusedDltKey>& unused_;
};

}  // namespace

std::vector<UnusedDltKey> unused_dlt_keys(const DltSettings& settings) {
  std::vector<UnusedDltKey> unused;
  const auto listed = settings.find_exactly({"sources", "sql_database"}, "tables");
  const std::vector<std::string> tables = listed ? list_of(*listed, "tables") : std::vector<std::string>();
  for (const DltSettings::File& file : settings.files()) {
    std::vector<std::string> path;
    Walk(settings, tables, file, unused).table(file.table, path);
  }
  return unused;
}

}  // namespace pg2duck::config
