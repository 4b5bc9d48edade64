#include "support/servers/postgres_server.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <netinet/in.h>
#include <pwd.h>
#include <signal.h>
#include <sstream>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include <grp.h>
#include <gtest/gtest.h>

namespace pg2duck::test {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kStartTime{300};
constexpr std::chrono::seconds kStopTime{10};
constexpr std::chrono::seconds kPatience{300};
constexpr std::chrono::milliseconds kStep{20};
constexpr int kPortTries = 5;

std::unique_ptr<PostgresServer>& shared_server() {
  static std::unique_ptr<PostgresServer> server;
  return server;
}

class StopServerAtEnd : public testing::Environment {
 public:
  void TearDown() override { shared_server().reset(); }
};

// GoogleTest owns and deletes it.
[[maybe_unused]] const testing::Environment* const kStopServer =
    testing::AddGlobalTestEnvironment(std::make_unique<StopServerAtEnd>().release());

fs::path find_programs() {
  if (const char* given = std::getenv("PG2DUCK_PG_BIN"); given != nullptr) {
    return given;
  }
  fs::path newest;
  int newest_version = 0;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator("/usr/lib/postgresql", error)) {
    const int version = std::atoi(entry.path().filename().c_str());
    if (version > newest_version && fs::exists(entry.path() / "bin" / "initdb")) {
      newest_version = version;
      newest = entry.path() / "bin";
    }
  }
  if (newest.empty()) {
    throw std::runtime_error("no Postgres in /usr/lib/postgresql: install the server or set PG2DUCK_PG_BIN");
  }
  return newest;
}

const passwd* server_user() {
  if (geteuid() != 0) {
    return nullptr;
  }
  const passwd* user = getpwnam("postgres");
  if (user == nullptr) {
    throw std::runtime_error("there is no user postgres to run the server as");
  }
  return user;
}

/// Starts a program as the server's user; its output goes to `log`. It dies with this process.
pid_t spawn(const std::vector<std::string>& command, const fs::path& log) {
  std::vector<char*> arguments;
  for (const std::string& argument : command) {
    arguments.push_back(const_cast<char*>(argument.c_str()));
  }
  arguments.push_back(nullptr);
  const passwd* user = server_user();
  const pid_t child = fork();
  if (child != 0) {
    return child;
  }
  const int output = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  dup2(output, STDOUT_FILENO);
  dup2(output, STDERR_FILENO);
  if (user != nullptr &&
      (setgid(user->pw_gid) != 0 || initgroups("postgres", user->pw_gid) != 0 || setuid(user->pw_uid) != 0)) {
    _exit(126);
  }
  prctl(PR_SET_PDEATHSIG, SIGQUIT);
  execv(arguments.front(), arguments.data());
  _exit(127);
}

std::string read_file(const fs::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

int free_port() {
  const int handle = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  const bool bound = bind(handle, generic, size) == 0 && getsockname(handle, generic, &size) == 0;
  close(handle);
  if (!bound) {
    throw std::runtime_error("no free port");
  }
  return ntohs(address.sin_port);
}

}  // namespace

PostgresServer::PostgresServer() : programs_(find_programs()) {
  std::string pattern = (fs::temp_directory_path() / "pg2duck_test_XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) {
    throw std::runtime_error("cannot make a directory for the test server");
  }
  directory_ = pattern;
  try {
    if (const passwd* user = server_user();
        user != nullptr && chown(pattern.c_str(), user->pw_uid, user->pw_gid) != 0) {
      throw std::runtime_error("cannot give the server's directory to postgres");
    }
    const pid_t child = spawn({programs_ / "initdb", "-D", directory_ / "data", "-A", "trust", "-U", "postgres", "-E",
                               "UTF8", "--locale=C", "--no-sync", "--no-instructions"},
                              directory_ / "log");
    int status = 0;
    if (waitpid(child, &status, 0) != child || status != 0) {
      throw std::runtime_error("initdb failed: " + read_file(directory_ / "log"));
    }
    start();
  } catch (...) {
    stop();
    throw;
  }
}

PostgresServer::~PostgresServer() {
  stop();
}

PostgresServer& PostgresServer::shared() {
  auto& server = shared_server();
  if (!server) {
    server = std::make_unique<PostgresServer>();
  }
  return *server;
}

