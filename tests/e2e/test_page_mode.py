"""--read: pages where they can be read, the reason where they cannot, and the same rows either way."""

import signal
import time

import psycopg2
import pytest

from support.program import copy, copy_well
from support.servers.cluster import Cluster
from support.targets import duckdb_file as duck

READER = "reader"


def plan_of(db, target, table: str, *options, **more) -> str:
    """How the plan says that a table is read."""
    document = copy(db, target, "--dry-run", "--json", *options, **more).expect(0).report
    found, = [entry["read"] for entry in document["plan"] if entry["table"] == table]
    return found


@pytest.fixture
def paged(db):
    db.run("CREATE EXTENSION pageinspect")
    return db


def same_rows(db, tmp_path, *tables) -> None:
    """Copies by COPY and as pages, and compares."""
    by_copy, as_pages = tmp_path / "by_copy.duckdb", tmp_path / "as_pages.duckdb"
    copy_well(db, by_copy, "--read", "copy")
    copy_well(db, as_pages, "--read", "pages")
    for table in tables:
        assert plan_of(db, as_pages, table, "--read", "pages") == "pages"
        sql = f"SELECT * FROM main.{table} ORDER BY ALL"
        found = duck.rows(as_pages, sql)
        assert found == duck.rows(by_copy, sql), table
        assert found != [], table


# --- the same rows -----------------------------------------------------------------------------------------------------

def test_rows_in_every_state(paged, tmp_path):
    paged.run("""
        CREATE TABLE t (id int, v text);
        INSERT INTO t SELECT g, 'row ' || g FROM generate_series(1, 5000) g;
        DELETE FROM t WHERE id % 5 = 0;
        UPDATE t SET v = v || ' changed' WHERE id % 7 = 0""")
    connection = paged.connect()
    connection.autocommit = False
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO t SELECT g, 'rolled back' FROM generate_series(1, 100) g")
        connection.rollback()
        cursor.execute("INSERT INTO t SELECT g, 'kept' FROM generate_series(1, 100) g; SAVEPOINT s;"
                       "DELETE FROM t WHERE id < 50; ROLLBACK TO s; UPDATE t SET v = 'twice' WHERE id = 51")
        connection.commit()
        # These are seen by nobody yet.
        cursor.execute("DELETE FROM t WHERE id BETWEEN 60 AND 90; INSERT INTO t VALUES (-1, 'not yet')")
        same_rows(paged, tmp_path, "t")
    connection.close()


def test_transactions_that_no_hint_tells_the_outcome_of(paged, tmp_path):
    # Each row by another transaction, and nobody has looked at them since.
    connection = paged.connect()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE t (id int)")
        for number in range(600):
            cursor.execute(f"INSERT INTO t VALUES ({number})")
        for number in range(0, 600, 3):
            cursor.execute(f"BEGIN; DELETE FROM t WHERE ctid = '(0,{number % 200 + 1})'; "
                           + ("COMMIT" if number % 2 else "ROLLBACK"))
    connection.close()
    target = tmp_path / "first.duckdb"
    copy_well(paged, target, "--read", "pages")
    assert duck.rows(target, "SELECT * FROM t ORDER BY id") == paged.run("SELECT * FROM t ORDER BY id")


def test_values_outside_of_the_heap_and_packed_ones(paged, tmp_path):
    paged.run("""
        CREATE TABLE t (id int, filler text, v text, b bytea);
        ALTER TABLE t ALTER filler SET STORAGE plain;
        INSERT INTO t SELECT g, repeat('f', 500), repeat('packed ', 900), NULL FROM generate_series(1, 2000) g;
        INSERT INTO t SELECT -g, '', (SELECT string_agg(md5(i::text || g), '') FROM generate_series(1, 200) i), '\\x00ff'
          FROM generate_series(1, 5) g""")
    same_rows(paged, tmp_path, "t")


