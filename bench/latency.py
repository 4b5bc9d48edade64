"""Times copies over links with latency. Called by bench/latency."""
import contextlib
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import duckdb
import psycopg2

from compare import number
from contenders.contender import ROOT, source_uri
from instruments import machine

sys.path.insert(0, str(ROOT / "tests"))

from support.network.slow_link import slow_link  # noqa: E402

PROGRAM = ROOT / "build/release/pg2duck"
OUTPUT = ROOT / "build/bench/latency.json"
BY_DUCKDB = """
import duckdb, sys
extension, source, target = sys.argv[1:]
duck = duckdb.connect(target)
duck.execute("SET enable_progress_bar = false")
duck.execute(f"LOAD '{extension}'")
duck.execute(f"ATTACH '{source}' AS pg (TYPE postgres, READ_ONLY)")
for schema, table in duck.execute("SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = 'pg'").fetchall():
    if schema in WANTED:
        duck.execute(f"CREATE TABLE main.{table} AS FROM pg.{schema}.{table}")
"""


def listed(name, default):
    return [int(part) for part in (os.environ.get(name) or default).split(",")]


def load(postgres, rows, tables):
    script = ROOT / "bench/datasets/lineitem.sql"
    subprocess.run(["psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-v", f"rows={rows}", "-f", script], check=True)
    with postgres.cursor() as cursor:
        cursor.execute("CREATE EXTENSION pageinspect; CREATE SCHEMA small")
        for i in range(tables):
            cursor.execute(f"CREATE TABLE small.t{i} AS SELECT g AS id, 'x' || g AS v, now() AS at FROM generate_series(1, 50) g")
        cursor.execute("VACUUM ANALYZE")


def pg2duck(source, schema, target, *options):
    subprocess.run([PROGRAM, "copy", source, target, "--quiet", "--tables", f"{schema}.*", *options], check=True,
                   stdout=subprocess.DEVNULL)


def by_duckdb(source, schema, target):
    extension = ROOT / "build/deps/extensions/postgres_scanner.duckdb_extension"
    subprocess.run([sys.executable, "-c", f"WANTED = ('{schema}',)\n" + BY_DUCKDB, extension, source, target], check=True)


def ways(jobs):
    """{(what, how): a function of source and target}"""
    found = {}
    for mode in ("copy", "pages"):
        for count in jobs:
            found["lineitem", f"{mode}, --jobs {count}"] = (
                lambda source, target, mode=mode, count=count:
                pg2duck(source, "public", target, "--read", mode, "--jobs", str(count)))
    found["lineitem", "as pg2duck chooses"] = lambda source, target: pg2duck(source, "public", target)
    found["lineitem", "DuckDB's extension"] = lambda source, target: by_duckdb(source, "public", target)
    found["small tables", "as pg2duck chooses"] = lambda source, target: pg2duck(source, "small", target)
    found["small tables", "DuckDB's extension"] = lambda source, target: by_duckdb(source, "small", target)
    return found


def rows_of(target):
    with duckdb.connect(str(target), read_only=True) as duck:
        tables = duck.execute("SELECT schema_name, table_name FROM duckdb_tables() WHERE table_name = 'lineitem' OR "
                              "regexp_full_match(table_name, 't[0-9]+')").fetchall()
        return sum(duck.execute(f"SELECT count(*) FROM {schema}.{table}").fetchone()[0] for schema, table in tables)


def measure(milliseconds, jobs, expected):
    seconds, wrong = {}, []
    for _ in range(number("RUNS", 3)):
        for delay in milliseconds:
            with slow_link(int(os.environ["PGPORT"]), delay / 1000) as port:
                source = source_uri().replace(f":{os.environ['PGPORT']}/", f":{port}/")
                for (what, how), copy in ways(jobs).items():
                    with tempfile.TemporaryDirectory(prefix="pg2duck_bench.") as directory:
                        target = pathlib.Path(directory, "copy.duckdb")
                        begin = time.perf_counter()
                        copy(source, target)
                        seconds.setdefault((what, how, delay), []).append(time.perf_counter() - begin)
                        if rows_of(target) != expected[what]:
                            wrong.append(f"{what}, {how}, {delay} ms: {rows_of(target)} rows, not {expected[what]}")
        print("  one round of runs is done", flush=True)
    return seconds, wrong


def table(seconds, milliseconds):
    lines = ["| | " + " | ".join(f"{delay} ms" for delay in milliseconds) + " |", "| --- |" + " ---: |" * len(milliseconds)]
    for what, how in dict.fromkeys((what, how) for what, how, _ in seconds):
        cells = [f"{statistics.median(seconds[what, how, delay]):.2f} s" for delay in milliseconds]
        lines.append(f"| {what}, {how} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main():
    rows, tables, milliseconds, jobs = number("ROWS", 2000000), number("TABLES", 200), listed("MILLISECONDS", "0,5,50"), listed("JOBS", "1,2,4,8")
    described = machine.describe()
    with contextlib.closing(psycopg2.connect("")) as postgres:
        postgres.autocommit = True
        print(f"Server, link and tool share {machine.in_words(described)}", flush=True)
        load(postgres, rows, tables)
    seconds, wrong = measure(milliseconds, jobs, {"lineitem": rows, "small tables": 50 * tables})
    print("\n" + table(seconds, milliseconds))
    print("\n".join(wrong))
    document = {"when": time.strftime("%Y-%m-%dT%H:%M:%S%z"), "machine": described, "rows": rows, "tables": tables,
                "seconds": [{"what": what, "how": how, "milliseconds": delay, "seconds": found}
                            for (what, how, delay), found in seconds.items()], "wrong": wrong}
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    OUTPUT.write_text(json.dumps(document, indent=1) + "\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
