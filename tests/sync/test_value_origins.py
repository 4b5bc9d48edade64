"""Values that change although no row is changed: labels that are renamed, other expressions, a type's USING, another query of a view."""

import duckdb
import pytest

from support.program import configure, pg2duck, sync
from support.targets import duckdb_file as duck

STRATEGIES = ("upsert", "delete-insert", "scd2")


def told(report: dict, table: str) -> list:
    (found,) = [t for t in report["tables"] if t["table"] == table]
    return [(change["kind"], change["column"], change["text"]) for change in found["schema_changes"]]


def read(report: dict) -> dict:
    return {table["table"]: table["rows"] for table in report["tables"]}


def current(directory, table: str, columns: str) -> list:
    where = " WHERE valid_to IS NULL" if table == "scd2" else ""
    return duck.rows(directory / "copy.duckdb", f'SELECT {columns} FROM "{table}"{where} ORDER BY ALL')


def project(tables=STRATEGIES, more: str = "") -> str:
    return "".join(f'[table."public.{table}"]\nmode = "merge"\nstrategy = "{table}"\ncursor = "u"\n{more}' for table in tables)


@pytest.fixture
def colours(db):
    db.run("CREATE TYPE colour AS ENUM ('red', 'green'); CREATE TYPE dress AS (c colour, n int); CREATE DOMAIN paint AS colour")
    for table in STRATEGIES:
        db.run(f'CREATE TABLE "{table}" (id int PRIMARY KEY, c colour, many paint[], d dress, n int, u int NOT NULL);'
               f"INSERT INTO \"{table}\" SELECT i, 'red', '{{red,green}}', '(red,1)', i, i FROM generate_series(1, 5) i")
    return db


def test_a_renamed_label(colours, tmp_path):
    configure(tmp_path, colours, project())
    sync(tmp_path)
    colours.run("ALTER TYPE colour RENAME VALUE 'red' TO 'crimson'; ALTER TYPE colour ADD VALUE 'blue' BEFORE 'green'")
    report = sync(tmp_path)
    for table in STRATEGIES:
        assert told(report, table) == [("values_changed", name, f"column {name}: label red of type public.colour is crimson now; "
                                        "all rows are read once more") for name in ("c", "many", "d")]
        assert current(tmp_path, table, "id, c, many, d.c") == [(i, "crimson", ["crimson", "green"], "crimson") for i in range(1, 6)]
    assert duck.rows(tmp_path / "copy.duckdb", "SELECT count(*) FROM scd2") == [(10,)]  # what was valid until now is kept
    report = sync(tmp_path)
    assert read(report) == dict.fromkeys(STRATEGIES, 1) and told(report, "upsert") == []


def test_a_renamed_label_in_a_key(colours, tmp_path):
    for table in STRATEGIES:
        colours.run(f'ALTER TABLE "{table}" DROP CONSTRAINT "{table}_pkey", ADD PRIMARY KEY (c, id)')
    for cursor in (True, False):
        configure(tmp_path, colours, project() if cursor else project().replace('cursor = "u"\n', ""))
        sync(tmp_path)
        colours.run("ALTER TYPE colour RENAME VALUE 'red' TO 'crimson'" if cursor else "ALTER TYPE colour RENAME VALUE 'crimson' TO 'red'")
        sync(tmp_path)
        for table in STRATEGIES:
            assert current(tmp_path, table, "id, c") == [(i, "crimson" if cursor else "red") for i in range(1, 6)], (table, cursor)


def test_rows_that_are_known_again_by_such_values_ask_for_a_new_copy(colours, tmp_path):
    colours.run("CREATE TABLE log (c colour, u int); INSERT INTO log VALUES ('red', 1); CREATE TABLE kept (c colour PRIMARY KEY, u int);"
                "INSERT INTO kept VALUES ('red', 1)")
    log = '[table.log]\nmode = "append"\ncursor = "u"\nnull_cursor = "include"\n'
    kept = '[table.kept]\nmode = "merge"\nstrategy = "insert-only"\n'
    part = '[table.upsert]\nmode = "merge"\nkey = ["c", "id"]\ncursor = "u"\n'
    for section in (log, kept, part):
        configure(tmp_path, colours, section)
        sync(tmp_path)
    colours.run("ALTER TYPE colour RENAME VALUE 'red' TO 'crimson'")
    for section in (log, kept, part + 'initial = "1"\nend = "3"\n'):
        configure(tmp_path, colours, section)
        pg2duck("sync", cwd=tmp_path).expect_error(
            2, "values of column c, by which rows that are there are known again, may be others now: label red of type public.colour is "
            "crimson now").expect_hint("--full")
    configure(tmp_path, colours, log)
    sync(tmp_path, "--full")
    assert duck.rows(tmp_path / "copy.duckdb", "FROM log") == [("crimson", 1)]


