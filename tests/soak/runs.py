"""One run of the program, watched: the moment when it has its snapshot, which the soak shares with it, its memory, and what was done to it."""

import contextlib
import dataclasses
import os
import pathlib
import re
import signal
import subprocess
import threading
import time

import psycopg2

from soak.instant import Instant
from soak.places import Place
from soak.world import World
from support.servers.cluster import clean_environment
from support.setting import PROGRAM

LONGEST = 600  # seconds; a run takes a few, on a machine that has others to serve many more


@dataclasses.dataclass
class Finished:
    """What a run left behind."""

    arguments: list[str]
    code: int
    out: str
    err: str
    seconds: float
    peak_bytes: int
    cpu_seconds: float
    instants: dict[str, Instant]  # by the name of the snapshot
    did_hang: bool = False

    @property
    def error(self) -> str:
        """The lines of its error and hint."""
        kept, keep = [], False
        for line in self.err.splitlines():
            keep = line.startswith(("error: ", "hint: ")) or (keep and line.startswith("  "))
            kept += [line] if keep else []
        return "\n".join(kept)


class Watched:
    """A run that has not ended yet. While it is stopped for a moment the soak takes over its snapshot."""

    def __init__(self, place: Place, world: World, arguments: list[str], log: pathlib.Path):
        self.arguments, self.world, self.log = arguments, world, log
        self.snapshots = world.cluster.data / "pg_snapshots"
        self.known = set(os.listdir(self.snapshots))
        self.instants, self.readers, self.peak_bytes = {}, [], 0
        # Opened beforehand, so that the run is stopped for milliseconds.
        self.sessions = [world.connect() for _ in range(2)]
        with open(f"{log}.out", "wb") as out, open(f"{log}.err", "wb") as err:
            self.began = time.monotonic()
            self.process = subprocess.Popen([str(PROGRAM), *arguments], cwd=place.directory, stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                                            env={**clean_environment(), **place.env, "NO_COLOR": "1"})

    @property
    def pid(self) -> int:
        return self.process.pid

    def seconds(self) -> float:
        return time.monotonic() - self.began

    def send(self, how: signal.Signals) -> None:
        self.process.send_signal(how)

    def finish(self, at: float | None = None, act=None) -> Finished:
        """Waits for its end. `act(self)` is called `at` that many seconds after its beginning, in a thread, if it still runs then."""
        actor, did_hang, usage = None, False, None
        while True:
            pid, status, usage = os.wait4(self.process.pid, os.WNOHANG)
            if pid:
                break
            self.share_snapshots()
            self.weigh()
            if act and actor is None and self.seconds() >= at:
                actor = threading.Thread(target=act, args=(self,))
                actor.start()
            if self.seconds() > LONGEST and not did_hang:
                did_hang = True
                self.process.send_signal(signal.SIGKILL)
            time.sleep(0.002)
        seconds = self.seconds()
        self.process.returncode = os.waitstatus_to_exitcode(status)
        for thread in [*self.readers, *([actor] if actor else [])]:
            thread.join()
        for session in self.sessions:
            session.close()
        texts = [pathlib.Path(f"{self.log}.{kind}").read_text(errors="replace") for kind in ("out", "err")]
        return Finished(self.arguments, self.process.returncode, *texts, seconds, self.peak_bytes, usage.ru_utime + usage.ru_stime,
                        self.instants, did_hang)

    def weigh(self) -> None:
        # What wait4 tells counts this process, before it became the other one.
        with contextlib.suppress(OSError):
            peak = re.search(r"VmHWM:\s+(\d+) kB", pathlib.Path(f"/proc/{self.pid}/status").read_text())
            self.peak_bytes = int(peak[1]) * 1024 if peak else self.peak_bytes

    def share_snapshots(self) -> None:
        for name in set(os.listdir(self.snapshots)) - self.known:
            self.known.add(name)
            if self.sessions:
                self.share(name, self.sessions.pop())

    def share(self, name: str, session) -> None:
        """Begins a transaction at the run's snapshot, and reads all tables in a thread while the run goes on."""
        self.process.send_signal(signal.SIGSTOP)
        try:
            instant = Instant(session, name)
        except psycopg2.Error:
            session.close()  # It was over before it could be taken, or the server is away.
            return
        finally:
            self.process.send_signal(signal.SIGCONT)
        self.readers.append(threading.Thread(target=self.read, args=(instant, session)))
        self.readers[-1].start()

    def read(self, instant: Instant, session) -> None:
        with contextlib.suppress(psycopg2.Error):
            instant.read()
            self.instants[instant.snapshot] = instant
        session.close()
