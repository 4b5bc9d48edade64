"""ingestr: one command a table."""
import pathlib
import shlex

from .contender import DEPS, Command, Peer, source_uri_with_password

# ingestr would fetch its DuckDB driver; this manifest of the ADBC driver manager points it at the library that is here.
MANIFEST = """manifest_version = 1
name = "DuckDB"

[Driver]
entrypoint = "duckdb_adbc_init"
shared = "{library}"
"""


class Ingestr(Peer):
    name = "ingestr"
    title = "ingestr"
    distribution = "ingestr"
    against_many_tables = "it copies one table a command"

    def command(self, tables, target, scratch):
        drivers = pathlib.Path(scratch, "drivers")
        drivers.mkdir()
        (drivers / "duckdb.toml").write_text(MANIFEST.format(library=DEPS / "duckdb/lib/libduckdb.so"))
        lines = []
        for schema, table in tables:
            source, copied = f"{schema}.{table}", ".".join(self.copied_name(schema, table))
            lines.append(shlex.join([
                str(self.home / "bin/ingestr"), "ingest", "--yes", "--progress", "log",
                "--source-table", source, "--dest-table", copied,
            ]))
        return Command(
            ["sh", "-ec", "\n".join(lines)],
            {
                "SOURCE_URI": source_uri_with_password(),
                "DESTINATION_URI": f"duckdb:///{target}",
                "ADBC_DRIVER_PATH": str(drivers),
                "INGESTR_DISABLE_TELEMETRY": "true",
                "DISABLE_TELEMETRY": "true",
            },
        )
