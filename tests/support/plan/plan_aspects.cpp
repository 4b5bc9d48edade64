#include "support/plan/plan_aspects.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sync/plan/table_change.hpp"

namespace pg2duck::test {
namespace {

std::string list_or(const std::vector<std::string>& texts, const std::string& none) {
  return texts.empty() ? none : fmt::format("{}", fmt::join(texts, "; "));
}

sync::TableJob job_of(const Given& given) {
  return given.plan().front();
}

}  // namespace

std::string misfit(const Given& given) {
  try {
    (void)given.plan();
    return "";
  } catch (const Error& error) {
    return std::string(error.what()) + " | " + error.hint();
  }
}

std::string columns(const Given& given) {
  const sync::TableJob job = job_of(given);
  std::vector<std::string> texts;
  for (const destination::ColumnShape& column : job.shape.columns) {
    const std::string type = column.expression.empty() ? column.type.sql() : column.result.sql();
    texts.push_back(column.name + " " + type + (column.not_null ? " NOT NULL" : ""));
  }
  const std::string key =
      job.shape.primary_key.empty() ? "" : fmt::format("; key {}", fmt::join(job.shape.primary_key, ", "));
  return fmt::format("{}{}", fmt::join(texts, ", "), key);
}

std::string selected(const Given& given) {
  return sync::select_list(job_of(given));
}

std::string condition(const Given& given) {
  const sync::TableJob job = job_of(given);
  if (job.refusal) {
    return "refused: " + job.refusal->message();
  }
  std::string text = job.condition.empty() ? "all" : job.condition;
  std::erase(text, '\n');
  return text;
}

std::string read(const Given& given) {
  const sync::TableJob job = job_of(given);
  return job.refusal ? "refused: " + job.refusal->message() : job.plan.read;
}

std::string ranges(const Given& given) {
  std::vector<std::string> texts;
  for (const source::ReadRange& range : job_of(given).ranges) {
    std::string text = range.relation.name;
    if (range.first_block) {
      text += fmt::format(" {}-{}", *range.first_block, range.end_block ? std::to_string(*range.end_block) : "");
    }
    texts.push_back(text);
  }
  return fmt::format("{}", fmt::join(texts, ", "));
}

std::string changes(const Given& given) {
  const sync::TableJob job = job_of(given);
  std::vector<std::string> texts;
  for (const sync::SchemaChange& change : job.plan.schema_changes) {
    texts.push_back(describe(change));
  }
  return list_or(texts, "none");
}

std::string warnings(const Given& given) {
  return list_or(job_of(given).plan.warnings, "none");
}

std::string refusal(const Given& given) {
  const sync::TableJob job = job_of(given);
  return job.refusal ? job.refusal->message() : "accepted";
}

std::string advice(const Given& given) {
  const sync::TableJob job = job_of(given);
  return job.refusal ? job.refusal->hint() : "accepted";
}

void expect_each(std::string (*aspect)(const Given&), const std::vector<Case>& cases) {
  for (const Case& one : cases) {
    EXPECT_EQ(aspect(one.given), one.expected) << one.what;
  }
}

void expect_part(std::string (*aspect)(const Given&), const std::vector<Case>& cases) {
  for (const Case& one : cases) {
    EXPECT_THAT(aspect(one.given), ::testing::HasSubstr(std::string(one.expected))) << one.what;
  }
}

std::string change(const Given& given) {
  using destination::ChangeKind;
  const sync::TableJob job = job_of(given);
  if (job.refusal) {
    return "refused: " + job.refusal->message();
  }
  if (!job.increment) {
    return "replace";
  }
  const destination::TableChange change = sync::change_of(job);
  constexpr std::array kWords{"append", "upsert", "delete-insert", "insert-only", "versions"};
  std::string text = kWords.at(static_cast<std::size_t>(change.kind));
  const auto add = [&text](std::string_view word, const std::string& value) {
    text += value.empty() ? "" : fmt::format(" {} {}", word, value);
  };
  add("by", fmt::format("{}", fmt::join(change.key, "+")));
  add("without", change.hard_delete);
  add("newest by", change.newest_by);
  add("beyond", change.boundary);
  add("valid from", change.validity.from);
  add("to", change.validity.to);
  for (const auto& [old, fresh] : change.renamed) {
    text += ", " + old + " renamed " + fresh;
  }
  text += change.kind == ChangeKind::kVersions && change.partial ? ", a part" : "";
  text += job.increment->reconcile ? ", reconciled" : "";
  text += job.increment->again ? ", re-read" : "";
  return text + (job.increment->first ? ", initial load" : "");
}

}  // namespace pg2duck::test
