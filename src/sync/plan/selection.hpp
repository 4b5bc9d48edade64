#pragma once

#include <string>
#include <vector>

#include "config/options.hpp"
#include "source/catalog/catalog.hpp"

namespace pg2duck::sync {

/// A relation that will be copied and the name it gets.
struct Selected {
  source::RelationEntry relation;
  TableName target;
};

/// Chooses by the patterns of `options` and gives each relation its target name.
///
/// A pattern with wildcards describes ordinary and partitioned tables (views with `--views`); partitions,
/// foreign tables, system schemas and tables of extensions are taken only when an exact name asks for them.
/// @error Error(kConfig): a pattern matches nothing (with near names), two names meet in the target, a name
///        is reserved, nothing is left to copy
std::vector<Selected> select_relations(const std::vector<source::RelationEntry>& relations,
                                       const config::CopyOptions& options);

/// The tables that the patterns of a run speak of, be they there or not.
class WantedTables {
 public:
  explicit WantedTables(const config::CopyOptions& options);
  [[nodiscard]] bool contains(const TableName& table) const;

 private:
  std::vector<config::TablePattern> included_;  // empty: all
  std::vector<config::TablePattern> excluded_;
};

/// The target name of a source table: `--dataset`, else `public` becomes `main` and the rest keep their schema.
TableName target_name_of(const TableName& source, const config::CopyOptions& options);

/// The target schema that last_sync_time lives in.
std::string last_sync_schema(const config::CopyOptions& options);

/// What is missing to read these relations: one error that names each and holds the GRANTs to run.
/// @shape `denied` is not empty
Error permission_error(const std::vector<Selected>& denied, const std::string& user);

/// Whether the current user may read `relation` as a whole.
bool is_readable(const source::RelationEntry& relation);

}  // namespace pg2duck::sync
