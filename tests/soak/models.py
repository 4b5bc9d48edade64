"""What the copy of a table must hold after a run, by the manual's word alone: each disposition as a model that is fed what the source held at
the run's snapshot."""

import collections
import dataclasses
import datetime

from soak import kinds
from soak.instant import SourceTable
from soak.tables import Rule


@dataclasses.dataclass(frozen=True)
class Run:
    """What a model must know of a run that published."""

    at: str  # its snapshot's time as DuckDB prints it
    reconcile: bool = False
    full: bool = False


@dataclasses.dataclass
class Held:
    """A column of the copy. One that is gone from the source has no number."""

    mark: int
    number: int | None
    name: str
    type: str


class Copy:
    """The copy of one table in one target. Rows are dictionaries from a column's mark to its value."""

    def __init__(self, rule: Rule):
        self.rule = rule
        self.oid = None
        self.columns: list[Held] = []
        self.rows: list[dict] = []
        self.last = None  # value of the cursor
        self.marks = 0
        self.is_retyped = False  # since all rows were read last
        self.added: list[Held] = []  # by the run that is being modelled

    # --- columns -----------------------------------------------------------------------------------------------------

    def begin(self, table: SourceTable) -> None:
        self.columns, self.rows, self.last, self.oid = [], [], None, table.oid
        self.added, self.is_retyped = [], False
        self.add_columns(table.columns)

    def add_columns(self, columns) -> None:
        self.added = []
        for column in columns:
            self.marks += 1
            self.added.append(Held(self.marks, column.number, column.name, column.type))
        self.columns += self.added

    def follow(self, table: SourceTable) -> None:
        """Gives the copy the columns that the table has now; what is gone stays, with its values."""
        by_name = self.oid != table.oid
        now = {column.name if by_name else column.number: column for column in table.columns}
        for held in self.columns:
            column = now.pop(held.name if by_name else held.number, None) if held.number is not None else None
            held.number = column and column.number
            if column:
                held.name = column.name
                if held.type != column.type:
                    self.retype(held, column.type)
        self.is_retyped = self.is_retyped or by_name
        self.oid = table.oid
        self.add_columns(now.values())

    def retype(self, held: Held, kind: str) -> None:
        held.type, self.is_retyped = kind, True
        for row in self.rows:
            row[held.mark] = kinds.carried(row.get(held.mark), kind)

    def read(self, table: SourceTable) -> list[dict]:
        """All rows of the source, by the columns that they have in the copy."""
        marks = {held.number: held.mark for held in self.columns if held.number is not None}
        places = [marks[column.number] for column in table.columns]
        return [dict(zip(places, row)) for row in table.rows]

    def mark(self, name: str) -> int:
        return next(held.mark for held in self.columns if held.number is not None and held.name == name)

    def live(self, row: dict) -> tuple:
        """A row without the columns that are gone from the source."""
        return tuple(row.get(held.mark) for held in self.columns if held.number is not None)

    # --- rows --------------------------------------------------------------------------------------------------------

    def publish(self, table: SourceTable, run: Run) -> None:
        """A run has published the table."""
        if self.oid is None or (run.full and not self.rule.keeps_versions):
            self.begin(table)
            self.put(table, Run(run.at, full=True))
        else:
            self.follow(table)
            self.put(table, run)
        self.is_retyped = False

    def put(self, table: SourceTable, run: Run) -> None:
        raise NotImplementedError

    def expected(self) -> tuple[list[tuple[str, str]], list[tuple]]:
        """Names and source types of the columns, and all rows."""
        return ([(held.name, held.type) for held in self.columns],
                [tuple(row.get(held.mark) for held in self.columns) for row in self.rows])

    def chosen(self, table: SourceTable, run: Run) -> list[dict]:
        """The rows that a run reads: by the cursor, or all of them."""
        rows = self.read(table)
        if self.rule.cursor in ("", "xmin"):
            # To put in again what has not changed makes no difference.
            return rows
        cursor = self.mark(self.rule.cursor)
        since = before(self.last, self.rule.lag)
        rereads = self.is_retyped and self.rule.strategy != "insert-only" and self.rule.mode != "append"
        wanted = [row for row in rows if since is None or run.full or rereads or row[cursor] is None or row[cursor] >= since or
                  (self.rule.mode != "append" and any(row[held.mark] is not None for held in self.added))]
        values = [row[cursor] for row in wanted if row[cursor] is not None]
        self.last = max(values, default=self.last)
        return wanted


