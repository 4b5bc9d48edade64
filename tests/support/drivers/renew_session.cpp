// renew_session SERVER: loads 20,000 rows in batches into the table main.renewed of a quack server, by a session that
// is made anew between any two of them. Token and extensions are found by the variables of the program. Prints how many
// sessions there were.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <thread>

#include "config/environment.hpp"
#include "destination/load/stage.hpp"
#include "destination/session/database.hpp"

namespace {

using namespace pg2duck;

constexpr std::int64_t kRows = 20'000;

class Numbers : public destination::ChunkProducer {
 public:
  std::size_t fill(std::span<decode::ColumnView* const> columns) override {
    // Longer than a session lives.
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    const auto count = static_cast<std::size_t>(std::min<std::int64_t>(destination::kChunkRows, kRows - next_));
    for (std::size_t i = 0; i < count; ++i) {
      columns[0]->values<std::int64_t>()[i] = next_++;
    }
    return count;
  }

 private:
  std::int64_t next_ = 0;
};

class NumberSource : public destination::ChunkSource {
 public:
  std::unique_ptr<destination::ChunkProducer> make_producer() override {
    return std::exchange(made_, true) ? nullptr : std::make_unique<Numbers>();
  }

  [[nodiscard]] unsigned max_producers() const override { return 1; }

  [[nodiscard]] std::uint64_t expected_rows() const override { return kRows; }

 private:
  bool made_ = false;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: renew_session HOST:PORT\n", stderr);
    return 2;
  }
  int attached = 0;
  destination::Database database = destination::Database::open(
      {.path = argv[1],
       .kind = config::TargetKind::kQuack,
       .profile = config::Profile::kMotherduck,
       .token = Secret(config::process_environment("PG2DUCK_QUACK_TOKEN").value_or("")),
       .extension_directory = config::process_environment("PG2DUCK_EXTENSION_DIRECTORY").value_or(""),
       .batch_rows = 4000,
       .session_age = std::chrono::milliseconds(1),
       .on_statement = [&](std::string_view sql) { attached += sql.starts_with("ATTACH") ? 1 : 0; }});
  destination::Session session = database.connect();
  destination::TableShape shape{.name = {"main", "renewed"}, .columns = {}, .primary_key = {}, .comment = {}};
  shape.columns.push_back({.name = "n", .type = types::DuckType::of(types::DuckTypeId::kBigint)});
  NumberSource source;
  destination::stage(session, shape, shape.name, source);
  // The first attachment is the database's own.
  std::printf("%d\n", attached - 1);
  return 0;
}
