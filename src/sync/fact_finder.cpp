#include "sync/fact_finder.hpp"

#include <algorithm>

#include "destination/tables/alteration.hpp"
#include "destination/tables/stored_compression.hpp"
#include "source/read/cursor_position.hpp"
#include "source/read/index_use.hpp"
#include "source/read/request_check.hpp"
#include "source/session/savepoint.hpp"
#include "sync/load/expression_types.hpp"

namespace pg2duck::sync {
namespace {

bool may_have_expressions(const PlanInputs& inputs, const TableName& table) {
  return std::ranges::any_of(inputs.options.columns, [&table](const config::ColumnRule& rule) {
    return rule.expression && rule.tables.matches(table);
  });
}

/// Asks one question after the other, as far as Postgres answers them.
void ask_cursor(source::Connection& session, const TableDraft& draft, const CursorQuestions& questions,
                CursorFacts& facts) {
  const TableName& table = draft.table.name;
  const std::string& column = draft.cursor->column;
  if (questions.transactions) {
    facts.transactions = source::read_transaction_numbers(session);
    return;
  }
  if (!questions.lag_is_negative.empty()) {
    facts.lag_is_negative = source::is_true(session, questions.lag_is_negative);
  }
  if (questions.nulls_among) {
    facts.has_nulls = source::has_nulls(session, table, column, *questions.nulls_among);
  }
  if (!questions.unwanted_rows.empty()) {
    facts.has_unwanted_rows = source::has_rows(session, table, questions.unwanted_rows);
  }
  const source::CursorColumn& source = *draft.cursor->source;
  const std::string& finite = draft.cursor->finite_rows;
  if (questions.maximum_of) {
    facts.maximum = source::maximum_of(session, table, source, finite, *questions.maximum_of);
  }
  if (questions.or_of && !facts.maximum) {
    facts.maximum_elsewhere = source::maximum_of(session, table, source, finite, *questions.or_of);
  }
}

/// Whether the user has written something of what Postgres is asked for: a cast, or a condition on rows.
bool holds_users_sql(const TableDraft& draft) {
  return !draft.read.rows.read.empty() || std::ranges::any_of(draft.columns, [](const PlannedColumn& column) {
    return column.mapping.send_as == types::SendAs::kCast;
  });
}

source::ReadRequest request_of(const TableDraft& draft) {
  return request_for(draft.table.name, draft.columns, draft.read.rows.read);
}

}  // namespace

std::map<std::size_t, ExpressionFacts> find_expression_facts(const PlanInputs& inputs) {
  std::map<std::size_t, ExpressionFacts> facts;
  for (std::size_t i = 0; i < inputs.selection.size(); ++i) {
    if (!may_have_expressions(inputs, inputs.catalog.tables[i].name)) {
      continue;
    }
    const TableColumns planned = plan_columns(inputs_of(inputs, i));
    if (planned.refusal) {
      continue;
    }
    try {
      facts[i].types = bind_expressions(inputs.selection[i].target, planned.columns);
    } catch (const Error& error) {
      facts[i].failure = error;
    }
  }
  return facts;
}

FactFinder::FactFinder(const PlanInputs& inputs, source::Connection& snapshot, destination::Session* target)
    : inputs_(inputs), snapshot_(snapshot), target_(target) {}

void FactFinder::look_at_all(const std::vector<TableDraft>& drafts) {
  std::vector<types::Oid> oids;
  for (const TableDraft& draft : drafts) {
    if (wants_compression_facts(inputs_, draft)) {
      oids.push_back(draft.table.oid);
    }
  }
  knows_compression_ = !oids.empty() && (target_ == nullptr || destination::supports_text_compression(*target_));
  if (knows_compression_) {
    statistics_ = source::read_column_statistics(snapshot_, oids);
  }
}

TableFacts FactFinder::facts_of(const TableDraft& draft) {
  TableFacts facts;
  if (draft.cursor) {
    facts.cursor = cursor_facts(draft);
  }
  // Conditions are sound from here on, or the table is refused.
  if (!facts.cursor.failure) {
    facts.fault = find_fault(draft);
  }
  if (!facts.cursor.failure && !facts.fault) {
    facts.misfits = misfits(draft);
    facts.index = index_facts(draft);
    facts.compression = compression_facts(draft);
  }
  return facts;
}

CursorFacts FactFinder::cursor_facts(const TableDraft& draft) {
  const CursorQuestions questions = cursor_questions(draft);
  CursorFacts facts;
  facts.failure = source::try_asking(snapshot_, [&] { ask_cursor(snapshot_, draft, questions, facts); });
  return facts;
}

std::optional<Error> FactFinder::find_fault(const TableDraft& draft) {
  return holds_users_sql(draft) ? source::find_fault(snapshot_, draft.table.name, request_of(draft)) : std::nullopt;
}

std::vector<TypeDoubt> FactFinder::misfits(const TableDraft& draft) {
  std::vector<TypeDoubt> found;
  if (draft.type_doubts.empty() || target_ == nullptr) {
    return found;
  }
  const std::vector<destination::ExistingColumn> columns = destination::existing_columns(*target_, draft.target);
  for (const TypeDoubt& doubt : draft.type_doubts) {
    // Somebody may have dropped it, or altered it himself.
    const auto column = std::ranges::find(columns, doubt.column, &destination::ExistingColumn::name);
    const std::string stored = destination::stored_type(target_->dialect(), doubt.type).sql();
    if (column != columns.end() &&
        !destination::all_fit(*target_, draft.target, column->name,
                              {.from = types::parse_type(column->type), .to = types::parse_type(stored)})) {
      found.push_back(doubt);
    }
  }
  return found;
}

IndexFacts FactFinder::index_facts(const TableDraft& draft) {
  IndexFacts facts;
  if (!may_use_index(draft.table, draft.cursor)) {
    return facts;
  }
  facts.scans_all = draft.read.rows.whole || source::scans_all_rows(snapshot_, draft.table, request_of(draft));
  if (facts.scans_all && is_worth_an_index(draft.table)) {
    facts.has_index = source::has_index(snapshot_, draft.table, draft.cursor->column);
  }
  return facts;
}

std::optional<CompressionFacts> FactFinder::compression_facts(const TableDraft& draft) {
  if (!knows_compression_ || !wants_compression_facts(inputs_, draft)) {
    return std::nullopt;
  }
  CompressionFacts facts;
  if (const auto found = statistics_.find(draft.table.oid); found != statistics_.end()) {
    facts.statistics = found->second;
  }
  const auto existing = inputs_.target.objects.find(draft.target.folded());
  if (target_ != nullptr && existing != inputs_.target.objects.end() &&
      existing->second == destination::Existing::kTable) {
    facts.stored = destination::read_stored_compression(*target_, draft.target);
  }
  return facts;
}

}  // namespace pg2duck::sync
