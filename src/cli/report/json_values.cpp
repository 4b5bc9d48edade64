#include "cli/report/json_values.hpp"

#include <cmath>
#include <cstdint>
#include <optional>
#include <utility>

#include "cli/report/hint.hpp"

namespace pg2duck::cli {

namespace {

Json to_json(const std::optional<std::uint64_t>& count) {
  return count ? Json(*count) : Json(nullptr);
}

}  // namespace

Json to_json(const Error& error) {
  return Json{{"kind", to_string(error.kind())},
              {"sqlstate", error.sqlstate()},
              {"message", error.message()},
              {"context", error.context()},
              {"hint", hint_of(error)}};
}

Json to_json(const sync::ColumnPlan& column) {
  return Json{{"name", column.name},
              {"source_type", column.source_type},
              {"target_type", column.target_type},
              {"note", column.note},
              {"expression", column.expression.empty() ? Json(nullptr) : Json(column.expression)},
              {"compression", column.compression}};
}

Json to_json(const std::vector<sync::SchemaChange>& changes) {
  Json list = Json::array();
  for (const sync::SchemaChange& change : changes) {
    list.push_back(Json{{"kind", to_string(change.kind)},
                        {"column", change.column.empty() ? Json(nullptr) : Json(change.column)},
                        {"was", change.was.empty() ? Json(nullptr) : Json(change.was)},
                        {"now", change.now.empty() ? Json(nullptr) : Json(change.now)},
                        {"text", describe(change)}});
  }
  return list;
}

Json to_json(const sync::TableReport& table) {
  Json columns = Json::array();
  for (const sync::ColumnReport& column : table.columns) {
    columns.push_back(to_json(column.plan));
    columns.back()["unrepresentable"] = column.unrepresentable;
  }
  const double rows = static_cast<double>(table.rows);
  return Json{{"schema", table.source.schema},
              {"table", table.source.name},
              {"target_schema", table.target.schema},
              {"target_table", table.target.name},
              {"status", to_string(table.status)},
              {"rows", table.rows},
              {"inserted", table.changes.inserted},
              {"updated", table.changes.updated},
              {"deleted", table.changes.deleted},
              {"source_rows", to_json(table.source_rows)},
              {"target_rows", to_json(table.target_rows)},
              {"bytes", table.bytes},
              {"seconds", table.seconds},
              {"rows_per_second", table.seconds > 0 ? std::llround(rows / table.seconds) : 0},
              {"limited", table.limited},
              {"mode", table.mode},
              {"columns", std::move(columns)},
              {"schema_changes", to_json(table.schema_changes)},
              {"warnings", table.warnings},
              {"error", table.error ? to_json(*table.error) : Json(nullptr)}};
}

std::string dump(const Json& value, int indent) {
  return value.dump(indent, ' ', false, Json::error_handler_t::replace);
}

}  // namespace pg2duck::cli
