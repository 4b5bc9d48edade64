#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "sync/report.hpp"

namespace pg2duck::cli {

using Json = nlohmann::ordered_json;

/// {kind, sqlstate, message, context, hint}.
Json to_json(const Error& error);

/// {name, source_type, target_type, note, expression, compression}.
Json to_json(const sync::ColumnPlan& column);

/// One table of the report: names, status, counts, times, columns, warnings, error.
Json to_json(const std::vector<sync::SchemaChange>& changes);
Json to_json(const sync::TableReport& table);

/// Never throws on bytes that are not UTF-8.
std::string dump(const Json& value, int indent = -1);

}  // namespace pg2duck::cli
