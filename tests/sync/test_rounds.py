"""Rounds of random changes at the source, each followed by a run that may be killed: after each the copy is what a model
says, in every disposition.

PG2DUCK_ROUNDS says how many, 50 in .ci/run, 1000 for half an hour. A disposition is a class here; a kind of change is a method of
`Source` that stands in CHANGES, and all dispositions meet it."""

import os
import random
import signal
import subprocess

from support.program import Running, pg2duck
from support.setting import SEED
from support.targets import duckdb_file as duck

ROUNDS = int(os.environ.get("PG2DUCK_ROUNDS", "12"))
KEYS = 40
TEXTS = ["a", "ä'\"\\", "", None, "b" * 300]


class Source:
    """A table in Postgres and what it holds: rows (k, v, t, changed, gone) by k, and at times one more column."""

    def __init__(self, name: str):
        self.name = name
        self.columns = ["k", "v", "t", "changed", "gone"]
        self.rows = {}
        self.sql = []
        self.clock = 0
        self.names = 0
        self.greatest = 10**6
        self.extras = 0
        self.extra_is_copied = False
        self.is_retyped = False

    def values(self, dice, key):
        self.clock += dice.randrange(3)
        row = key, dice.choice([None, dice.randrange(self.greatest)]), dice.choice(TEXTS), self.clock, dice.random() < 0.1
        # The first values come when the column is there, so that an append need not refuse it.
        return self.fit(row + (dice.randrange(9),) if self.extra_is_copied else row)

    def fit(self, row):
        """A row as the table has it now."""
        return (*row, None)[:len(self.columns)]

    def put(self, dice, key):
        row = self.values(dice, key)
        self.rows[key] = row
        updates = ", ".join(f"{column} = excluded.{column}" for column in self.columns[1:])
        self.sql.append((f"INSERT INTO {self.name} ({', '.join(self.columns)}) VALUES ({', '.join(['%s'] * len(row))}) "
                         f"ON CONFLICT (k) DO UPDATE SET {updates}", row))

    def insert_or_update(self, dice):
        self.put(dice, dice.randrange(KEYS))

    def delete(self, dice):
        if self.rows:
            key = dice.choice(list(self.rows))
            del self.rows[key]
            self.sql.append((f"DELETE FROM {self.name} WHERE k = %s", (key,)))

    def change_key(self, dice):
        free = sorted(set(range(KEYS)) - set(self.rows))
        if self.rows and free:
            self.clock += 1
            old, new = dice.choice(list(self.rows)), dice.choice(free)
            _, v, t, _, *more = self.rows.pop(old)
            self.rows[new] = (new, v, t, self.clock, *more)
            self.sql.append((f"UPDATE {self.name} SET k = %s, changed = %s WHERE k = %s", (new, self.clock, old)))

    def insert_late(self, dice):
        """A row whose cursor lies before what was read already."""
        free = sorted(set(range(KEYS)) - set(self.rows))
        if free:
            clock, self.clock = self.clock, max(0, self.clock - dice.randrange(20))
            self.put(dice, dice.choice(free))
            self.clock = clock

    def alter(self, change: str):
        self.sql.append((f"ALTER TABLE {self.name} {change}", None))
        self.rows = {k: self.fit(row) for k, row in self.rows.items()}

    def new_name(self) -> str:
        self.names += 1
        return f"c{self.names}"

    def rename_column(self, dice):
        place, name = dice.choice([1, 2, len(self.columns) - 1]), self.new_name()
        if place != 4:
            old, self.columns[place] = self.columns[place], name
            self.alter(f"RENAME {old} TO {name}")

    def widen(self, dice):
        if self.greatest < 10**9:
            self.greatest = 10**12
            self.is_retyped = True
            self.alter(f"ALTER {self.columns[1]} TYPE bigint")

    def add_or_drop_column(self, dice):
        if len(self.columns) == 5:
            self.extras += 1
            self.columns.append(self.new_name())
            self.alter(f"ADD {self.columns[5]} bigint")
        else:
            dropped = self.columns.pop()
            self.extra_is_copied = False
            self.alter(f"DROP {dropped}")

    CHANGES = [insert_or_update] * 12 + [delete] * 4 + [change_key, insert_late] * 2 + [
        rename_column, widen, add_or_drop_column]


