#include "cli/report/report.hpp"

#include <algorithm>
#include <cctype>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/report/event_text.hpp"
#include "cli/report/hint.hpp"
#include "cli/terminal/display_text.hpp"
#include "cli/terminal/text_table.hpp"
#include "cli/terminal/units.hpp"

namespace pg2duck::cli {
namespace {

constexpr std::size_t kWidestCell = 40;

/// `text` line by line, the later ones indented under the first.
std::string indent_lines(std::string_view text, std::size_t indent) {
  std::string result;
  while (true) {
    const std::size_t end = text.find('\n');
    result += printable(text.substr(0, end));
    if (end == std::string_view::npos || end + 1 == text.size()) {
      return result;
    }
    result += "\n" + std::string(indent, ' ');
    text.remove_prefix(end + 1);
  }
}

std::string sqlstate_suffix(const Error& error) {
  return !error.has_reported_sqlstate() ? "" : fmt::format(" (SQLSTATE {})", printable(error.sqlstate()));
}

bool changes_copy(const sync::TableReport& table) {
  return table.mode == "append" || table.mode == "merge";
}

/// Cells of a line of the table below. `changes`: null where no table has any.
std::vector<std::string> figures(std::string name, std::uint64_t rows, const destination::RowChanges* changes,
                                 std::uint64_t bytes, double seconds) {
  std::vector<std::string> cells{std::move(name), format_count(rows)};
  if (changes != nullptr) {
    for (const std::uint64_t count : {changes->inserted, changes->updated, changes->deleted}) {
      cells.push_back(format_count(count));
    }
  }
  cells.insert(cells.end(), {format_bytes(bytes), format_seconds(seconds), format_per_second(rows, seconds)});
  return cells;
}

std::string published_table(const sync::RunReport& report, std::size_t width) {
  TextTable table;
  table.add_column("Table");
  const bool changed = std::ranges::any_of(report.tables, changes_copy);
  table.add_column("Rows", Align::kRight);
  for (const char* title : {"Inserted", "Updated", "Deleted"}) {
    if (changed) {
      table.add_column(title, Align::kRight);
    }
  }
  for (const char* title : {"Bytes", "Seconds", "Rows/s"}) {
    table.add_column(title, Align::kRight);
  }
  sync::Totals totals;
  destination::RowChanges changes;
  for (const sync::TableReport& entry : report.tables) {
    if (entry.status != sync::TableStatus::kPublished) {
      continue;
    }
    table.add_row(figures(entry.source.display() + (entry.mode == "full" ? "" : " (" + entry.mode + ")"), entry.rows,
                          changed ? &entry.changes : nullptr, entry.bytes, entry.seconds));
    changes.inserted += entry.changes.inserted;
    changes.updated += entry.changes.updated;
    changes.deleted += entry.changes.deleted;
  }
  totals.add(report.tables);
  table.add_rule();
  table.add_row(figures("Total, " + format_count_of(totals.tables_loaded, "table"), totals.rows,
                        changed ? &changes : nullptr, totals.bytes, report.seconds));
  return table.render(width);
}

/// "Not copied" with a reason and a hint for each table; empty when all were copied.
std::string render_left_out(const sync::RunReport& report) {
  std::string text;
  for (const sync::TableReport& table : report.tables) {
    if (!table.error) {
      continue;
    }
    const std::string name = printable(table.source.display());
    text += fmt::format("  {} {}: {}{}\n", name, sync::to_string(table.status), describe_in_table(*table.error),
                        sqlstate_suffix(*table.error));
    if (const std::string hint = hint_of(*table.error); !hint.empty()) {
      text += fmt::format("    hint: {}\n", indent_lines(hint, 10));
    }
  }
  return text.empty() ? text : "\nNot copied:\n" + text;
}

std::string render_warnings(const std::vector<std::pair<TableName, std::vector<std::string>>>& warnings) {
  std::string text;
  for (const auto& [table, list] : warnings) {
    for (const std::string& warning : list) {
      text += fmt::format("  {}: {}\n", printable(table.display()), printable(warning));
    }
  }
  return text.empty() ? text : "\nWarnings:\n" + text;
}

/// What is different at the source; `tables` are plans or reports.
template <typename Tables>
std::string render_schema_changes(const Tables& tables, const std::vector<sync::GoneTable>& gone) {
  std::string text;
  for (const auto& table : tables) {
    for (const sync::SchemaChange& change : table.schema_changes) {
      text += fmt::format("  {}: {}\n", printable(table.source.display()), printable(describe(change)));
    }
  }
  for (const sync::GoneTable& table : gone) {
    text += fmt::format("  {}: {}\n", printable(table.source.display()), printable(describe(table)));
  }
  return text.empty() ? text : "\nChanged since the last run:\n" + text;
}

bool looks_numeric(const std::string& text) {
  const auto numeric = [](unsigned char c) { return std::isdigit(c) != 0 || c == '.' || c == '-' || c == '+'; };
  return !text.empty() && text.size() < kWidestCell && std::ranges::all_of(text, numeric);
}

std::string preview_table(const std::vector<std::string>& columns,
                          const std::vector<std::vector<std::optional<std::string>>>& rows, std::size_t width) {
  TextTable table;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const bool numbers = std::ranges::all_of(
        rows, [i](const auto& row) { return i >= row.size() || !row[i] || looks_numeric(*row[i]); });
    table.add_column(elide_end(printable(columns[i]), kWidestCell), numbers ? Align::kRight : Align::kLeft);
  }
  for (const auto& row : rows) {
    std::vector<std::string> cells;
    for (const auto& cell : row) {
      // Elided before it is made printable too: a value may be a gigabyte.
      cells.push_back(cell ? elide_end(printable(cell->substr(0, 8 * kWidestCell)), kWidestCell) : "NULL");
    }
    table.add_row(std::move(cells));
  }
  return table.render(width) + fmt::format("({})\n", format_count_of(rows.size(), "row"));
}

std::string plan_table(const std::vector<sync::TablePlan>& plan, std::size_t width) {
  TextTable table;
  table.add_column("Table");
  table.add_column("Copied to");
  table.add_column("Rows, about", Align::kRight);
  table.add_column("Bytes", Align::kRight);
  table.add_column("Kind");
  table.add_column("Read by");
  std::uint64_t bytes = 0;
  for (const sync::TablePlan& entry : plan) {
    const std::string rows =
        entry.estimated_rows < 0 ? "?" : format_count(static_cast<std::uint64_t>(entry.estimated_rows));
    const std::string pieces = entry.ranges > 1 ? fmt::format(" ({})", format_count(entry.ranges)) : "";
    table.add_row({entry.source.display(), entry.target.display(), rows, format_bytes(entry.bytes), entry.kind,
                   entry.read + pieces});
    bytes += entry.bytes;
  }
  table.add_rule();
  table.add_row({"Total, " + format_count_of(plan.size(), "table"), "", "", format_bytes(bytes), "", ""});
  return table.render(width);
}

std::string noted_columns(const std::vector<sync::TablePlan>& plan, std::size_t width) {
  TextTable table;
  for (const char* title : {"Column", "Postgres type", "DuckDB type", "Why"}) {
    table.add_column(title);
  }
  bool any = false;
  for (const sync::TablePlan& entry : plan) {
    for (const sync::ColumnPlan& column : entry.columns) {
      if (!column.note.empty()) {
        table.add_row(
            {entry.source.display() + "." + column.name, column.source_type, column.target_type, column.note});
        any = true;
      }
    }
  }
  return any ? "\nColumns to know about:\n" + table.render(width) : "";
}

/// Warnings of the plan, and values that had to become NULL.
std::vector<std::string> warnings_of(const sync::TableReport& table) {
  std::vector<std::string> warnings = table.warnings;
  for (const sync::ColumnReport& column : table.columns) {
    if (column.unrepresentable > 0) {
      warnings.push_back(
          fmt::format("column {}: {} that {} cannot hold {} NULL", column.plan.name,
                      column.unrepresentable == 1 ? "1 value" : format_count(column.unrepresentable) + " values",
                      column.plan.target_type, column.unrepresentable == 1 ? "is" : "are"));
    }
  }
  return warnings;
}

std::vector<const sync::TableReport*> left_out(const sync::RunReport& report) {
  std::vector<const sync::TableReport*> tables;
  for (const sync::TableReport& table : report.tables) {
    // The error that ended the run is told once: its context says of which table it is.
    if (table.error && (!report.error || report.error->context() != table.error->context())) {
      tables.push_back(&table);
    }
  }
  return tables;
}

/// Where the seconds went, and where the tables.
std::string stage_line(const sync::RunReport& report) {
  sync::Totals totals;
  totals.add(report.tables);
  const std::string place = report.dataset.empty() ? "" : fmt::format(", dataset {}", printable(report.dataset));
  const std::string failed =
      totals.tables_failed == 0 ? "none failed" : format_count_of(totals.tables_failed, "table") + " failed";
  return fmt::format(
      "Seconds: {} overall; {} extract, {} decode, {} load, all threads together; {} publish.\n"
      "Loaded {} into {}{}; {}.\n",
      format_seconds(report.seconds), format_seconds(report.stages.read), format_seconds(report.stages.decode),
      format_seconds(report.stages.write), format_seconds(report.publish_seconds),
      format_count_of(totals.tables_loaded, "table"), printable(report.target), place, failed);
}

}  // namespace

