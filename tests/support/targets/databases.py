"""Places that are databases: files, memory, servers, lakes."""

import contextlib
import json
import pathlib
import subprocess
import tempfile

from support.program import Result
from support.servers.cluster import clean_environment
from support.servers.quack_server import QuackServer
from support.setting import driver
from support.targets.place import Target, attached


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
