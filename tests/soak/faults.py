"""What is done to a run, or to what it needs, while it is under way; and with which ends a run may meet that."""

import contextlib
import dataclasses
import random
import signal
import subprocess
import threading
import time

import psycopg2

from soak.places import BehindQuack, InAFile, InALake, Place
from soak.runs import Watched
from soak.world import World
from support.servers.cluster import clean_environment
from support.setting import PROGRAM

SESSIONS = "SELECT pid FROM pg_stat_activity WHERE application_name = 'pg2duck' AND pid <> pg_backend_pid() ORDER BY backend_start"


@dataclasses.dataclass
class Scene:
    """Where a fault happens."""

    world: World
    place: Place
    dice: random.Random


class Fault:
    """`act` is called at a random moment of the run, `around` holds something from before it to its end."""

    name = ""
    codes: tuple = (0,)  # the ends that a run may have
    needs_quiet = False  # nobody else writes meanwhile
    # A run may have published and say that it does not know; or be killed after it has.
    hides_success = False

    def fits(self, place: Place) -> bool:
        return True

    def act(self, scene: Scene, run: Watched) -> None:
        pass

    def around(self, scene: Scene):
        return contextlib.nullcontext()


class Killed(Fault):
    name, codes, hides_success = "kill -9", (0, -signal.SIGKILL), True

    def act(self, scene, run):
        run.send(signal.SIGKILL)


class Interrupted(Fault):
    name, codes, hides_success = "SIGINT", (0, 130), True

    def act(self, scene, run):
        run.send(signal.SIGINT)


class Terminated(Fault):
    name, codes, hides_success = "SIGTERM", (0, 143), True

    def act(self, scene, run):
        run.send(signal.SIGTERM)


class SessionKilled(Fault):
    """One session of the run, or all of them."""

    name, codes = "pg_terminate_backend", (0, 1)
    function = "pg_terminate_backend"

    def act(self, scene, run):
        with contextlib.suppress(psycopg2.Error), scene.world.connect() as connection:
            pids = [pid for pid, in scene.world.execute(connection, SESSIONS)]
            for pid in pids if scene.dice.random() < 0.3 else pids and [scene.dice.choice(pids)]:
                scene.world.execute(connection, f"SELECT {self.function}({pid})")


class StatementCancelled(SessionKilled):
    name = function = "pg_cancel_backend"


class ServerRestarted(Fault):
    """At once, as by a crash, or in order; after a moment it is there again."""

    name, codes, needs_quiet = "server restarted", (0, 1), True

    def act(self, scene, run):
        scene.world.cluster.stop(scene.dice.choice([signal.SIGQUIT, signal.SIGINT]))
        time.sleep(scene.dice.random() * 0.5)
        scene.world.cluster.start()


class QuackRestarted(Fault):
    name, codes, hides_success = "quack server killed", (0, 1), True

    def fits(self, place):
        return isinstance(place, BehindQuack)

    def act(self, scene, run):
        scene.place.server.kill()
        time.sleep(scene.dice.random())
        scene.place.server.start()


class FileHeld(Fault):
    """Another program reads the target's file, which nobody else can open then."""

    name, codes = "target held open", (1,)

    def fits(self, place):
        return isinstance(place, (InAFile, InALake)) and place.exists()

    @contextlib.contextmanager
    def around(self, scene):
        with scene.place.connection():
            yield


class TableLocked(Fault):
    """Somebody else holds a table for a moment."""

    name, codes = "table locked", (0,)

    @contextlib.contextmanager
    def around(self, scene):
        table = scene.dice.choice(scene.world.tables)
        with contextlib.closing(scene.world.connect()) as connection:
            scene.world.execute(connection, f"BEGIN; LOCK TABLE {table.sql} IN ACCESS EXCLUSIVE MODE")
            timer = threading.Timer(0.2 + scene.dice.random(), scene.world.execute, (connection, "ROLLBACK"))
            timer.start()
            try:
                yield
            finally:
                timer.join()


class SecondRun(Fault):
    """Two runs into one target: one of them, or both, give way."""

    name, codes, needs_quiet = "second run", (0, 1), True

    def act(self, scene, run):
        second = subprocess.run([str(PROGRAM), *run.arguments], cwd=scene.place.directory, stdin=subprocess.DEVNULL, capture_output=True,
                                env={**clean_environment(), **scene.place.env}, timeout=120, check=False)
        run.second_code = second.returncode


FAULTS = [Killed(), Killed(), Killed(), Interrupted(), Terminated(), SessionKilled(), SessionKilled(), StatementCancelled(), ServerRestarted(),
          QuackRestarted(), QuackRestarted(), FileHeld(), TableLocked(), SecondRun()]


def chosen(dice: random.Random, place: Place) -> Fault:
    return dice.choice([fault for fault in FAULTS if fault.fits(place)])
