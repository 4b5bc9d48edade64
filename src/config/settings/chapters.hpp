#pragma once

#include <span>

#include "config/setting.hpp"

namespace pg2duck::config {

/// The table of settings, chapter by chapter: each is the file of its name. A new setting is an entry in one of them
/// and a field of the struct that it sets; its flag, variable, key, help, schema and completions follow.

std::span<const Setting> endpoints();        ///< what is read and what is written
std::span<const Setting> source_section();   ///< [source]; in `endpoints`, as is the next
std::span<const Setting> target_section();   ///< [target]
std::span<const Setting> selection();        ///< what is copied
std::span<const Setting> arrival();          ///< what becomes of it in the target
std::span<const Setting> reading();          ///< how it is read
std::span<const Setting> place();            ///< what some targets have
std::span<const Setting> output();           ///< what is shown
std::span<const Setting> table_section();    ///< [table."..."], besides the two that follow; in `sections`
std::span<const Setting> column_settings();  ///< columns.NAME there
std::span<const Setting> merge();            ///< append and merge
std::span<const Setting> cursor();           ///< incremental reading

}  // namespace pg2duck::config
