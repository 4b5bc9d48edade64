#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "base/secret.hpp"
#include "config/environment.hpp"

namespace pg2duck::config {

/// Where files can be besides a disk.
enum class ObjectStore {
  kS3,     ///< s3://, s3a://, s3n://
  kGcs,    ///< gs://, gcs://: Google Cloud Storage, by its S3-like interface
  kR2,     ///< r2://: Cloudflare's
  kAzure,  ///< az://, azure://: Azure Blob Storage
};

/// The store of a location, by its scheme; nullopt: it is in none of these.
std::optional<ObjectStore> object_store_of(std::string_view location);

/// How a store is reached. What is empty is left to DuckDB: the store's own address, and secrets that it keeps. S3's
/// credentials it finds in the environment by itself.
struct StoreAccess {
  std::string endpoint;      ///< `https://host:port`; not Azure's
  std::string account;       ///< the id of an account of R2
  std::string key_id;        ///< not Azure's
  Secret secret;             ///< of the key; not Azure's
  Secret connection_string;  ///< of Azure, which has no other
};

/// By ObjectStore.
using ObjectStores = std::array<StoreAccess, 4>;

/// As the variables say that the stores' own tools read; see docs/targets.md.
/// @source of their names: AWS's and Azure's command lines, gsutil (boto) for Google's, wrangler for Cloudflare's
ObjectStores object_stores(const Environment& environment);

}  // namespace pg2duck::config
