"""--limit, --preview, --force and --dry-run."""

import duckdb
import pytest

from support.program import copy, copy_well
from support.targets import duckdb_file as duck


@pytest.fixture
def shop(db):
    db.run("CREATE TABLE orders (id int PRIMARY KEY, note text); "
           "INSERT INTO orders SELECT i, CASE WHEN i % 10 = 3 THEN NULL ELSE 'note ' || i END "
           "FROM generate_series(5000, 1, -1) i; CREATE TABLE few AS SELECT 1 AS id")
    return db


def test_limit_copies_so_many_rows_and_marks_them(shop, target):
    result = copy_well(shop, target, "--limit", "7")
    assert duck.value(target, "SELECT count(*) FROM orders") == 7
    assert duck.value(target, "SELECT count(*) FROM few") == 1
    assert result.table("orders")["limited"] is True
    assert set(duck.rows(target, "SELECT \"table\", limited FROM _pg2duck.tables")) == {("orders", True), ("few", True)}
    assert "limited" in copy(shop, target, "--limit", "7").expect(0).out


def test_limit_spreads_over_partitions_without_exceeding(db, target):
    db.run("CREATE TABLE p (id int) PARTITION BY RANGE (id); "
           "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (3); "
           "CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (3) TO (100); INSERT INTO p SELECT generate_series(0, 99)")
    copy_well(db, target, "--limit", "10")
    assert duck.value(target, "SELECT count(DISTINCT id) FROM p") == 10


def test_a_limited_copy_never_replaces_a_full_one(shop, target):
    copy_well(shop, target)
    before = duck.fingerprint(target)
    copy(shop, target, "--limit", "3").expect_error(1, "public.orders", "limited").expect_hint("--force")
    assert duck.fingerprint(target) == before
    copy_well(shop, target, "--limit", "3", "--force")
    assert duck.value(target, "SELECT count(*) FROM orders") == 3


def test_a_limited_copy_never_replaces_a_table_of_the_user(shop, target):
    with duckdb.connect(str(target)) as connection:
        connection.execute("CREATE TABLE orders AS SELECT 'precious' AS thing")
    copy(shop, target, "--limit", "3").expect_error(1, "main.orders").expect_hint("--force")
    assert duck.rows(target, "SELECT thing FROM orders") == [("precious",)]


def test_a_full_copy_replaces_a_limited_one_and_limited_ones_each_other(shop, target):
    copy_well(shop, target, "--limit", "3")
    copy_well(shop, target, "--limit", "5")
    assert duck.value(target, "SELECT count(*) FROM orders") == 5
    copy_well(shop, target)
    assert duck.value(target, "SELECT count(*) FROM orders") == 5000
    copy(shop, target, "--limit", "3").expect(1)


def test_a_table_never_replaces_a_view_of_the_target_unless_forced(shop, target):
    with duckdb.connect(str(target)) as connection:
        connection.execute("CREATE VIEW orders AS SELECT 'mine' AS thing")
    copy(shop, target).expect_error(1, "view", "main.orders").expect_hint("--force")
    assert duck.rows(target, "SELECT thing FROM orders") == [("mine",)]
    copy_well(shop, target, "--force")
    assert duck.value(target, "SELECT count(*) FROM orders") == 5000


def test_preview_shows_the_same_rows_of_both_sides(shop, target):
    document = copy_well(shop, target, "--preview", "4").report
    preview = next(t for t in document["tables"] if t["table"] == "orders")["preview"]
    assert preview["columns"] == ["id", "note"]
    expected = [["1", "note 1"], ["2", "note 2"], ["3", None], ["4", "note 4"]]
    assert preview["source"] == expected and preview["target"] == expected
    text = copy(shop, target, "--preview", "4").expect(0).out
    assert "Source data preview: public.orders" in text and "Replicated data preview: main.orders" in text
    assert text.count("note 2") == 2 and "NULL" in text


def test_preview_with_limit_and_without_a_key_shows_rows_of_both(db, target):
    db.run("CREATE TABLE t (v text); INSERT INTO t SELECT 'v' || i FROM generate_series(1, 100) i")
    preview = copy_well(db, target, "--limit", "5", "--preview", "3").report["tables"][0]["preview"]
    assert len(preview["source"]) == len(preview["target"]) == 3


def test_limit_and_preview_read_a_big_table_only_at_its_start(db, target):
    db.run("CREATE TABLE t WITH (autovacuum_enabled = false) AS SELECT i AS id, repeat('x', 200) AS pad "
           "FROM generate_series(1, 100000) i")
    read = "SELECT seq_tup_read FROM pg_stat_user_tables WHERE relname = 't'"
    before = db.value(read)
    copy_well(db, target, "--limit", "5", "--preview", "5")
    assert db.sleep_out_sessions() == 0, "the server counts when a session ends"
    assert 10 <= db.value(read) - before < 1000


def test_dry_run_writes_nothing(shop, target):
    result = copy(shop, target, "--dry-run").expect(0)
    assert not target.exists() and not list(target.parent.iterdir())
    assert "public.orders" in result.out and "main.orders" in result.out and "nothing was copied" in result.out
    document = copy(shop, target, "--dry-run", "--json").expect(0).report
    assert document["status"] == "planned" and document["exit_code"] == 0
    assert (document["metrics"]["tables_loaded"], document["metrics"]["tables_failed"]) == (0, 0)
    plan = {t["table"]: t for t in document["plan"]}
    assert set(plan) == {"orders", "few"} and plan["orders"]["bytes"] > 0
    assert [(c["name"], c["source_type"], c["target_type"]) for c in plan["orders"]["columns"]] == [
        ("id", "integer", "INTEGER"), ("note", "text", "VARCHAR")]


def test_dry_run_leaves_an_existing_target_as_it_is(shop, target):
    copy_well(shop, target)
    before = target.read_bytes()
    shop.run("INSERT INTO few VALUES (2)")
    copy(shop, target, "--dry-run").expect(0)
    assert target.read_bytes() == before and [p.name for p in target.parent.iterdir()] == [target.name]


def test_dry_run_says_what_would_be_refused(shop, target):
    copy_well(shop, target)
    copy(shop, target, "--limit", "2", "--dry-run").expect_error(1, "limited", "orders")
    planned = copy(shop, target, "--limit", "2", "--dry-run", "--json", "--on-error", "skip")
    assert planned.report["metrics"]["tables_failed"] == len(planned.report["refused"]) == 2
