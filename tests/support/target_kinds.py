"""The places that pg2duck copies into, each with what it declares and with another program's way to look into it."""

import contextlib
import functools
import os
import pathlib
import secrets
import subprocess
import sys

import duckdb

from cluster import clean_environment, free_port

DEPS = pathlib.Path(os.environ.get("PG2DUCK_DEPS", pathlib.Path(__file__).resolve().parents[2] / "build/deps"))
EXTENSIONS = DEPS / "extensions"
LEDGER = "_pg2duck"


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


class QuackServer:
    """A DuckDB file behind quack, in a process of its own."""

    def __init__(self, directory: pathlib.Path):
        self.file = directory / "served.duckdb"
        self.token = "token" + secrets.token_hex(8)
        self.port = free_port()
        self.environment = {"PG2DUCK_QUACK_TOKEN": self.token, "PG2DUCK_EXTENSION_DIRECTORY": str(EXTENSIONS)}
        self.process = None

    def start(self) -> "QuackServer":
        script = pathlib.Path(__file__).with_name("quack_serve.py")
        self.process = subprocess.Popen([sys.executable, script, self.file, str(self.port)], stdout=subprocess.PIPE,
                                        env={**clean_environment(), **self.environment}, stdin=subprocess.DEVNULL)
        assert self.process.stdout.readline() == b"serving\n", "the quack server does not start"
        return self

    def kill(self) -> None:
        """kill -9: what was not committed is gone."""
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process.stdout.close()
        self.process = None


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

    def ledger(self) -> list[tuple]:
        return self.rows(f"SELECT status, error FROM {LEDGER}.runs ORDER BY finished_at")


class File(Target):
    name = "file"

    @property
    def argument(self) -> str:
        return str(self.directory / "copy.duckdb")

    @contextlib.contextmanager
    def opened(self):
        with attached((), self.argument, "(READ_ONLY)") as connection:
            connection.execute("USE copy.main")
            yield lambda sql: connection.execute(sql).fetchall()


class FileLikeMotherduck(File):
    name = "file, profile motherduck"
    options = ("--profile", "motherduck", "--batch-rows", "2500")


class Quack(Target):
    name = "quack"
    limits = frozenset({"files"})

    def __init__(self, directory: pathlib.Path, cluster=None):
        super().__init__(directory, cluster)
        self.server = QuackServer(directory).start()
        self.env = self.server.environment

    @property
    def argument(self) -> str:
        return f"quack:localhost:{self.server.port}"

    @contextlib.contextmanager
    def opened(self):
        with attached(("httpfs", "quack"), self.argument, f"(TOKEN '{self.server.token}')") as connection:
            yield lambda sql: connection.execute("FROM copy.query($1)", [sql]).fetchall()

    def close(self) -> None:
        self.server.kill()


class QuackLikeMotherduck(Quack):
    name = "quack, profile motherduck"
    options = FileLikeMotherduck.options


class Lake(Target):
    name = "ducklake on a file"
    extensions: tuple = ("ducklake",)
    limits = frozenset({"keys", "types", "files"})

    @property
    def argument(self) -> str:
        return f"ducklake:{self.directory / 'shop.ducklake'}"

    @contextlib.contextmanager
    def opened(self):
        with attached(self.extensions, self.argument, "(READ_ONLY)") as connection:
            connection.execute("USE copy.main")
            yield lambda sql: connection.execute(sql).fetchall()


class LakeInPostgres(Lake):
    name = "ducklake in Postgres"
    extensions = ("postgres_scanner", "ducklake")

    def __init__(self, directory: pathlib.Path, cluster):
        super().__init__(directory, cluster)
        self.catalog = cluster.create_database()
        self.options = ("--data-path", str(directory / "data"))

    @property
    def argument(self) -> str:
        return f"ducklake:postgres:dbname={self.catalog.name} host=127.0.0.1 port={self.cluster.port} user=postgres"

    def close(self) -> None:
        self.catalog.drop()


KINDS = [File, FileLikeMotherduck, Quack, QuackLikeMotherduck, Lake, LakeInPostgres]
