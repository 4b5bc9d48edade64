"""A value that the target cannot hold is an error that says where it is; it never becomes another value."""

import pytest

from support.program import copy, copy_well
from support.targets import duckdb_file as duck

REFUSED = {
    "NaN in a numeric": ("numeric(10,2)", "'NaN'", "NaN"),
    "NaN in a wide numeric": ("numeric(38,4)", "'NaN'", "NaN"),
    "a timestamp after DuckDB's last": ("timestamp", "'294276-12-31 23:59:59'", "timestamp"),
    "a timestamptz after DuckDB's last": ("timestamptz", "'294276-12-31 23:59:59+00'", "timestamp"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_refused_with_table_column_and_ctid(db, target, what):
    pg_type, literal, reason = REFUSED[what]
    db.run(f"CREATE TABLE good (id int); CREATE TABLE bad (id int, amount {pg_type}); INSERT INTO bad (id) "
           f"SELECT generate_series(1, 5000); INSERT INTO bad VALUES (5001, {literal}); "
           "INSERT INTO bad (id) SELECT generate_series(5002, 6000)")
    ctid = db.value("SELECT ctid::text FROM bad WHERE amount IS NOT NULL")
    copy(db, target).expect_error(1, "public.bad", "amount", ctid, reason)
    document = copy(db, target, "--json").expect(1).report
    refused, = document["refused"]
    assert (refused["schema"], refused["table"]) == ("public", "bad")
    assert (refused["column"], refused["ctid"]) == ("amount", ctid)
    assert reason.casefold() in refused["reason"].casefold()
    assert document["error"]["kind"] == "unrepresentable" and document["exit_code"] == 1
    assert duck.tables(target) == set(), "nothing may be published"


def test_the_ctid_is_right_on_a_table_read_in_ranges(db, target):
    db.run("CREATE TABLE wide (id int, pad text, amount numeric(10,2)); ALTER TABLE wide ALTER pad SET STORAGE PLAIN;"
           "INSERT INTO wide SELECT i, repeat('x', 7000), CASE WHEN i = 20000 THEN 'NaN'::numeric ELSE i END "
           "FROM generate_series(1, 24000) i")
    ctid = db.value("SELECT ctid::text FROM wide WHERE id = 20000")
    copy(db, target).expect_error(1, "wide", "amount", ctid, "NaN")


def test_skip_publishes_the_other_tables_and_exits_with_3(db, target):
    db.run("CREATE TABLE good (id int); INSERT INTO good VALUES (1); "
           "CREATE TABLE bad (n numeric(4,1)); INSERT INTO bad VALUES ('NaN')")
    result = copy(db, target, "--on-error", "skip", "--json").expect(3)
    assert result.report["status"] == "partial" and result.report["exit_code"] == 3
    assert {t["table"]: t["status"] for t in result.report["tables"]} == {"good": "published", "bad": "failed"}
    assert duck.tables(target) == {"main.good"} and not duck.leftovers(target)
    text = copy(db, target, "--on-error", "skip").expect(3)
    assert "public.bad" in text.out and "NaN" in text.out and "public.bad" in text.error


def test_skip_keeps_the_old_copy_of_the_table_that_fails(db, target):
    db.run("CREATE TABLE good (id int); CREATE TABLE bad (n numeric(4,1)); INSERT INTO bad VALUES (1.5)")
    copy_well(db, target)
    db.run("INSERT INTO bad VALUES ('NaN'); INSERT INTO good VALUES (7)")
    copy(db, target, "--on-error", "skip").expect(3)
    assert duck.rows(target, "SELECT n::VARCHAR FROM bad") == [("1.5",)]
    assert duck.rows(target, "SELECT id FROM good") == [(7,)]


def test_skip_with_nothing_left_publishes_nothing(db, target):
    db.run("CREATE TABLE bad (n numeric(4,1)); INSERT INTO bad VALUES ('NaN')")
    copy(db, target, "--on-error", "skip").expect_error(1, "NaN")
    assert duck.tables(target) == set()
