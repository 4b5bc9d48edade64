#include "destination/targets/object_store.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/identifier.hpp"
#include "destination/targets/secret_variable.hpp"
#include "engine/statement.hpp"

namespace pg2duck::destination {
namespace {

using config::ObjectStore;
using engine::run_statement;

constexpr const char* kSecret = "getvariable('pg2duck_secret')";

struct Endpoint {
  std::string host;
  bool tls;
};

Endpoint parse_endpoint(const std::string& url, std::string_view variable) {
  constexpr std::string_view kPlain = "http://";
  constexpr std::string_view kTls = "https://";
  const bool plain = url.starts_with(kPlain);
  std::string host = url.substr(plain ? kPlain.size() : std::min(url.size(), kTls.size()));
  while (host.ends_with('/')) {
    host.pop_back();
  }
  if ((!plain && !url.starts_with(kTls)) || host.empty() || host.find_first_of("/@?") != std::string::npos) {
    throw Error(ErrorKind::kConfig, std::string(variable) + " is no address of an object store")
        .set_hint("write it like https://host:port, with nothing before or behind");
  }
  return {.host = std::move(host), .tls = !plain};
}

/// Credentials and region are what httpfs has found in the environment when it was loaded; an endpoint in a variable of
/// AWS's it does not look for.
void set_s3_endpoint(const engine::Connection& connection, const std::string& url) {
  if (url.empty()) {
    return;
  }
  const Endpoint endpoint = parse_endpoint(url, "AWS_ENDPOINT_URL");
  run_statement(connection, "SET GLOBAL s3_endpoint = " + quote_literal(endpoint.host));
  run_statement(connection, std::string("SET GLOBAL s3_use_ssl = ") + (endpoint.tls ? "true" : "false"));
  run_statement(connection, "SET GLOBAL s3_url_style = 'path'");
}

/// `options` of CREATE SECRET, in which `kSecret` is what `secret` holds.
void create_secret(const engine::Connection& connection, std::string_view type, const Secret& secret,
                   const std::string& options) {
  const SecretVariable variable(connection, "pg2duck_secret", secret);
  run_statement(connection,
                fmt::format("CREATE OR REPLACE TEMPORARY SECRET pg2duck_{} (TYPE {}, {})", type, type, options));
}

/// All of it is said, as httpfs would take what is missing from the settings of AWS.
void create_key(const engine::Connection& connection, std::string_view type, const config::StoreAccess& access,
                const Endpoint& endpoint) {
  create_secret(
      connection, type, access.secret,
      fmt::format("KEY_ID {}, SECRET {}, SESSION_TOKEN '', REGION 'auto', URL_STYLE 'path', ENDPOINT {}, USE_SSL {}",
                  quote_literal(access.key_id), kSecret, quote_literal(endpoint.host), endpoint.tls));
}

Endpoint endpoint_of_r2(const config::StoreAccess& access) {
  if (!access.endpoint.empty()) {
    return parse_endpoint(access.endpoint, "R2_ENDPOINT_URL");
  }
  if (access.account.empty()) {
    throw Error(ErrorKind::kConfig, "where R2 keeps the bucket is not said")
        .set_hint(
            "set CLOUDFLARE_ACCOUNT_ID to the account's id, or R2_ENDPOINT_URL to the address that R2 shows for the "
            "bucket");
  }
  return parse_endpoint("https://" + access.account + ".r2.cloudflarestorage.com", "CLOUDFLARE_ACCOUNT_ID");
}

}  // namespace

std::string_view extension_of(ObjectStore store) {
  return store == ObjectStore::kAzure ? "azure" : "httpfs";
}

void reach_object_store(const engine::Connection& connection, ObjectStore store, const config::StoreAccess& access) {
  switch (store) {
    case ObjectStore::kS3:
      set_s3_endpoint(connection, access.endpoint);
      break;
    case ObjectStore::kGcs:
      if (!access.secret.empty()) {
        create_key(connection, "gcs", access,
                   parse_endpoint(access.endpoint.empty() ? "https://storage.googleapis.com" : access.endpoint,
                                  "GS_ENDPOINT_URL"));
      }
      break;
    case ObjectStore::kR2:
      if (!access.secret.empty()) {
        create_key(connection, "r2", access, endpoint_of_r2(access));
      }
      break;
    case ObjectStore::kAzure:
      if (!access.connection_string.empty()) {
        create_secret(connection, "azure", access.connection_string, std::string("CONNECTION_STRING ") + kSecret);
      }
      break;
  }
}

}  // namespace pg2duck::destination
