"""launch.py REPORT LIMIT COMMAND...: runs COMMAND and writes its seconds, CPU seconds, peak memory and exit code to file REPORT.

After LIMIT seconds COMMAND and all it started are killed.

A process of its own because Linux counts the memory of the process that starts a command as the command's: this one is small.
"""
import ctypes
import json
import os
import resource
import signal
import sys
import threading
import time

PR_SET_CHILD_SUBREAPER = 36
SAMPLE_EVERY = 0.5  # seconds; a look at a large process takes milliseconds, and holds it up
HAS_ENDED = (FileNotFoundError, ProcessLookupError)  # what Linux says of a process or thread between two looks at it


def threads(pid):
    try:
        return os.listdir(f"/proc/{pid}/task")
    except HAS_ENDED:
        return []


def children(pid, thread):
    try:
        with open(f"/proc/{pid}/task/{thread}/children") as listed:
            return listed.read().split()
    except HAS_ENDED:
        return []


def descendants(pid):
    found = []
    for thread in threads(pid):
        for child in children(pid, thread):
            found += [child, *descendants(child)]
    return found


def memory_together(pid):
    """Bytes of a process and all it started. Pages that they share count once."""
    total = 0
    for process in (pid, *descendants(pid)):
        with open(f"/proc/{process}/smaps_rollup") as rollup:
            total += sum(int(line.split()[1]) for line in rollup if line.startswith("Pss:")) * 1024
    return total


def kill(processes):
    for process in processes:
        try:
            os.kill(int(process), signal.SIGKILL)
        except ProcessLookupError:
            pass


def watch(pid, limit, ended, peaks):
    end = time.monotonic() + limit
    # One process alone is the kernel's to measure, and is not slowed by being looked at.
    while not ended.wait(SAMPLE_EVERY):
        try:
            if time.monotonic() > end:
                kill([pid, *descendants(pid)])
            if descendants(pid):
                peaks.append(memory_together(pid))
        except (OSError, ValueError):
            pass  # One of them has just ended; the next sample is near.


if __name__ == "__main__":
    # Processes that outlive the one that started them become children of this one, so that their CPU is counted too, until the
    # command has ended.
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    ended, peaks = threading.Event(), [0]
    start = time.perf_counter()
    pid = os.posix_spawnp(sys.argv[3], sys.argv[3:], os.environ)
    watcher = threading.Thread(target=watch, args=(pid, float(sys.argv[2]), ended, peaks))
    watcher.start()
    _, status, usage = os.wait4(pid, 0)
    wall = time.perf_counter() - start
    ended.set()
    watcher.join()
    try:
        while True:
            kill(descendants(os.getpid()))
            os.wait()
    except ChildProcessError:
        pass
    everything = resource.getrusage(resource.RUSAGE_CHILDREN)
    with open(sys.argv[1], "w") as report:
        json.dump(
            {
                "wall": wall,
                "client_cpu": everything.ru_utime + everything.ru_stime,
                "peak_rss": max(usage.ru_maxrss * 1024, *peaks),
                "exit_code": os.waitstatus_to_exitcode(status),
            },
            report,
        )