def test_attributes_that_were_added_and_dropped(paged, tmp_path):
    paged.run("""
        CREATE TYPE mood AS ENUM ('sad', 'happy');
        CREATE TABLE t (a int, gone text, gone_too int, b text);
        INSERT INTO t SELECT g, 'gone', g, 'b' || g FROM generate_series(1, 300) g;
        ALTER TABLE t DROP gone, DROP gone_too;
        ALTER TABLE t ADD i bigint DEFAULT 7, ADD n numeric(9,3) DEFAULT -12345.125, ADD s text DEFAULT 'default',
          ADD m mood DEFAULT 'happy', ADD iv interval DEFAULT '1 mon 2 days 00:00:03', ADD f float8 DEFAULT '-Infinity',
          ADD z timetz DEFAULT '10:00+02', ADD e text;
        INSERT INTO t (a, b) SELECT g, 'new' FROM generate_series(1, 300) g;
        UPDATE t SET e = 'set' WHERE a % 3 = 0""")
    same_rows(paged, tmp_path, "t")


def test_partitions_with_other_attribute_orders(paged, tmp_path):
    paged.run("""
        CREATE TABLE p (id int, v text, n numeric(8,2)) PARTITION BY RANGE (id);
        CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (1000);
        CREATE TABLE p2 (n numeric(8,2), other int, v text, id int);
        ALTER TABLE p2 DROP other;
        ALTER TABLE p ATTACH PARTITION p2 FOR VALUES FROM (1000) TO (2000);
        CREATE TABLE p3 PARTITION OF p FOR VALUES FROM (2000) TO (3000);
        INSERT INTO p SELECT g, 'v' || g, g / 3.0 FROM generate_series(0, 1999) g""")
    same_rows(paged, tmp_path, "p")


def test_unlogged_inherited_and_odd_names(paged, tmp_path):
    paged.run("""
        CREATE UNLOGGED TABLE u AS SELECT g AS id FROM generate_series(1, 50) g;
        CREATE TABLE parent (id int);
        CREATE TABLE child (extra text) INHERITS (parent);
        INSERT INTO parent VALUES (1); INSERT INTO child VALUES (2, 'x');
        CREATE TABLE "o'd""d" AS SELECT 1 AS "c'o""l"; """)
    same_rows(paged, tmp_path, "u", "parent", "child")
    assert duck.rows(tmp_path / "as_pages.duckdb", 'SELECT "c\'o""l" FROM main."o\'d""d"') == [(1,)]


def test_an_empty_table_and_one_whose_rows_are_gone(paged, target):
    paged.run("CREATE TABLE never (id int); CREATE TABLE once AS SELECT 1 AS id; DELETE FROM once")
    copy_well(paged, target, "--read", "pages")
    assert duck.value(target, "SELECT (SELECT count(*) FROM never) + (SELECT count(*) FROM once)") == 0


def test_chosen_columns_and_side_effects_of_rules(paged, target):
    paged.run("CREATE TABLE t AS SELECT g AS a, g * 2 AS b, 'c' || g AS c FROM generate_series(1, 100) g")
    copy_well(paged, target, "--read", "pages", "--column", "t.b=exclude", "--column", "t.c=rename d")
    assert duck.rows(target, "SELECT * FROM t WHERE a = 3") == [(3, "c3")]


def test_a_value_that_cannot_be_held_is_named_by_its_ctid(paged, target):
    paged.run("CREATE TABLE t (id int, n numeric(9,2)); INSERT INTO t VALUES (1, 1), (2, 2), (3, 'NaN')")
    copy(paged, target, "--read", "pages").expect_error(1, "ctid (0,3)", "column n", "NaN")
    copy_well(paged, target, "--read", "pages", "--unrepresentable", "null")
    assert duck.rows(target, "SELECT n FROM t ORDER BY id")[2] == (None,)


# --- what speaks against pages -----------------------------------------------------------------------------------------

