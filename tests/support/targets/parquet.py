"""Places of Parquet files: a directory, and object stores."""

import contextlib
import hashlib
import json
import pathlib
import shutil

import duckdb

from support.servers.azure_store import azure_store
from support.servers.object_store import BUCKET, object_store
from support.setting import EXTENSIONS
from support.targets.place import Target, instance


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
