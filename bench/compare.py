"""Runs every contender on every dataset, interleaved, and prints one table a dataset. Called by bench/compare."""
import contextlib
import json
import os
import pathlib
import shutil
import sys
import tempfile
import time

import duckdb
import psycopg2

import contenders
import datasets
from contenders.contender import ROOT
from instruments import machine, measure, queries, report
from instruments.checks import TableCheck
from instruments.results import Comparison, Result

OUTPUT = ROOT / "build/bench/compare.json"
REFERENCE = "reference"


def number(variable, default):
    return int(os.environ.get(variable) or default)


def differences(checks, contender, target):
    with duckdb.connect(str(target), read_only=True) as duck:
        return [line for check in checks for line in check.differences(duck, *contender.copied_name(check.schema, check.table))]


def run_once(result, tables, checks, directory, postmaster):
    """Leaves the copy in `directory`, alone."""
    contender = result.contender
    target = directory / "replica.duckdb"
    shutil.rmtree(directory, ignore_errors=True)
    (directory / "home").mkdir(parents=True)
    try:
        command = contender.command(tables, target, directory / "home")
        result.costs.append(measure.run(command, postmaster, directory / "home", number("LIMIT", 1800)))
        result.file_bytes = sum(file.stat().st_size for file in directory.glob("replica.duckdb*"))
        result.differences += [line for line in differences(checks, contender, target) if line not in result.differences]
    except (measure.CommandFailed, duckdb.Error, OSError) as error:
        result.failure = str(error).strip()
    shutil.rmtree(directory / "home")


def chosen_contenders():
    return contenders.chosen([name for name in os.environ.get("CONTENDERS", "").split(",") if name])


def candidates(tables):
    """A Result for every contender that was asked for, with a reason for those that will not run."""
    for contender in chosen_contenders():
        reason = contender.missing()
        if not reason and contender.against_many_tables and len(tables) > 1 and not number("PEERS_ALL", 0):
            reason = f"{contender.against_many_tables}; PEERS_ALL=1 runs it on {len(tables)} tables too"
        yield Result(contender, reason or "")


def copy_all(results, tables, checks, scratch, postmaster):
    """All runs, interleaved: one of each contender, then the next of each."""
    wanted = {name: number("PEER_RUNS", 1) if contender.slow else number("RUNS", 3)
              for name, contender in ((result.contender.name, result.contender) for result in results)}
    for run in range(1, max(wanted.values()) + 1):
        for result in results:
            if result.left_out or result.failure or run > wanted[result.contender.name]:
                continue
            directory = scratch / result.contender.name
            run_once(result, tables, checks, directory, postmaster)
            last = result.failure or f"{result.costs[-1].wall:.2f} s"
            print(f"  run {run} of {wanted[result.contender.name]}, {result.contender.title}: {last}", flush=True)
            if result.failure or not number("QUERY_RUNS", 3):
                shutil.rmtree(directory)


def query_all(comparison, dataset, scratch):
    """Times the queries on the copies of the last runs, beside a file that DuckDB wrote itself."""
    print(f"  {len(dataset.queries())} queries on each copy", flush=True)
    reference = scratch / f"{REFERENCE}.duckdb"
    dataset.write_reference(reference)
    comparison.reference_bytes = reference.stat().st_size
    files = {REFERENCE: reference}
    files |= {result.contender.name: scratch / result.contender.name / "replica.duckdb"
              for result in comparison.results if result.measured}
    times = queries.measure(dataset, files, number("QUERY_RUNS", 3))
    comparison.reference_queries = times[REFERENCE]
    for result in comparison.results:
        result.queries = times.get(result.contender.name)


def compare(dataset, postgres, postmaster):
    print(f"\n{dataset.label}: making the data", flush=True)
    tables = dataset.load(postgres)
    checks = [TableCheck(postgres, *table) for table in tables]
    results = list(candidates(tables))
    comparison = Comparison(
        dataset.label, dataset.name, dataset.size, len(tables), sum(check.rows for check in checks),
        sum(check.bytes for check in checks), results,
    )
    print(f"{dataset.label}: {len(tables)} table(s), {comparison.rows:,} rows, {comparison.bytes / 1e6:,.0f} MB in Postgres",
          flush=True)
    with tempfile.TemporaryDirectory(prefix="pg2duck_bench.") as scratch:
        copy_all(results, tables, checks, pathlib.Path(scratch), postmaster)
        if number("QUERY_RUNS", 3):
            query_all(comparison, dataset, pathlib.Path(scratch))
    dataset.unload(postgres)
    return comparison


def show(comparison):
    print(f"\n{comparison.label}, {comparison.tables} table(s), {comparison.rows:,} rows, medians:\n")
    print(report.comparison_table(comparison) + "\n")
    for line in report.remarks(comparison):
        print("- " + line)


def chosen_datasets():
    wanted = os.environ.get("DATASET") or "all"
    known = {dataset.name: dataset for dataset in datasets.ALL}
    if wanted != "all" and wanted not in known:
        raise LookupError(f"DATASET={wanted} is not one of {', '.join(known)}, all")
    return known.values() if wanted == "all" else [known[wanted]]


def prepare_source(postgres):
    with postgres.cursor() as cursor:
        # For copies that read pages; what else a source needs for them is a right that the superuser of this one has.
        cursor.execute("SELECT count(*) FROM pg_available_extensions WHERE name = 'pageinspect'")
        if cursor.fetchone()[0]:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pageinspect")
        else:
            print("This server has no pageinspect: copies that read pages cannot.")


def is_well(comparison):
    """Whether pg2duck's own copies succeeded and are equal; what is wrong with a peer is told, and not ours to mend."""
    return not any(result.differences or result.failure for result in comparison.results if result.contender.ours)


def main():
    kinds, _ = chosen_datasets(), chosen_contenders()  # A mistyped name must not cost the time of making data.
    postmaster = int(os.environ["PRIVATE_POSTGRES_PID"])
    described = machine.describe()
    document = {"when": time.strftime("%Y-%m-%dT%H:%M:%S%z"), "machine": described, "comparisons": []}
    comparisons = []
    # closing, as psycopg2's own `with` would keep one transaction open, and its snapshot would hold back VACUUM.
    with contextlib.closing(psycopg2.connect("")) as postgres:
        postgres.autocommit = True
        document["postgres"] = postgres.get_parameter_status("server_version").split()[0]
        print(f"Postgres {document['postgres']} and the tools share {machine.in_words(described)}")
        prepare_source(postgres)
        for kind in kinds:
            sizes = [compare(dataset, postgres, postmaster) for dataset in kind.of_all_sizes()]
            for comparison in sizes:
                show(comparison)
            if len(sizes) > 1:
                print(f"\n{kind.name}, growth:\n\n{report.growth_table(sizes)}")
            comparisons += sizes
    document["comparisons"] = [report.as_json(comparison) for comparison in comparisons]
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    OUTPUT.write_text(json.dumps(document, indent=1) + "\n")
    print(f"\nAll figures: {OUTPUT.relative_to(ROOT)}")
    return 0 if all(map(is_well, comparisons)) else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except LookupError as error:
        sys.exit(f"compare: {error}")