@pytest.mark.parametrize("ddl, reason", [
    ("CREATE TABLE t AS SELECT '{}'::jsonb AS j", "column j is of a type that is only read as it is sent"),
    ("CREATE TABLE t AS SELECT '1.1.1.1'::inet AS i", "column i is of a type"),
    ("CREATE TYPE pair AS (a int, b int); CREATE TABLE t AS SELECT ROW(1, 2)::pair AS r", "column r is of a type"),
    ("CREATE TABLE t AS SELECT g, (SELECT string_agg(md5(i::text || g), '') FROM generate_series(1, 200) i)"
     " FROM generate_series(1, 90) g", "much of it lies outside of its pages"),
    ("CREATE MATERIALIZED VIEW t AS SELECT 1 AS a", "only tables have pages"),
    ("CREATE VIEW t AS SELECT 1 AS a", "only tables have pages"),
    ("CREATE TABLE t (a int); ALTER TABLE t ENABLE ROW LEVEL SECURITY", "it has row-level security"),
    ("CREATE TABLE t (); INSERT INTO t DEFAULT VALUES", "it has no columns"),
    ("CREATE TABLE t (a int); INSERT INTO t VALUES (1); ALTER TABLE t ADD b int[] DEFAULT '{1}'",
     "column b has a default that older rows do not hold"),
])
def test_the_plan_says_why_not(paged, target, ddl, reason):
    paged.run(ddl)
    assert f"(no pages: {reason}" in plan_of(paged, target, "t", "--read", "pages", "--tables", "t"), ddl
    copy_well(paged, target, "--read", "pages", "--tables", "t")


def test_some_requests_speak_against_pages(paged, target):
    paged.run("CREATE TABLE t AS SELECT g AS a FROM generate_series(1, 10) g")
    assert "no pages: Postgres chooses the rows" in plan_of(paged, target, "t", "--read", "pages", "--where", "t=a > 3")
    assert "no pages: column a" in plan_of(paged, target, "t", "--read", "pages", "--column", "t.a=varchar")
    assert "no pages: the copy is limited" in plan_of(paged, target, "t", "--read", "pages", "--limit", "3")


def test_auto_takes_pages_of_large_tables_only(paged, target):
    paged.run("CREATE TABLE small AS SELECT 1 AS a;"
              "CREATE TABLE large AS SELECT g, repeat('x', 400) AS v FROM generate_series(1, 12000) g")
    assert plan_of(paged, target, "large") == "pages"
    assert plan_of(paged, target, "small") == "copy in one piece (no pages: it is small)"
    assert plan_of(paged, target, "large", "--read", "copy") == "copy in one piece"
    copy_well(paged, target)


def test_another_encoding(cluster, target):
    latin = cluster.create_database("ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0")
    latin.run("CREATE EXTENSION pageinspect; CREATE TABLE t AS SELECT 1 AS a")
    copy(latin, target, "--read", "pages").expect_error(1, "the database's encoding is LATIN1")
    copy_well(latin, target)
    latin.drop()


def test_rows_that_the_server_may_take_away(target):
    cluster = Cluster(settings={"old_snapshot_threshold": "10min"})
    if cluster.version > 16:
        cluster.remove()
        pytest.skip("old_snapshot_threshold is gone since Postgres 17")
    try:
        cluster.start()
        database = cluster.create_database()
        database.run("CREATE EXTENSION pageinspect; CREATE TABLE t AS SELECT 1 AS a")
        copy(database, target, "--read", "pages").expect_error(1, "old_snapshot_threshold")
        copy_well(database, target)
    finally:
        cluster.remove()


def test_a_standby(target):
    cluster = Cluster(settings={"wal_level": "replica"})
    try:
        cluster.start()
        database = cluster.create_database()
        database.run("CREATE EXTENSION pageinspect; CREATE TABLE t AS SELECT 1 AS a")
        cluster.stop(signal.SIGINT)
        (cluster.data / "standby.signal").touch()
        cluster.start()
        copy(database, target, "--read", "pages").expect_error(1, "standby")
        copy_well(database, target)
    finally:
        cluster.remove()


