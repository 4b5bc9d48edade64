"""A place that pg2duck copies into, and how another program looks into it."""

import contextlib
import functools
import pathlib

import duckdb

from support.program import Result, copy
from support.setting import EXTENSIONS
from support.targets.duckdb_file import LEDGER, STAGED


@functools.cache
def instance(*extensions: str) -> duckdb.DuckDBPyConnection:
    """One for all tests: to load an extension takes longer than to attach a target."""
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    for name in extensions:
        connection.execute(f"LOAD '{EXTENSIONS / name}.duckdb_extension'")
    return connection


@contextlib.contextmanager
def attached(extensions: tuple, what: str, options: str = ""):
    """A connection with the target attached as `copy`, which is detached afterwards."""
    connection = instance(*extensions).cursor()
    connection.execute(f"ATTACH '{what}' AS copy {options}")
    try:
        yield connection
    finally:
        connection.execute("USE memory.main; DETACH copy")
        connection.close()


class Target:
    """One place. `limits` names what it declares not to keep."""

    limits: frozenset = frozenset()
    options: tuple = ()

    def __init__(self, directory: pathlib.Path, cluster=None):
        self.directory = directory
        self.cluster = cluster
        self.env = {"PG2DUCK_EXTENSION_DIRECTORY": str(EXTENSIONS)}

    @property
    def argument(self) -> str:
        raise NotImplementedError

    @contextlib.contextmanager
    def opened(self):
        """A function from SQL to rows, on the catalog `copy`; the SQL yields text and numbers only."""
        raise NotImplementedError

    def copy(self, source, *options) -> Result:
        return copy(source, self.argument, *self.options, *options, env=self.env)

    def close(self) -> None:
        pass

    def rows(self, sql: str) -> list[tuple]:
        with self.opened() as ask:
            return ask(sql)

    def tables(self, ask=None) -> list[tuple[str, str]]:
        return (ask or self.rows)("SELECT schema_name, table_name FROM duckdb_tables() WHERE NOT internal AND "
                                  f"database_name = current_database() AND schema_name <> '{LEDGER}' ORDER BY ALL")

    def content(self) -> dict:
        """Every table outside the ledger: columns, and the text of all rows in order."""
        found = {}
        with self.opened() as ask:
            for schema, table in self.tables(ask):
                quoted = table.replace('"', '""')
                columns = ask("SELECT column_name, data_type, is_nullable, comment FROM duckdb_columns() WHERE "
                              f"database_name = current_database() AND schema_name = '{schema}' "
                              f"AND table_name = '{table}' ORDER BY column_index")
                lines = ask(f'SELECT t::VARCHAR FROM "{schema}"."{quoted}" AS t ORDER BY 1')
                found[f"{schema}.{table}"] = (columns, lines)
        return found

    def staged(self, left: dict) -> int:
        """How many staged tables a dead run has left, where `left` is the content that does not belong there."""
        assert all(f".{STAGED}" in name for name in left), left
        return len(left)

    def ledger(self) -> list[tuple]:
        return self.rows(f"SELECT status, error FROM {LEDGER}.runs ORDER BY finished_at")