std::string render_summary(const sync::RunReport& report, std::size_t width) {
  std::vector<std::pair<TableName, std::vector<std::string>>> warnings;
  for (const sync::TableReport& table : report.tables) {
    warnings.emplace_back(table.source, warnings_of(table));
  }
  std::string text = published_table(report, width);
  text += fmt::format("Slowest stage: {}. Peak memory: {}.\n", report.stages.slowest(),
                      format_bytes(report.peak_memory_bytes));
  text += stage_line(report);
  text += render_schema_changes(report.tables, report.gone) + render_warnings(warnings) + render_left_out(report);
  text += fmt::format("\nData as of: {}\n", printable(report.snapshot_at));
  text += fmt::format("Sync completed and recorded at: {}\n", printable(report.last_sync_time));
  return text;
}

std::string render_previews(const sync::RunReport& report, std::size_t width) {
  std::string text;
  for (const sync::TableReport& table : report.tables) {
    if (table.preview) {
      text += fmt::format("Source data preview: {}\n", printable(table.source.display()));
      text += preview_table(table.preview->columns, table.preview->source, width);
      text += fmt::format("\nReplicated data preview: {}\n", printable(table.target.display()));
      text += preview_table(table.preview->columns, table.preview->target, width) + "\n";
    }
  }
  return text;
}

