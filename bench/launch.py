"""launch.py REPORT COMMAND...: runs COMMAND and writes its seconds, CPU seconds, peak memory and exit code to file REPORT.

A process of its own because Linux counts the memory of the process that starts a command as the command's: this one is small.
"""
import json
import os
import sys
import time

start = time.perf_counter()
pid = os.posix_spawnp(sys.argv[2], sys.argv[2:], os.environ)
_, status, usage = os.wait4(pid, 0)
wall = time.perf_counter() - start
with open(sys.argv[1], "w") as report:
    json.dump(
        {
            "wall": wall,
            "client_cpu": usage.ru_utime + usage.ru_stime,
            "peak_rss": usage.ru_maxrss * 1024,
            "exit_code": os.waitstatus_to_exitcode(status),
        },
        report,
    )
