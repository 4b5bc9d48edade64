"""A private Postgres cluster: started for tests, on loopback only, removed afterwards."""

import contextlib
import glob
import os
import pathlib
import pwd
import re
import secrets
import select
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import urllib.parse

import psycopg2

from support.setting import PATIENCE, eventually

# Roles that reach every database without a password. Anybody else meets the rules that a test gives, or none at all.
TRUSTED_ROLES = ("postgres", "copier", "reader", "restricted", "impatient")
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "wal_level": "minimal",
        "max_wal_senders": "0", "max_wal_size": "2GB", "jit": "off"}
# The number of the advisory lock that holds views, and libpq's options of a session that waits for it.
HELD = 4711
UNHURRIED = f"-c lock_timeout={PATIENCE}s"
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}


def server_programs() -> pathlib.Path:
    """The directory of the newest installed server, or $PG2DUCK_PG_BIN."""
    given = os.environ.get("PG2DUCK_PG_BIN")
    if given:
        return pathlib.Path(given)
    found = [path for path in glob.glob("/usr/lib/postgresql/*/bin") if os.access(path + "/initdb", os.X_OK)]
    if not found:
        raise RuntimeError("no Postgres server found; install postgresql or set PG2DUCK_PG_BIN")
    return pathlib.Path(max(found, key=lambda path: [int(part) for part in re.findall(r"\d+", path)]))


def fast_directory() -> str | None:
    """Memory where there is plenty of it, else the usual place: making a database there is many times faster."""
    memory = pathlib.Path("/dev/shm")
    if "TMPDIR" in os.environ or not os.access(memory, os.W_OK) or shutil.disk_usage(memory).free < 6 << 30:
        return None
    return str(memory)


def run_as_server() -> dict:
    """Arguments for subprocess: Postgres and PgBouncer refuse to run as root."""
    if os.geteuid() != 0:
        return {}
    user = pwd.getpwnam("postgres")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def hand_over(path: pathlib.Path) -> None:
    """Gives a file or directory to the user whom the server runs as."""
    if os.geteuid() == 0:
        user = pwd.getpwnam("postgres")
        os.chown(path, user.pw_uid, user.pw_gid)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def clean_environment() -> dict:
    """The environment without anything that would redirect libpq or pg2duck."""
    return {key: value for key, value in os.environ.items()
            if not key.startswith("PG") or key in ("PG2DUCK", "PG2DUCK_DEPS")}


class PortTaken(Exception):
    """Somebody else listens at the port that a server was to have."""


class Cluster:
    """One server. `start` it, make databases in it, `stop` or `remove` it."""

    def __init__(self, hba: list[str] = (), settings: dict | None = None, initdb: list[str] = ()):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="pg2duck_cluster_", dir=fast_directory()))
        self.directory.chmod(0o755)
        hand_over(self.directory)
        self.data = self.directory / "data"
        self.programs = server_programs()
        self.version = int(self._call(["postgres", "--version"]).split()[2].split(".")[0])
        self.settings = {**FAST, **(settings or {})}
        self.port = free_port()
        self.process = None
        self.session = KeptSession(lambda: self.connect("postgres"))
        self._call(["initdb", "-D", str(self.data), "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-locale",
                    "--no-sync", *initdb])
        self.set_hba([*hba, f"host all {','.join(TRUSTED_ROLES)} 127.0.0.1/32 trust"])

    def _call(self, command: list[str]) -> str:
        command = [str(self.programs / command[0]), *command[1:]]
        done = subprocess.run(command, env=clean_environment(), cwd=self.directory, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **run_as_server())
        assert done.returncode == 0, done.stdout
        return done.stdout

    def set_hba(self, lines: list[str]) -> None:
        (self.data / "pg_hba.conf").write_text("\n".join(["local all all trust", *lines]) + "\n")

    def reload(self) -> None:
        """Lets the server read its files again, and waits until it did: a new session knows when that was."""
        before = self.admin("SELECT clock_timestamp()")[0][0]
        self.admin("SELECT pg_reload_conf()")

        def is_read() -> bool:
            # An old session may know it before the server lets anybody in by the new rules.
            with contextlib.closing(KeptSession(self.session.connect)) as session:
                return session.run("SELECT pg_conf_load_time() > %s", (before,))[0][0]

        eventually(is_read, "the new settings")

    def start(self) -> "Cluster":
        """On the port that it had, or on another where somebody took that one in the meantime."""
        for _ in range(5):
            self._launch()
            try:
                eventually(self._answers, "the server to answer", 60)
                return self
            except PortTaken:
                self.port = free_port()
        raise AssertionError(self.log())

    def _launch(self) -> None:
        options = {**self.settings, "listen_addresses": "127.0.0.1", "port": self.port,
                   "unix_socket_directories": self.directory, "logging_collector": "off", "max_connections": 60,
                   "shared_buffers": "64MB", "timezone": "UTC", "max_prepared_transactions": 2}
        arguments = [str(self.programs / "postgres"), "-D", str(self.data)]
        for name, value in options.items():
            arguments += ["-c", f"{name}={value}"]
        with open(self.directory / "log", "wb") as log:
            self.process = subprocess.Popen(arguments, env=clean_environment(), cwd=self.directory,
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log, **run_as_server())

    def _answers(self) -> bool:
        if self.process.poll() is not None:
            if "Address already in use" in self.log():
                raise PortTaken
            raise AssertionError(self.log())
        try:
            # Somebody else's server may answer at a port that was just taken.
            return self.admin("SHOW data_directory") == [(str(self.data),)]
        except psycopg2.OperationalError:
            return False

    def log(self) -> str:
        return (self.directory / "log").read_text(errors="replace")

    def stop(self, how: int = signal.SIGQUIT) -> None:
        """SIGQUIT: at once and without a checkpoint; SIGINT: cuts off sessions, then an orderly end."""
        self.session.close()
        if self.process and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(60)
        self.process = None

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.directory, ignore_errors=True)

    def connect(self, database: str, user: str = "postgres", **more):
        connection = psycopg2.connect(host="127.0.0.1", port=self.port, user=user, dbname=database, connect_timeout=PATIENCE,
                                      **more)
        connection.autocommit = True
        return connection

    def admin(self, sql: str, parameters=None) -> list:
        return self.session.run(sql, parameters)

    def create_database(self, options: str = "") -> "Database":
        name = "test_" + secrets.token_hex(4)
        # Copying files is several times faster than logging them, and nobody needs the log.
        strategy = "STRATEGY file_copy" if self.version >= 15 else ""
        self.admin(f"CREATE DATABASE {name} {options} {strategy}")
        return Database(self, name)

    def create_role(self, name: str, options: str = "") -> None:
        self.admin(f"DO $$BEGIN CREATE ROLE {name} LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END$$")
        if options:
            self.admin(f"ALTER ROLE {name} {options}")


