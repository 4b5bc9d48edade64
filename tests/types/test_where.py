"""--where: rows arrive as they were asked for, and what is no condition is said first."""

import pytest

from support.program import copy, copy_well
from support.targets import duckdb_file as duck


def test_where_copies_these_rows_only_and_says_so(db, target):
    db.make_t("v int", "(1, 10), (2, NULL), (3, 30), (4, 40)")
    db.run("CREATE TABLE u (id int); INSERT INTO u VALUES (1)")
    result = copy_well(db, target, "--where", "public.t=v > 20 AND id < 4")
    assert duck.rows(target, "SELECT id, v FROM t") == [(3, 30)] and duck.rows(target, "SELECT id FROM u") == [(1,)]
    assert result.table("public.t")["source_rows"] == 1
    assert any("v > 20" in warning for warning in result.table("public.t")["warnings"])
    assert "v > 20" in copy(db, target, "--where", "t=v > 20", "--dry-run").expect(0).out


@pytest.mark.parametrize("condition, expected", [
    ("id = 1 OR id = 3", [1, 3]), ("id = 2 -- the second", [2]), ("id IN (SELECT max(id) FROM public.t)", [3]),
    ("note = 'a = b, (c'", [2]), ("note ~ '^\\(' /* brackets */", [3]), ("false", []), ("\n id < 3\n", [1, 2]),
    ("ctid = '(0,2)'", [2]), ("'x=y' = 'x=y' AND id = 1", [1]), ("t.id = 3", [3]), ("t IS NOT NULL AND id > 2", [3]),
])
def test_a_condition_is_any_sql(db, target, condition, expected):
    db.make_t("note text", "(1, ''), (2, 'a = b, (c'), (3, '(')")
    copy_well(db, target, "--where", f"t={condition}")
    assert duck.rows(target, "SELECT id FROM t ORDER BY id") == [(id_,) for id_ in expected]


@pytest.fixture(scope="module")
def wide(cluster):
    """A table that is read in several ranges."""
    database = cluster.create_database()
    database.run("CREATE TABLE t (id int, v int, pad text); ALTER TABLE t ALTER pad SET STORAGE PLAIN; "
                 "INSERT INTO t SELECT i, i % 10, repeat('x', 1500) FROM generate_series(1, 24000) i")
    yield database
    database.drop()


def test_where_on_a_table_of_several_ranges(wide, target):
    plan = copy(wide, target, "--dry-run", "--json", "--jobs", "3").expect(0).report["plan"]
    assert plan[0]["ranges"] > 1
    copy_well(wide, target, "--jobs", "3", "--where", "t=v = 3 OR id > 23990 -- the last")
    assert duck.rows(target, "SELECT count(*), count(DISTINCT id), sum(id) FROM t") == wide.run(
        "SELECT count(*), count(DISTINCT id), sum(id)::int FROM t WHERE v = 3 OR id > 23990")


def test_a_condition_cannot_leave_its_brackets(wide, target):
    result = copy(wide, target, "--jobs", "3", "--where", "t=id > 23990) OR (id < 3")
    if result.code == 0:
        assert duck.rows(target, "SELECT count(*) - count(DISTINCT id) FROM t") == [(0,)], "rows came more than once"
    else:
        result.expect_error(2, "public.t")


def test_where_on_a_partitioned_table_may_use_its_name(db, target):
    db.run("CREATE TABLE p (id int) PARTITION BY RANGE (id); "
           "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (5); "
           "CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (5) TO (10); INSERT INTO p SELECT generate_series(0, 9)")
    copy_well(db, target, "--where", "p=id % 2 = 0")
    assert duck.rows(target, "SELECT id FROM p ORDER BY id") == [(0,), (2,), (4,), (6,), (8,)]
    copy_well(db, target, "--where", "p=p.id > 7")
    assert duck.rows(target, "SELECT id FROM p ORDER BY id") == [(8,), (9,)]


def test_where_with_limit_and_preview(db, target):
    db.make_t("v int")
    db.run("INSERT INTO t SELECT i, i FROM generate_series(1, 100) i")
    result = copy_well(db, target, "--where", "t=v > 90", "--limit", "3", "--preview", "2")
    assert duck.value(target, "SELECT count(*) FROM t WHERE v > 90") == 3
    preview = result.table("t")["preview"]
    assert preview["source"] == preview["target"] and all(int(row[1]) > 90 for row in preview["source"])


@pytest.mark.parametrize("condition, texts", [
    ("nothing > 1", ["nothing", "42703"]), ("id >", ["syntax"]), ("id", ["boolean"]),
    ("my_function(id)", ["my_function"]),
    ("id > 1; DROP TABLE t", ["syntax"]), ("1 = 1)", ["syntax"]), ("id > 'x'", ["22P02"]),
])
def test_bad_sql_exits_with_2_before_anything_is_written(db, target, condition, texts):
    db.make_t("v int", "(1, 2)")
    copy_well(db, target)
    before = duck.fingerprint(target)
    copy(db, target, "--where", f"t={condition}").expect_error(2, "public.t", *texts).expect_hint("--where")
    assert duck.fingerprint(target) == before and db.value("SELECT count(*) FROM t") == 1


def test_bad_sql_of_one_table_can_be_skipped(db, target):
    db.make_t("v int", "(1, 2)")
    db.run("CREATE TABLE u (id int)")
    result = copy(db, target, "--where", "t=nothing", "--on-error", "skip", "--json").expect(3).report
    assert [r["table"] for r in result["refused"]] == ["t"] and duck.tables(target) == {"main.u"}


@pytest.mark.parametrize("text, texts", [("x=id > 1", ["x=id > 1", "matches none"]), ("t", ["TABLE=CONDITION"]),
                                         ("t=", ["TABLE=CONDITION"]), ("=id > 1", ["empty"])])
def test_a_filter_that_filters_nothing_is_refused(db, target, text, texts):
    db.make_t("v int")
    copy(db, target, "--where", text).expect_error(2, *texts).expect_hint()
    assert not target.exists() or duck.tables(target) == set()


def test_a_place_in_a_filtered_table_is_the_right_one(db, target):
    """The bad row is found again by its number: that must not depend on how Postgres looks for few rows."""
    db.make_t("k int, n numeric(8,2), pad text")
    db.run("INSERT INTO t SELECT i, (i * 7919) % 20000, CASE WHEN i = 3 THEN 'NaN'::numeric ELSE i END, "
           "repeat('x', 300) FROM generate_series(1, 20000) i; CREATE INDEX ON t (k); ANALYZE t")
    result = copy(db, target, "--where", "t=k BETWEEN 3732 AND 3782").expect_error(1, "public.t", "column n", "(0,3)")
    assert "the value is NaN" in result.error, result
