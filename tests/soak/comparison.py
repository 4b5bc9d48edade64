"""Is the copy what the models say, row by row? DuckDB's own Python module reads it; nothing of the program does."""

import collections
import json

import duckdb

from soak import kinds
from soak.models import Copy
from soak.places import Place
from support.values.duckdb_text import leaves, literal, quote

LEDGER = "_pg2duck"
SHOWN = 3  # rows of a table that differ


class Found:
    """A table of the target: its columns with their types, and all rows as text of their leaves."""

    def __init__(self, ask, schema: str, name: str):
        sql = f"SELECT column_name, data_type FROM duckdb_columns() WHERE database_name = current_database() AND schema_name = {literal(schema)} " \
              f"AND table_name = {literal(name)} ORDER BY column_index"
        self.columns = [(column, duckdb.type(kind)) for column, kind in ask(sql)]
        # Nested values come as JSON of their leaves: every target gives text alike.
        selected = [f"to_json({leaves(quote(column), kind)})::VARCHAR" if is_nested(kind) else leaves(quote(column), kind)
                    for column, kind in self.columns]
        self.rows = ask(f"SELECT {', '.join(selected)} FROM {quote(schema)}.{quote(name)}")

    def values(self, columns: list[tuple[str, str]]) -> list[tuple]:
        """Its rows as kinds.from_duckdb reads them, in the order of `columns`: names, and the types that they come from."""
        places = {name: number for number, (name, _) in enumerate(self.columns)}
        wanted = [(places[name], kind, self.columns[places[name]][1]) for name, kind in columns]
        return [tuple(kinds.from_duckdb(kind, duck_type, plain(row[place], duck_type)) for place, kind, duck_type in wanted) for row in self.rows]


def is_nested(kind) -> bool:
    return kind.id in ("list", "struct", "map", "array")


def plain(text: str | None, kind):
    return json.loads(text) if text is not None and is_nested(kind) else text


def shortened(value) -> str:
    text = repr(value)
    return text if len(text) < 300 else f"{text[:200]}… ({len(text)} characters)"


def difference(found: Found, copy: Copy) -> list[str]:
    """What is not as the model says, in words."""
    columns, rows = copy.expected()
    if not columns:
        # A table without columns has one that is always NULL, so that its rows can be counted.
        return [] if len(found.rows) == len(rows) and len(found.columns) == 1 else [f"{len(found.rows)} rows, expected {len(rows)}"]
    names, expected_names = sorted(name for name, _ in found.columns), sorted(name for name, _ in columns)
    if names != expected_names:
        return [f"its columns are {names}, expected {expected_names}"]
    try:
        there = collections.Counter(found.values(columns))
    except (AssertionError, ValueError, KeyError, TypeError, ArithmeticError, AttributeError, IndexError) as problem:
        return [f"its values cannot be read as {columns}: {type(problem).__name__} {shortened(problem)}"]
    wanted = collections.Counter(rows)
    return [f"of {len(rows)} rows: {text}" for text in told_apart([name for name, _ in columns], wanted - there, there - wanted)]


def told_apart(names: list[str], missing: collections.Counter, extra: collections.Counter) -> list[str]:
    """Rows that are on one side only: beside the most alike one of the other side, if there is one that is half the same, else whole."""
    told, extra = [], collections.Counter(extra)
    for row, count in missing.items():
        near = min(extra, key=lambda other: apart(row, other), default=None)
        if near is not None and apart(row, near) <= len(names) // 2:
            extra.pop(near)
            parts = [f"{name} {shortened(found)}, expected {shortened(value)}" for name, value, found in zip(names, row, near) if value != found]
            told.append(f"{count} × in {shortened(row[0])} … {'; '.join(parts)}")
        else:
            told.append(f"{count} × missing {shortened(dict(zip(names, row)))}")
    told += [f"{count} × too much {shortened(dict(zip(names, row)))}" for row, count in extra.items()]
    return told[:SHOWN] + ([f"and {len(told) - SHOWN} more"] if len(told) > SHOWN else [])


def apart(one: tuple, other: tuple) -> int:
    return sum(a != b for a, b in zip(one, other))


class Comparison:
    """All of a target against the models of its copies, at one moment."""

    def __init__(self, place: Place, copies: dict[tuple[str, str], Copy]):
        self.differences: list[str] = []
        self.leftovers: list[str] = []  # staged tables; a run that was killed may leave them, until the next one
        self.compared = 0
        if not place.exists():
            self.differences += ["there is no target"] if copies else []
            return
        try:
            with place.target.opened() as ask:
                self.compare(ask, place.target.tables(ask), copies)
        except (AssertionError, duckdb.Error, OSError, KeyError) as problem:
            self.differences.append(f"the target cannot be read: {type(problem).__name__} {shortened(problem)}")

    def compare(self, ask, tables: list[tuple[str, str]], copies: dict[tuple[str, str], Copy]) -> None:
        self.leftovers = [f"{schema}.{name}" for schema, name in tables if "_pg2duck_staged_" in name]
        there = {table for table in tables if "_pg2duck_staged_" not in table[1] and table != ("main", "last_sync_time")}
        self.differences += [f"{'.'.join(table)} is missing" for table in sorted(set(copies) - there)]
        self.differences += [f"{'.'.join(table)} should not be there" for table in sorted(there - set(copies))]
        for table in sorted(there & set(copies)):
            self.compared += 1
            self.differences += [f"{'.'.join(table)}: {text}" for text in difference(Found(ask, *table), copies[table])]
        if copies and ask("SELECT count(*) FROM last_sync_time") != [(1,)]:
            self.differences.append("last_sync_time has not one row")