class Replace:
    """The copy is the source."""

    section = ""

    def __init__(self, source):
        self.source, self.copy = source, []
        self.columns, self.extras = list(source.columns), 0

    def run(self, reconcile: bool, number: int):
        self.copy = list(self.source.rows.values())

    def follow(self):
        """Gives the copy the columns that the table has now."""
        same = self.extras == self.source.extras
        self.columns, self.extras = list(self.source.columns), self.source.extras
        self.source.extra_is_copied = len(self.columns) == 6
        self.fit(lambda row: self.source.fit(row if same else row[:5]))

    def fit(self, fitted):
        self.copy = [fitted(row) for row in self.copy]

    def expected(self):
        return self.copy

    def lacks_rows(self) -> bool:
        """Whether the run has to say that the copy has fewer rows than the source."""
        return len(self.copy) < len(self.source.rows)


class Merge(Replace):
    """By a cursor, or the transaction, or all rows; what a cursor cannot see is put right by --reconcile."""

    def __init__(self, source, strategy: str, cursor: str, hard_delete: bool):
        super().__init__(source)
        self.strategy, self.cursor, self.hard_delete = strategy, cursor, hard_delete
        self.copy, self.last, self.seen = {}, None, {}
        self.section = (f'mode = "merge"\nstrategy = "{strategy}"\n' + (f'cursor = "{cursor}"\n' if cursor else "") +
                        ('hard_delete = "gone"\n' if hard_delete else ""))

    def read(self):
        """The rows that the cursor chooses."""
        rows = self.source.rows
        if self.source.is_retyped and self.strategy != "insert-only":
            self.last, self.seen = None, {}
        self.source.is_retyped = False
        if self.cursor == "xmin":
            chosen = {k: row for k, row in rows.items() if self.seen.get(k) != row}
            self.seen = dict(rows)
            return chosen
        if self.cursor != "changed":
            return dict(rows)
        chosen = {k: row for k, row in rows.items() if self.last is None or row[3] >= self.last}
        self.last = max((row[3] for row in chosen.values()), default=self.last)
        return chosen

    def run(self, reconcile, number):
        first = not number
        read, rows = self.read(), self.source.rows
        if reconcile and not first:
            self.copy = {k: row for k, row in self.copy.items() if k in rows and not (self.hard_delete and rows[k][4])}
            read |= {k: row for k, row in rows.items() if k not in self.copy and not (self.hard_delete and row[4])}
        for k, row in read.items():
            if self.hard_delete and row[4]:
                self.copy.pop(k, None)
            elif self.strategy != "insert-only" or k not in self.copy:
                self.copy[k] = row

    def fit(self, fitted):
        self.copy = {k: fitted(row) for k, row in self.copy.items()}
        self.seen = {k: fitted(row) for k, row in self.seen.items()}

    def expected(self):
        return list(self.copy.values())

    def lacks_rows(self):
        return len(self.copy) < sum(not (self.hard_delete and row[4]) for row in self.source.rows.values())


class Append(Replace):
    """Rows are added when their cursor is not behind the last one by more than the lag."""

    section = 'mode = "append"\ncursor = "changed"\nlag = 5\n'

    def __init__(self, source):
        super().__init__(source)
        self.last = None

    def run(self, reconcile, number):
        rows = list(self.source.rows.values())
        chosen = [row for row in rows if self.last is None or row[3] >= self.last - 5]
        self.copy += [row for row in chosen if row not in self.copy]
        self.last = max((row[3] for row in chosen), default=self.last)


class Versions(Merge):
    """Versions with the numbers of the runs that began and ended them."""

    def __init__(self, source, cursor: str):
        super().__init__(source, "scd2", cursor, False)
        self.history = []  # [row, from, to]

    def run(self, reconcile, number):
        read, rows = self.read(), self.source.rows
        lost = {v[0][0] for v in self.history if v[2] is None} - set(rows) if reconcile or not self.cursor else set()
        if reconcile and number:
            read |= {k: row for k, row in rows.items() if k not in {v[0][0] for v in self.history if v[2] is None}}
        for version in self.history:
            key = version[0][0]
            if version[2] is None and (key in lost or (key in read and read[key] != version[0])):
                version[2] = number
        still_open = [v[0] for v in self.history if v[2] is None]
        self.history += [[row, number, None] for row in read.values() if row not in still_open]

    def fit(self, fitted):
        super().fit(fitted)
        for version in self.history:
            version[0] = fitted(version[0])

    def expected(self):
        return [(*row, begin, end) for row, begin, end in self.history]

    def lacks_rows(self):
        return sum(version[2] is None for version in self.history) < len(self.source.rows)


