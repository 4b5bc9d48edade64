#include "destination/ledger/origin.hpp"

#include <algorithm>
#include <set>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/identifier.hpp"
#include "base/percent_encoding.hpp"

namespace pg2duck::destination {
namespace {

/// `[::1]:5432` and `db.example.com` into host and port. Ledgers of version 1 hold hosts and ports as two lists,
/// `a,b:5432,5433`, a socket's directory between brackets, and [local] where none was given.
void add_host(std::string_view part, std::set<std::string>& hosts, std::set<std::string>& ports) {
  const std::size_t bracket = part.starts_with('[') ? part.find(']') : std::string_view::npos;
  const std::size_t colon = part.find(':', bracket == std::string_view::npos ? 0 : bracket);
  std::string_view host = part.substr(0, colon);
  if (bracket != std::string_view::npos) {
    host = part.substr(1, bracket - 1);
    host = host == "local" ? "" : host;
  }
  if (colon == std::string_view::npos && !host.empty() &&
      host.find_first_not_of("0123456789") == std::string_view::npos) {
    ports.emplace(host);
    return;
  }
  hosts.insert(fold_case(percent_decoded(host, false)));
  if (colon != std::string_view::npos) {
    ports.emplace(part.substr(colon + 1));
  }
}

}  // namespace

std::string address_of(const std::string& uri) {
  std::string_view rest = uri;
  rest.remove_prefix(std::min(rest.size(), rest.find("://") == std::string_view::npos ? 0 : rest.find("://") + 3));
  const std::string_view query = rest.substr(std::min(rest.size(), rest.find('?')));
  rest.remove_suffix(query.size());
  // A socket's directory between brackets has slashes, too.
  const std::size_t slash = rest.rfind('/');
  std::string_view authority = rest.substr(0, slash);
  const std::string database = slash == std::string_view::npos ? "" : percent_decoded(rest.substr(slash + 1), false);
  authority.remove_prefix(authority.rfind('@') == std::string_view::npos ? 0 : authority.rfind('@') + 1);
  std::set<std::string> hosts;
  std::set<std::string> ports;
  while (!authority.empty()) {
    const std::size_t comma = std::min(authority.size(), authority.find(','));
    add_host(authority.substr(0, comma), hosts, ports);
    authority.remove_prefix(std::min(authority.size(), comma + 1));
  }
  return fmt::format("{}:{}/{}{}", fmt::join(hosts, ","), fmt::join(ports, ","), database, query);
}

bool is_same_source(const Origin& a, const Origin& b) {
  const bool same_database = !a.system_identifier.empty() && a.system_identifier == b.system_identifier &&
                             a.database_oid != 0 && a.database_oid == b.database_oid;
  const bool unknown = a.uri.empty() || b.uri.empty();
  return unknown || same_database || address_of(a.uri) == address_of(b.uri);
}

}  // namespace pg2duck::destination
