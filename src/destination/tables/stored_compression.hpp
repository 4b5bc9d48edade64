#pragma once

#include <map>
#include <string>

#include "base/identifier.hpp"
#include "destination/session/session.hpp"
#include "types/compression.hpp"

namespace pg2duck::destination {

/// Whether columns of text can be created with DICTIONARY or FSST in the target: in files of the storage versions
/// before 1.3, which is what DuckDB makes unless it is told otherwise. Later ones have one method in their place.
bool supports_text_compression(Session& session);

/// How the columns of text of a table in the target are compressed, by their names. Reads no values.
/// @shape the table exists
std::map<std::string, types::StoredCompression> read_stored_compression(Session& session, const TableName& table);

}  // namespace pg2duck::destination
