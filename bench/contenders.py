"""The tools that are compared, one class each. To add one, write a class with these members and put it in ALL."""
import importlib.metadata
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent


def source_uri():
    """Without the password, which every tool takes from PGPASSWORD."""
    return "postgresql://{PGUSER}@{PGHOST}:{PGPORT}/{PGDATABASE}".format(**os.environ)


class Contender:
    name = ""  # as CONTENDERS= selects it
    title = ""  # as the table shows it

    def version(self):
        raise NotImplementedError

    def missing(self):
        """Why this tool cannot run here, or None."""
        raise NotImplementedError

    def command(self, tables, target):
        """The command that copies `tables`, (schema, table) each, to the new DuckDB file `target`."""
        raise NotImplementedError

    def copied_name(self, schema, table):
        """(schema, table) in the file."""
        return ("main" if schema == "public" else schema), table


class Pg2duck(Contender):
    name = "pg2duck"
    title = "pg2duck"
    program = ROOT / "build/release/pg2duck"

    def version(self):
        return subprocess.run([self.program, "--version"], capture_output=True, text=True, check=True).stdout.split("\n")[0]

    def missing(self):
        return None if self.program.exists() else "build/release/pg2duck is not built"

    def command(self, tables, target):
        quoted = ['"{}"."{}"'.format(*(part.replace('"', '""') for part in table)) for table in tables]
        return [self.program, "copy", source_uri(), target, "--quiet", "--tables", ",".join(quoted)]


class DuckdbPostgres(Contender):
    name = "duckdb-postgres"
    title = "DuckDB postgres extension"
    extension = ROOT / "build/deps/extensions/postgres_scanner.duckdb_extension"

    def version(self):
        return "DuckDB " + importlib.metadata.version("duckdb")

    def missing(self):
        return None if self.extension.exists() else f"{self.extension.relative_to(ROOT)} is not there"

    def command(self, tables, target):
        script = ROOT / "bench/duckdb_postgres.py"
        return [sys.executable, script, self.extension, source_uri(), target, *(f"{schema}.{table}" for schema, table in tables)]


ALL = [Pg2duck(), DuckdbPostgres()]
