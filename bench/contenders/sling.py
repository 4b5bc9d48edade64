"""sling's free command line: one replication file, whose tables it copies one after the other."""
import json
import pathlib

from .contender import DEPS, Command, Peer, source_uri_with_password


class Sling(Peer):
    name = "sling"
    title = "sling"
    distribution = "sling_linux_*"
    against_many_tables = "it copies one table after the other, for many minutes"

    def command(self, tables, target, scratch):
        program, = self.home.glob("lib/python*/site-packages/sling_linux_*/bin/sling-linux-*")
        # The shell itself: the command beside it in bin is a Python script that starts it.
        shell, = DEPS.glob("venv/lib/python*/site-packages/duckdb_cli/duckdb")
        # sling writes through that shell, which looks for extensions below HOME and would fetch what it does not find.
        extensions = pathlib.Path(scratch, ".duckdb")
        extensions.symlink_to(self.home / "duckdb")
        replication = pathlib.Path(scratch, "replication.json")
        replication.write_text(json.dumps({
            "source": "SOURCE",
            "target": "TARGET",
            "defaults": {"mode": "full-refresh"},
            "streams": {
                f"{schema}.{table}": {"object": ".".join(self.copied_name(schema, table))} for schema, table in tables
            },
        }))
        return Command(
            [program, "run", "--replication", replication],
            {
                "SOURCE": source_uri_with_password(),
                "TARGET": f"duckdb://{target}",
                "DUCKDB_PATH": str(shell),
                "SLING_HOME_DIR": str(pathlib.Path(scratch, "sling")),
                "SLING_DISABLE_TELEMETRY": "TRUE",
            },
        )
