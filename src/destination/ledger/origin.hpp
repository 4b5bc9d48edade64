#pragma once

#include <cstdint>
#include <string>

namespace pg2duck::destination {

/// The source of a table, as the ledger keeps it to know it again.
///
/// It has two marks. The database itself: the system identifier that initdb gave its cluster, which every standby and
/// every other way to spell the host share, and the database's oid in it. And its address: hosts, ports and name of the
/// database in the connection. One that both have is enough: a source whose host is spelled otherwise, or that has
/// moved with its files, has the first; one that was upgraded, or restored from a dump, behind the same name has the
/// second, and its tables show by their oids that they are others. User, password and all other settings are no marks.
struct Origin {
  std::string uri;                 ///< the connection without its password, as libpq takes it
  std::string system_identifier;   ///< decimal; empty: it could not be read, or nobody asked yet
  std::uint32_t database_oid = 0;  ///< 0: likewise

  bool operator==(const Origin&) const = default;
};

/// Whether both are one source, as far as it is known.
bool is_same_source(const Origin& a, const Origin& b);

/// Hosts, ports and name of the database of a URI: equal where it is spelled otherwise only.
std::string address_of(const std::string& uri);

}  // namespace pg2duck::destination
