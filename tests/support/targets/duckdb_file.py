"""Looks into a finished target file through DuckDB's own Python module."""

import contextlib
import datetime
import functools
import hashlib
import pathlib

import duckdb

LEDGER = "_pg2duck"
STAGED = "_pg2duck_staged_"


@functools.cache
def own_instance() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    return connection


@contextlib.contextmanager
def opened(target):
    """The file, opened for reading as the database `copy`; it is closed afterwards.

    To attach it to an instance that is there takes a tenth of the time that a new instance takes."""
    connection = own_instance().cursor()
    path = str(target).replace("'", "''")
    connection.execute(f"ATTACH '{path}' AS copy (READ_ONLY)")
    try:
        connection.execute("USE copy.main")
        yield connection
    finally:
        connection.execute("USE memory.main")
        connection.execute("DETACH copy")
        connection.close()


def rows(target, sql: str) -> list[tuple]:
    with opened(target) as connection:
        return connection.execute(sql).fetchall()


def value(target, sql: str):
    return rows(target, sql)[0][0]


def column_types(target, table: str, schema: str = "main") -> dict[str, str]:
    sql = ("SELECT column_name, data_type FROM duckdb_columns() WHERE schema_name = $1 AND table_name = $2 "
           "AND NOT internal ORDER BY column_index")
    with opened(target) as connection:
        return dict(connection.execute(sql, [schema, table]).fetchall())


def take_over(target, database) -> None:
    """Makes the copy of a database that of its clone."""
    oid = int(database.value("SELECT oid FROM pg_database WHERE datname = current_database()"))
    with duckdb.connect(str(target)) as connection:
        connection.execute(f"UPDATE {LEDGER}.tables SET source = $1, database_oid = $2", [database.uri(), oid])


def tables(target) -> set[str]:
    """schema.table of everything that was copied: neither the ledger nor last_sync_time."""
    found = rows(target, "SELECT schema_name, table_name FROM duckdb_tables() WHERE NOT internal")
    return {f"{schema}.{table}" for schema, table in found if schema != LEDGER and table != "last_sync_time"}


def last_sync_time(target, schema: str = "main"):
    # As text: to hand over a TIMESTAMPTZ the module wants pytz.
    found = rows(target, f'SELECT last_sync_time::VARCHAR FROM "{schema}".last_sync_time')
    assert len(found) == 1, found
    return datetime.datetime.fromisoformat(found[0][0])


def leftovers(target) -> list[str]:
    sql = f"SELECT schema_name || '.' || table_name FROM duckdb_tables() WHERE table_name LIKE '{STAGED}%'"
    return [name for (name,) in rows(target, sql)]


def fingerprint(target) -> str:
    """A digest of every row of every table outside the ledger, and of last_sync_time."""
    digest = hashlib.sha256()
    with opened(target) as connection:
        names = connection.execute(
            f"SELECT schema_name, table_name FROM duckdb_tables() WHERE NOT internal AND schema_name <> '{LEDGER}' "
            f"AND NOT starts_with(table_name, '{STAGED}') ORDER BY ALL").fetchall()
        for schema, table in names:
            quoted = ".".join('"' + part.replace('"', '""') + '"' for part in (schema, table))
            found = connection.execute(f"SELECT count(*), string_agg(h, '' ORDER BY h) FROM "
                                       f"(SELECT sha256(t::VARCHAR) AS h FROM {quoted} AS t)").fetchall()
            digest.update(repr((schema, table, found)).encode())
    return digest.hexdigest()


def fingerprint_of(target, table: str) -> tuple:
    """Rows of one table of main, and a checksum of them in any order."""
    row, = rows(target, f'SELECT count(*), sum(hash(t::VARCHAR)) FROM main."{table}" AS t')
    return row


def holds_bytes(target, needle: bytes) -> bool:
    """Whether the file, or what DuckDB keeps beside it, holds these bytes."""
    path = pathlib.Path(target)
    return any(needle in file.read_bytes() for file in path.parent.glob(path.name + "*") if file.is_file())
