"""Tables that are made of parts: partitions and children whose rows say something else by themselves than through their parent,
NOT NULL that they do not keep, and parts that came since the last run."""

import pytest

from support.program import configure, copy, pg2duck, sync
from support.targets import duckdb_file as duck


def needs_18(db) -> None:
    connection = db.connect()
    version = connection.server_version
    connection.close()
    if version < 180000:
        pytest.skip("Postgres 18 has virtual columns, and NOT NULL that is not valid")


def nullable(target, table: str, column: str) -> bool:
    return duck.value(target, f"SELECT is_nullable FROM information_schema.columns WHERE table_name = '{table}' "
                              f"AND column_name = '{column}'") == "YES"


def test_not_null_that_children_do_not_keep(db, tmp_path):
    db.run("CREATE TABLE parent (a int, b text NOT NULL, c int NOT NULL); CREATE TABLE child () INHERITS (parent); "
           "CREATE TABLE grandchild () INHERITS (child); "
           "INSERT INTO parent VALUES (1, 'own', 1); INSERT INTO grandchild VALUES (NULL, 'child', 2); "
           "ALTER TABLE ONLY parent ALTER a SET NOT NULL")
    copy(db, tmp_path / "copy.duckdb").expect(0)
    assert duck.rows(tmp_path / "copy.duckdb", "SELECT a, b FROM parent ORDER BY c") == [(1, "own"), (None, "child")]
    assert nullable(tmp_path / "copy.duckdb", "parent", "a") and not nullable(tmp_path / "copy.duckdb", "parent", "b")
    # As a cursor the column may be NULL, too.
    configure(tmp_path, db, '[table.parent]\nmode = "append"\ncursor = "a"\n')
    pg2duck("sync", "--tables", "parent", "--target", "other.duckdb", cwd=tmp_path).expect_error(2, "cursor a is NULL in some rows")
    configure(tmp_path, db, '[table.parent]\nmode = "merge"\ncursor = "a"\nkey = ["c"]\n')
    sync(tmp_path, "--tables", "parent", "--target", "other.duckdb")
    db.run("INSERT INTO child VALUES (NULL, 'late', 3)")
    sync(tmp_path, "--tables", "parent", "--target", "other.duckdb")
    assert duck.rows(tmp_path / "other.duckdb", "SELECT c FROM parent ORDER BY c") == [(1,), (2,), (3,)]
    # A key whose columns may be NULL finds the row all the same.
    db.run("ALTER TABLE ONLY parent ALTER a SET NOT NULL")
    configure(tmp_path, db, '[table.parent]\nmode = "merge"\nkey = ["a", "b"]\n')
    sync(tmp_path, "--tables", "parent", "--target", "third.duckdb")
    db.run("UPDATE child SET c = 9 WHERE b = 'late'")
    sync(tmp_path, "--tables", "parent", "--target", "third.duckdb")
    assert duck.rows(tmp_path / "third.duckdb", "SELECT c FROM parent ORDER BY c") == [(1,), (2,), (9,)]


def test_not_null_that_nothing_checks(db, tmp_path):
    db.run("CREATE EXTENSION postgres_fdw; CREATE TABLE rows AS SELECT 1 AS id, 'a' AS note UNION ALL SELECT 2, NULL; "
           "CREATE SERVER itself FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', dbname '%s', port '%s'); "
           "CREATE USER MAPPING FOR postgres SERVER itself OPTIONS (user 'postgres'); "
           "CREATE FOREIGN TABLE listed (id int NOT NULL, note text NOT NULL) SERVER itself OPTIONS (table_name 'rows')"
           % (db.name, db.cluster.port))
    copy(db, tmp_path / "copy.duckdb", "--tables", "public.listed").expect(0)
    assert duck.rows(tmp_path / "copy.duckdb", "SELECT * FROM listed ORDER BY id") == [(1, "a"), (2, None)]


