"""Random changes of rows, values and columns, each round followed by a run: whatever values ask for, the copy that is kept up holds what a
model of its disposition says. `PG2DUCK_TEST_SEED` repeats one."""

import decimal
import random

import pytest

from support.program import configure, sync
from support.setting import SEED
from support.targets.kinds import File, Lake, Quack, made

ROUNDS = 8
SECTIONS = {
    "upserted": 'mode = "merge"\ncursor = "at"',
    "appended": 'mode = "append"\ncursor = "at"',
    "kept": 'mode = "merge"\nstrategy = "insert-only"\ncursor = "at"',
    "versions": 'mode = "merge"\nstrategy = "scd2"\ncursor = "at"',
}


def number(dice) -> decimal.Decimal | None:
    """Mostly small ones; now and then one that no DECIMAL of those before holds, or none at all."""
    with decimal.localcontext(prec=60):
        chance = dice.random()
        if chance < 0.25:
            return None
        if chance < 0.30:
            return decimal.Decimal("NaN")
        digits, scale = (dice.choice([1, 3, 9, 20, 30]), dice.choice([0, 0, 1, 2, 4, 8])) if chance < 0.9 else (38, 5)
        return decimal.Decimal(dice.randrange(10 ** digits)).scaleb(-scale) * dice.choice([1, -1])


def numbers(dice) -> list | None:
    return dice.choice([None, [], [number(dice)], [number(dice), number(dice)]])


KINDS_OF_VALUES = {"numeric": number, "numeric[]": numbers}


def text(value) -> str | None:
    """A value as it must read in the copy, without zeros at the end of numbers."""
    if isinstance(value, list):
        return "[" + ", ".join("NULL" if one is None else text(one) for one in value) + "]"
    if value is None or value.is_nan():
        return value if value is None else "NaN"
    plain = format(value, "f")
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return "0" if plain == "-0" else plain


def read(found: str | None):
    """What a copy says, taken apart again."""
    if found is None:
        return None
    if found.startswith("["):
        inner = found[1:-1]
        return [] if not inner else [None if one == "NULL" else decimal.Decimal(one.strip("'")) for one in inner.split(", ")]
    return decimal.Decimal(found)


class Table:
    """One table at the source and what its copy must hold: of each row that was read the values by column."""

    def __init__(self, name: str, section: str, dice: random.Random):
        self.name, self.section, self.dice = name, section, dice
        self.columns = {1: ("c1", "numeric"), 2: ("c2", "numeric[]")}  # by number: name, type
        self.rows, self.copied = {}, {}
        self.clock = self.names = 0
        self.filled = False  # values are given; at first all are NULL

    def value(self, kind: str):
        return KINDS_OF_VALUES[kind](self.dice) if self.filled else None

    def put(self, key: int) -> tuple[str, list]:
        self.clock += 1
        row = {column: self.value(kind) for column, (_, kind) in self.columns.items()}
        self.rows[key] = (self.clock, row)
        names = ["id", "at", *(name for name, _ in self.columns.values())]
        updates = ", ".join(f"{name} = excluded.{name}" for name in names[1:])
        casts = ["%s", "%s", *(f"%s::{kind}" for _, kind in self.columns.values())]
        return (f"INSERT INTO {self.name} ({', '.join(names)}) VALUES ({', '.join(casts)}) ON CONFLICT (id) DO UPDATE SET {updates}",
                [key, self.clock, *row.values()])

    def insert(self):
        return [self.put(max(self.rows, default=0) + 1)]

    def update(self):
        # What an append has taken it takes again when its cursor grows: only new rows for it.
        return [self.put(self.dice.choice(list(self.rows)))] if self.rows and self.name != "appended" else self.insert()

    def fill(self):
        self.filled = True
        return self.insert()

    def rename(self):
        column = self.dice.choice(list(self.columns))
        old, kind = self.columns[column]
        self.names += 1
        self.columns[column] = (f"r{self.names}", kind)
        return [(f"ALTER TABLE {self.name} RENAME {old} TO r{self.names}", None)]

    def swap(self):
        (one, (a, kind_a)), (other, (b, kind_b)) = list(self.columns.items())[:2]
        self.columns[one], self.columns[other] = (b, kind_a), (a, kind_b)
        return [(f"ALTER TABLE {self.name} RENAME {old} TO {new}", None) for old, new in ((a, "passing"), (b, a), ("passing", b))]

    def add(self):
        if len(self.columns) > 4:
            return self.insert()
        self.names += 1
        column, kind = max(self.columns) + 1, self.dice.choice(sorted(KINDS_OF_VALUES))
        self.columns[column] = (f"a{self.names}", kind)
        for _, row in self.rows.values():
            row[column] = None
        return [(f"ALTER TABLE {self.name} ADD a{self.names} {kind}", None)]

    def change(self) -> list[tuple[str, list | None]]:
        return self.dice.choice([self.insert] * 5 + [self.update] * 3 + [self.fill, self.rename, self.swap, self.add])()

    def note_run(self) -> None:
        """A run has read what the cursor shows."""
        for key, (at, row) in self.rows.items():
            if key not in self.copied or self.name in ("upserted", "versions"):
                self.copied[key] = dict(row)
            for column in self.columns:
                self.copied[key].setdefault(column, None)

    def expected(self) -> list[tuple]:
        return [(key, *(text(row[column]) for column in self.columns)) for key, row in sorted(self.copied.items())]


@pytest.mark.parametrize("kind", [File, Quack, Lake], ids=lambda kind: kind.name)
@pytest.mark.parametrize("story", range(2))
def test_copies_hold_what_random_values_ask_for(kind, story, cluster, db):
    dice = random.Random(f"{SEED} {kind.name} {story}")
    tables = [Table(name, section, random.Random(dice.random())) for name, section in SECTIONS.items()]
    for table in tables:
        db.run(f"CREATE TABLE {table.name} (id int PRIMARY KEY, at int NOT NULL, c1 numeric, c2 numeric[])")
        table.columns = {3: table.columns[1], 4: table.columns[2]}
    with made(kind, cluster) as place:
        configure(place.directory, db, "".join(f"[table.{table.name}]\n{table.section}\n" for table in tables))
        for turn in range(ROUNDS):
            for table in tables:
                for _ in range(dice.randrange(1, 5)):
                    for statement, values in table.change():
                        db.run(statement, values)
            sync(place.directory, "--target", place.argument, *place.options, env=place.env)
            for table in tables:
                table.note_run()
                listed = ", ".join(f"CAST({name} AS VARCHAR)" for name, _ in table.columns.values())
                current = " WHERE valid_to IS NULL" if table.name == "versions" else ""
                found = place.rows(f"SELECT id, {listed} FROM {table.name}{current} ORDER BY id")
                assert [(row[0], *(text(read(value)) for value in row[1:])) for row in found] == table.expected(), (SEED, turn, table.name)
