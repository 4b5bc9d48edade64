#include "config/object_store.hpp"

#include <algorithm>
#include <initializer_list>

namespace pg2duck::config {
namespace {

struct Scheme {
  std::string_view name;
  ObjectStore store;
};

constexpr std::array kSchemes{
    Scheme{"s3", ObjectStore::kS3},    Scheme{"s3a", ObjectStore::kS3},      Scheme{"s3n", ObjectStore::kS3},
    Scheme{"gs", ObjectStore::kGcs},   Scheme{"gcs", ObjectStore::kGcs},     Scheme{"r2", ObjectStore::kR2},
    Scheme{"az", ObjectStore::kAzure}, Scheme{"azure", ObjectStore::kAzure},
};

/// The value of the first one that is set.
std::string first_of(const Environment& environment, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    if (std::string value = environment(name).value_or(""); !value.empty()) {
      return value;
    }
  }
  return {};
}

/// The string, or what it is made of.
Secret azure_connection_string(const Environment& environment) {
  const std::string whole = first_of(environment, {"AZURE_STORAGE_CONNECTION_STRING"});
  const std::string account = first_of(environment, {"AZURE_STORAGE_ACCOUNT", "AZURE_STORAGE_ACCOUNT_NAME"});
  const std::string key = first_of(environment, {"AZURE_STORAGE_KEY", "AZURE_STORAGE_ACCOUNT_KEY"});
  const std::string token = first_of(environment, {"AZURE_STORAGE_SAS_TOKEN"});
  if (!whole.empty() || account.empty() || (key.empty() && token.empty())) {
    return Secret(whole);
  }
  const std::string endpoint = first_of(environment, {"AZURE_STORAGE_SERVICE_ENDPOINT"});
  return Secret(
      "AccountName=" + account +
      (key.empty() ? ";SharedAccessSignature=" + token.substr(token.starts_with('?') ? 1 : 0) : ";AccountKey=" + key) +
      (endpoint.empty() ? ";DefaultEndpointsProtocol=https;EndpointSuffix=core.windows.net"
                        : ";BlobEndpoint=" + endpoint));
}

}  // namespace

std::optional<ObjectStore> object_store_of(std::string_view location) {
  const std::size_t end = location.find("://");
  if (end == std::string_view::npos) {
    return std::nullopt;
  }
  const auto* found = std::ranges::find(kSchemes, location.substr(0, end), &Scheme::name);
  return found == kSchemes.end() ? std::nullopt : std::optional(found->store);
}

ObjectStores object_stores(const Environment& environment) {
  ObjectStores stores;
  const auto of = [&](ObjectStore store) -> StoreAccess& { return stores.at(static_cast<std::size_t>(store)); };
  of(ObjectStore::kS3).endpoint = first_of(environment, {"AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"});
  of(ObjectStore::kGcs) = {.endpoint = first_of(environment, {"GS_ENDPOINT_URL"}),
                           .account = {},
                           .key_id = first_of(environment, {"GS_ACCESS_KEY_ID"}),
                           .secret = Secret(first_of(environment, {"GS_SECRET_ACCESS_KEY"})),
                           .connection_string = {}};
  of(ObjectStore::kR2) = {.endpoint = first_of(environment, {"R2_ENDPOINT_URL"}),
                          .account = first_of(environment, {"CLOUDFLARE_ACCOUNT_ID"}),
                          .key_id = first_of(environment, {"R2_ACCESS_KEY_ID"}),
                          .secret = Secret(first_of(environment, {"R2_SECRET_ACCESS_KEY"})),
                          .connection_string = {}};
  of(ObjectStore::kAzure).connection_string = azure_connection_string(environment);
  return stores;
}

}  // namespace pg2duck::config
