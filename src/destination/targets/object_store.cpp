#include "destination/targets/object_store.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/identifier.hpp"
#include "destination/targets/statement.hpp"

namespace pg2duck::destination {
namespace {

using config::ObjectStore;

constexpr std::string_view kRunAgain = "run again";

/// Of the stores that httpfs reaches.
/// @source the codes of S3's errors, as httpfs passes them on
constexpr auto errors_by_httpfs(std::string_view credentials, std::string_view endpoint) {
  return std::array{
      ErrorRule{"SignatureDoesNotMatch", ErrorKind::kAuth, "the object store refuses the credentials", credentials},
      ErrorRule{"InvalidAccessKeyId", ErrorKind::kAuth, "the object store does not know the access key", credentials},
      ErrorRule{"ExpiredToken", ErrorKind::kAuth, "the session token of the object store has expired", credentials},
      ErrorRule{"NoSuchBucket", ErrorKind::kConfig, "there is no such bucket", "create it, or correct the name"},
      ErrorRule{"NoSuchKey", ErrorKind::kTransient, "an object was removed meanwhile",
                "let one program at a time write into the target, then run again"},
      ErrorRule{"code 403", ErrorKind::kPermission, "the object store refuses access", credentials},
      ErrorRule{"HTTP 403", ErrorKind::kPermission, "the object store refuses access", credentials},
      ErrorRule{"Could not resolve hostname", ErrorKind::kConfig, "the object store's name cannot be resolved",
                credentials},
      ErrorRule{"Could not connect to server", ErrorKind::kTransient, "the object store cannot be reached", endpoint},
      ErrorRule{"code 5", ErrorKind::kTransient, "the object store cannot answer now", kRunAgain},
      ErrorRule{"HTTP 5", ErrorKind::kTransient, "the object store cannot answer now", kRunAgain},
      ErrorRule{"Failed to send", ErrorKind::kTransient, "the connection to the object store broke", kRunAgain},
      ErrorRule{"Failed to read connection", ErrorKind::kTransient, "the connection to the object store broke",
                kRunAgain},
      ErrorRule{"Timeout was reached", ErrorKind::kTransient, "the object store does not answer", kRunAgain},
  };
}

constexpr auto kS3Errors = errors_by_httpfs(
    "look at AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION and AWS_ENDPOINT_URL",
    "look whether AWS_ENDPOINT_URL is right and reachable from here, then run again");
constexpr auto kGcsErrors = errors_by_httpfs(
    "make an HMAC key in the settings of Google Cloud Storage, and look at GS_ACCESS_KEY_ID and "
    "GS_SECRET_ACCESS_KEY",
    "look whether GS_ENDPOINT_URL, if it is set, is right and reachable from here, then run again");
constexpr auto kR2Errors = errors_by_httpfs(
    "look at R2_ACCESS_KEY_ID, R2_SECRET_ACCESS_KEY, and CLOUDFLARE_ACCOUNT_ID or R2_ENDPOINT_URL",
    "look whether CLOUDFLARE_ACCOUNT_ID or R2_ENDPOINT_URL is right and reachable from here, then run again");

constexpr std::string_view kAzureCredentials =
    "look at AZURE_STORAGE_CONNECTION_STRING, or AZURE_STORAGE_ACCOUNT with AZURE_STORAGE_KEY or "
    "AZURE_STORAGE_SAS_TOKEN";

/// @source the codes of Azure's errors, and the words of its client, as the extension passes them on
constexpr std::array kAzureErrors{
    ErrorRule{"No valid Azure credentials", ErrorKind::kAuth, "there are no credentials for Azure", kAzureCredentials},
    ErrorRule{"AuthorizationPermissionMismatch", ErrorKind::kPermission, "the object store refuses access",
              kAzureCredentials},
    ErrorRule{"AuthorizationFailure", ErrorKind::kAuth, "the object store refuses the credentials", kAzureCredentials},
    ErrorRule{"AuthenticationFailed", ErrorKind::kAuth, "the object store refuses the credentials", kAzureCredentials},
    ErrorRule{"ContainerNotFound", ErrorKind::kConfig, "there is no such container", "create it, or correct the name"},
    ErrorRule{"BlobNotFound", ErrorKind::kTransient, "an object was removed meanwhile",
              "let one program at a time write into the target, then run again"},
    ErrorRule{"Base64", ErrorKind::kConfig, "Azure's account key is none", kAzureCredentials},
    ErrorRule{"bad/illegal format", ErrorKind::kConfig, "Azure's connection string is none", kAzureCredentials},
    ErrorRule{"Could not resolve hostname", ErrorKind::kConfig, "the object store's name cannot be resolved",
              kAzureCredentials},
    ErrorRule{
        "Fail to get a new connection", ErrorKind::kTransient, "the object store cannot be reached",
        "look whether AZURE_STORAGE_CONNECTION_STRING or AZURE_STORAGE_SERVICE_ENDPOINT leads to it from here, then "
        "run again"},
    ErrorRule{"ServerBusy", ErrorKind::kTransient, "the object store cannot answer now", kRunAgain},
    ErrorRule{"InternalError", ErrorKind::kTransient, "the object store cannot answer now", kRunAgain},
    ErrorRule{"OperationTimedOut", ErrorKind::kTransient, "the object store cannot answer now", kRunAgain},
};

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
void set_s3_endpoint(void* connection, const std::string& url) {
  if (url.empty()) {
    return;
  }
  const Endpoint endpoint = parse_endpoint(url, "AWS_ENDPOINT_URL");
  run_statement(connection, "SET GLOBAL s3_endpoint = " + quote_literal(endpoint.host));
  run_statement(connection, std::string("SET GLOBAL s3_use_ssl = ") + (endpoint.tls ? "true" : "false"));
  run_statement(connection, "SET GLOBAL s3_url_style = 'path'");
}

/// `options` of CREATE SECRET, in which `kSecret` is what `secret` holds.
void create_secret(void* connection, std::string_view type, const Secret& secret, const std::string& options) {
  run_with_parameter(connection, "SET VARIABLE pg2duck_secret = $1", secret.reveal());
  run_statement(connection,
                fmt::format("CREATE OR REPLACE TEMPORARY SECRET pg2duck_{} (TYPE {}, {})", type, type, options));
  run_statement(connection, "RESET VARIABLE pg2duck_secret");
}

/// All of it is said, as httpfs would take what is missing from the settings of AWS.
void create_key(void* connection, std::string_view type, const config::StoreAccess& access, const Endpoint& endpoint) {
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

void reach_object_store(void* connection, ObjectStore store, const config::StoreAccess& access) {
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

std::span<const ErrorRule> object_store_errors(std::string_view location) {
  switch (config::object_store_of(location).value_or(ObjectStore::kS3)) {
    case ObjectStore::kS3:
      return kS3Errors;
    case ObjectStore::kGcs:
      return kGcsErrors;
    case ObjectStore::kR2:
      return kR2Errors;
    case ObjectStore::kAzure:
      return kAzureErrors;
  }
  return {};
}

}  // namespace pg2duck::destination
