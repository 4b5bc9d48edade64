#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "support/plan/planning_case.hpp"

namespace pg2duck::test {

// What planning makes of a case, as text.

/// "id" for the columns of the copy: "id INTEGER NOT NULL, note VARCHAR; key id".
std::string columns(const Given& given);
/// The SELECT's list.
std::string selected(const Given& given);
/// The rows that are read, as SQL; "all".
std::string condition(const Given& given);
/// How the plan says that the table is read.
std::string read(const Given& given);
/// "1: bytes 0-8191", one a range.
std::string ranges(const Given& given);
/// What is different from the copy, as the report tells it; "none".
std::string changes(const Given& given);
std::string warnings(const Given& given);  ///< "none"
/// Why the table is refused, its context left out; "accepted".
std::string refusal(const Given& given);
/// What the refusal advises.
std::string advice(const Given& given);
/// What is wrong with the rules of the run, "message | hint"; empty: nothing.
std::string misfit(const Given& given);
/// How staged rows go into the copy: "upsert by id", "append from at", …; "replace".
std::string change(const Given& given);

/// A row of a table of cases: what it is about, what is given, what follows.
struct Case {
  std::string_view what;
  Given given;
  std::string_view expected;
};

/// Holds what `aspect` says of each case to what is expected.
void expect_each(std::string (*aspect)(const Given&), const std::vector<Case>& cases);
/// The same, where only a part of it is expected.
void expect_part(std::string (*aspect)(const Given&), const std::vector<Case>& cases);

}  // namespace pg2duck::test