def test_a_type_that_stays_and_values_that_do_not(colours, tmp_path):
    configure(tmp_path, colours, project())
    sync(tmp_path)
    for harmless in ("VACUUM FULL {}", "ALTER TABLE {} ALTER n SET STATISTICS 7", "ANALYZE {}"):
        for table in STRATEGIES:
            colours.run(harmless.format(f'"{table}"'))
        report = sync(tmp_path)
        assert read(report) == dict.fromkeys(STRATEGIES, 1) and told(report, "upsert") == [], harmless
    for table in STRATEGIES:
        colours.run(f'ALTER TABLE "{table}" ALTER n TYPE int USING n * 10')
    report = sync(tmp_path)
    for table in STRATEGIES:
        assert told(report, table) == [("values_changed", "n", "column n: it was written anew, by ALTER COLUMN … TYPE or the like; "
                                        "all rows are read once more")]
        assert current(tmp_path, table, "n") == [(i * 10,) for i in range(1, 6)]
    assert read(sync(tmp_path)) == dict.fromkeys(STRATEGIES, 1)


def test_another_expression_of_a_generated_column(db, tmp_path):
    db.run("CREATE TABLE t (id int PRIMARY KEY, u int, g int GENERATED ALWAYS AS (id * 2) STORED); INSERT INTO t VALUES (1, 1), (2, 2);"
           "CREATE TABLE other (id int PRIMARY KEY, u int, g int GENERATED ALWAYS AS (id * 3) STORED)")
    configure(tmp_path, db, '[table.t]\nmode = "merge"\ncursor = "u"\n')
    sync(tmp_path)
    if int(db.value("SHOW server_version_num")) >= 170000:
        db.run("ALTER TABLE t ALTER g SET EXPRESSION AS (id * 3)")
    else:  # what that does to the catalog; the rows that are there are written anew too
        db.run("UPDATE pg_attrdef d SET adbin = o.adbin FROM pg_attrdef o WHERE d.adrelid = 't'::regclass AND o.adrelid = 'other'::regclass")
        db.run("ALTER TABLE t ALTER g SET STATISTICS 7")  # so that the session sees it
        db.run("UPDATE t SET id = id")
    report = sync(tmp_path)
    assert told(report, "t") == [("values_changed", "g", "column g: it was generated as (id * 2) and is as (id * 3) now; all rows are read once more")]
    assert duck.rows(tmp_path / "copy.duckdb", "SELECT id, g FROM t ORDER BY id") == [(1, 3), (2, 6)]
    db.run("ALTER TABLE t ALTER g DROP EXPRESSION")
    report = sync(tmp_path)
    assert read(report)["t"] == 1 and told(report, "t") == []


def test_another_query_of_a_view(db, tmp_path):
    db.run("CREATE TABLE b (id int, u int); INSERT INTO b VALUES (1, 1), (2, 2); CREATE VIEW v AS SELECT id, u, 1 AS n FROM b")
    configure(tmp_path, db, '[table.v]\nmode = "merge"\nkey = ["id"]\ncursor = "u"\n')
    sync(tmp_path, "--views")
    assert read(sync(tmp_path, "--views"))["v"] == 1
    db.run("CREATE OR REPLACE VIEW v AS SELECT id, u, 2 AS n FROM b")
    report = sync(tmp_path, "--views")
    assert read(report)["v"] == 2 and "the view has another query now" in told(report, "v")[0][2]
    assert duck.rows(tmp_path / "copy.duckdb", "SELECT id, n FROM v ORDER BY id") == [(1, 2), (2, 2)]
    pg2duck("sync", "--views", "--on-schema-change", "fail", cwd=tmp_path).expect(0)
    db.run("CREATE OR REPLACE VIEW v AS SELECT id, u, 3 AS n FROM b")
    pg2duck("sync", "--views", "--on-schema-change", "fail", cwd=tmp_path).expect_error(1, "the view has another query now")


def test_a_ledger_that_does_not_know_where_values_are_from_learns_it(colours, tmp_path):
    configure(tmp_path, colours, project())
    sync(tmp_path)
    with duckdb.connect(tmp_path / "copy.duckdb") as connection:
        connection.execute("UPDATE _pg2duck.source_columns SET value_origin = NULL")
    colours.run("ALTER TYPE colour RENAME VALUE 'red' TO 'crimson'")
    report = sync(tmp_path)
    assert read(report) == dict.fromkeys(STRATEGIES, 1) and told(report, "upsert") == []
    colours.run("ALTER TYPE colour RENAME VALUE 'crimson' TO 'red'")
    assert read(sync(tmp_path)) == dict.fromkeys(STRATEGIES, 5)
