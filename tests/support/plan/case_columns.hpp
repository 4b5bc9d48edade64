#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "source/catalog/catalog.hpp"

namespace pg2duck::test {

/// One column as a case of planning writes it: "total numeric(10,2) not null", "id int4 key", "note text #7" with its
/// number, "note text as remark" with its name in the copy, "n numeric in DECIMAL(38,2)" with its type there, "note
/// text by upper(note)" with the expression that made it.
struct CaseColumn {
  source::CatalogColumn source;
  std::string name_in_copy;
  std::string target_type;
  std::string expression;
  bool is_key = false;
};

/// Columns with commas between them; they are numbered as they come.
std::vector<CaseColumn> read_columns(std::string_view text);

/// The types that these columns can have.
types::TypeCatalog type_catalog();

/// `list` at commas outside of brackets.
std::vector<std::string> split(std::string_view list);
/// `text` at blanks.
std::vector<std::string> words_of(std::string_view text);

}  // namespace pg2duck::test
