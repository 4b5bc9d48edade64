"""What a run says of rows: both tables are counted, not what was read; and what is gone is not published unseen."""

import re

import pytest

from support.program import configure, pg2duck, sync
from support.targets import duckdb_file as duck
from support.targets.kinds import Parquet, made


@pytest.fixture
def orders(db):
    db.run("CREATE TABLE orders (id int PRIMARY KEY, note text, gone boolean, at int NOT NULL); CREATE INDEX ON orders (at); "
           "INSERT INTO orders SELECT n, 'n' || n, false, n FROM generate_series(1, 1000) n")
    return db


def section(text: str) -> str:
    return "[table.orders]\n" + text.replace("; ", "\n")


def counts(report: dict) -> tuple:
    [table] = report["tables"]
    return tuple(table[key] for key in ("rows", "inserted", "updated", "deleted", "source_rows", "target_rows"))


def held(directory, condition: str = "true") -> int:
    return duck.value(directory / "copy.duckdb", f"SELECT count(*) FROM orders WHERE {condition}")


def test_a_merge_compares_the_tables_and_not_what_was_read(orders, tmp_path):
    configure(tmp_path, orders, section('mode = "merge"; cursor = "at"'))
    assert counts(sync(tmp_path)) == (1000, 1000, 0, 0, 1000, 1000)
    orders.run("DELETE FROM orders WHERE id <= 100; UPDATE orders SET note = 'x', at = 1001 WHERE id BETWEEN 201 AND 210; "
               "INSERT INTO orders SELECT n, 'new', false, n FROM generate_series(1001, 1005) n")
    result = pg2duck("sync", "--json", cwd=tmp_path).expect(0)
    # The row at the last value is read again.
    assert counts(result.report) == (16, 5, 11, 0, 905, 1005) and held(tmp_path) == 1005
    assert "16 rows; 5 inserted, 11 updated, 0 deleted (source 905, destination 1,005)" in result.err
    [warning] = result.table("orders")["warnings"]
    assert "holds 100 more rows than the source" in warning and "--reconcile" in warning
    result = pg2duck("sync", "--reconcile", cwd=tmp_path).expect(0)
    assert re.search(r"Inserted +Updated +Deleted", result.out) and re.search(r"orders \(merge\) +1 +0 +1 +100 ", result.out), result
    assert held(tmp_path) == 905
    report = sync(tmp_path)
    assert counts(report) == (1, 0, 1, 0, 905, 905) and report["tables"][0]["warnings"] == []


@pytest.mark.parametrize("mode, way_out", [("merge", "--reconcile"), ("append", "--full")])
def test_rows_that_the_cursor_has_passed_are_a_fault(orders, tmp_path, mode, way_out):
    configure(tmp_path, orders, section(f'mode = "{mode}"; cursor = "at"'))
    sync(tmp_path)
    orders.run("INSERT INTO orders VALUES (2001, 'late', false, 5), (2002, 'late', false, 6), (2003, 'new', false, 2000)")
    result = pg2duck("sync", "--json", cwd=tmp_path)
    result.expect_error(3, "public.orders", "its copy lacks 2 of 1003 rows").expect_hint(way_out)
    assert result.report["status"] == "partial" and len(result.report["unfinished"]) == 1
    assert counts(result.report)[4:] == (1003, 1001) and held(tmp_path, "note = 'new'") == 1
    sync(tmp_path, way_out)
    assert held(tmp_path) == 1003
    assert counts(sync(tmp_path))[4:] == (1003, 1003)


def test_an_append_keeps_what_is_gone_and_says_nothing(orders, tmp_path):
    configure(tmp_path, orders, section('mode = "append"; cursor = "at"'))
    sync(tmp_path)
    orders.run("DELETE FROM orders WHERE id <= 100; INSERT INTO orders VALUES (2003, 'new', false, 2000)")
    report = sync(tmp_path)
    assert counts(report) == (2, 1, 0, 0, 901, 1001) and report["tables"][0]["warnings"] == []


def test_rows_that_are_marked_as_deleted_are_not_counted(orders, tmp_path):
    configure(tmp_path, orders, section('mode = "merge"; cursor = "at"; hard_delete = "gone"'))
    orders.run("UPDATE orders SET gone = true WHERE id <= 10")
    assert counts(sync(tmp_path)) == (990, 990, 0, 0, 990, 990)
    orders.run("UPDATE orders SET gone = true, at = 2000 WHERE id BETWEEN 11 AND 15; INSERT INTO orders VALUES (3000, 'x', true, 2000)")
    assert counts(sync(tmp_path)) == (7, 0, 1, 5, 985, 985)
    assert counts(sync(tmp_path, "--reconcile"))[3:] == (0, 985, 985)
    assert held(tmp_path) == 985


def test_versions_begin_and_end(orders, tmp_path):
    for cursor in ("", 'cursor = "at"; '):
        configure(tmp_path, orders, section(f'mode = "merge"; strategy = "scd2"; {cursor}reconcile = "7 days"'))
        sync(tmp_path)
        orders.run("UPDATE orders SET note = note || 'x', at = at + 2000 WHERE id <= 10; "
                   "DELETE FROM orders WHERE id > 990; INSERT INTO orders SELECT n, 'n', false, n + 5000 FROM generate_series(1001, 1003) n")
        gone = 0 if cursor else 10
        before = held(tmp_path, "valid_to IS NULL")
        _, inserted, updated, deleted, source, target = counts(sync(tmp_path))
        assert (inserted, updated, deleted) == (13, 10 + gone, 0)
        assert (source, target) == (993, before + 3 - gone) and held(tmp_path, "valid_to IS NULL") == target
        assert counts(sync(tmp_path, "--reconcile"))[1:] == (0, 10 - gone, 0, 993, 993)
        (tmp_path / "copy.duckdb").unlink()
        orders.run("TRUNCATE orders; INSERT INTO orders SELECT n, 'n' || n, false, n FROM generate_series(1, 1000) n")


