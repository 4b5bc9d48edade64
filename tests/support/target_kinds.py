"""The places that pg2duck copies into, each with what it declares and with another program's way to look into it."""

import contextlib
import functools
import hashlib
import json
import os
import pathlib
import secrets
import shutil
import subprocess
import sys
import tempfile

import duckdb

from azure_store import azure_store
from cluster import clean_environment, fast_directory, free_port
from object_store import BUCKET, object_store
from program import Result, copy
from setting import driver

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
        assert all("._pg2duck_staged_" in name for name in left), left
        return len(left)

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


class Memory(Target):
    """A database in memory that a program holds open while the library copies into it; it is seen through a copy of it."""

    name = "memory"
    limits = frozenset({"files", "process"})
    argument = "memory"

    def __init__(self, directory: pathlib.Path, cluster=None):
        super().__init__(directory, cluster)
        self.process = subprocess.Popen([driver("lent_instance")], env={**clean_environment(), **self.env}, text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def ask(self, *request):
        self.process.stdin.write(json.dumps([str(part) for part in request]) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        assert not isinstance(answer, str), answer
        return answer

    def copy(self, source, *options, stop: str = "") -> Result:
        arguments = [source.uri(), self.argument, *self.options, *options]
        return Result(arguments, **self.ask("copy", stop, *arguments))

    @contextlib.contextmanager
    def opened(self):
        with tempfile.TemporaryDirectory(dir=self.directory.parent) as directory:
            file = pathlib.Path(directory) / "seen.duckdb"
            for sql in (f"ATTACH '{file}' AS seen", "COPY FROM DATABASE memory TO seen", "DETACH seen"):
                self.ask("query", sql)
            with attached((), str(file), "(READ_ONLY)") as connection:
                connection.execute("USE copy.main")
                yield lambda sql: connection.execute(sql).fetchall()

    def close(self) -> None:
        self.process.communicate()


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


class Parquet(Target):
    """Parquet files, read as the manifest says: every file that it names must be there as it says."""

    name = "parquet"
    limits = frozenset({"keys", "types", "files"})
    extensions: tuple = ()

    @property
    def root(self) -> str:
        return str(self.directory / "shop")

    @property
    def argument(self) -> str:
        return f"parquet:{self.root}"

    @property
    def on_disk(self) -> pathlib.Path:
        return self.directory / "shop"

    def read(self, path: str) -> bytes:
        return (self.on_disk / path).read_bytes()

    def write(self, path: str, content: bytes) -> None:
        (self.on_disk / path).write_bytes(content)

    def data_files(self) -> set[str]:
        return {str(path.relative_to(self.on_disk)) for path in self.on_disk.rglob("*.parquet")}

    def manifest(self) -> dict:
        return json.loads(self.read("manifest.json"))

    def connection(self) -> duckdb.DuckDBPyConnection:
        return instance(*self.extensions).cursor()

    def fill(self, connection, table: dict) -> None:
        """A table of what the files hold; their types are the manifest's."""
        for file in table["files"]:
            content = self.read(file["path"])
            assert (len(content), hashlib.sha256(content).hexdigest()) == (file["bytes"], file["sha256"]), file
        schema, name = (table[key].replace('"', '""') for key in ("schema", "table"))
        connection.execute(f'CREATE SCHEMA IF NOT EXISTS copy."{schema}"')
        connection.execute(f'CREATE TABLE copy."{schema}"."{name}" AS FROM read_parquet($1, hive_partitioning = false)',
                           [[f"{self.root}/{file['path']}" for file in table["files"]]])
        found = connection.execute(f'SELECT column_name, column_type FROM (DESCRIBE copy."{schema}"."{name}")').fetchall()
        assert found == [(column["name"], column["type"]) for column in table["columns"]]
        rows, = connection.execute(f'SELECT count(*) FROM copy."{schema}"."{name}"').fetchone()
        assert rows == table["rows"] == sum(file["rows"] for file in table["files"])
        for column in table["columns"]:
            quoted = column["name"].replace('"', '""')
            if not column["nullable"]:
                connection.execute(f'ALTER TABLE copy."{schema}"."{name}" ALTER "{quoted}" SET NOT NULL')
            if column["comment"] is not None:
                text = column["comment"].replace("'", "''")
                connection.execute(f'COMMENT ON COLUMN copy."{schema}"."{name}"."{quoted}" IS \'{text}\'')

    @contextlib.contextmanager
    def opened(self):
        connection = self.connection()
        connection.execute("ATTACH ':memory:' AS copy")
        try:
            for table in self.manifest()["tables"]:
                self.fill(connection, table)
            connection.execute("USE copy.main")
            yield lambda sql: connection.execute(sql).fetchall()
        finally:
            connection.execute("USE memory.main; DETACH copy")
            connection.close()

    def staged(self, left: dict) -> int:
        """Their files are there, and no manifest names them."""
        assert left == {}
        manifest = self.manifest()
        named = {file["path"] for table in manifest["tables"] for file in table["files"]} | set(manifest["retired"])
        return len({path.rsplit("_", 1)[0] for path in self.data_files() - named})


class ParquetInObjectStore(Parquet):
    """S3, and the frame of those that speak like it. `secret_variable` holds what must never be shown."""

    name = "parquet on S3"
    extensions = ("httpfs",)
    scheme, secret_type = "s3", "s3"
    secret_variable, endpoint_variable = "AWS_SECRET_ACCESS_KEY", "AWS_ENDPOINT_URL"
    wrong_secret = "canary-of-a-key"

    def __init__(self, directory: pathlib.Path, cluster=None):
        super().__init__(directory, cluster)
        self.store = object_store()
        self.prefix = directory.name
        self.env = {**self.variables(), "PG2DUCK_EXTENSION_DIRECTORY": str(EXTENSIONS)}

    def variables(self) -> dict:
        return self.store.environment

    @property
    def root(self) -> str:
        return f"{self.scheme}://{BUCKET}/{self.prefix}"

    @property
    def on_disk(self) -> pathlib.Path:
        return self.store.root / BUCKET / self.prefix

    def connection(self) -> duckdb.DuckDBPyConnection:
        connection = super().connection()
        connection.execute(f"CREATE OR REPLACE SECRET {self.secret_type} (TYPE {self.secret_type}, KEY_ID '{self.store.key}', "
                           f"SECRET '{self.store.secret}', ENDPOINT '127.0.0.1:{self.store.port}', USE_SSL false, "
                           "URL_STYLE 'path')")
        return connection

    def close(self) -> None:
        shutil.rmtree(self.on_disk, ignore_errors=True)


# What AWS's own variables hold must not matter to another store.
FOR_AWS_ONLY = {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "y", "AWS_SESSION_TOKEN": "z", "AWS_REGION": "eu-north-1",
                "AWS_ENDPOINT_URL": "https://127.0.0.1:1"}


class ParquetInGoogleCloud(ParquetInObjectStore):
    """Its interface for HMAC keys is S3's; so is the server here."""

    name = "parquet on GCS"
    scheme, secret_type = "gs", "gcs"
    secret_variable, endpoint_variable = "GS_SECRET_ACCESS_KEY", "GS_ENDPOINT_URL"

    def variables(self) -> dict:
        return {**FOR_AWS_ONLY, "GS_ACCESS_KEY_ID": self.store.key, "GS_SECRET_ACCESS_KEY": self.store.secret,
                "GS_ENDPOINT_URL": self.store.url}


class ParquetInR2(ParquetInObjectStore):
    name = "parquet on R2"
    scheme, secret_type = "r2", "r2"
    secret_variable, endpoint_variable = "R2_SECRET_ACCESS_KEY", "R2_ENDPOINT_URL"

    def variables(self) -> dict:
        return {**FOR_AWS_ONLY, "R2_ACCESS_KEY_ID": self.store.key, "R2_SECRET_ACCESS_KEY": self.store.secret,
                "R2_ENDPOINT_URL": self.store.url}


class ParquetInAzure(Parquet):
    """Its files are seen through DuckDB: Azurite keeps them in memory."""

    name = "parquet on Azure"
    extensions = ("azure",)
    scheme = "az"
    secret_variable, endpoint_variable = "AZURE_STORAGE_KEY", "AZURE_STORAGE_SERVICE_ENDPOINT"
    wrong_secret = "Y2FuYXJ5LW9mLWEta2V5"

    def __init__(self, directory: pathlib.Path, cluster=None):
        super().__init__(directory, cluster)
        self.store = azure_store()
        self.prefix = directory.name
        self.env = {**self.store.environment, "PG2DUCK_EXTENSION_DIRECTORY": str(EXTENSIONS)}

    @property
    def root(self) -> str:
        return f"az://{BUCKET}/{self.prefix}"

    def connection(self) -> duckdb.DuckDBPyConnection:
        connection = super().connection()
        connection.execute(f"CREATE OR REPLACE SECRET azure (TYPE azure, CONNECTION_STRING '{self.store.connection_string}')")
        return connection

    def read(self, path: str) -> bytes:
        return self.connection().execute("SELECT content FROM read_blob($1)", [f"{self.root}/{path}"]).fetchone()[0]

    def write(self, path: str, content: bytes) -> None:
        self.connection().execute(f"COPY (SELECT '{content.decode()}'::BLOB) TO '{self.root}/{path}' (FORMAT blob)")

    def data_files(self) -> set[str]:
        files = self.connection().execute("SELECT file FROM glob($1)", [f"{self.root}/**/*.parquet"]).fetchall()
        return {file.removeprefix(self.root + "/") for file, in files}


@contextlib.contextmanager
def made(kind, cluster=None):
    """A place of this kind, empty, in a directory of its own."""
    with tempfile.TemporaryDirectory(prefix="pg2duck_target_", dir=fast_directory()) as directory:
        place = kind(pathlib.Path(directory), cluster)
        try:
            yield place
        finally:
            place.close()


KINDS = [File, Memory, FileLikeMotherduck, Quack, QuackLikeMotherduck, Lake, LakeInPostgres, Parquet, ParquetInObjectStore]
OBJECT_STORES = [ParquetInObjectStore, ParquetInGoogleCloud, ParquetInR2, ParquetInAzure]
