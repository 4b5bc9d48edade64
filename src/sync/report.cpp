#include "sync/report.hpp"

namespace pg2duck::sync {

std::string_view to_string(TableStatus status) {
  switch (status) {
    case TableStatus::kPublished:
      return "published";
    case TableStatus::kRefused:
      return "refused";
    case TableStatus::kFailed:
      return "failed";
    case TableStatus::kNotPublished:
      return "not published";
  }
  return "failed";
}

std::string StageSeconds::slowest() const {
  if (read >= decode && read >= write) {
    return "reading from Postgres";
  }
  return decode >= write ? "decoding" : "writing to DuckDB";
}

void Totals::add(const std::vector<TableReport>& tables) {
  for (const TableReport& table : tables) {
    if (table.status == TableStatus::kPublished) {
      ++tables_loaded;
      rows += table.target_rows;
      bytes += table.bytes;
    } else {
      ++tables_failed;
    }
  }
}

int RunReport::exit_code() const {
  if (error) {
    switch (error->kind()) {
      case ErrorKind::kCancelled:
        return 130;
      case ErrorKind::kUsage:
      case ErrorKind::kConfig:
        return 2;
      default:
        return 1;
    }
  }
  for (const TableReport& table : tables) {
    if (table.status == TableStatus::kRefused || table.status == TableStatus::kFailed) {
      return 3;
    }
  }
  return 0;
}

}  // namespace pg2duck::sync
