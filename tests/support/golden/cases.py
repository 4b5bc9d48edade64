"""Reads tests/golden/types: what each Postgres type becomes, value by value. The format: tests/golden/README.md."""

import dataclasses
import pathlib
import re

import psycopg2

from support.setting import ROOT

DIRECTORY = ROOT / "tests/golden/types"
KEYS = ("covers", "needs", "options", "before", "type", "after", "read", "becomes", "show")
NULL = r"\N"
# COPY's text format has these and more.
ESCAPES = {"\\": "\\", "n": "\n", "t": "\t", "r": "\r"}


@dataclasses.dataclass
class Row:
    sql: str
    text: str | None = None   # what DuckDB prints; None: NULL
    error: str | None = None  # part of the message that refuses the value


class Case:
    """One .case file."""

    def __init__(self, path: pathlib.Path):
        self.path = path
        self.name = path.stem
        self.header: dict[str, list[str]] = {key: [] for key in KEYS}
        self.rows: list[Row] = []
        for number, line in enumerate(path.read_text().splitlines(), 1):
            try:
                self._read(line)
            except ValueError as error:
                raise ValueError(f"{path.name}:{number}: {error}") from None
        for key in ("covers", "type", "becomes"):
            if len(self.header[key]) != 1:
                raise ValueError(f"{path.name}: not one line {key!r}")

    def _read(self, line: str) -> None:
        if not line or line.startswith("#"):
            return
        key, colon, value = line.partition(": ")
        if not self.rows and colon and key in KEYS:
            self.header[key].append(value)
            return
        sql, text = split_row(line)
        if text.startswith("error: "):
            self.rows.append(Row(sql, error=text.removeprefix("error: ")))
        else:
            self.rows.append(Row(sql, text=unescape(text)))

    def one(self, key: str, default: str = "") -> str:
        return self.header[key][0] if self.header[key] else default

    @property
    def accepted(self) -> list[Row]:
        return [row for row in self.rows if row.error is None]

    @property
    def refused(self) -> list[Row]:
        return [row for row in self.rows if row.error is not None]

    @property
    def extensions(self) -> list[str]:
        return [need.split()[1] for need in self.header["needs"] if need.startswith("extension ")]

    def unmet(self, connection) -> str:
        """Why this server cannot show the case; empty when it can."""
        for need in self.header["needs"]:
            kind, _, what = need.partition(" ")
            if kind == "postgres" and connection.server_version // 10000 < int(what):
                return f"needs Postgres {what} or newer"
            if kind == "extension" and not has_extension(connection, what):
                return f"needs the extension {what}"
            if kind == "libxml" and not succeeds(connection, "SELECT '<a/>'::xml"):
                return "needs a server with libxml"
        return ""

    def prepare(self, connection, schema: str) -> None:
        """Makes the schema with what the column type is made of, and leaves it on the search path."""
        with connection.cursor() as cursor:
            for extension in self.extensions:
                cursor.execute(f"CREATE EXTENSION IF NOT EXISTS {extension} SCHEMA public CASCADE")
            cursor.execute(f"CREATE SCHEMA {schema}; SET search_path = {schema}, public")
            for statement in self.header["before"]:
                cursor.execute(statement)

    def fill(self, connection, table: str, rows: list[Row]) -> None:
        """Makes a table (id, v) of the rows, numbered from 0."""
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TABLE {table} (id integer, v {self.one('type')})")
            for number, row in enumerate(rows):
                cursor.execute(f"INSERT INTO {table} VALUES ({number}, {row.sql})")

    def finish(self, connection) -> None:
        with connection.cursor() as cursor:
            for statement in self.header["after"]:
                cursor.execute(statement)
            cursor.execute("RESET search_path")


def split_row(line: str) -> tuple[str, str]:
    found = re.fullmatch(r"(.+?) ->(?: (.*))?", line)
    if not found:
        raise ValueError(f"neither a header line nor SQL -> text: {line}")
    return found[1], found[2] or ""


def unescape(text: str) -> str | None:
    if text == NULL:
        return None
    return re.sub(r"\\(?:x([0-9a-f]{2})|(.))", lambda m: chr(int(m[1], 16)) if m[1] else ESCAPES[m[2]], text)


def escape(text: str | None) -> str:
    if text is None:
        return NULL
    for letter, meaning in ESCAPES.items():
        text = text.replace(meaning, "\\" + letter)
    return re.sub(r"^ | $", r"\\x20", text)


def has_extension(connection, name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_available_extensions WHERE name = %s", (name,))
        return cursor.fetchone()[0] == 1


def succeeds(connection, sql: str) -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql)
        return True
    except psycopg2.Error:
        return False


def load(names: list[str] | None = None) -> list[Case]:
    return [Case(path) for path in sorted(DIRECTORY.glob("*.case")) if not names or path.stem in names]
