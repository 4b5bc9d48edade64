#include "support/plan/plan_aspects.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pg2duck::test {
namespace {

std::string list_or(const std::vector<std::string>& texts, const std::string& none) {
  return texts.empty() ? none : fmt::format("{}", fmt::join(texts, "; "));
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
  const sync::TableJob job = given.plan();
  std::vector<std::string> texts;
  for (const sync::PlannedColumn& column : job.columns) {
    const std::string type = column.role == sync::ColumnRole::kStandIn ? column.shape.type.sql() : column.target_type();
    texts.push_back(column.shape.name + " " + type + (column.shape.not_null ? " NOT NULL" : ""));
  }
  const std::vector<std::string>& key = job.write.primary_key;
  return fmt::format("{}{}", fmt::join(texts, ", "), key.empty() ? "" : fmt::format("; key {}", fmt::join(key, ", ")));
}

std::string selected(const Given& given) {
  return sync::select_list(given.plan().columns);
}

std::string condition(const Given& given) {
  const sync::TableJob job = given.plan();
  if (job.refusal) {
    return "refused: " + job.refusal->message();
  }
  std::string text = job.read.rows.read.empty() ? "all" : job.read.rows.read;
  std::erase(text, '\n');
  return text;
}

std::string read(const Given& given) {
  const sync::TableJob job = given.plan();
  return job.refusal ? "refused: " + job.refusal->message() : describe(job).read;
}

std::string ranges(const Given& given) {
  std::vector<std::string> texts;
  for (const source::ReadRange& range : given.plan().read.ranges) {
    std::string text = range.relation.name;
    if (range.first_block) {
      text += fmt::format(" {}-{}", *range.first_block, range.end_block ? std::to_string(*range.end_block) : "");
    }
    texts.push_back(text);
  }
  return fmt::format("{}", fmt::join(texts, ", "));
}

std::string changes(const Given& given) {
  std::vector<std::string> texts;
  for (const sync::SchemaChange& change : given.plan().schema_changes) {
    texts.push_back(describe(change));
  }
  return list_or(texts, "none");
}

std::string warnings(const Given& given) {
  return list_or(given.plan().warnings, "none");
}

std::string refusal(const Given& given) {
  const sync::TableJob job = given.plan();
  return job.refusal ? job.refusal->message() : "accepted";
}

std::string advice(const Given& given) {
  const sync::TableJob job = given.plan();
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
  const sync::TableJob job = given.plan();
  if (job.refusal) {
    return "refused: " + job.refusal->message();
  }
  if (!job.write.change) {
    return "replace";
  }
  const sync::ChangePlan& plan = *job.write.change;
  const sync::Increment& increment = plan.increment;
  constexpr std::array kWords{"append", "upsert", "delete-insert", "insert-only", "versions"};
  std::string text = kWords.at(static_cast<std::size_t>(increment.kind));
  const auto add = [&text](std::string_view word, const std::string& value) {
    text += value.empty() ? "" : fmt::format(" {} {}", word, value);
  };
  add("by", fmt::format("{}", fmt::join(increment.key, "+")));
  add("without", increment.hard_delete);
  add("newest by", increment.newest_by);
  add("beyond", plan.boundary);
  add("valid from", increment.validity.from);
  add("to", increment.validity.to);
  for (const auto& [old, fresh] : plan.history.renamed) {
    text += ", " + old + " renamed " + fresh;
  }
  text += increment.has_versions() && plan.partial ? ", a part" : "";
  text += increment.reconcile ? ", reconciled" : "";
  text += increment.reread ? ", re-read" : "";
  return text + (increment.initial_load ? ", initial load" : "");
}

}  // namespace pg2duck::test