def test_not_null_that_is_not_valid_or_not_inherited(db, tmp_path):
    needs_18(db)
    db.run("CREATE TABLE late (id int NOT NULL, a int); INSERT INTO late VALUES (1, NULL); "
           "ALTER TABLE late ADD CONSTRAINT nn NOT NULL a NOT VALID; "
           "CREATE TABLE parent (id int NOT NULL, a int, CONSTRAINT own NOT NULL a NO INHERIT); CREATE TABLE child () INHERITS (parent); "
           "INSERT INTO parent VALUES (1, 1); INSERT INTO child VALUES (2, NULL)")
    target = tmp_path / "copy.duckdb"
    copy(db, target, "--tables", "late, parent").expect(0)
    assert duck.rows(target, "SELECT * FROM late") == [(1, None)]
    assert duck.rows(target, "SELECT * FROM parent ORDER BY id") == [(1, 1), (2, None)]
    assert [nullable(target, table, column) for table in ("late", "parent") for column in ("id", "a")] == [False, True] * 2
    db.run("UPDATE late SET a = 1; ALTER TABLE late VALIDATE CONSTRAINT nn")
    copy(db, target, "--tables", "late").expect(0)
    assert not nullable(target, "late", "a")


def test_virtual_columns_are_computed_by_the_table_that_is_named(db, tmp_path):
    needs_18(db)
    db.run("CREATE TABLE price (id int PRIMARY KEY, net int, gross int GENERATED ALWAYS AS (net * 3) VIRTUAL NOT NULL) PARTITION BY RANGE (id); "
           "CREATE TABLE price_1 PARTITION OF price FOR VALUES FROM (0) TO (100); "
           "CREATE TABLE price_2 (id int NOT NULL, net int, gross int GENERATED ALWAYS AS (net * 7) VIRTUAL NOT NULL); "
           "ALTER TABLE price ATTACH PARTITION price_2 FOR VALUES FROM (100) TO (200); INSERT INTO price VALUES (1, 10), (101, 10); "
           "CREATE TABLE base (id int PRIMARY KEY, net int, gross int GENERATED ALWAYS AS (net * 3) VIRTUAL); "
           "CREATE TABLE derived (gross int GENERATED ALWAYS AS (net * 7) VIRTUAL) INHERITS (base); "
           "INSERT INTO base VALUES (1, 10); INSERT INTO derived VALUES (2, 10); "
           "CREATE TABLE same (id int, net int, gross int GENERATED ALWAYS AS (net * 3) VIRTUAL); CREATE TABLE likewise () INHERITS (same); "
           "INSERT INTO likewise VALUES (1, 10)")
    plan = copy(db, tmp_path / "copy.duckdb", "--dry-run").expect(0).out
    assert plan.count("column gross is computed otherwise in a part of it") == 2
    configure(tmp_path, db, 'mode = "merge"\ntables = ["price", "base"]\n[table.base]\ncursor = "xmin"\n[table.price]\ncursor = "id"\n')
    for statement in ("SELECT", "INSERT INTO price VALUES (102, 20); INSERT INTO derived VALUES (3, 20)", "DELETE FROM price WHERE id = 1"):
        db.run(statement)
        sync(tmp_path, *(["--reconcile"] if "DELETE" in statement else []))
        for table in ("price", "base"):
            assert duck.rows(tmp_path / "copy.duckdb", f"SELECT id, gross FROM {table} ORDER BY id") == db.run(
                f"SELECT id, gross FROM {table} ORDER BY id"), (table, statement)
    copy(db, tmp_path / "same.duckdb", "--tables", "same").expect(0)
    assert duck.rows(tmp_path / "same.duckdb", "SELECT gross FROM same") == [(30,)]


def test_row_security_of_a_part(db, tmp_path):
    db.run("DO $$ BEGIN CREATE ROLE reader LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$; "
           "CREATE TABLE doc (id int PRIMARY KEY) PARTITION BY RANGE (id); "
           "CREATE TABLE doc_1 PARTITION OF doc FOR VALUES FROM (0) TO (100); "
           "CREATE TABLE doc_2 PARTITION OF doc FOR VALUES FROM (100) TO (200); INSERT INTO doc VALUES (1), (101); "
           "ALTER TABLE doc_1 ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON doc_1 USING (false); "
           "GRANT SELECT ON doc, doc_1, doc_2 TO reader")
    configure(tmp_path, db, 'tables = ["doc"]\n[table.doc]\nmode = "merge"\n')
    source = ["--source", db.uri(user="reader")]
    plan = pg2duck("plan", *source, cwd=tmp_path).expect(0)
    assert "copy in one piece: row-level security hides rows of a part of it" in plan.out
    for number, statement in enumerate(("SELECT", "DELETE FROM doc WHERE id = 1; INSERT INTO doc VALUES (2), (102)")):
        db.run(statement)
        sync(tmp_path, *source, *(["--reconcile"] if number else []))
        assert duck.rows(tmp_path / "copy.duckdb", "SELECT id FROM doc ORDER BY id") == [
            (row,) for row, in db.run("SELECT id FROM doc ORDER BY id")]
    pg2duck("copy", *source[1:], tmp_path / "part.duckdb", "--tables", "doc_1").expect_error(1, "row-level security")


