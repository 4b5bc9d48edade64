"""A target with the models of its copies: a run is carried out, watched, and everything that it left behind is looked at."""

import dataclasses
import pathlib
import time

import psycopg2

from soak.comparison import Comparison
from soak.instant import Instant
from soak.models import Copy, Run, copy_of
from soak.places import Place
from soak.runs import Finished, Watched
from soak.tables import rule_of
from soak.world import World

PUBLISHED = ("SELECT run_id::VARCHAR, snapshot, CAST(make_timestamp(epoch_us(snapshot_at)) AS VARCHAR) || '+00' FROM _pg2duck.runs "
             "WHERE status = 'published' ORDER BY finished_at")
LEFT_ON_SOURCE = ("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pg2duck'",
                  "SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE a.application_name = 'pg2duck'",
                  "SELECT count(*) FROM pg_prepared_xacts")


@dataclasses.dataclass
class Looked:
    """What was found after a run."""

    finished: Finished
    published: int = 0  # runs that the ledger has more than before
    compared: int = 0
    differences: list[str] = dataclasses.field(default_factory=list)
    leftovers: list[str] = dataclasses.field(default_factory=list)
    left_on_source: list[int] = dataclasses.field(default_factory=list)
    size: int = 0
    is_unseen: bool = False  # it published, and nobody knows what the source held


class Lane:
    def __init__(self, place: Place, world: World):
        self.place, self.world = place, world
        self.copies: dict[tuple[str, str], Copy] = {}
        self.runs: set[str] = set()
        self.instants: dict[str, Instant] = {}  # of the runs that were watched last
        self.typical_seconds = 1.0
        self.one_copy = 0  # bytes
        self.known_leftovers: set[str] = set()  # of known faults, that were told of

    def start(self, arguments: list[str], log: pathlib.Path) -> Watched:
        self.place.configure(self.world.database.uri())
        self.instants = dict(list(self.instants.items())[-3:])
        return Watched(self.place, self.world, arguments, log)

    def look(self, finished: Finished, is_quiet: bool) -> Looked:
        """Brings the models up to what the ledger says was published, and compares."""
        looked = Looked(finished)
        self.instants |= finished.instants
        is_settled = False
        while not is_settled and not looked.is_unseen:
            for run in self.unknown_runs():
                self.follow(looked, run, is_quiet)
            comparison = Comparison(self.place, self.copies)
            # A server may have gone on with the request of a client that was killed.
            is_settled = not self.unknown_runs()
        looked.compared = comparison.compared
        looked.differences += comparison.differences if not looked.is_unseen else []
        looked.leftovers = comparison.leftovers + (self.place.stray_files() if finished.code == 0 else [])
        looked.left_on_source = self.left_on_source()
        looked.size = self.place.size()
        return looked

    def unknown_runs(self) -> list[tuple]:
        """Those that the ledger says have published since it was asked last."""
        if not self.place.exists():
            return []
        with self.place.target.opened() as ask:
            has_ledger = ask("SELECT 1 FROM duckdb_tables() WHERE schema_name = '_pg2duck' AND table_name = 'runs' "
                             "AND database_name = current_database()")
            return [run for run in (ask(PUBLISHED) if has_ledger else []) if run[0] not in self.runs]

    def follow(self, looked: Looked, run: tuple, is_quiet: bool) -> None:
        name, snapshot, at = run
        self.runs.add(name)
        looked.published += 1
        tables = self.place.target.rows(f"SELECT \"schema\", \"table\", status FROM _pg2duck.table_runs WHERE run_id::VARCHAR = '{name}'")
        instant = self.instants.get(snapshot) or (self.present() if is_quiet else None)
        looked.is_unseen = instant is None
        if instant:
            self.publish(looked, instant, at, {(schema, table): status for schema, table, status in tables})

    def publish(self, looked: Looked, instant: Instant, at: str, statuses: dict) -> None:
        arguments = looked.finished.arguments
        run = Run(at, "--reconcile" in arguments, "--full" in arguments)
        for place, table in instant.tables.items():
            if statuses.get(place) == "published":
                self.copies.setdefault(place, copy_of(self.rule(table.name))).publish(table, run)
            elif "--tables" not in arguments and place in self.copies:
                looked.differences.append(f"{'.'.join(place)}: it was there, and the run says nothing of it ({statuses.get(place)})")
        for place in set(statuses) - set(instant.tables):
            looked.differences.append(f"{'.'.join(place)}: the run published it, and the snapshot has no such table")

    def rule(self, name: str):
        return rule_of(self.world.tables, name) if self.place.takes_changes else rule_of([], name)

    def present(self) -> Instant:
        connection = self.world.connect()
        try:
            return Instant(connection).read()
        finally:
            connection.close()

    def left_on_source(self) -> list[int]:
        """Sessions, locks and prepared transactions of runs that are over, once the server has had time to notice."""
        end = time.monotonic() + 10
        while True:
            try:
                found = [self.world.cluster.admin(sql)[0][0] for sql in LEFT_ON_SOURCE]
            except psycopg2.OperationalError:
                found = [1]
            if not any(found) or time.monotonic() > end:
                return found
            time.sleep(0.05)

    def begin_anew(self) -> None:
        """Removes the copy, as somebody would who starts all over."""
        self.copies, self.runs = {}, set()
        self.place.remove()
