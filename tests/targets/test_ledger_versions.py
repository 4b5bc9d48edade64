"""Targets that an earlier pg2duck left are taken over as they are, those of a later one are left alone."""

import signal

import pytest

from support.golden import recorded_ledger
from support.program import Running, copy_well
from support.setting import driver
from support.targets.kinds import LakeInPostgres, Parquet, made

RECORDED = ("v1",)
KINDS = (*recorded_ledger.KINDS, LakeInPostgres)
# What a run only adds to.
HISTORY = ("runs", "table_runs", "run_metrics")
STATE = ("tables", "columns", "source_columns", "cursors")


@pytest.fixture(scope="module")
def sources(cluster):
    """The two databases that the recorded targets are of."""
    databases = cluster.create_database(), cluster.create_database()
    recorded_ledger.make_sources(*databases)
    yield databases
    for database in databases:
        database.drop()


@pytest.fixture(params=[(version, kind) for version in RECORDED for kind in KINDS],
                ids=lambda param: f"{param[0]} {param[1].name}")
def place(request, cluster, sources):
    version, kind = request.param
    with made(kind, cluster) as place:
        recorded_ledger.make_target(version, place, *sources)
        yield place


def state(rows: dict) -> dict:
    """What the next run needs, without the runs that wrote it and their times; transactions are counted by the server."""
    def kept(row: dict) -> dict:
        passing = {"run_id", "reconciled_at"} | ({"value"} if row.get("cursor") == "xmin" else set())
        return {key: value for key, value in row.items() if key not in passing}

    return {table: [kept(row) for row in rows[table]] for table in STATE}


def copied(place) -> dict:
    return {name: found for name, found in place.content().items() if not name.endswith(".last_sync_time")}


def test_a_run_goes_on_where_the_earlier_program_ended(place, sources, tmp_path):
    source, other = sources
    content, before = copied(place), recorded_ledger.ledger_rows(place)
    report = recorded_ledger.sync(place, source, tmp_path, "--keep-runs", "all").expect(3).report
    read = {table["table"]: table["rows"] for table in report["tables"]}
    if not isinstance(place, Parquet):
        # By their cursors, and not as wholes: the tables have 6 to 9 rows.
        assert (read["orders"], read["items"], read["log"], read["contracts"]) == (1, 1, 1, 1)
        assert {table["mode"] for table in report["tables"]} == {"full", "append", "merge"}
    assert [change for table in report["tables"] for change in table["schema_changes"]] == []
    assert [table["table"] for table in report["dropped_tables"]] == ["passing"]
    assert copied(place) == content
    after = recorded_ledger.ledger_rows(place)
    version, = after["schema_version"]
    assert (version["version"], version["program"]) == ("3", after["runs"][0]["version"])
    for table in HISTORY:
        # Columns that came later are empty there.
        kept = [row for row in after[table] if row["run_id"] != report["run_id"]]
        assert [{key: row.pop(key) for key in old} for row, old in zip(kept, before[table], strict=True)] == before[table]
        assert all(value is None for row in kept for value in row.values())
    was, now = state(before), state(after)
    origins = {(row["schema"], row["table"]): row for row in now["tables"]}
    for row in now["cursors"]:
        assert row.pop("parts")
    for row in now["tables"]:
        assert row.pop("source") == (other if row["schema"] == "other" else source).uri()
        del row["system_identifier"], row["database_oid"]
    # What made the values is learnt of all tables that were read.
    made = {(row["schema"], row["table"]) for row in now["source_columns"] if row.pop("value_origin") is not None}
    assert made >= {("main", "orders"), ("sales", "items"), ("main", "log"), ("sales", "contracts")}
    assert len(origins) == len(was["tables"]) and now == was

    again = recorded_ledger.sync(place, source, tmp_path, "--keep-runs", "all").expect(3).report
    assert copied(place) == content
    assert len(recorded_ledger.ledger_rows(place)["runs"]) == len(before["runs"]) + 2
    assert {table["table"]: table["rows"] for table in again["tables"]} == read
    report = copy_well(other, place.argument, *place.options, "--dataset", "other", env=place.env).report
    assert report["dropped_tables"] == []


def test_whose_tables_they_are_is_known_by_the_database_from_then_on(place, sources, tmp_path):
    source, _ = sources
    recorded_ledger.sync(place, source, tmp_path).expect(3)
    identifier = source.value("SELECT system_identifier::text FROM pg_control_system()")
    oid = source.value("SELECT oid::text FROM pg_database WHERE datname = current_database()")
    marks = {(row["schema"] == "other" or row["table"] in ("passing", "quotas"), row["system_identifier"], row["database_oid"])
             for row in recorded_ledger.ledger_rows(place)["tables"]}
    assert marks == {(False, identifier, oid), (True, None, None)}


def test_a_plan_migrates_nothing(place, sources, tmp_path):
    source, _ = sources
    before = recorded_ledger.ledger_rows(place)
    report = recorded_ledger.sync(place, source, tmp_path, "--dry-run").expect(0).report
    read = {table["table"]: table["read"] for table in report["plan"]}
    if not isinstance(place, Parquet):
        assert "merge by id, updated_at from 2025-03-01 00:00:00" in read["orders"] and "append, id from 7" in read["log"]
    assert recorded_ledger.ledger_rows(place) == before


def test_killed_before_the_commit_it_is_as_it_was(place, sources, cluster, tmp_path):
    content, before = copied(place), recorded_ledger.ledger_rows(place)
    fresh = cluster.create_database()
    try:
        fresh.run("CREATE TABLE fresh (id int)")
        killed = Running(["migrating", fresh.uri(), place.argument], env=place.env, program=driver("kill_at")).finish()
        assert killed.code == -signal.SIGKILL, killed
        after = recorded_ledger.ledger_rows(place)
        after.pop("writers", None)
        before.pop("writers", None)
        assert (copied(place), after) == (content, before)
        recorded_ledger.sync(place, sources[0], tmp_path, "--keep-runs", "all").expect(3)
        rows = recorded_ledger.ledger_rows(place)
        assert len(rows["schema_version"]) == 1 and len(rows["runs"]) == len(before["runs"]) + 1
    finally:
        fresh.drop()


def test_the_ledger_of_a_later_program_is_refused(place, sources, tmp_path):
    source, _ = sources
    recorded_ledger.sync(place, source, tmp_path).expect(3)
    recorded_ledger.write_version(place, 99, "7.8.9")
    content, before = place.content(), recorded_ledger.ledger_rows(place)
    for options in ((), ("--dry-run",), ("--force", "--full")):
        refused = recorded_ledger.sync(place, source, tmp_path, *options)
        refused.expect_error(2, f"target {place.argument}", "version 99", "pg2duck 7.8.9", before["runs"][0]["version"], "up to 3")
        refused.expect_hint("use pg2duck 7.8.9")
        assert "could not be recorded" not in refused.err
    after = recorded_ledger.ledger_rows(place)
    assert (place.content(), after) == (content, before)