def dispositions():
    yield Replace(Source("replaced"))
    yield Append(Source("appended"))
    for strategy, cursor, hard_delete in [("upsert", "changed", False), ("upsert", "xmin", True), ("upsert", "", True),
                                          ("delete-insert", "changed", True), ("insert-only", "changed", False)]:
        name = f"{strategy}_{cursor}_{hard_delete}".replace("-", "_").lower()
        yield Merge(Source(name), strategy, cursor, hard_delete)
    yield Versions(Source("versions_all"), "")
    yield Versions(Source("versions_changed"), "changed")


def change_all(dice, session, all_dispositions) -> None:
    for disposition in all_dispositions:
        source = disposition.source
        for _ in range(dice.randrange(1, 8)):
            dice.choice(Source.CHANGES)(source, dice)
        for sql, values in source.sql:
            session.execute(sql, values)
        source.sql.clear()


def published(target) -> int:
    if not target.exists() or not duck.value(target, "SELECT count(*) FROM duckdb_tables() WHERE schema_name = '_pg2duck' "
                                                     "AND table_name = 'runs'"):
        return 0
    return duck.value(target, "SELECT count(*) FROM _pg2duck.runs WHERE status = 'published'")


def check_all(target, all_dispositions, context) -> None:
    number = ("(SELECT count(*) - 1 FROM _pg2duck.runs WHERE status = 'published' AND snapshot_at <= {0}) "
              "+ if({0} IS NULL, NULL, 0)")
    with duck.opened(target) as connection:
        for disposition in all_dispositions:
            columns = ", ".join(disposition.columns)
            if isinstance(disposition, Versions):
                columns += f", {number.format('valid_from')}, {number.format('valid_to')}"
            found = connection.execute(f"SELECT {columns} FROM {disposition.source.name}").fetchall()
            assert sorted(found, key=repr) == sorted(disposition.expected(), key=repr), (context, disposition.source.name)


def kill_a_run(dice, tmp_path, arguments, seconds: float) -> None:
    run = Running(arguments, cwd=tmp_path)
    try:
        run.process.wait(dice.random() * seconds)
    except subprocess.TimeoutExpired:
        run.send(signal.SIGKILL)
    run.finish()


def test_every_disposition_keeps_up_with_random_changes(db, tmp_path):
    dice = random.Random(SEED)
    target, connection = tmp_path / "copy.duckdb", db.connect()
    session, seconds, all_dispositions, runs = connection.cursor(), 0.5, list(dispositions()), 0
    config = f'source = "{db.uri()}"\ntarget = "copy.duckdb"\njobs = 1\n'
    for disposition in all_dispositions:
        session.execute(f"CREATE TABLE {disposition.source.name} (k int PRIMARY KEY, v int, t text, changed bigint, "
                        f"gone boolean); CREATE INDEX ON {disposition.source.name} (changed)")
        config += f"[table.{disposition.source.name}]\n{disposition.section}"
    (tmp_path / "pg2duck.toml").write_text(config)
    for number in range(ROUNDS):
        change_all(dice, session, all_dispositions)
        connection.commit()
        reconcile = dice.random() < 0.3
        arguments = ["sync", "--json"] + (["--reconcile"] if reconcile else [])
        for kill in [True, False] if dice.random() < 0.2 else [False]:
            if kill:
                kill_a_run(dice, tmp_path, arguments, seconds)
            else:
                result = pg2duck(*arguments, cwd=tmp_path)
                seconds = result.report["seconds"]
            for run in range(runs, published(target)):
                for disposition in all_dispositions:
                    disposition.follow()
                    disposition.run(reconcile, run)
            runs = published(target)
            assert kill or runs, number
            if not kill:
                late = [disposition.source.name for disposition in all_dispositions if disposition.lacks_rows()]
                result.expect(3 if late else 0)
                assert all(f"{name}: its copy lacks" in result.err for name in late), (late, result)
            if runs:
                check_all(target, all_dispositions, (number, runs, reconcile, kill))
    assert runs >= ROUNDS and duck.leftovers(target) == []
