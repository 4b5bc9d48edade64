"""The targets of a soak: where each keeps its copy, its pg2duck.toml, its size, and DuckDB's own way to read and mend it."""

import pathlib
import tempfile
import threading

import duckdb

from soak.tables import Rule, Table
from support.targets.databases import File, Lake, Quack
from support.targets.parquet import Parquet
from support.targets.place import attached
from support.values.duckdb_text import quote


class Place:
    """One target in a directory of its own, with the project that `pg2duck sync` reads."""

    kind = File
    takes_changes = True
    can_be_mended = True
    extensions: tuple = ()
    settings = ""  # what else pg2duck.toml says
    server = None

    def __init__(self, name: str, directory: pathlib.Path, tables: list[Table]):
        self.name, self.directory, self.tables = name, directory, tables
        directory.mkdir(parents=True)
        self.target = self.kind(directory)
        self.env = self.target.env

    def configure(self, source: str) -> None:
        lines = [f'source = "{source}"', f'target = "{self.target.argument}"', "jobs = 2", self.settings]
        for table in self.tables:
            if self.rule(table).mode:
                lines += [f'[table."public.{table.first_name}*"]', table.rule.toml()]
        (self.directory / "pg2duck.toml").write_text("\n".join(lines) + "\n")

    def rule(self, table: Table) -> Rule:
        return table.rule if self.takes_changes else Rule()

    @property
    def file(self) -> pathlib.Path:
        """What another program opens to read: the target's file, or the catalog's."""
        return pathlib.Path(self.target.argument)

    def exists(self) -> bool:
        return self.file.exists()

    def connection(self, options: str = "(READ_ONLY)"):
        """DuckDB with the target attached as `copy`."""
        return attached(self.extensions, self.target.argument, options)

    def rows_of(self, table: str) -> str:
        """What gives the rows of a table in `connection`."""
        return f"copy.{table}"

    def execute(self, sql: str) -> None:
        """A statement by which a person mends the target."""
        with self.connection("") as connection:
            connection.execute(f"USE copy.main; {sql}")

    def files(self) -> list[pathlib.Path]:
        return [path for path in self.directory.rglob("*") if path.is_file() and path.name != "pg2duck.toml"]

    def size(self) -> int:
        return sum(path.stat().st_size for path in self.files())

    def size_of_one_copy(self) -> int:
        """Bytes of the same tables in a file that is written once."""
        tables = self.target.tables()
        with tempfile.TemporaryDirectory() as directory, self.connection() as connection:
            connection.execute(f"ATTACH '{directory}/one.duckdb' AS one")
            for number, (schema, table) in enumerate(tables):
                connection.execute(f"CREATE TABLE one.t{number} AS FROM {self.rows_of(f'{quote(schema)}.{quote(table)}')}")
            connection.execute("CHECKPOINT one; DETACH one")
            return pathlib.Path(f"{directory}/one.duckdb").stat().st_size

    def stray_files(self) -> list[str]:
        """What a run that went well must not leave on disk."""
        return [path.name for path in self.files() if path.name != "copy.duckdb"]

    def remove(self) -> None:
        """All of it, so that the next run begins a new one."""
        for path in self.files():
            path.unlink()

    def close(self) -> None:
        self.target.close()


class InAFile(Place):
    pass


class BehindQuack(Place):
    """A server in a process of its own, which can be killed and started again."""

    kind = Quack
    extensions = ("httpfs", "quack")

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.server = self.target.server

    def remove(self):
        self.server.kill()
        super().remove()
        self.server.start()

    def exists(self):
        return bool(self.target.rows("SELECT 1 FROM duckdb_schemas() WHERE schema_name = '_pg2duck'"))

    def connection(self, options=""):
        return attached(self.extensions, self.target.argument, f"(TOKEN '{self.server.token}')")

    def rows_of(self, table):
        return "copy.query('FROM " + table.replace("'", "''") + "')"

    def execute(self, sql):
        self.target.rows(sql)

    def stray_files(self):
        # The server writes its log when it likes.
        return [path.name for path in self.files() if not path.name.startswith("served.duckdb")]


class InALake(Place):
    kind = Lake
    extensions = Lake.extensions
    settings = 'expire_after = "2 seconds"'

    @property
    def file(self):
        return self.directory / "shop.ducklake"

    def stray_files(self):
        """Files that no snapshot of the lake knows, and that nothing is to remove."""
        known = set()
        with attached((), str(self.file), "(READ_ONLY)") as connection:
            for table in ("ducklake_data_file", "ducklake_delete_file", "ducklake_files_scheduled_for_deletion"):
                known |= {pathlib.Path(path).name for path, in connection.execute(f"SELECT path FROM copy.{table}").fetchall()}
        return [path.name for path in self.files() if path.suffix == ".parquet" and path.name not in known]


class InParquet(Place):
    kind = Parquet
    takes_changes = can_be_mended = False

    @property
    def file(self):
        return self.target.on_disk / "manifest.json"

    def size_of_one_copy(self):
        return sum(file["bytes"] for table in self.target.manifest()["tables"] for file in table["files"])

    def stray_files(self):
        manifest = self.target.manifest()
        named = {file["path"] for table in manifest["tables"] for file in table["files"]} | set(manifest["retired"])
        return sorted(self.target.data_files() - named)


PLACES = {"file": InAFile, "quack": BehindQuack, "ducklake": InALake, "parquet": InParquet}


class Reader:
    """Somebody who reads the target while a run goes on, by one statement at a time, and must see the old copy or the new one."""

    def __init__(self, place: Place, tables: list[tuple[str, str]]):
        self.place, self.done = place, threading.Event()
        parts = [f"(SELECT concat(count(*), ' ', sum(hash(t::VARCHAR))) FROM {quote(schema)}.{quote(table)} AS t)" for schema, table in tables]
        self.sql = f"SELECT concat_ws('; ', {', '.join(parts or ['1'])})"
        self.seen: set[str] = set()
        self.problems: set[str] = set()
        self.thread = threading.Thread(target=self.read_on)

    def look(self) -> str:
        with self.place.target.opened() as ask:
            return ask(self.sql)[0][0]

    def read_on(self) -> None:
        while not self.done.wait(0.02):
            try:
                self.seen.add(self.look())
            except (duckdb.Error, AssertionError, OSError) as problem:
                self.problems.add(f"{type(problem).__name__}: {str(problem).splitlines()[0]}")

    def __enter__(self):
        self.before = self.look()
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.done.set()
        self.thread.join()

    def complaints(self) -> list[str]:
        """What it saw besides the old copy and the new one."""
        allowed = {self.before, self.look()}
        return [f"a reader saw {seen!r}, between {sorted(allowed)!r}" for seen in sorted(self.seen - allowed)] + [
            f"a reader met {problem}" for problem in sorted(self.problems)]