std::string render_plan(const std::vector<sync::TablePlan>& plan, const sync::RunReport& report, std::size_t width) {
  std::vector<std::pair<TableName, std::vector<std::string>>> warnings;
  for (const sync::TablePlan& table : plan) {
    warnings.emplace_back(table.source, table.warnings);
  }
  std::string text = plan_table(plan, width) + noted_columns(plan, width);
  text += render_schema_changes(plan, report.gone) + render_warnings(warnings) + render_left_out(report);
  return text + "\nThis was a dry run: nothing was copied.\n";
}

std::string render_error(const Error& error, bool colour) {
  const char* end = colour ? "\x1b[0m" : "";
  std::string text = fmt::format("{}error:{} {}\n", colour ? "\x1b[1;31m" : "", end,
                                 indent_lines(error.what(), 7) + sqlstate_suffix(error));
  if (const std::string hint = hint_of(error); !hint.empty()) {
    text += fmt::format("{}hint:{} {}\n", colour ? "\x1b[1m" : "", end, indent_lines(hint, 6));
  }
  return text;
}

std::string render_errors(const sync::RunReport& report, bool detailed, bool colour) {
  const std::vector<const sync::TableReport*> tables = left_out(report);
  std::string text;
  if (detailed || report.error) {
    for (const sync::TableReport* table : tables) {
      text += render_error(*table->error, colour);
    }
  } else if (!tables.empty()) {
    std::vector<std::string> names;
    std::ranges::transform(tables, std::back_inserter(names),
                           [](const auto* table) { return table->source.display(); });
    text += render_error(
        Error(ErrorKind::kConfig, fmt::format("{} of {} not copied: {}", tables.size(),
                                              format_count_of(report.tables.size(), "table"), fmt::join(names, ", "))),
        colour);
  }
  for (const Error& error : report.unfinished) {
    text += render_error(error, colour);
  }
  return report.error ? text + render_error(*report.error, colour) : text;
}

}  // namespace pg2duck::cli
