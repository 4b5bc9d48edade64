"""The ledger does not grow for ever: keep_runs. PG2DUCK_RUNS=500 makes more runs, of which a fifth is kept."""

import os

import pytest

from support.program import copy, copy_well, pg2duck
from support.targets import duckdb_file as seen

RUNS = int(os.environ.get("PG2DUCK_RUNS", "60"))
KEPT = RUNS // 5
TABLES = 24
HISTORY = ("runs", "table_runs", "run_metrics")


def counts(target) -> dict[str, int]:
    return {table: seen.value(target, f"SELECT count(*) FROM _pg2duck.{table}")
            for table in (*HISTORY, "tables", "columns", "source_columns", "cursors")}


@pytest.fixture
def shop(db):
    """Half of the tables are replaced, half are merged by a cursor."""
    db.run("CREATE SCHEMA merged")
    for number in range(TABLES):
        schema = "merged" if number % 2 else "public"
        db.run(f"CREATE TABLE {schema}.t{number} (id int PRIMARY KEY, at int, note text); "
               f"INSERT INTO {schema}.t{number} SELECT i, i, 'note ' || i FROM generate_series(1, 20) i")
    return db


def configure(directory, db, keep: str) -> None:
    (directory / "pg2duck.toml").write_text(f'source = "{db.uri()}"\ntarget = "copy.duckdb"\nkeep_runs = {keep}\n'
                                            '[table."merged.*"]\nmode = "merge"\ncursor = "at"\n')


def test_after_many_runs_rows_and_bytes_are_as_many_as_after_a_few(shop, target, tmp_path):
    configure(tmp_path, shop, str(KEPT))
    sizes, found = [], []
    for number in range(RUNS):
        shop.run(f"UPDATE merged.t1 SET at = {100 + number} WHERE id = {number % 20 + 1}")
        pg2duck("sync", "--quiet", cwd=tmp_path).expect(0)
        sizes.append(target.stat().st_size)
        if number % KEPT == KEPT - 1:
            found.append(counts(target))
    # The first run has made the tables that are merged into, and stays.
    kept = KEPT + 1
    assert {table: found[1][table] for table in HISTORY} == {"runs": kept, "run_metrics": kept, "table_runs": kept * TABLES}
    assert found[0]["runs"] == KEPT and all(each == found[1] for each in found[1:])
    grown = max(sizes[-KEPT:]) / max(sizes[KEPT:2 * KEPT])
    assert grown <= 1.1, (grown, sizes)


def test_an_age_a_number_or_all(db, target):
    db.run("CREATE TABLE t AS SELECT 1 AS id")
    for _ in range(4):
        copy_well(db, target)
    assert counts(target)["runs"] == 4, "90 days"
    copy_well(db, target, "--keep-runs", "all")
    copy_well(db, target, "--keep-runs", "4")
    assert {table: counts(target)[table] for table in HISTORY} == dict.fromkeys(HISTORY, 4)
    copy_well(db, target, env={"PG2DUCK_KEEP_RUNS": "1 hour"})
    assert counts(target)["runs"] == 5
    copy(db, target, "--dry-run", "--keep-runs", "1").expect(0)
    assert counts(target)["runs"] == 5
    for bad in ("0", "soon", "0 days", "-1", ""):
        copy(db, target, "--keep-runs", bad).expect_error(2, "--keep-runs needs an age").expect_hint("12 weeks")
    copy_well(db, target, "--keep-runs", "1")
    # The run before has made the table that this one replaced.
    assert counts(target)["runs"] == 2
    copy_well(db, target, "--keep-runs", "1")
    assert counts(target)["runs"] == 2


def test_what_tables_need_stays_and_failures_count_too(db, target, tmp_path):
    db.run("CREATE TABLE rarely (id int PRIMARY KEY, at int); INSERT INTO rarely VALUES (1, 1); "
           "CREATE TABLE often (id int PRIMARY KEY, at int); INSERT INTO often VALUES (1, 1)")
    merge = ("--mode", "merge")
    made = copy_well(db, target, *merge).report["run_id"]
    last_of_rarely = copy_well(db, target, "--tables", "rarely", *merge).report["run_id"]
    for _ in range(3):
        copy_well(db, target, "--tables", "often", *merge, "--keep-runs", "1")
    db.run("ALTER TABLE often ADD broken numeric(3,1); UPDATE often SET broken = 'NaN'")
    for _ in range(3):
        copy(db, target, "--tables", "often", *merge, "--keep-runs", "1").expect(1)
    kept = seen.rows(target, "SELECT run_id::VARCHAR, status FROM _pg2duck.runs ORDER BY finished_at")
    assert [run for run, _ in kept[:2]] == [made, last_of_rarely]
    # The last one that published `often`, and the last failure.
    assert [status for _, status in kept] == ["published"] * 3 + ["failed"]
    orphans = seen.value(target, "SELECT count(*) FROM _pg2duck.table_runs WHERE run_id NOT IN (SELECT run_id FROM _pg2duck.runs)")
    assert orphans == 0
    db.run("ALTER TABLE often DROP broken; INSERT INTO rarely VALUES (2, 2)")
    report = copy_well(db, target, *merge).report
    assert {table["table"]: table["mode"] for table in report["tables"]} == {"often": "merge", "rarely": "merge"}
