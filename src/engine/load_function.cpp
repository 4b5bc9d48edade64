#include "engine/load_function.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include <duckdb.h>

#include "base/error.hpp"
#include "base/handle.hpp"
#include "base/identifier.hpp"
#include "engine/duck_type.hpp"
#include "engine/duckdb_column_view.hpp"
#include "engine/rows.hpp"

namespace pg2duck::engine {
namespace {

constexpr const char* kLoadFunction = "pg2duck_load";

/// More than DuckDB's row group of 122,880: below that the planner may not bother with threads.
constexpr std::uint64_t kParallelCardinality = 200'000;

struct Registry {
  std::mutex mutex;
  std::map<std::uint64_t, RunningLoad*> loads;
  std::uint64_t last_id = 0;
};

Registry& registry() {
  static Registry all;
  return all;
}

/// One DuckDB thread's part of a load.
class LoadThread {
 public:
  explicit LoadThread(RunningLoad& load) : load_(load) {
    for (const LoadColumn& column : load.input().columns) {
      views_.push_back(std::make_unique<DuckdbColumnView>(column.type));
      columns_.push_back(views_.back().get());
    }
    producer_ = load.input().source.make_producer();
    load_.thread_enters();
  }

  LoadThread(const LoadThread&) = delete;
  LoadThread& operator=(const LoadThread&) = delete;

  ~LoadThread() {
    producer_.reset();
    load_.thread_leaves();
  }

  std::size_t fill(duckdb_data_chunk chunk) {
    if (load_.failed() || producer_ == nullptr) {
      return 0;
    }
    if (load_.input().on_chunk) {
      load_.input().on_chunk();
    }
    for (std::size_t i = 0; i < views_.size(); ++i) {
      views_[i]->attach(duckdb_data_chunk_get_vector(chunk, i));
    }
    const std::size_t rows = producer_->fill(columns_);
    if (rows > kChunkRows) {
      throw Error(ErrorKind::kBug, "a producer made more rows than a chunk holds");
    }
    for (std::size_t i = 0; !load_.input().borrows_strings && i < views_.size(); ++i) {
      views_[i]->own_strings(rows);
    }
    if (rows == 0) {
      // What it has borrowed is free for others, however long DuckDB keeps this state.
      producer_.reset();
    }
    return rows;
  }

