#include "cli/report/report_json.hpp"

#include "cli/report/json_values.hpp"

namespace pg2duck::cli {
namespace {

/// What follows `word` in the error's context ("column price" gives "price"); null when it is not there.
Json context_value(const Error& error, std::string_view word) {
  for (const std::string& where : error.context()) {
    if (where.starts_with(word) && where.size() > word.size() && where[word.size()] == ' ') {
      return where.substr(word.size() + 1);
    }
  }
  return nullptr;
}

/// Tables that could not be copied because of what is in them, and where that stands.
Json refused(const sync::RunReport& report) {
  Json list = Json::array();
  for (const sync::TableReport& table : report.tables) {
    if (table.error) {
      list.push_back(Json{{"schema", table.source.schema},
                          {"table", table.source.name},
                          {"column", context_value(*table.error, "column")},
                          {"ctid", context_value(*table.error, "ctid")},
                          {"reason", table.error->message()}});
    }
  }
  return list;
}

Json preview_rows(const std::vector<std::vector<std::optional<std::string>>>& rows) {
  Json list = Json::array();
  for (const auto& row : rows) {
    Json cells = Json::array();
    for (const auto& cell : row) {
      cells.push_back(cell ? Json(*cell) : Json(nullptr));
    }
    list.push_back(std::move(cells));
  }
  return list;
}

Json tables(const sync::RunReport& report) {
  Json list = Json::array();
  for (const sync::TableReport& table : report.tables) {
    Json entry = to_json(table);
    if (table.preview) {
      entry["preview"] = Json{{"columns", table.preview->columns},
                              {"source", preview_rows(table.preview->source)},
                              {"target", preview_rows(table.preview->target)}};
    }
    list.push_back(std::move(entry));
  }
  return list;
}

/// The figures of a run at one place, for monitoring. What was only planned has not failed.
Json metrics(const sync::RunReport& report, bool dry_run) {
  sync::Totals totals;
  totals.add(report.tables);
  if (dry_run) {
    totals.tables_failed = refused(report).size();
  }
  return Json{{"destination", report.target},
              {"dataset", report.dataset.empty() ? Json(nullptr) : Json(report.dataset)},
              {"tables_loaded", totals.tables_loaded},
              {"tables_failed", totals.tables_failed},
              {"rows", totals.rows},
              {"bytes", totals.bytes},
              {"overall_seconds", report.seconds},
              {"extract_seconds", report.stages.read},
              {"decode_seconds", report.stages.decode},
              {"load_seconds", report.stages.write},
              {"publish_seconds", report.publish_seconds}};
}

Json dropped_tables(const sync::RunReport& report) {
  Json list = Json::array();
  for (const sync::GoneTable& table : report.gone) {
    list.push_back(Json{{"schema", table.source.schema},
                        {"table", table.source.name},
                        {"target_schema", table.target.schema},
                        {"target_table", table.target.name},
                        {"renamed_to", table.now ? Json(table.now->display()) : Json(nullptr)}});
  }
  return list;
}

Json errors(const std::vector<Error>& failures) {
  Json list = Json::array();
  for (const Error& error : failures) {
    list.push_back(to_json(error));
  }
  return list;
}

Json plan_entry(const sync::TablePlan& table) {
  Json columns = Json::array();
  for (const sync::ColumnPlan& column : table.columns) {
    columns.push_back(to_json(column));
  }
  return Json{{"schema", table.source.schema},
              {"table", table.source.name},
              {"target_schema", table.target.schema},
              {"target_table", table.target.name},
              {"kind", table.kind},
              {"bytes", table.bytes},
              {"estimated_rows", table.estimated_rows < 0 ? Json(nullptr) : Json(table.estimated_rows)},
              {"ranges", table.ranges},
              {"read", table.read},
              {"columns", std::move(columns)},
              {"schema_changes", to_json(table.schema_changes)},
              {"warnings", table.warnings}};
}

}  // namespace

std::string_view run_status(const sync::RunReport& report, bool dry_run, int exit_code) {
  if (report.error) {
    return report.error->kind() == ErrorKind::kCancelled ? "interrupted" : "failed";
  }
  if (dry_run) {
    return "planned";
  }
  return exit_code == 3 ? "partial" : "published";
}

std::string report_json(const sync::RunReport& report, const std::vector<sync::TablePlan>& plan, bool dry_run,
                        int exit_code) {
  Json document{{"run_id", report.run_id},
                {"status", run_status(report, dry_run, exit_code)},
                {"source", report.source},
                {"target", report.target},
                {"snapshot_at", report.snapshot_at},
                {"last_sync_time", report.last_sync_time},
                {"seconds", report.seconds},
                {"peak_memory_bytes", report.peak_memory_bytes},
                {"slowest_stage", report.stages.slowest()},
                {"metrics", metrics(report, dry_run)},
                {"tables", tables(report)},
                {"refused", refused(report)},
                {"dropped_tables", dropped_tables(report)},
                {"unfinished", errors(report.unfinished)},
                {"error", report.error ? to_json(*report.error) : Json(nullptr)},
                {"exit_code", exit_code}};
  if (dry_run) {
    document["plan"] = Json::array();
    for (const sync::TablePlan& table : plan) {
      document["plan"].push_back(plan_entry(table));
    }
  }
  return dump(document, 2) + "\n";
}

}  // namespace pg2duck::cli
