"""A DuckDB that others reach by quack."""

import pathlib
import secrets
import subprocess
import sys

from support.servers.cluster import clean_environment, free_port
from support.setting import EXTENSIONS


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
