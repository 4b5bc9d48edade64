"""DuckDB's postgres extension, called from a short Python script."""
import importlib.metadata
import sys

from .contender import DEPS, ROOT, Command, Contender, source_uri


class DuckdbPostgres(Contender):
    name = "duckdb-postgres"
    title = "DuckDB postgres extension"
    extension = DEPS / "extensions/postgres_scanner.duckdb_extension"

    def version(self):
        return "DuckDB " + importlib.metadata.version("duckdb")

    def missing(self):
        return None if self.extension.exists() else f"{self.extension.relative_to(ROOT)} is not there"

    def command(self, tables, target, scratch):
        script = ROOT / "bench/contenders/duckdb_script.py"
        names = [f"{schema}.{table}" for schema, table in tables]
        return Command([sys.executable, script, self.extension, source_uri(), target, *names])
