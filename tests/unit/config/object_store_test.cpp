#include "config/object_store.hpp"

#include <map>

#include <gtest/gtest.h>

namespace pg2duck::config {
namespace {

StoreAccess access(ObjectStore store, const std::map<std::string, std::string>& variables) {
  const ObjectStores stores = object_stores([&](const char* name) {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  });
  return stores.at(static_cast<std::size_t>(store));
}

TEST(ObjectStore, TheSchemeSaysWhichItIs) {
  EXPECT_EQ(object_store_of("s3a://bucket/x"), ObjectStore::kS3);
  EXPECT_EQ(object_store_of("gs://bucket"), ObjectStore::kGcs);
  EXPECT_EQ(object_store_of("r2://bucket/x"), ObjectStore::kR2);
  EXPECT_EQ(object_store_of("azure://container/x"), ObjectStore::kAzure);
  for (const char* location : {"", "directory", "s3:/bucket", "http://host/x", "postgres:postgresql://host/x"}) {
    EXPECT_EQ(object_store_of(location), std::nullopt) << location;
  }
}

TEST(ObjectStore, EachIsReachedByVariablesOfItsOwn) {
  const std::map<std::string, std::string> variables{
      {"AWS_ENDPOINT_URL", "http://all"},
      {"AWS_ENDPOINT_URL_S3", "http://s3"},
      {"GS_ACCESS_KEY_ID", "g"},
      {"GS_SECRET_ACCESS_KEY", "google"},
      {"R2_ACCESS_KEY_ID", "r"},
      {"R2_SECRET_ACCESS_KEY", "cloudflare"},
      {"CLOUDFLARE_ACCOUNT_ID", "account"},
  };
  EXPECT_EQ(access(ObjectStore::kS3, variables).endpoint, "http://s3");
  EXPECT_EQ(access(ObjectStore::kS3, variables).key_id, "");
  EXPECT_EQ(access(ObjectStore::kGcs, variables).key_id, "g");
  EXPECT_EQ(access(ObjectStore::kGcs, variables).secret.reveal(), "google");
  EXPECT_EQ(access(ObjectStore::kGcs, variables).endpoint, "");
  EXPECT_EQ(access(ObjectStore::kR2, variables).account, "account");
  EXPECT_EQ(access(ObjectStore::kR2, variables).secret.reveal(), "cloudflare");
}

TEST(ObjectStore, AzureIsOneStringOrWhatItIsMadeOf) {
  const auto text = [](const std::map<std::string, std::string>& variables) {
    return access(ObjectStore::kAzure, variables).connection_string.reveal();
  };
  EXPECT_EQ(text({{"AZURE_STORAGE_ACCOUNT", "shop"}}), "");
  EXPECT_EQ(
      text({{"AZURE_STORAGE_CONNECTION_STRING", "whole"}, {"AZURE_STORAGE_ACCOUNT", "a"}, {"AZURE_STORAGE_KEY", "k"}}),
      "whole");
  EXPECT_EQ(text({{"AZURE_STORAGE_ACCOUNT_NAME", "shop"}, {"AZURE_STORAGE_ACCOUNT_KEY", "aw=="}}),
            "AccountName=shop;AccountKey=aw==;DefaultEndpointsProtocol=https;EndpointSuffix=core.windows.net");
  EXPECT_EQ(text({{"AZURE_STORAGE_ACCOUNT", "shop"},
                  {"AZURE_STORAGE_SAS_TOKEN", "?sv=1&sig=x"},
                  {"AZURE_STORAGE_SERVICE_ENDPOINT", "http://host/shop"}}),
            "AccountName=shop;SharedAccessSignature=sv=1&sig=x;BlobEndpoint=http://host/shop");
}

}  // namespace
}  // namespace pg2duck::config