class KeptSession:
    """A session for one statement after another: to open one costs the server more than most statements do."""

    def __init__(self, connect):
        self.connect = connect
        self.connection = None
        self.in_use = threading.Lock()

    def run(self, sql: str, parameters=None) -> list:
        """@return the rows of `sql`, if it has any"""
        # What is SET must not meet the next statement, and statements of other threads do not wait for this one.
        if sql.startswith("SET ") or not self.in_use.acquire(blocking=False):
            with contextlib.closing(self.connect()) as connection:
                return self._execute(connection, sql, parameters)
        try:
            if self.connection is None or self._is_lost():
                self.connection = self.connect()
            return self._execute(self.connection, sql, parameters)
        finally:
            self.in_use.release()

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()
        self.connection = None

    def _is_lost(self) -> bool:
        # A server says nothing to a session that asks nothing, but that it ends.
        return self.connection.closed or select.select([self.connection], [], [], 0)[0]

    @staticmethod
    def _execute(connection, sql: str, parameters) -> list:
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return cursor.fetchall() if cursor.description else []


class Database:
    """One database of a cluster."""

    def __init__(self, cluster: Cluster, name: str):
        self.cluster = cluster
        self.name = name
        self.session = KeptSession(self.connect)
        # A copy that pg2duck made of the same tables, for tests that begin with an old copy.
        self.finished_copy: pathlib.Path | None = None

    def uri(self, user: str = "postgres", port: int | None = None, password: str = "", **parameters) -> str:
        secret = ":" + urllib.parse.quote(password, safe="") if password else ""
        query = "?" + urllib.parse.urlencode(parameters, quote_via=urllib.parse.quote) if parameters else ""
        return f"postgresql://{user}{secret}@127.0.0.1:{port or self.cluster.port}/{self.name}{query}"

    def connect(self, user: str = "postgres", **more):
        return self.cluster.connect(self.name, user, **more)

    def run(self, sql: str, parameters=None) -> list:
        return self.session.run(sql, parameters)

    def value(self, sql: str, parameters=None):
        return self.run(sql, parameters)[0][0]

    def make_t(self, definition: str, rows: str = "") -> None:
        """Makes the table t with an id and what `definition` says, and `rows` in it."""
        self.run(f"CREATE TABLE t (id int, {definition})" + (f"; INSERT INTO t VALUES {rows}" if rows else ""))

    def make_held_view(self, name: str, rows: int) -> None:
        """Makes a view of `rows` rows (id int, s text) that shows none of them while it is held."""
        self.run(f"CREATE VIEW {name} AS SELECT i AS id, pg_advisory_xact_lock_shared({HELD})::text AS s "
                 f"FROM generate_series(1, {rows}) i")

    @contextlib.contextmanager
    def held(self):
        """Held views of this database can be begun, but not read, until the end. Their reader must not be in a hurry:
        `uri(options=UNHURRIED)`."""
        with contextlib.closing(self.connect()) as connection:
            connection.cursor().execute(f"SELECT pg_advisory_lock({HELD})")
            yield

    def clone(self) -> "Database":
        """Another database with the same content; nobody may be connected to this one."""
        self.session.close()
        other = self.cluster.create_database(f"TEMPLATE {self.name}")
        other.finished_copy = self.finished_copy
        return other

    def drop(self) -> None:
        self.session.close()
        if self.cluster.process:
            self.cluster.admin(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")

    def wait_for(self, sql: str, what: str, seconds: float = PATIENCE, meanwhile=None) -> None:
        """Until the query's first value is true."""
        eventually(lambda: self.value(sql), what, seconds, meanwhile)

    def sleep_out_sessions(self) -> int:
        """Sessions of pg2duck that are still open after it ended (the server takes a moment to notice)."""
        sql = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pg2duck' AND datname = %s"
        end = time.monotonic() + 60
        while self.cluster.admin(sql, (self.name,))[0][0] and time.monotonic() < end:
            time.sleep(0.05)
        return self.cluster.admin(sql, (self.name,))[0][0]