void PostgresServer::start() {
  // Somebody may take the port between asking and using it.
  for (int attempt = 1;; ++attempt) {
    port_ = free_port();
    server_ = spawn({programs_ / "postgres", "-D", directory_ / "data",       "-h", "127.0.0.1",           "-p",
                     std::to_string(port_),  "-k", directory_ / "data",       "-c", "fsync=off",           "-c",
                     "full_page_writes=off", "-c", "max_connections=40",      "-c", "shared_buffers=64MB", "-c",
                     "autovacuum=off",       "-c", "log_min_messages=warning"},
                    directory_ / "log");
    try {
      wait_until_ready();
      return;
    } catch (const std::runtime_error&) {
      if (attempt == kPortTries) {
        throw;
      }
    }
  }
}

void PostgresServer::wait_until_ready() {
  const auto deadline = std::chrono::steady_clock::now() + kStartTime;
  while (std::chrono::steady_clock::now() < deadline) {
    if (waitpid(server_, nullptr, WNOHANG) == server_) {
      server_ = -1;
      throw std::runtime_error("the test server did not start: " + read_file(directory_ / "log"));
    }
    // The last line of the file is the postmaster's state.
    if (read_file(directory_ / "data" / "postmaster.pid").find("ready") != std::string::npos) {
      return;
    }
    std::this_thread::sleep_for(kStep);
  }
  throw std::runtime_error("the test server is not ready: " + read_file(directory_ / "log"));
}

void PostgresServer::stop() noexcept {
  if (server_ > 0) {
    kill(server_, SIGINT);
    const auto deadline = std::chrono::steady_clock::now() + kStopTime;
    bool ended = false;
    while (!ended && std::chrono::steady_clock::now() < deadline) {
      ended = waitpid(server_, nullptr, WNOHANG) == server_;
      if (!ended) {
        usleep(std::chrono::microseconds(kStep).count());
      }
    }
    if (!ended) {
      kill(server_, SIGQUIT);
      waitpid(server_, nullptr, 0);
    }
    server_ = -1;
  }
  std::error_code ignored;
  fs::remove_all(directory_, ignored);
}

std::string PostgresServer::uri(const std::string& database, const std::string& user) const {
  return "postgresql://" + user + "@127.0.0.1:" + std::to_string(port_) + "/" + database;
}

source::Connection PostgresServer::connect(const std::string& database, const std::string& user,
                                           std::stop_token stop) const {
  return open_connection(uri(database, user), std::move(stop));
}

void PostgresServer::set_hba(const std::string& lines, bool trust_others) {
  // A session that is new knows when the postmaster, which checks logins, last read its files.
  const std::string before = connect().query("SELECT clock_timestamp()").text(0, 0);
  std::ofstream(directory_ / "data" / "pg_hba.conf")
      << "host all postgres 127.0.0.1/32 trust\n"
      << lines << "\n"
      << (trust_others ? "host all all 127.0.0.1/32 trust\nlocal all all trust\n" : "");
  connect().execute("SELECT pg_reload_conf()");
  EXPECT_TRUE(eventually(
      [&] { return connect().query("SELECT pg_conf_load_time() > timestamptz '" + before + "'").boolean(0, 0); }));
}

TestDatabase::TestDatabase() {
  static std::atomic<int> count{0};
  name_ = "test_" + std::to_string(++count);
  PostgresServer::shared().connect().execute("CREATE DATABASE " + name_);
}

TestDatabase::~TestDatabase() {
  try {
    PostgresServer::shared().connect().execute("DROP DATABASE " + name_ + " WITH (FORCE)");
  } catch (const std::exception& error) {
    ADD_FAILURE() << "cannot drop " << name_ << ": " << error.what();
  }
}

std::string TestDatabase::uri(const std::string& user) const {
  return PostgresServer::shared().uri(name_, user);
}

source::Connection TestDatabase::connect(const std::string& user, std::stop_token stop) const {
  return PostgresServer::shared().connect(name_, user, std::move(stop));
}

void TestDatabase::execute(const std::string& sql) const {
  connect().execute(sql);
}

source::Connection open_connection(const std::string& text, std::stop_token stop) {
  return source::Connection::open(source::ConnectionInfo::parse(Secret(text)), std::move(stop));
}

std::jthread stop_after(std::stop_source stop, std::chrono::milliseconds time) {
  return std::jthread([stop = std::move(stop), time]() mutable {
    std::this_thread::sleep_for(time);
    stop.request_stop();
  });
}

bool eventually(const std::function<bool()>& condition) {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) {
      return false;
    }
    std::this_thread::sleep_for(kStep);
  }
  return true;
}

}  // namespace pg2duck::test
