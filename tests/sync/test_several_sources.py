"""Several sources that feed one target, and one source that is spelled or placed otherwise than before."""

import contextlib

import duckdb
import psycopg2
import pytest

from support.program import copy, copy_well, pg2duck
from support.targets import duckdb_file as seen

MERGE = '\n[table."*.orders"]\nmode = "merge"\ncursor = "at"\n'


@pytest.fixture
def other(cluster):
    database = cluster.create_database()
    yield database
    database.drop()


def fill(database, first: int, count: int = 4) -> None:
    database.run(f"CREATE TABLE orders (id int PRIMARY KEY, at int, note text); "
                 f"INSERT INTO orders SELECT i, i, 'order ' || i FROM generate_series({first}, {first + count - 1}) i")


def sync(directory, source: str, *options, rest: str = MERGE):
    (directory / "pg2duck.toml").write_text(f'source = "{source}"\ntarget = "copy.duckdb"\n{rest}')
    (directory / "pg2duck.toml").chmod(0o600)
    return pg2duck("sync", "--json", *options, cwd=directory)


def ids(target, table: str = "main.orders") -> list[int]:
    return [id for id, in seen.rows(target, f"SELECT id FROM {table} ORDER BY id")]


def origins(target) -> list[tuple]:
    return seen.rows(target, 'SELECT schema, "table", source, system_identifier, database_oid FROM _pg2duck.tables ORDER BY ALL')


def test_each_source_goes_on_with_its_own_tables(db, other, tmp_path, target):
    fill(db, 1)
    fill(other, 100)
    other.run("CREATE TABLE passing (id int)")
    sync(tmp_path, db.uri(), "--dataset", "one").expect(0)
    sync(tmp_path, other.uri(), "--dataset", "two").expect(0)
    for database, row in ((db, 5), (other, 99)):
        database.run(f"INSERT INTO orders VALUES ({row}, {row})")
    other.run("DROP TABLE passing")
    report = sync(tmp_path, db.uri(), "--dataset", "one").expect(0).report
    assert report["tables"][0]["rows"] == 2 and report["dropped_tables"] == []
    # 99 lies before what the second source's cursor has reached, and beyond that of the first one.
    report = sync(tmp_path, other.uri(), "--dataset", "two").expect_error(3, "lacks 1 of 5 rows").report
    assert report["tables"][0]["rows"] == 1 and [table["table"] for table in report["dropped_tables"]] == ["passing"]
    assert ids(target, "one.orders") == [1, 2, 3, 4, 5] and ids(target, "two.orders") == [100, 101, 102, 103]
    assert [(row[0], row[2]) for row in origins(target)] == [("one", db.uri()), ("two", other.uri()), ("two", other.uri())]


def test_two_sources_of_one_table_are_refused_by_name(db, other, tmp_path, target):
    fill(db, 1)
    fill(other, 3)
    other.run("CREATE TABLE more AS SELECT 1 AS id")
    sync(tmp_path, db.uri()).expect(0)
    for options in ((), ("--dry-run",), ("--limit", "1", "--mode", "replace")):
        refused = copy(other, target, "--tables", "orders", *options)
        if "--dry-run" not in options:
            refused.expect_error(1, db.uri(), other.uri(), "main.orders").expect_hint("--dataset", "--force", "UPDATE")
        else:
            assert db.uri() in refused.out + refused.err and other.uri() in refused.out + refused.err
    assert ids(target) == [1, 2, 3, 4]
    # Those that are nobody else's can be copied.
    assert copy(other, target, "--on-error", "skip", "--quiet").code == 3
    assert ids(target) == [1, 2, 3, 4] and seen.value(target, "SELECT count(*) FROM more") == 1
    # By force the copy is a new one, of which nothing of the old one's is known.
    report = sync(tmp_path, other.uri(), "--force").expect(0).report
    assert {table["table"]: table["mode"] for table in report["tables"]}["orders"] == "full"
    assert ids(target) == [3, 4, 5, 6]
    assert seen.rows(target, "SELECT value FROM _pg2duck.cursors") == [("6",)]
    assert {row[2] for row in origins(target)} == {other.uri()}
    copy(db, target).expect_error(1, db.uri(), other.uri())


def test_by_force_nothing_of_another_cursor_is_left(db, other, tmp_path, target):
    fill(db, 1, 50)
    fill(other, 3)
    sync(tmp_path, db.uri()).expect(0)
    copy_well(other, target, "--force")
    assert seen.rows(target, "FROM _pg2duck.cursors") == []
    other.run("INSERT INTO orders VALUES (7, 7)")
    sync(tmp_path, other.uri()).expect(0)
    assert ids(target) == [3, 4, 5, 6, 7]


def test_versions_of_another_source_are_not_lost_even_by_force(db, other, tmp_path, target):
    versions = '\n[table."*.orders"]\nmode = "merge"\nstrategy = "scd2"\n'
    fill(db, 1)
    fill(other, 3)
    sync(tmp_path, db.uri(), rest=versions).expect(0)
    for rest in (versions, ""):
        sync(tmp_path, other.uri(), "--force", rest=rest).expect_error(2, "versions", "would be lost").expect_hint("DROP TABLE")
    assert ids(target) == [1, 2, 3, 4]