def test_what_is_not_kept_in_tables_is_not_counted(orders, tmp_path):
    orders.run("CREATE VIEW numbers AS SELECT n AS id, n AS at FROM generate_series(1, 10) n")
    configure(tmp_path, orders, 'tables = ["numbers"]\n[table.numbers]\nmode = "merge"\nkey = ["id"]\ncursor = "at"\n')
    sync(tmp_path)
    result = pg2duck("sync", "--json", cwd=tmp_path).expect(0)
    assert counts(result.report) == (1, 0, 1, 0, None, 10)
    assert "(source not counted, destination 10)" in result.err
    assert counts(sync(tmp_path, "--reconcile"))[4:] == (10, 10)


def test_an_altered_copy_is_counted_as_it_will_be(orders, tmp_path):
    sections = "".join(f'[table.{table}]\nmode = "{mode}"\nkey = ["id"]\n'.replace('key = ["id"]\n', "" if mode == "append" else 'key = ["id"]\n')
                       + settings for table, mode, settings in (
                           ("orders", "merge", 'cursor = "at"\n'), ("log", "append", 'cursor = "at"\n'),
                           ("kept", "merge", 'strategy = "scd2"\n')))
    orders.run("CREATE TABLE log AS TABLE orders; CREATE TABLE kept AS TABLE orders")
    configure(tmp_path, orders, sections)
    sync(tmp_path)
    for table in ("orders", "log", "kept"):
        orders.run(f"ALTER TABLE {table} RENAME id TO number; ALTER TABLE {table} ALTER number TYPE bigint, DROP COLUMN gone; "
                   f"INSERT INTO {table} VALUES (1001, 'new', 1001); ALTER TABLE {table} ADD COLUMN more text")
    configure(tmp_path, orders, sections.replace('"id"', '"number"'))
    report = sync(tmp_path)
    found = {table["table"]: (table["inserted"], table["source_rows"], table["target_rows"]) for table in report["tables"]}
    assert found == {"orders": (1, 1001, 1001), "log": (1, 1001, 1001), "kept": (1, 1001, 1001)}


def test_a_table_that_has_shrunk_is_not_published_without_force(orders, tmp_path):
    orders.run("CREATE TABLE other AS SELECT 1 AS id")
    configure(tmp_path, orders, 'max_shrink = "50 %"\n')
    sync(tmp_path)
    orders.run("DELETE FROM orders WHERE id > 500; INSERT INTO other VALUES (2)")
    sync(tmp_path)
    assert held(tmp_path) == 500
    orders.run("DELETE FROM orders WHERE id > 249; INSERT INTO other VALUES (3)")
    pg2duck("sync", cwd=tmp_path).expect_error(1, "public.orders", "249 rows where its copy has 500", "50 %").expect_hint("--force")
    assert held(tmp_path) == 500
    skipped = pg2duck("sync", "--on-error", "skip", "--json", cwd=tmp_path).expect(3)
    assert skipped.table("orders")["status"] == "failed" and skipped.table("other")["status"] == "published"
    assert held(tmp_path) == 500
    sync(tmp_path, "--limit", "10", "--target", "limited.duckdb")
    sync(tmp_path, "--force")
    assert held(tmp_path) == 249
    # A truncated table that is kept up, too.
    configure(tmp_path, orders, 'max_shrink = "50 %"\n' + section('mode = "merge"'))
    orders.run("TRUNCATE orders")
    sync(tmp_path)
    pg2duck("sync", "--reconcile", cwd=tmp_path).expect_error(1, "0 rows where its copy has 249")
    configure(tmp_path, orders, 'max_shrink = "50 %"\n' + section('mode = "merge"; max_shrink = "100 %"'))
    sync(tmp_path, "--reconcile")
    assert held(tmp_path) == 0
    configure(tmp_path, orders, 'max_shrink = "half"\n')
    pg2duck("sync", cwd=tmp_path).expect_error(2, "max_shrink needs a whole number up to 100, and %")


def test_files_that_have_shrunk_are_kept(orders):
    with made(Parquet) as place:
        for code, statement in ((0, "SELECT"), (1, "DELETE FROM orders WHERE id > 100")):
            orders.run(statement)
            pg2duck("copy", orders.uri(), place.argument, "--max-shrink", "50%", env=place.env).expect(code)
        assert place.rows("SELECT count(*) FROM orders") == [(1000,)]


def test_init_holds_tables_against_their_last_copy(orders, tmp_path):
    pg2duck("init", orders.uri(), "copy.duckdb", cwd=tmp_path).expect(0)
    assert re.search(r'^max_shrink = "50 %" ', (tmp_path / "pg2duck.toml").read_text(), re.MULTILINE)
    sync(tmp_path)
    orders.run("TRUNCATE orders")
    pg2duck("sync", cwd=tmp_path).expect_error(1, "0 rows where its copy has 1000")