def test_what_another_session_keeps_temporarily(db, tmp_path):
    db.run("CREATE TABLE parent (id int PRIMARY KEY); INSERT INTO parent VALUES (1)")
    with db.connect() as connection, connection.cursor() as session:
        session.execute("CREATE TEMP TABLE scratch () INHERITS (parent); INSERT INTO scratch VALUES (2)")
        connection.commit()
        copy(db, tmp_path / "copy.duckdb").expect(0)
    assert duck.rows(tmp_path / "copy.duckdb", "SELECT id FROM parent") == [(1,)]


def test_chunks_of_timescaledb_are_read_through_their_table(db, tmp_path):
    """Without the extension: what tells its chunks is their schema."""
    db.run("CREATE SCHEMA _timescaledb_internal; CREATE TABLE metric (at timestamptz NOT NULL, value int); "
           "CREATE TABLE _timescaledb_internal._hyper_1_1_chunk () INHERITS (metric); "
           "INSERT INTO _timescaledb_internal._hyper_1_1_chunk VALUES ('2025-01-01', 7)")
    plan = copy(db, tmp_path / "copy.duckdb", "--tables", "metric", "--dry-run").expect(0)
    assert "copy in one piece: TimescaleDB decompresses its chunks for queries of the whole table" in plan.out
    copy(db, tmp_path / "copy.duckdb", "--tables", "metric").expect(0)
    assert duck.value(tmp_path / "copy.duckdb", "SELECT value FROM metric") == 7


@pytest.mark.parametrize("mode, cursor", [("merge", "xmin"), ("merge", "at"), ("append", "at")])
def test_rows_of_parts_that_came_since_the_last_run(db, tmp_path, mode, cursor):
    db.run("CREATE TABLE sale (id int, at int NOT NULL, PRIMARY KEY (id)) PARTITION BY RANGE (id); "
           "CREATE TABLE sale_1 PARTITION OF sale FOR VALUES FROM (0) TO (100); INSERT INTO sale SELECT n, n FROM generate_series(1, 50) n; "
           "CREATE TABLE sale_2 (id int NOT NULL, at int NOT NULL); INSERT INTO sale_2 SELECT n, n - 100 FROM generate_series(101, 120) n; "
           "CREATE TABLE book (id int, at int NOT NULL); INSERT INTO book SELECT n, n FROM generate_series(1, 50) n; "
           "CREATE TABLE old_book (id int, at int NOT NULL); INSERT INTO old_book SELECT n, 1 FROM generate_series(201, 205) n")
    section = f'mode = "{mode}"\ncursor = "{cursor}"\n' + ('key = ["id"]\n' if mode == "merge" else "")
    configure(tmp_path, db, f'tables = ["sale", "book"]\n[table.sale]\n{section}[table.book]\n{section}')
    sync(tmp_path)
    read = {table["table"]: table["rows"] for table in sync(tmp_path)["tables"]}
    assert all(rows <= 1 for rows in read.values()) or cursor == "xmin"
    db.run("ALTER TABLE sale ATTACH PARTITION sale_2 FOR VALUES FROM (100) TO (200); ALTER TABLE old_book INHERIT book")
    sync(tmp_path)
    for table in ("sale", "book"):
        assert duck.rows(tmp_path / "copy.duckdb", f"SELECT id FROM {table} ORDER BY id") == [
            (row,) for row, in db.run(f"SELECT id FROM {table} ORDER BY id")], table
    # Once; and a part that has gone and come back is new again.
    after = {table["table"]: table["rows"] for table in sync(tmp_path)["tables"]}
    assert after == read or cursor == "xmin"
    db.run("ALTER TABLE sale DETACH PARTITION sale_2; DELETE FROM sale_2 WHERE id < 105; INSERT INTO sale_2 VALUES (130, -5)")
    sync(tmp_path)
    db.run("ALTER TABLE sale ATTACH PARTITION sale_2 FOR VALUES FROM (100) TO (200)")
    sync(tmp_path)
    assert duck.value(tmp_path / "copy.duckdb", "SELECT count(*) FROM sale WHERE id = 130") == 1
