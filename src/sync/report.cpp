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

std::string_view to_string(SchemaChange::Kind kind) {
  switch (kind) {
    case SchemaChange::Kind::kAdded:
      return "column_added";
    case SchemaChange::Kind::kDropped:
      return "column_dropped";
    case SchemaChange::Kind::kRenamed:
      return "column_renamed";
    case SchemaChange::Kind::kRetyped:
      return "type_changed";
    case SchemaChange::Kind::kLearnt:
      return "type_changed_by_values";
    case SchemaChange::Kind::kNullable:
      return "not_null_dropped";
    case SchemaChange::Kind::kNotNull:
      return "not_null_set";
    case SchemaChange::Kind::kRecreated:
      return "table_recreated";
    case SchemaChange::Kind::kRemade:
      return "values_changed";
  }
  return "column_added";
}

std::string describe(const SchemaChange& change) {
  const auto text = [&change]() -> std::string {
    switch (change.kind) {
      case SchemaChange::Kind::kAdded:
        return "column " + change.column + " (" + change.now + ") is new";
      case SchemaChange::Kind::kDropped:
        return "column " + change.column + " (" + change.was + ") is gone";
      case SchemaChange::Kind::kRenamed:
        return "column " + change.was + " is called " + change.now + " now";
      case SchemaChange::Kind::kRetyped:
        return "column " + change.column + ": " + change.was + " has become " + change.now;
      case SchemaChange::Kind::kLearnt:
        return "column " + change.column + ": " + change.was + " has become " + change.now + ", because of its values";
      case SchemaChange::Kind::kNullable:
        return "column " + change.column + " may be NULL now";
      case SchemaChange::Kind::kNotNull:
        return "column " + change.column + " is NOT NULL now";
      case SchemaChange::Kind::kRecreated:
        return "it was dropped and created anew; its columns are known by their names";
      case SchemaChange::Kind::kRemade:
        return (change.column.empty() ? "" : "column " + change.column + ": ") + change.now;
    }
    return {};
  };
  return text() + (change.effect.empty() ? "" : "; " + change.effect);
}

std::string describe(const GoneTable& table) {
  return (table.now ? "it is called " + table.now->display() + " now" : std::string("it was dropped")) + "; its copy " +
         table.target.display() + " stays as it is";
}

void StageSeconds::add(const StageSeconds& other) {
  read += other.read;
  decode += other.decode;
  write += other.write;
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
      rows += table.rows;
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
  return unfinished.empty() ? 0 : 3;
}

}  // namespace pg2duck::sync
