#include "source/catalog/value_origin.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <sstream>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/identifier.hpp"

namespace pg2duck::source {
namespace {

using types::Oid;
using types::PgType;

constexpr const char* kExpression = "expression";
constexpr const char* kQuery = "query";
constexpr const char* kWritten = "written";
constexpr const char* kLabel = "label";
constexpr const char* kField = "field";
constexpr const char* kBase = "base";

/// One thing that is true of a column: its kind, what it is about, what is said of that.
struct Fact {
  std::string kind;
  std::string subject;
  std::string value;
};

/// Parts are divided by tabs, facts by line ends, so neither stands in a part.
std::string escaped(const std::string& text) {
  std::string escaped;
  for (const char byte : text) {
    switch (byte) {
      case '\\':
        escaped += "\\\\";
        break;
      case '\n':
        escaped += "\\n";
        break;
      case '\t':
        escaped += "\\t";
        break;
      default:
        escaped += byte;
    }
  }
  return escaped;
}

class Facts {
 public:
  void add(const std::string& kind, const std::string& subject, const std::string& value) {
    text_ += fmt::format("{}{}\t{}\t{}", text_.empty() ? "" : "\n", kind, escaped(subject), escaped(value));
  }

  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

std::vector<Fact> parsed(const std::string& text) {
  std::vector<Fact> facts;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream parts(line);
    Fact& fact = facts.emplace_back();
    std::getline(parts, fact.kind, '\t');
    std::getline(parts, fact.subject, '\t');
    std::getline(parts, fact.value);
  }
  return facts;
}

/// What the type of a column consists of, each part once.
class TypeFacts {
 public:
  TypeFacts(const types::TypeCatalog& types, Facts& facts) : types_(types), facts_(facts) {}

  void add(Oid oid) {
    const auto found = types_.find(oid);
    if (found == types_.end() || !met_.insert(oid).second) {
      return;
    }
    const PgType& type = found->second;
    const std::string name = TableName{type.schema, type.name}.display();
    for (std::size_t i = 0; i < type.labels.size() && i < type.label_oids.size(); ++i) {
      facts_.add(kLabel, fmt::format("{} {}", name, type.label_oids[i]), type.labels[i]);
    }
    if (type.typtype == 'd') {
      facts_.add(kBase, name, type.base_display);
    }
    for (const types::PgField& field : type.fields) {
      facts_.add(kField, name + "." + display_identifier(field.name), field.type_display);
    }
    for (const types::PgField& field : type.fields) {
      add(field.type);
    }
    for (const Oid part : {type.element, type.base, type.range_subtype}) {
      add(part);
    }
  }

 private:
  const types::TypeCatalog& types_;
  Facts& facts_;
  std::set<Oid> met_;
};

/// The oldest heap stands for all: leaves come and go.
std::string file_of(const CatalogTable& table) {
  const auto oldest = std::ranges::min_element(table.leaves, {}, &Leaf::oid);
  return oldest == table.leaves.end() ? "" : fmt::format("{}:{}", oldest->oid, oldest->file);
}

std::string subject_of(const Fact& fact) {
  return fact.subject.substr(0, fact.subject.rfind(' '));
}

/// Nothing is said of facts that are new: a label, a field more gives no old value another meaning.
std::string change_of(const Fact& was, const Fact* now) {
  if (was.kind == kLabel) {
    return now == nullptr ? fmt::format("type {} has other labels now", subject_of(was))
                          : fmt::format("label {} of type {} is {} now", was.value, subject_of(was), now->value);
  }
  if (was.kind == kField) {
    return now == nullptr ? fmt::format("{} is no field any more", was.subject)
                          : fmt::format("field {} was {} and is {} now", was.subject, was.value, now->value);
  }
  if (was.kind == kBase) {
    return now == nullptr ? "" : fmt::format("domain {} was {} and is {} now", was.subject, was.value, now->value);
  }
  if (was.kind == kExpression) {
    // DROP EXPRESSION leaves the values as they are.
    return now == nullptr ? "" : fmt::format("it was generated as {} and is as {} now", was.value, now->value);
  }
  if (was.kind == kQuery) {
    return now == nullptr ? "" : kOtherQuery;
  }
  return "";
}

}  // namespace

std::string value_origin(const CatalogTable& table, const CatalogColumn& column, const types::TypeCatalog& types) {
  Facts facts;
  if (!column.generated_as.empty()) {
    facts.add(kExpression, "", column.generated_as);
  }
  if (!table.query.empty()) {
    facts.add(kQuery, "", table.query);
  }
  if (const std::string file = file_of(table); !file.empty()) {
    facts.add(kWritten, file, column.written);
  }
  TypeFacts(types, facts).add(column.type);
  return facts.take();
}

std::string origin_change(const std::string& was, const std::string& now, bool altered) {
  std::map<std::pair<std::string, std::string>, Fact> known;
  Fact written;
  for (const Fact& fact : parsed(now)) {
    if (fact.kind == kWritten) {
      written = fact;
    }
    known.emplace(std::pair(fact.kind, fact.subject), fact);
  }
  std::string rewritten;
  for (const Fact& fact : parsed(was)) {
    if (fact.kind == kWritten) {
      // VACUUM FULL gives a table another file, and SET STATISTICS a column another row: only both say that its values
      // were made anew.
      if (!altered && !written.kind.empty() && fact.subject != written.subject && fact.value != written.value) {
        rewritten = "it was written anew, by ALTER COLUMN … TYPE or the like";
      }
      continue;
    }
    const auto found = known.find(std::pair(fact.kind, fact.subject));
    const Fact* same = found == known.end() ? nullptr : &found->second;
    if (same != nullptr && same->value == fact.value) {
      continue;
    }
    if (const std::string change = change_of(fact, same); !change.empty()) {
      return change;
    }
  }
  return rewritten;
}

}  // namespace pg2duck::source
