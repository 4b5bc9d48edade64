#include "cli/signals.hpp"

#include <csignal>
#include <unistd.h>
#include <utility>

#include <pthread.h>

namespace pg2duck::cli {
namespace {

constexpr int kSignalExitBase = 128;

bool is_ignored(int signal) {
  struct sigaction current{};
  return sigaction(signal, nullptr, &current) == 0 && current.sa_handler == SIG_IGN;
}

sigset_t watched_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGINT, SIGTERM}) {
    if (!is_ignored(signal)) {
      sigaddset(&signals, signal);
    }
  }
  return signals;
}

[[noreturn]] void exit_at_once(int signal) {
  _exit(kSignalExitBase + signal);
}

}  // namespace

SignalWatcher::SignalWatcher(std::function<void(int)> on_first) : on_first_(std::move(on_first)) {
  std::signal(SIGPIPE, SIG_IGN);
  sigset_t signals = watched_signals();
  // Wakes the thread when it is time to go.
  sigaddset(&signals, SIGUSR1);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  thread_ = std::thread([this] { watch(); });
}

SignalWatcher::~SignalWatcher() {
  closing_ = true;
  pthread_kill(thread_.native_handle(), SIGUSR1);
  thread_.join();
}

void SignalWatcher::watch() {
  sigset_t signals = watched_signals();
  sigaddset(&signals, SIGUSR1);
  while (true) {
    int signal = 0;
    if (sigwait(&signals, &signal) != 0) {
      continue;
    }
    if (closing_) {
      return;
    }
    if (signal == SIGUSR1) {
      continue;
    }
    if (caught_ != 0) {
      exit_at_once(signal);
    }
    caught_ = signal;
    stop_.request_stop();
    on_first_(signal);
  }
}

}  // namespace pg2duck::cli
