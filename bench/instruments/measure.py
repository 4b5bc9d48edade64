"""Runs one command and says what it cost: seconds, CPU of client and server, memory."""
import dataclasses
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile

COLOURS = re.compile(r"\x1b\[[0-9;]*m")
TICKS = os.sysconf("SC_CLK_TCK")


@dataclasses.dataclass
class Cost:
    wall: float  # seconds
    client_cpu: float  # seconds, user and system, of the command and all it waited for
    server_cpu: float  # seconds, of all processes of the server
    peak_rss: int  # bytes, of all processes of the command together
    other_cpu: float  # seconds that the rest of the machine worked meanwhile; much of it makes the wall time worthless


class CommandFailed(Exception):
    pass


def _stat(pid):
    """(parent, own CPU ticks, CPU ticks of children that have ended), or None when the process has ended."""
    try:
        # The name in brackets may hold anything, blanks and brackets too.
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    user, system, ended_user, ended_system = map(int, fields[11:15])
    return int(fields[1]), user + system, ended_user + ended_system


def server_cpu_seconds(postmaster):
    """CPU seconds of the whole server since it was started. Every backend is a child of the postmaster, which adds up those
    that have ended."""
    while True:
        _, own, ended = _stat(postmaster)
        living = 0
        for entry in os.listdir("/proc"):
            if entry.isdigit():
                stat = _stat(entry)
                if stat and stat[0] == postmaster:
                    living += stat[1]
        # A backend that ended in between would be counted twice or never: look again.
        if _stat(postmaster)[2] == ended:
            return (own + ended + living) / TICKS


def machine_cpu_seconds():
    """CPU seconds of the whole machine since it was started, with what a host took away."""
    user, nice, system, _, _, irq, softirq, steal = map(int, pathlib.Path("/proc/stat").read_text().split()[1:9])
    return (user + nice + system + irq + softirq + steal) / TICKS


def run(command, postmaster, scratch, limit=3600):
    """Runs a contenders.Command with directory `scratch` as its HOME and working directory, for `limit` seconds at most. Raises
    CommandFailed with the end of its output when it does not succeed."""
    os.sync()  # What the run before left to be written must not slow this one.
    with tempfile.TemporaryFile() as output, tempfile.NamedTemporaryFile("r") as report:
        server_before, machine_before = server_cpu_seconds(postmaster), machine_cpu_seconds()
        launcher = [sys.executable, "-I", "-S", pathlib.Path(__file__).with_name("launch.py"), report.name, str(limit)]
        subprocess.run(
            launcher + command.argv, cwd=scratch, env={**os.environ, "HOME": str(scratch), **command.environment},
            stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, check=True,
        )
        server_cpu = server_cpu_seconds(postmaster) - server_before
        machine_cpu = machine_cpu_seconds() - machine_before
        measured = json.load(report)
        exit_code = measured.pop("exit_code")
        if exit_code == -signal.SIGKILL and measured["wall"] > limit:
            raise CommandFailed(f"not done after {limit} seconds")
        if exit_code != 0:
            output.seek(0)
            said = " ".join(COLOURS.sub("", output.read().decode(errors="replace")).split())
            raise CommandFailed(f"exit code {exit_code}: {said[-600:]}")
    other_cpu = max(0.0, machine_cpu - server_cpu - measured["client_cpu"])
    return Cost(server_cpu=server_cpu, other_cpu=other_cpu, **measured)
