#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/rules/disposition.hpp"
#include "config/rules/partition_key.hpp"
#include "config/rules/read_method.hpp"
#include "config/rules/table_pattern.hpp"
#include "types/chosen_type.hpp"

namespace pg2duck::config {

/// What holds for one table.
struct TableSettings {
  ReadMethod read = ReadMethod::kAuto;
  types::NumericTarget numeric;
  bool primary_keys = false;
  OnSchemaChange on_schema_change = OnSchemaChange::kApply;
  /// Per cent of its copy's rows that a table may have lost since the last run. Unset: all of them.
  std::optional<std::uint64_t> max_shrink;
  Disposition disposition;
  std::vector<PartitionKey> partition_by;  ///< empty: one set of files
};

/// Takes the texts of one setting over; there is one at least. @return false when they are not what it needs
using SetForTable = bool (*)(TableSettings& settings, const std::vector<std::string>& texts);

/// How some tables are copied otherwise than the run's options say.
struct TableRule {
  struct Value {
    SetForTable set = nullptr;
    std::vector<std::string> texts;  ///< `set` took them once
  };

  TablePattern tables;
  std::map<std::string, Value, std::less<>> values;  ///< by the setting's name
  std::string text;                                  ///< as the user wrote it, for messages
  bool may_match_nothing = false;                    ///< the run was narrowed to fewer tables than it was written for

  void apply(TableSettings& settings) const;
};

/// As `partition_by` of a table: what a lake divides its files by.
bool set_partition_by(TableSettings& settings, const std::vector<std::string>& texts);

/// Reads `TABLE=KEYS`, as config::PartitionKey reads keys.
/// @error Error(kConfig)
TableRule parse_partition_rule(std::string_view text);

}  // namespace pg2duck::config
