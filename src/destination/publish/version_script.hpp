#pragma once

#include <string>
#include <vector>

#include "destination/publish/table_change.hpp"
#include "destination/session/session.hpp"

namespace pg2duck::destination {

/// The statements that put staged rows into a table of versions (scd2): open versions that are not among the rows end
/// at the snapshot's time, rows that no open version holds begin then. Rows are compared as wholes, NULL equals NULL,
/// and equal ones are counted. `rows` is the SQL of the staged rows, of each key one; those in it that `deleted` (SQL,
/// empty: none) marks are absent.
std::vector<Statement> version_statements(const Session& session, const TableChange& change, const std::string& rows,
                                          const std::string& deleted);

/// The statements that give the staged rows of an initial load their two columns.
std::vector<Statement> first_version_statements(const Session& session, const TableChange& change);

/// The instant of the snapshot as SQL.
std::string version_time(const TableChange& change);

/// SQL of one row: the valid versions of `copy`, which is the table as it will be altered; those whose key is gone; the
/// rows that are valid as they are; the valid versions that they could be; the rows.
std::string version_counts(const Session& session, const TableChange& change, const std::string& copy,
                           const std::string& rows, const std::string& deleted);

}  // namespace pg2duck::destination
