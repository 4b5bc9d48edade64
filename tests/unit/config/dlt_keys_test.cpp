#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/dlt/keys.hpp"
#include "unit/config/dlt_directory.hpp"

namespace pg2duck::config {
namespace {

TEST(ConfigDltKeys, KeysThatDoNothingAreNamedOnce) {
  DltDirectory project;
  project.write(".dlt/config.toml",
                "[sources.sql_database]\nschma = \"x\"\ntable = [\"a\"]\nbackend = \"pyarrow\"\n"
                "[sources.sql_database.orders]\nchunk_size = 5\n"
                "[sources.rest_api]\nurl = \"x\"\n[destination.filesystem]\nbucket_url = \"x\"\n"
                "[data_writer]\nfile_max_items = 10\n[extrct]\nworkers = 2\n[extract]\nworker = 2\n"
                "[pg2md.sources.sql_database]\nschema = \"x\"\n");
  const std::string file = (project.directory() / ".dlt/config.toml:").string();
  std::vector<std::string> told;
  for (const auto& [nearest, sentence] : unused_dlt_keys(project.settings())) {
    EXPECT_EQ(sentence.find(file), 0U) << sentence;
    told.push_back(sentence.substr(file.size()));
  }
  EXPECT_THAT(told,
              testing::UnorderedElementsAre(
                  "2: sources.sql_database.schma is not known and has no effect; did you mean schema?",
                  "3: sources.sql_database.table is not used: the list is called tables",
                  "4: sources.sql_database.backend is not used: tables are read by pg2duck's own reader",
                  "6: sources.sql_database.orders.chunk_size is not used: tables are read by pg2duck's own reader",
                  "7: sources.rest_api is not used: it is the section of another source",
                  "9: destination.filesystem is not used: it is the section of another destination",
                  "12: data_writer.file_max_items is not used: no interim files are written",
                  "14: extrct.workers is not known and has no effect; did you mean extract?",
                  "16: extract.worker is not known and has no effect; did you mean workers?"));
}

TEST(ConfigDltKeys, ASectionOfATableThatIsNotNamedIsToldWithTheNearest) {
  DltDirectory project;
  const std::string listed = "[sources.sql_database]\ntables = [\"customer\", \"item\"]\n";
  const std::string sections =
      "[sources.sql_database.custmer]\nwrite_disposition = \"append\"\n[sources.sql_database.item.incremental]\n"
      "cursor_path = \"at\"\n[sources.sql_database.credentials]\nport = "
      "1\n[sources.sql_database.supplier.incremental]\n"
      "cursor_path = \"at\"\n";
  const auto told = [&] {
    std::vector<std::string> sentences;
    for (const auto& [nearest, sentence] : unused_dlt_keys(project.settings())) {
      sentences.push_back(sentence.substr(sentence.find("sources.")));
    }
    return sentences;
  };
  project.write(".dlt/config.toml", listed + sections);
  EXPECT_THAT(told(),
              testing::UnorderedElementsAre(
                  "sources.sql_database.custmer has no effect: tables names no such table; did you mean customer?",
                  "sources.sql_database.supplier has no effect: tables names no such table"));
  project.write(".dlt/config.toml", sections);
  EXPECT_THAT(told(), testing::IsEmpty());
}

}  // namespace
}  // namespace pg2duck::config