def test_another_table_of_the_source_is_another_one_too(db, tmp_path, target):
    db.run("CREATE SCHEMA a; CREATE SCHEMA b; CREATE TABLE a.orders (id int PRIMARY KEY, at int); "
           "CREATE TABLE b.orders (id int PRIMARY KEY, at int); INSERT INTO a.orders VALUES (1, 1); INSERT INTO b.orders VALUES (2, 2)")
    sync(tmp_path, db.uri(), "--dataset", "x", "--tables", "a.orders").expect(0)
    sync(tmp_path, db.uri(), "--dataset", "x", "--tables", "b.orders").expect_error(1, "x.orders", "a.orders", "b.orders")
    assert ids(target, "x.orders") == [1]
    # But the same one when its schema was renamed.
    db.run("DROP SCHEMA b CASCADE; ALTER SCHEMA a RENAME TO b; INSERT INTO b.orders VALUES (3, 3)")
    report = sync(tmp_path, db.uri(), "--dataset", "x", "--tables", "b.orders").expect(0).report
    assert report["tables"][0]["mode"] == "merge" and ids(target, "x.orders") == [1, 3]


def goes_on(directory, target, source: str, row: int) -> None:
    """One row is new, and the run reads it and the last one before."""
    report = sync(directory, source).expect(0).report
    assert (report["tables"][0]["mode"], report["tables"][0]["rows"]) == ("merge", 2), report["tables"]
    assert ids(target)[-1] == row


def test_the_source_is_the_same_however_it_is_spelled(db, cluster, tmp_path, target):
    fill(db, 1)
    cluster.create_role("reader")
    db.run("GRANT SELECT ON orders TO reader")
    sync(tmp_path, db.uri()).expect(0)
    name, port = db.name, cluster.port
    for row, source in enumerate((db.uri(user="reader", password="any"), f"host=127.0.0.1 port={port} dbname={name} user=postgres",
                                  f"postgresql://postgres@localhost:{port},127.0.0.1:{port}/{name}",
                                  f"host={cluster.directory} port={port} dbname={name} user=postgres",
                                  f"{db.uri()}?application_name=x"), 5):
        db.run(f"INSERT INTO orders VALUES ({row}, {row})")
        goes_on(tmp_path, target, source, row)
    # Each string that stands in the ledger reaches the database.
    for uri, in seen.rows(target, "SELECT source FROM _pg2duck.runs UNION SELECT source FROM _pg2duck.tables"):
        with contextlib.closing(psycopg2.connect(uri)) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT current_database()")
            assert cursor.fetchall() == [(name,)] and ":any@" not in uri


def test_without_the_right_to_ask_the_address_says_which_source_it_is(db, cluster, tmp_path, target):
    fill(db, 1)
    cluster.create_role("reader")
    db.run("REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC; GRANT SELECT ON orders TO reader")
    sync(tmp_path, db.uri(user="reader")).expect(0)
    assert origins(target)[0][3:] == (None, int(db.value("SELECT oid FROM pg_database WHERE datname = current_database()")))
    db.run("INSERT INTO orders VALUES (5, 5)")
    goes_on(tmp_path, target, db.uri(user="reader"), 5)
    db.run("INSERT INTO orders VALUES (6, 6)")
    goes_on(tmp_path, target, db.uri(), 6)
    sync(tmp_path, db.uri(user="reader").replace("127.0.0.1", "localhost")).expect_error(1, "localhost")


def test_a_database_that_was_restored_behind_its_name_is_the_source_with_other_tables(db, cluster, tmp_path, target):
    fill(db, 1)
    sync(tmp_path, db.uri()).expect(0)
    db.session.close()
    cluster.admin(f"DROP DATABASE {db.name} WITH (FORCE)")
    cluster.admin(f"CREATE DATABASE {db.name}")
    fill(db, 1, 5)
    report = sync(tmp_path, db.uri()).expect(0).report
    assert [change["kind"] for change in report["tables"][0]["schema_changes"]] == ["table_recreated"]
    assert (report["tables"][0]["mode"], report["tables"][0]["rows"]) == ("merge", 5)
    db.run("INSERT INTO orders VALUES (6, 6)")
    goes_on(tmp_path, target, db.uri(), 6)


def test_a_database_that_has_moved_is_made_known_by_the_statement_of_the_hint(db, tmp_path, target):
    fill(db, 1)
    sync(tmp_path, db.uri()).expect(0)
    made_by = seen.value(target, "SELECT run_id::VARCHAR FROM _pg2duck.tables")
    moved = db.clone()
    try:
        moved.run("INSERT INTO orders VALUES (5, 5)")
        refused = sync(tmp_path, moved.uri())
        refused.expect_error(1, db.uri(), moved.uri())
        statement = refused.error[refused.error.index("UPDATE _pg2duck"):].splitlines()[0]
        with duckdb.connect(str(target)) as connection:
            connection.execute(statement)
        sync(tmp_path, moved.uri()).expect(0)
        assert ids(target) == [1, 2, 3, 4, 5]
        assert [row[2] for row in origins(target)] == [moved.uri()]
        assert seen.value(target, "SELECT run_id::VARCHAR FROM _pg2duck.tables") == made_by
        moved.run("INSERT INTO orders VALUES (6, 6)")
        goes_on(tmp_path, target, moved.uri(), 6)
    finally:
        moved.drop()
