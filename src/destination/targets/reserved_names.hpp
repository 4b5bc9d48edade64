#pragma once

#include <string_view>

namespace pg2duck::destination {

/// The alias under which the target is attached, where its dialect allows one.
inline constexpr std::string_view kTargetCatalog = "pg2duck_target";
/// Schema in the target that holds the ledger; no source schema may map to it.
inline constexpr const char* kLedgerSchema = "_pg2duck";
/// Staged tables are called so plus a word of the run and numbers, beside the table they will replace.
inline constexpr const char* kStagedPrefix = "_pg2duck_staged_";

}  // namespace pg2duck::destination
