#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/identifier.hpp"
#include "config/rules/disposition_key.hpp"
#include "config/rules/partition_key.hpp"
#include "config/rules/read_method.hpp"
#include "config/rules/table_pattern.hpp"
#include "types/chosen_type.hpp"

namespace pg2duck::config {

struct CopyOptions;

/// How some tables are copied otherwise than the run's options say.
struct TableRule {
  TablePattern tables;
  std::optional<ReadMethod> read;
  std::optional<types::NumericTarget> numeric;
  std::optional<bool> primary_keys;
  std::optional<OnSchemaChange> on_schema_change;
  std::optional<Mode> mode;
  DispositionTexts disposition;
  std::vector<PartitionKey> partition_by;  ///< empty: it says nothing of that
  std::string text;                        ///< as the user wrote it, for messages
  bool may_match_nothing = false;          ///< the run was narrowed to fewer tables than the rule was written for
};

/// What holds for one table: the run's options, overridden by every rule that matches it; the last one counts.
struct TableSettings {
  ReadMethod read = ReadMethod::kAuto;
  types::NumericTarget numeric;
  bool primary_keys = false;
  OnSchemaChange on_schema_change = OnSchemaChange::kApply;
  Disposition disposition;
  std::vector<PartitionKey> partition_by;  ///< empty: one set of files
};

/// Reads `TABLE=KEYS`, as config::PartitionKey reads keys.
/// @error Error(kConfig)
TableRule parse_partition_rule(std::string_view text);

TableSettings settings_for(const CopyOptions& options, const TableName& table);

}  // namespace pg2duck::config