# --- rights ------------------------------------------------------------------------------------------------------------

def test_without_the_extension(db, target):
    db.run("CREATE TABLE t AS SELECT 1 AS a")
    copy(db, target, "--read", "pages").expect_error(1, "pageinspect is not installed").expect_hint("CREATE EXTENSION")
    copy_well(db, target)
    assert db.value("SELECT count(*) FROM pg_extension WHERE extname = 'pageinspect'") == 0


@pytest.fixture
def reader(db):
    """A role that may read one table and not another."""
    db.cluster.create_role(READER)
    db.run(f"CREATE TABLE t AS SELECT g AS a, 'v' || g AS v FROM generate_series(1, 900) g;"
           f"CREATE TABLE secret AS SELECT 1 AS a; GRANT SELECT ON t TO {READER}")
    return db.uri(READER)


def hint_sql(result) -> str:
    """The SQL that a hint gives, as somebody would paste it."""
    hint = result.err[result.err.index("hint: "):]
    return "\n".join(line.removeprefix("  ") for line in hint.splitlines()[1:])


def test_the_sql_that_is_printed_lets_a_role_read_pages_of_what_it_may_read(db, reader, target):
    options = ("--read", "pages", "--tables", "public.t")
    refused = copy(reader, target, *options).expect_error(1, "no superuser")
    db.run(hint_sql(refused))
    assert plan_of(reader, target, "t", *options) == "pages"
    copy_well(reader, target, *options)
    assert duck.rows(target, "SELECT count(*), sum(a) FROM t") == db.run("SELECT count(*), sum(a) FROM t")
    connection = db.connect(READER)
    with connection.cursor() as cursor:
        for forbidden in ("secret", "pg_catalog.pg_authid"):
            with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                cursor.execute("SELECT * FROM pg2duck.heap_pages(%s::regclass, 0, 0)", (forbidden,))
    connection.close()


def test_nothing_is_installed_by_a_copy(db, reader, target):
    copy_well(reader, target, "--tables", "public.t")
    assert db.value("SELECT count(*) FROM pg_extension WHERE extname = 'pageinspect'") == 0
    assert db.value("SELECT count(*) FROM pg_namespace WHERE nspname = 'pg2duck'") == 0


# --- gentle ------------------------------------------------------------------------------------------------------------

def test_gentle_reads_whole_tables_one_after_the_other(paged, target):
    paged.run("CREATE TABLE large AS SELECT g, repeat('x', 900) AS v FROM generate_series(1, 30000) g")
    assert "in ranges" in plan_of(paged, target, "large", "--read", "copy", "--jobs", "4")
    assert plan_of(paged, target, "large", "--read", "gentle") == "copy of the whole table"
    copy_well(paged, target, "--read", "gentle")
    assert duck.value(target, "SELECT count(*) FROM large") == 30000


@pytest.mark.parametrize("method", ["gentle", "pages"])
def test_a_rate_is_kept(paged, target, method):
    paged.run("CREATE TABLE t AS SELECT g, repeat('x', 100) AS v FROM generate_series(1, 20000) g")
    started = time.monotonic()
    copy_well(paged, target, "--read", method, "--max-rate", "1MB")
    # Two and a half megabytes; the last of them need not be waited for.
    assert time.monotonic() - started > 1.2


@pytest.mark.parametrize("arguments, text", [
    (["--read", "fast"], "--read needs auto, copy, pages or gentle, not 'fast'"),
    (["--read"], "--read needs a value"),
    (["--max-rate", "quick"], "--max-rate needs bytes a second"),
    (["--max-rate", "0"], "--max-rate needs bytes a second"),
])
def test_wrong_values(paged, target, arguments, text):
    copy(paged, target, *arguments).expect_error(2, text)
