"""Runs every contender on every dataset, interleaved, and prints one table a dataset. Called by bench/compare."""
import dataclasses
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile
import time

import duckdb
import psycopg2

import contenders
import measure
from checks import TableCheck

ROOT = contenders.ROOT
sys.path.insert(0, str(ROOT / "scripts"))
import tpcds_to_postgres  # noqa: E402


def load_lineitem():
    rows = os.environ.get("ROWS") or "6000000"
    script = ROOT / "bench/lineitem.sql"
    subprocess.run(["psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-v", f"rows={rows}", "-f", script], check=True)
    return [("public", "lineitem")]


def load_tpcds():
    rows = tpcds_to_postgres.fill("my_pg", float(os.environ.get("SCALE") or "1"))
    return [("my_pg", table) for table in sorted(rows)]


DATASETS = {"lineitem": load_lineitem, "tpcds": load_tpcds}


@dataclasses.dataclass
class Result:
    contender: contenders.Contender
    costs: list = dataclasses.field(default_factory=list)
    file_bytes: int = 0
    problem: str = ""  # why it has no figures
    differences: list = dataclasses.field(default_factory=list)

    def median(self, field):
        return statistics.median(getattr(cost, field) for cost in self.costs)


def chosen_contenders():
    names = [name for name in os.environ.get("CONTENDERS", "").split(",") if name]
    known = {contender.name: contender for contender in contenders.ALL}
    for name in names:
        if name not in known:
            sys.exit(f"compare: no contender is called {name}; known: {', '.join(known)}")
    return [known[name] for name in names] or contenders.ALL


def differences(checks, contender, target):
    with duckdb.connect(str(target), read_only=True) as duck:
        return [line for check in checks for line in check.differences(duck, *contender.copied_name(check.schema, check.table))]


def run_once(result, tables, checks, scratch, postmaster):
    contender = result.contender
    target = pathlib.Path(scratch, "copy.duckdb")
    try:
        result.costs.append(measure.run(contender.command(tables, target), postmaster))
        result.file_bytes = target.stat().st_size
        result.differences += differences(checks, contender, target)
    except (measure.CommandFailed, duckdb.Error, OSError) as error:
        result.problem = str(error).strip()
    for file in pathlib.Path(scratch).glob("copy.duckdb*"):
        file.unlink()


def compare(tables, checks, runs, postmaster):
    results = [Result(contender, problem=contender.missing() or "") for contender in chosen_contenders()]
    with tempfile.TemporaryDirectory(prefix="pg2duck_bench.") as scratch:
        for number in range(1, runs + 1):
            for result in results:
                if not result.problem:
                    run_once(result, tables, checks, scratch, postmaster)
                    last = result.problem or f"{result.costs[-1].wall:.2f} s"
                    print(f"  run {number} of {runs}, {result.contender.title}: {last}", flush=True)
    return results


def print_table(results, rows):
    first = next((r for r in results if not r.problem), None)
    header = ("", "wall s", "(range)", "rows/s", "client CPU s", "server CPU s", "peak RSS MB", "file MB", "wall ratio")
    lines = []
    for result in results:
        if result.problem:
            continue
        walls = [cost.wall for cost in result.costs]
        wall = result.median("wall")
        lines.append((
            f"{result.contender.title}", f"{wall:.2f}", f"{min(walls):.2f}-{max(walls):.2f}", f"{rows / wall:,.0f}",
            f"{result.median('client_cpu'):.1f}", f"{result.median('server_cpu'):.1f}",
            f"{result.median('peak_rss') / 1e6:,.0f}", f"{result.file_bytes / 1e6:,.0f}",
            f"{wall / first.median('wall'):.2f}x",
        ))
    widths = [max(len(line[i]) for line in (header, *lines)) for i in range(len(header))]
    for line in (header, *lines):
        print("  " + "  ".join(cell.ljust(width) if i == 0 else cell.rjust(width) for i, (cell, width) in enumerate(zip(line, widths))))
    for result in results:
        if result.problem:
            print(f"  {result.contender.title}: not measured: {result.problem}")
        for line in result.differences:
            print(f"  {result.contender.title}: NOT EQUAL: {line}")


def as_json(dataset, checks, results):
    return {
        "dataset": dataset,
        "tables": len(checks),
        "rows": sum(check.rows for check in checks),
        "bytes": sum(check.bytes for check in checks),
        "contenders": [
            {
                "name": result.contender.name,
                "version": None if result.problem else result.contender.version(),
                "problem": result.problem or None,
                "equal": None if result.problem else not result.differences,
                "differences": result.differences,
                "file_bytes": result.file_bytes,
                "runs": [dataclasses.asdict(cost) for cost in result.costs],
            }
            for result in results
        ],
    }


def main():
    wanted = os.environ.get("DATASET") or "all"
    runs = int(os.environ.get("RUNS") or "3")
    postmaster = int(os.environ["PRIVATE_POSTGRES_PID"])
    if wanted != "all" and wanted not in DATASETS:
        sys.exit(f"compare: DATASET={wanted} is not one of {', '.join(DATASETS)}, all")
    with psycopg2.connect("") as postgres:
        postgres.autocommit = True
        version = postgres.get_parameter_status("server_version").split()[0]
        document = {
            "when": time.strftime("%Y-%m-%dT%H:%M:%S%z"), "machine": platform.machine(), "cores": os.cpu_count(),
            "postgres": version, "runs": runs, "datasets": [],
        }
        failed = False
        for dataset, load in DATASETS.items():
            if wanted not in (dataset, "all"):
                continue
            print(f"\n{dataset}: making the data", flush=True)
            tables = load()
            checks = [TableCheck(postgres, *table) for table in tables]
            rows = sum(check.rows for check in checks)
            size = sum(check.bytes for check in checks) / 1e6
            print(f"{dataset}: {len(tables)} table(s), {rows:,} rows, {size:,.0f} MB in Postgres {version}", flush=True)
            results = compare(tables, checks, runs, postmaster)
            print(f"\n{dataset}, medians of {runs}, {os.cpu_count()} cores shared with the server:")
            print_table(results, rows)
            document["datasets"].append(as_json(dataset, checks, results))
            failed |= any(result.differences for result in results)
            failed |= any(result.problem and result.contender.name == "pg2duck" for result in results)
    output = ROOT / "build/bench/compare.json"
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(json.dumps(document, indent=1) + "\n")
    print(f"\nAll figures: {output.relative_to(ROOT)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
