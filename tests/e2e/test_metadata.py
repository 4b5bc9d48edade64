"""Constraints, comments, views in the target, the ledger, refreshing."""

import time

import duckdb
import pytest

from support.program import copy, copy_well
from support.targets import duckdb_file as duck


def constraints(target, kind: str) -> set:
    sql = ("SELECT table_name, constraint_column_names FROM duckdb_constraints() "
           f"WHERE constraint_type = '{kind}' AND schema_name <> '_pg2duck'")
    return {(table, tuple(columns)) for table, columns in duck.rows(target, sql)}


def test_not_null_is_carried_over(db, target):
    db.run("CREATE TABLE t (a int NOT NULL, b int, c text NOT NULL)")
    copy_well(db, target)
    assert constraints(target, "NOT NULL") == {("t", ("a",)), ("t", ("c",))}


def test_primary_keys_only_when_asked_for(db, target):
    db.run("CREATE TABLE t (b text, a int, v int, PRIMARY KEY (a, b)); CREATE TABLE without (id int); "
           "INSERT INTO t VALUES ('x', 1, 1), ('y', 1, 2)")
    copy_well(db, target)
    assert constraints(target, "PRIMARY KEY") == set()
    copy_well(db, target, "--primary-keys")
    assert constraints(target, "PRIMARY KEY") == {("t", ("a", "b"))}
    assert duck.value(target, "SELECT count(*) FROM t") == 2
    copy_well(db, target, "--primary-keys")
    assert constraints(target, "PRIMARY KEY") == {("t", ("a", "b"))}


def test_comments_of_tables_and_columns(db, target):
    db.run("CREATE TABLE t (a int, b int); COMMENT ON TABLE t IS 'It''s the \"table\"; 漢字'; "
           "COMMENT ON COLUMN t.b IS 'line one\nline two'")
    copy_well(db, target)
    assert duck.rows(target, "SELECT comment FROM duckdb_tables() WHERE table_name = 't'") == [
        ("It's the \"table\"; 漢字",)]
    assert duck.rows(target, "SELECT column_name, comment FROM duckdb_columns() WHERE table_name = 't' ORDER BY 1") == [
        ("a", None), ("b", "line one\nline two")]


def test_a_view_in_the_target_sees_the_refreshed_table(db, target):
    db.run("CREATE TABLE t AS SELECT generate_series(1, 10) AS id")
    copy_well(db, target)
    with duckdb.connect(str(target)) as connection:
        connection.execute("CREATE VIEW total AS SELECT sum(id) AS s FROM t")
    db.run("INSERT INTO t VALUES (100)")
    copy_well(db, target)
    assert duck.value(target, "SELECT s FROM total") == 155


def test_refreshing_replaces_rows_columns_and_sync_time(db, target):
    db.run("CREATE TABLE t AS SELECT 1 AS id")
    copy_well(db, target)
    first = duck.last_sync_time(target)
    db.run("ALTER TABLE t ADD COLUMN v text DEFAULT 'new'; ALTER TABLE t ALTER id TYPE text; "
           "INSERT INTO t VALUES ('2', 'b')")
    copy_well(db, target)
    assert sorted(duck.rows(target, "SELECT * FROM t")) == [("1", "new"), ("2", "b")]
    assert duck.last_sync_time(target) > first


def test_a_table_renamed_by_case_in_the_source_replaces_the_old_one(db, target):
    db.run("CREATE TABLE orders AS SELECT 1 AS id")
    copy_well(db, target)
    db.run('ALTER TABLE orders RENAME TO "Orders"; INSERT INTO "Orders" VALUES (2)')
    copy_well(db, target)
    assert duck.tables(target) == {"main.Orders"} and duck.value(target, "SELECT count(*) FROM orders") == 2


def test_several_schemas_and_public_becomes_main(db, target):
    db.run("CREATE SCHEMA sales; CREATE SCHEMA \"HR\"; CREATE TABLE public.t AS SELECT 1 AS id; "
           "CREATE TABLE sales.t AS SELECT 2 AS id; CREATE TABLE \"HR\".t AS SELECT 3 AS id")
    copy_well(db, target)
    assert duck.tables(target) == {"main.t", "sales.t", "HR.t"}
    assert duck.rows(target, 'SELECT (FROM main.t), (FROM sales.t), (FROM "HR".t)') == [(1, 2, 3)]
    assert duck.last_sync_time(target, "main") is not None


def test_last_sync_time_is_one_row_of_one_column(db, target):
    db.run("CREATE TABLE t (id int)")
    for _ in range(2):
        before = time.time()
        copy_well(db, target)
        assert duck.column_types(target, "last_sync_time") == {"last_sync_time": "TIMESTAMP WITH TIME ZONE"}
        assert before <= duck.last_sync_time(target).timestamp() <= time.time()


@pytest.fixture(scope="module")
def two_runs(cluster, tmp_path_factory):
    db = cluster.create_database()
    target = tmp_path_factory.mktemp("ledger") / "copy.duckdb"
    db.run("CREATE TABLE t AS SELECT generate_series(1, 10) AS id; CREATE TABLE u (v text)")
    first = copy_well(db, target).report
    second = copy_well(db, target, "--tables", "t").report
    yield db, target, first, second
    db.drop()


def test_ledger_remembers_runs(two_runs):
    db, target, first, second = two_runs
    runs = duck.rows(target, "SELECT run_id::VARCHAR, status, source, error, version, started_at <= finished_at, "
                             "snapshot <> '', lsn <> '', snapshot_at <= finished_at FROM _pg2duck.runs "
                             "ORDER BY finished_at")
    assert [run[0] for run in runs] == [first["run_id"], second["run_id"]]
    for run in runs:
        assert run[1:4] == ("published", f"postgresql://postgres@127.0.0.1:{db.cluster.port}/{db.name}", None)
        assert run[4] and run[5:] == (True, True, True, True)


def test_ledger_remembers_tables_of_each_run(two_runs):
    _, target, first, second = two_runs
    found = duck.rows(target, "SELECT run_id::VARCHAR, schema, \"table\", mode, rows, bytes > 0, seconds > 0, status, "
                              "error FROM _pg2duck.table_runs")
    assert sorted(found) == sorted([
        (first["run_id"], "main", "t", "full", 10, True, True, "published", None),
        (first["run_id"], "main", "u", "full", 0, True, True, "published", None),
        (second["run_id"], "main", "t", "full", 10, True, True, "published", None)])


def test_ledger_has_one_state_a_table(two_runs):
    _, target, first, second = two_runs
    assert sorted(duck.rows(target, "SELECT schema, \"table\", source_schema, source_table, limited, run_id::VARCHAR "
                                    "FROM _pg2duck.tables")) == [
        ("main", "t", "public", "t", False, second["run_id"]), ("main", "u", "public", "u", False, first["run_id"])]


def test_ledger_remembers_a_failed_run(db, target):
    db.run("CREATE TABLE bad (n numeric(4,1)); INSERT INTO bad VALUES ('NaN')")
    document = copy(db, target, "--json").expect(1).report
    status, error = duck.rows(target, "SELECT status, error FROM _pg2duck.runs")[0]
    assert status == "failed" and "NaN" in error and document["status"] == "failed"
    assert duck.rows(target, "SELECT \"table\", status FROM _pg2duck.table_runs") == [("bad", "failed")]
    assert duck.rows(target, "SELECT * FROM _pg2duck.tables") == []