 private:
  RunningLoad& load_;
  std::vector<std::unique_ptr<DuckdbColumnView>> views_;
  std::vector<decode::ColumnView*> columns_;
  std::unique_ptr<ChunkProducer> producer_;
};

void keep(void* /*data*/) {}

void destroy_thread(void* data) {
  const std::unique_ptr<LoadThread> owner(static_cast<LoadThread*>(data));
}

/// Runs `work`; an exception is kept in `load` and reported to DuckDB, which only sees its text.
template <typename Work, typename Report>
void at_boundary(RunningLoad* load, Work work, Report report) noexcept {
  try {
    work();
  } catch (...) {
    if (load != nullptr) {
      load->fail(std::current_exception());
    }
    report("the load failed");
  }
}

/// A GEOMETRY arrives as its WKB, which DuckDB checks when it takes it.
types::DuckType loaded_type(const types::DuckType& type) {
  return type.id == types::DuckTypeId::kGeometry ? types::DuckType::of(types::DuckTypeId::kBlob) : type;
}

std::uint64_t cardinality(const ChunkSource& source) {
  return source.max_producers() > 1 ? std::max(source.expected_rows(), kParallelCardinality) : source.expected_rows();
}

void bind(duckdb_bind_info info) {
  using Value = AddressHandle<duckdb_value, duckdb_destroy_value>;
  const Value argument(duckdb_bind_get_parameter(info, 0));
  RunningLoad* load = RunningLoad::find(duckdb_get_uint64(argument.get()));
  if (load == nullptr) {
    duckdb_bind_set_error(info, "there is no such load");
    return;
  }
  at_boundary(
      load,
      [&] {
        for (const LoadColumn& column : load->input().columns) {
          duckdb_bind_add_result_column(info, column.name.c_str(), make_logical_type(loaded_type(column.type)).get());
        }
        duckdb_bind_set_cardinality(info, cardinality(load->input().source), false);
        duckdb_bind_set_bind_data(info, load, keep);
      },
      [&](const char* text) { duckdb_bind_set_error(info, text); });
}

void start(duckdb_init_info info) {
  auto* load = static_cast<RunningLoad*>(duckdb_init_get_bind_data(info));
  duckdb_init_set_max_threads(info, std::max(1U, load->input().source.max_producers()));
}

void start_thread(duckdb_init_info info) {
  auto* load = static_cast<RunningLoad*>(duckdb_init_get_bind_data(info));
  at_boundary(
      load, [&] { duckdb_init_set_init_data(info, std::make_unique<LoadThread>(*load).release(), destroy_thread); },
      [&](const char* text) { duckdb_init_set_error(info, text); });
}

void fill(duckdb_function_info info, duckdb_data_chunk chunk) {
  auto* load = static_cast<RunningLoad*>(duckdb_function_get_bind_data(info));
  auto* thread = static_cast<LoadThread*>(duckdb_function_get_local_init_data(info));
  at_boundary(
      load, [&] { duckdb_data_chunk_set_size(chunk, thread->fill(chunk)); },
      [&](const char* text) { duckdb_function_set_error(info, text); });
}

}  // namespace

void register_load_function(const Connection& connection) {
  using TableFunction = AddressHandle<duckdb_table_function, duckdb_destroy_table_function>;
  const TableFunction function(duckdb_create_table_function());
  const LogicalType id(duckdb_create_logical_type(DUCKDB_TYPE_UBIGINT));
  duckdb_table_function_set_name(function.get(), kLoadFunction);
  duckdb_table_function_add_parameter(function.get(), id.get());
  duckdb_table_function_set_bind(function.get(), bind);
  duckdb_table_function_set_init(function.get(), start);
  duckdb_table_function_set_local_init(function.get(), start_thread);
  duckdb_table_function_set_function(function.get(), fill);
  if (duckdb_register_table_function(connection.native(), function.get()) == DuckDBError) {
    throw Error(ErrorKind::kBug, "DuckDB refuses the table function of the loads");
  }
}

void register_load_function_once(const Connection& connection) {
  static std::mutex registering;
  const std::lock_guard lock(registering);
  const std::string question = "SELECT function_name FROM duckdb_functions() WHERE function_name = ";
  if (run_query(connection, question + quote_literal(kLoadFunction)).rows.empty()) {
    register_load_function(connection);
  }
}

RunningLoad::RunningLoad(LoadInput input) : input_(std::move(input)) {
  const std::lock_guard lock(registry().mutex);
  id_ = ++registry().last_id;
  registry().loads.emplace(id_, this);
}

RunningLoad::~RunningLoad() {
  const std::lock_guard lock(registry().mutex);
  registry().loads.erase(id_);
}

std::string RunningLoad::sql() const {
  return std::string(kLoadFunction) + "(" + std::to_string(id_) + "::UBIGINT)";
}

RunningLoad* RunningLoad::find(std::uint64_t id) {
  const std::lock_guard lock(registry().mutex);
  const auto found = registry().loads.find(id);
  return found == registry().loads.end() ? nullptr : found->second;
}

void RunningLoad::fail(std::exception_ptr failure) {
  const std::lock_guard lock(mutex_);
  if (!failure_) {
    failure_ = std::move(failure);
    failed_ = true;
  }
}

void RunningLoad::rethrow_failure() {
  const std::lock_guard lock(mutex_);
  if (failure_) {
    std::rethrow_exception(failure_);
  }
}

void RunningLoad::thread_enters() {
  const std::lock_guard lock(mutex_);
  ++threads_;
}

void RunningLoad::thread_leaves() {
  const std::lock_guard lock(mutex_);
  --threads_;
  idle_.notify_all();
}

void RunningLoad::wait_for_threads() {
  std::unique_lock lock(mutex_);
  idle_.wait(lock, [this] { return threads_ == 0; });
}

}  // namespace pg2duck::engine