def before(last, lag: int):
    if last is None or not lag:
        return last
    if isinstance(last, str):
        return str(datetime.datetime.fromisoformat(last) - datetime.timedelta(seconds=lag))
    return last - lag


class Replaced(Copy):
    def publish(self, table, run):
        self.begin(table)
        self.rows = self.read(table)


class Appended(Copy):
    """Rows whose cursor is not behind the last one by more than the lag are added, unless they are there."""

    def put(self, table, run):
        there = {self.live(row) for row in self.rows}
        self.rows += [row for row in self.chosen(table, run) if self.live(row) not in there]


class Merged(Copy):
    """By key; what is marked goes, what a cursor cannot see is put right by reconciliation."""

    def put(self, table, run):
        keys = [self.mark(name) for name in self.rule.key or ("id", "part")[:1 + any(c.name == "part" for c in table.columns)]]
        gone = self.mark(self.rule.hard_delete) if self.rule.hard_delete else None

        def key_of(row):
            return tuple(row[key] for key in keys)

        def is_marked(row):
            return gone is not None and row[gone] not in (None, "false")

        copy = {key_of(row): row for row in self.rows}
        chosen = {key_of(row): row for row in self.chosen(table, run)}
        if run.reconcile:
            source = {key_of(row): row for row in self.read(table)}
            copy = {key: row for key, row in copy.items() if key in source}
            chosen |= {key: row for key, row in source.items() if key not in copy and not is_marked(row)}
        for key, row in chosen.items():
            if is_marked(row):
                copy.pop(key, None)
            elif key not in copy or self.rule.strategy == "delete-insert":
                copy[key] = row
            elif self.rule.strategy != "insert-only":
                copy[key] = copy[key] | row
        self.rows = list(copy.values())


class Versions(Copy):
    """Each state of a row with the times from and to which it was valid, as two more values at the marks -1 and -2."""

    FROM, TO = -1, -2

    def put(self, table, run):
        is_keyed = bool(self.rule.cursor or self.rule.key)
        open_rows = [row for row in self.rows if row[self.TO] is None]
        rows = self.read(table)
        if not is_keyed:
            read, considered = rows, open_rows
        else:
            keys = [self.mark(name) for name in self.rule.key or ("id",)]

            def key_of(row):
                return tuple(row.get(key) for key in keys)

            chosen = self.chosen(table, run)
            there, here = {key_of(row) for row in rows}, {key_of(row) for row in open_rows}
            if run.reconcile:
                wanted = {key_of(row) for row in chosen}
                chosen = chosen + [row for row in rows if key_of(row) not in here | wanted]
            sweeps = run.reconcile or run.full or not self.rule.cursor
            wanted = {key_of(row) for row in chosen}
            read = chosen
            considered = [row for row in open_rows if key_of(row) in wanted or (sweeps and key_of(row) not in there)]
        self.compare(read, considered, run.at)

    def compare(self, read: list[dict], considered: list[dict], at: str) -> None:
        """Ends the versions that are not among what was read, and begins those that are new; equal rows are counted."""
        unmatched = collections.Counter(map(self.live, read))
        for row in considered:
            if unmatched[self.live(row)]:
                unmatched[self.live(row)] -= 1
            else:
                row[self.TO] = at
        for row in read:
            if unmatched[self.live(row)]:
                unmatched[self.live(row)] -= 1
                self.rows.append(row | {self.FROM: at, self.TO: None})

    def expected(self):
        columns, rows = super().expected()
        times = [(name, "timestamp with time zone") for name in ("valid_from", "valid_to")]
        return columns + times, [values + (row[self.FROM], row[self.TO]) for values, row in zip(rows, self.rows)]


def copy_of(rule: Rule) -> Copy:
    """An empty model for a rule."""
    if rule.keeps_versions:
        return Versions(rule)
    return {"": Replaced, "append": Appended, "merge": Merged}[rule.mode](rule)
