#include "destination/targets/store_errors.hpp"

#include <array>

#include "config/object_store.hpp"

namespace pg2duck::destination {
namespace {

using config::ObjectStore;
using engine::ErrorRule;

constexpr std::string_view kRunAgain = "run again";

/// Of the stores that httpfs reaches.
/// @source the codes of S3's errors, as httpfs passes them on
constexpr auto errors_by_httpfs(std::string_view credentials, std::string_view endpoint) {
  return std::array{
      ErrorRule{"SignatureDoesNotMatch", ErrorKind::kAuth, "28000", "the object store refuses the credentials",
                credentials},
      ErrorRule{"InvalidAccessKeyId", ErrorKind::kAuth, "28000", "the object store does not know the access key",
                credentials},
      ErrorRule{"ExpiredToken", ErrorKind::kAuth, "28000", "the session token of the object store has expired",
                credentials},
      ErrorRule{"NoSuchBucket", ErrorKind::kConfig, "58P01", "there is no such bucket",
                "create it, or correct the name"},
      ErrorRule{"NoSuchKey", ErrorKind::kTransient, "58P01", "an object was removed meanwhile",
                "let one program at a time write into the target, then run again"},
      ErrorRule{"code 403", ErrorKind::kPermission, "42501", "the object store refuses access", credentials},
      ErrorRule{"HTTP 403", ErrorKind::kPermission, "42501", "the object store refuses access", credentials},
      ErrorRule{"Could not resolve hostname", ErrorKind::kConfig, "08001", "the object store's name cannot be resolved",
                credentials},
      ErrorRule{"Could not connect to server", ErrorKind::kTransient, "08001", "the object store cannot be reached",
                endpoint},
      ErrorRule{"code 5", ErrorKind::kTransient, "08006", "the object store cannot answer now", kRunAgain},
      ErrorRule{"HTTP 5", ErrorKind::kTransient, "08006", "the object store cannot answer now", kRunAgain},
      ErrorRule{"Failed to send", ErrorKind::kTransient, "08006", "the connection to the object store broke",
                kRunAgain},
      ErrorRule{"Failed to read connection", ErrorKind::kTransient, "08006", "the connection to the object store broke",
                kRunAgain},
      ErrorRule{"Timeout was reached", ErrorKind::kTransient, "08006", "the object store does not answer", kRunAgain},
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
    ErrorRule{"No valid Azure credentials", ErrorKind::kAuth, "28000", "there are no credentials for Azure",
              kAzureCredentials},
    ErrorRule{"AuthorizationPermissionMismatch", ErrorKind::kPermission, "42501", "the object store refuses access",
              kAzureCredentials},
    ErrorRule{"AuthorizationFailure", ErrorKind::kAuth, "28000", "the object store refuses the credentials",
              kAzureCredentials},
    ErrorRule{"AuthenticationFailed", ErrorKind::kAuth, "28000", "the object store refuses the credentials",
              kAzureCredentials},
    ErrorRule{"ContainerNotFound", ErrorKind::kConfig, "58P01", "there is no such container",
              "create it, or correct the name"},
    ErrorRule{"BlobNotFound", ErrorKind::kTransient, "58P01", "an object was removed meanwhile",
              "let one program at a time write into the target, then run again"},
    ErrorRule{"Base64", ErrorKind::kConfig, "22023", "Azure's account key is none", kAzureCredentials},
    ErrorRule{"bad/illegal format", ErrorKind::kConfig, "22023", "Azure's connection string is none",
              kAzureCredentials},
    ErrorRule{"Could not resolve hostname", ErrorKind::kConfig, "08001", "the object store's name cannot be resolved",
              kAzureCredentials},
    ErrorRule{
        "Fail to get a new connection", ErrorKind::kTransient, "08001", "the object store cannot be reached",
        "look whether AZURE_STORAGE_CONNECTION_STRING or AZURE_STORAGE_SERVICE_ENDPOINT leads to it from here, then "
        "run again"},
    ErrorRule{"ServerBusy", ErrorKind::kTransient, "08006", "the object store cannot answer now", kRunAgain},
    ErrorRule{"InternalError", ErrorKind::kTransient, "08006", "the object store cannot answer now", kRunAgain},
    ErrorRule{"OperationTimedOut", ErrorKind::kTransient, "08006", "the object store cannot answer now", kRunAgain},
};

}  // namespace

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
