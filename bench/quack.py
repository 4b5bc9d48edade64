"""The comparison that bench/quack runs beside a private server."""
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import duckdb

import contenders.contender as contender
from datasets.lineitem import Lineitem

sys.path.insert(0, str(contender.ROOT / "tests"))

from support.servers.quack_server import QuackServer  # noqa: E402
from support.setting import EXTENSIONS  # noqa: E402

PROGRAM = pathlib.Path(os.environ.get("PG2DUCK") or contender.ROOT / "build/release/pg2duck")
BY_DUCKDB = """
import duckdb, sys
extensions, source, target, token = sys.argv[1:]
duck = duckdb.connect()
duck.execute("SET enable_progress_bar = false")
for name in ("httpfs", "quack", "postgres_scanner"):
    duck.execute(f"LOAD '{extensions}/{name}.duckdb_extension'")
duck.execute(f"ATTACH '{source}' AS pg (TYPE postgres, READ_ONLY)")
duck.execute(f"ATTACH '{target}' AS remote (TOKEN '{token}')")
duck.execute("CREATE TABLE remote.lineitem AS FROM pg.public.lineitem")
"""
# A copy of whose values one differs has another sum.
SUMS = "SELECT count(*), sum(hash(l_orderkey, l_linenumber, l_extendedprice, l_shipdate, l_comment)) FROM lineitem"


def by_pg2duck(server):
    return [PROGRAM, "copy", contender.source_uri(), f"quack:localhost:{server.port}", "--tables", "lineitem", "--quiet"]


def by_duckdb(server):
    return [sys.executable, "-c", BY_DUCKDB, EXTENSIONS, contender.source_uri(), f"quack:localhost:{server.port}", server.token]


def seconds_of(make_command, scratch, expected):
    with tempfile.TemporaryDirectory(dir=scratch) as directory:
        server = QuackServer(pathlib.Path(directory)).start()
        try:
            begin = time.perf_counter()
            subprocess.run(make_command(server), env={**os.environ, **server.environment}, check=True)
            seconds = time.perf_counter() - begin
        finally:
            server.kill()
        with duckdb.connect(str(server.file)) as copy:
            if copy.execute(SUMS).fetchone() != expected:
                sys.exit(f"{make_command.__name__}: the copy is not equal to its source")
        return seconds


def reference_sums():
    duck = duckdb.connect()
    duck.execute(f"LOAD '{EXTENSIONS}/postgres_scanner.duckdb_extension'")
    duck.execute(f"ATTACH '{contender.source_uri()}' AS pg (TYPE postgres, READ_ONLY)")
    duck.execute("USE pg.public")
    return duck.execute(SUMS).fetchone()


def main():
    runs = int(os.environ.get("RUNS") or 3)
    Lineitem(os.environ.get("ROWS") or "1000000").load(None)
    expected = reference_sums()
    ways = (by_pg2duck, by_duckdb)
    seconds = {way: [] for way in ways}
    with tempfile.TemporaryDirectory(prefix="pg2duck_quack_") as scratch:
        for run in range(runs):
            for way in ways:
                seconds[way].append(seconds_of(way, scratch, expected))
                print(f"  run {run + 1} of {runs}, {way.__name__}: {seconds[way][-1]:.2f} s", flush=True)
    ours, theirs = (statistics.median(seconds[way]) for way in ways)
    print(f"{expected[0]:,} rows into quack: pg2duck {ours:.2f} s, DuckDB {theirs:.2f} s, ratio {theirs / ours:.2f}")
    return 0 if ours <= theirs else 1


sys.exit(main())
