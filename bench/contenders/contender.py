"""What the comparison asks of a tool."""
import dataclasses
import os
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[2]
DEPS = ROOT / "build/deps"


@dataclasses.dataclass
class Command:
    argv: list
    environment: dict = dataclasses.field(default_factory=dict)  # on top of this process's own


def source_uri():
    """Without the password, for tools that take it from PGPASSWORD as libpq does."""
    return "postgresql://{PGUSER}@{PGHOST}:{PGPORT}/{PGDATABASE}".format(**os.environ)


def source_uri_with_password():
    """For a tool that knows no PGPASSWORD; to be handed over in its environment, never on its command line."""
    # The private server speaks no TLS, which some clients insist on unless told so.
    return "postgresql://{PGUSER}:{PGPASSWORD}@{PGHOST}:{PGPORT}/{PGDATABASE}?sslmode=disable".format(**os.environ)


class Contender:
    name = ""  # as CONTENDERS= selects it
    title = ""  # as the table shows it
    ours = False  # one of pg2duck's ways: it must work, and takes RUNS runs
    slow = False  # takes PEER_RUNS runs instead of RUNS
    against_many_tables = ""  # why it copies datasets of many tables only with PEERS_ALL=1

    def version(self):
        raise NotImplementedError

    def missing(self):
        """Why this tool cannot run here, or None."""
        raise NotImplementedError

    def command(self, tables, target, scratch):
        """The command that copies `tables`, (schema, table) each, to the new DuckDB file `target`. `scratch` is an empty
        directory for what else the tool writes; it serves as its HOME."""
        raise NotImplementedError

    def copied_name(self, schema, table):
        """(schema, table) in the file."""
        return ("main" if schema == "public" else schema), table


class Peer(Contender):
    """A tool with a Python environment of its own in build/deps/peers, made by scripts/bootstrap bench."""

    slow = True
    distribution = ""  # the name pip knows it by

    @property
    def home(self):
        return DEPS / "peers" / self.name

    def version(self):
        # Without starting the tool: some look for news of themselves when they are asked.
        found = [path.name for path in self.home.glob(f"lib/python*/site-packages/{self.distribution}-*.dist-info")]
        return f"{self.name} " + found[0].removesuffix(".dist-info").rpartition("-")[2]

    def missing(self):
        problem = self.home.with_suffix(".problem")
        if problem.exists():
            return "could not be installed: " + problem.read_text().strip()
        return None if (self.home / "stamp").exists() else "not installed: scripts/bootstrap bench prepares it"
