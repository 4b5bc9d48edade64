"""Missing rights and row security: an error that says what to run, never a part of the rows."""

import re

import pytest

from support.program import copy
from support.targets import duckdb_file as duck
from support.targets.aftermath import OldCopy


@pytest.fixture
def many(db):
    db.run("CREATE SCHEMA sales; CREATE SCHEMA closed; "
           + "; ".join(f"CREATE TABLE t{i} AS SELECT {i} AS id; GRANT SELECT ON t{i} TO reader" for i in range(20))
           + '; CREATE TABLE sales."Secret; x" AS SELECT 1 AS id; GRANT USAGE ON SCHEMA sales TO reader; '
             "CREATE TABLE closed.t AS SELECT 1 AS id; GRANT SELECT ON closed.t TO reader")
    return db


def test_no_select_on_some_of_many_tables_names_them_and_the_grants(many, target):
    result = copy(many.uri("reader"), target).expect_error(1, 'sales."Secret; x"', "closed.t", "42501")
    assert "public.t3" not in result.error
    grants = re.findall(r'GRANT [^;"]*(?:"[^"]*"[^;"]*)*;', result.error)
    assert len(grants) == 2, result
    assert not target.exists() or duck.tables(target) == set()
    # What it says is what is needed.
    many.run(" ".join(grants))
    copy(many.uri("reader"), target).expect(0)
    assert len(duck.tables(target)) == 22


def test_skip_leaves_them_out_and_exits_with_3(many, target):
    document = copy(many.uri("reader"), target, "--on-error", "skip", "--json").expect(3).report
    assert {t["table"] for t in document["tables"] if t["status"] == "refused"} == {"Secret; x", "t"}
    assert len(duck.tables(target)) == 20


def test_select_on_some_columns_only_is_not_enough(db, target):
    db.run("CREATE TABLE t (a int, b int); GRANT SELECT (a) ON t TO reader")
    copy(db.uri("reader"), target).expect_error(1, "public.t").expect_hint("GRANT SELECT")


def test_rights_on_the_parent_alone_are_enough_as_in_postgres(db, target):
    db.run("CREATE TABLE p (id int) PARTITION BY RANGE (id); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) "
           "TO (10); CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (20); "
           "INSERT INTO p SELECT generate_series(0, 19); "
           "CREATE TABLE parent (id int); CREATE TABLE child () INHERITS (parent); INSERT INTO child VALUES (1); "
           "GRANT SELECT ON p, parent TO reader")
    copy(db.uri("reader"), target, "--tables", "p,parent").expect(0)
    assert duck.rows(target, "SELECT (SELECT count(*) FROM p), (SELECT count(*) FROM parent)") == [(20, 1)]


@pytest.fixture
def guarded(db):
    db.run("CREATE TABLE open AS SELECT 1 AS id; CREATE TABLE t AS SELECT i AS id, CASE WHEN i < 5 THEN 'restricted' "
           "ELSE 'other' END AS owner FROM generate_series(1, 10) i; ALTER TABLE t ENABLE ROW LEVEL SECURITY; "
           "CREATE POLICY mine ON t USING (owner = current_user); GRANT SELECT ON t, open TO restricted")
    return db


def test_row_security_is_an_error_and_never_a_subset(guarded, target):
    copy(guarded.uri("restricted"), target).expect_error(1, "public.t", "row").expect_hint("BYPASSRLS")
    assert not target.exists() or duck.tables(target) == set()


def test_row_security_leaves_the_old_copy_whole_and_the_owner_reads_all(guarded, target):
    old = OldCopy(guarded, target)
    assert duck.value(target, "SELECT count(*) FROM t") == 10
    copy(guarded.uri("restricted"), target).expect(1)
    old.expect_recovery()


def test_skip_leaves_a_guarded_table_out(guarded, target):
    copy(guarded.uri("restricted"), target, "--on-error", "skip").expect(3)
    assert duck.tables(target) == {"main.open"}


def test_row_security_of_a_partition_never_hides_rows(db, target):
    # Postgres applies only the parent's policies to a query of the parent.
    db.run("CREATE TABLE p (id int) PARTITION BY RANGE (id); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) "
           "TO (10); CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (20); "
           "INSERT INTO p SELECT generate_series(0, 19); "
           "ALTER TABLE p2 ENABLE ROW LEVEL SECURITY; CREATE POLICY none ON p2 USING (false); "
           "GRANT SELECT ON p, p1, p2 TO restricted")
    result = copy(db.uri("restricted"), target, "--tables", "p")
    assert result.code in (0, 1), result
    if result.code == 0:
        assert duck.value(target, "SELECT count(*) FROM p") == 20
    else:
        result.expect_error(1, "row")


def test_row_security_behind_a_view(guarded, target):
    guarded.run("CREATE VIEW v WITH (security_invoker = on) AS SELECT * FROM t; GRANT SELECT ON v TO restricted")
    copy(guarded.uri("restricted"), target, "--tables", "v").expect_error(1, "public.v", "row").expect_hint("BYPASSRLS")
