"""Times full and incremental runs on the same table. Called by bench/incremental."""
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

from compare import number, prepare_source
from contenders.contender import ROOT, Command, source_uri
from instruments import machine, measure
from instruments.checks import TableCheck

PROGRAM = ROOT / "build/release/pg2duck"
OUTPUT = ROOT / "build/bench/incremental.json"
PROJECT = """target = "replica.duckdb"
{}[table.lineitem]
mode = "{}"
cursor = "changed"
"""


def load(postgres, rows):
    script = ROOT / "bench/datasets/lineitem.sql"
    subprocess.run(["psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-v", f"rows={rows}", "-f", script], check=True)
    with postgres.cursor() as cursor:
        cursor.execute("ALTER TABLE lineitem ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY, ADD COLUMN changed bigint")
        cursor.execute("UPDATE lineitem SET changed = id")
        cursor.execute("ALTER TABLE lineitem ALTER COLUMN changed SET NOT NULL, ADD PRIMARY KEY (id)")
        cursor.execute("CREATE INDEX ON lineitem (changed)")
        cursor.execute("VACUUM (FULL, ANALYZE) lineitem")


def change(postgres, condition):
    """Updates some rows, each with a cursor of its own beyond all others."""
    with postgres.cursor() as cursor:
        cursor.execute(f"WITH latest AS (SELECT max(changed) AS value FROM lineitem) UPDATE lineitem SET changed = value + id, "
                       f"l_quantity = l_quantity + 1 FROM latest WHERE {condition}")
        return cursor.rowcount


def add(postgres, rows):
    """Adds rows like the first ones, each with a cursor of its own beyond all others."""
    with postgres.cursor() as cursor:
        cursor.execute("SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = "
                       "'lineitem'::regclass AND attnum > 0 AND NOT attisdropped AND attname NOT IN ('id', 'changed')")
        columns, = cursor.fetchone()
        cursor.execute(f"WITH latest AS (SELECT max(changed) AS value FROM lineitem) INSERT INTO lineitem ({columns}, changed) "
                       f"SELECT {columns}, value + id FROM lineitem, latest WHERE id <= {rows}")
        return cursor.rowcount


def run(directory, postmaster, *options):
    command = Command([PROGRAM, "sync", "--quiet", *options])
    command.environment["PG2DUCK_SOURCE"] = source_uri()
    return measure.run(command, postmaster, directory, number("LIMIT", 1800))


def differences(postgres, target):
    with duckdb.connect(str(target), read_only=True) as duck:
        return TableCheck(postgres, "public", "lineitem").differences(duck, "main", "lineitem")


def kinds_of(postgres, rows):
    """By name: the mode, and what changes before a run, by its number."""
    share = float(os.environ.get("SHARE") or "0.001")
    every, few = round(1 / share), round(rows * share)
    return {"all over the table, merged": ("merge", lambda i: change(postgres, f"id % {every} = {i}")),
            "the newest, merged": ("merge", lambda _: change(postgres, f"id > {rows - few} AND id <= {rows}")),
            "rows added, appended": ("append", lambda _: add(postgres, few))}


def measure_all(postgres, postmaster, directory, rows):
    """Each kind has a copy of its own, which it keeps up over all of its runs; a full run stands before each of them.

    @return costs and rows changed by kind, and what is not equal afterwards"""
    costs, changed, wrong = {"full": []}, {}, []
    version = f'storage_version = "{os.environ["STORAGE_VERSION"]}"\n' if os.environ.get("STORAGE_VERSION") else ""
    for number_of_kind, (kind, (mode, make_change)) in enumerate(kinds_of(postgres, rows).items()):
        full, place = directory / f"full{number_of_kind}", directory / str(number_of_kind)
        for folder in (full, place):
            folder.mkdir()
            (folder / "pg2duck.toml").write_text(PROJECT.format(version, mode))
        run(place, postmaster)
        for i in range(number("RUNS", 5)):
            costs["full"].append(run(full, postmaster, "--full"))
            changed[kind] = make_change(i)
            costs.setdefault(kind, []).append(run(place, postmaster))
            print(f"  run {i + 1}: full {costs['full'][-1].wall:.3f} s, {kind}: {costs[kind][-1].wall:.3f} s", flush=True)
        wrong += differences(postgres, place / "replica.duckdb")
    return costs, changed, wrong


def table(costs, changed, rows):
    full = statistics.median(cost.wall for cost in costs["full"])
    lines = ["| changed rows | read rows | wall s | range | of a full run | client CPU s | server CPU s |",
             "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"]
    for kind, of_kind in costs.items():
        walls = sorted(cost.wall for cost in of_kind)
        median = statistics.median(walls)
        cpu = [statistics.median(getattr(cost, which) for cost in of_kind) for which in ("client_cpu", "server_cpu")]
        lines.append(f"| {kind} | {changed.get(kind, rows):,} | {median:.3f} | {walls[0]:.3f}-{walls[-1]:.3f} | "
                     f"{100 * median / full:.1f} % | {cpu[0]:.2f} | {cpu[1]:.2f} |")
    return "\n".join(lines)


def main():
    rows, postmaster, described = number("ROWS", 6000000), int(os.environ["PRIVATE_POSTGRES_PID"]), machine.describe()
    with contextlib.closing(psycopg2.connect("")) as postgres, tempfile.TemporaryDirectory(prefix="pg2duck_bench.") as scratch:
        postgres.autocommit = True
        print(f"Server and tool share {machine.in_words(described)}: making {rows:,} rows", flush=True)
        prepare_source(postgres)
        load(postgres, rows)
        costs, changed, wrong = measure_all(postgres, postmaster, pathlib.Path(scratch), rows)
    print("\n" + table(costs, changed, rows))
    print("\n".join(wrong))
    document = {"when": time.strftime("%Y-%m-%dT%H:%M:%S%z"), "machine": described, "rows": rows, "changed": changed,
                "costs": {kind: [vars(cost) for cost in of_kind] for kind, of_kind in costs.items()}, "differences": wrong}
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    OUTPUT.write_text(json.dumps(document, indent=1) + "\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
