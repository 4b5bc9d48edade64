"""Names are kept exactly, whatever they hold."""

import pytest

from support.program import copy, copy_well
from support.targets import duckdb_file as duck

HOSTILE = [
    'say "hi"', "it's", "a.b.c", "x; DROP TABLE victim; --", "with blank", " leading", "trailing ",
    "naïve 漢字 🦆", "n" * 63, "é" * 31, "select", "table", "order", "_leading", "1digit", "-", "%s", "$1",
    "back\\slash", "new\nline", "tab\there", "{json}", "*", "?", "comma,comma", "main", "temp", "system", "UPPER",
    "/* c */", "--",
]


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def test_hostile_names_of_tables_columns_and_schemas_are_kept(db, target):
    db.run("CREATE TABLE victim (id int)")
    schemas = ["public", 'sch"ema', "semi;colon", "do.t", "漢字"]
    expected = {"main.victim"}
    statements = []
    for number, name in enumerate(HOSTILE):
        schema = schemas[number % len(schemas)]
        expected.add(f"{'main' if schema == 'public' else schema}.{name}")
        where = f"{quoted(schema)}.{quoted(name)}"
        statements.append(f"CREATE TABLE {where} ({quoted(name)} int NOT NULL); INSERT INTO {where} VALUES ({number})")
    db.run("; ".join([f"CREATE SCHEMA {quoted(schema)}" for schema in schemas[1:]] + statements))
    copy_well(db, target)
    assert duck.tables(target) == expected
    with duck.opened(target) as connection:
        for number, name in enumerate(HOSTILE):
            schema = schemas[number % len(schemas)]
            where = f"{quoted('main' if schema == 'public' else schema)}.{quoted(name)}"
            assert connection.execute(f"SELECT {quoted(name)} FROM {where}").fetchall() == [(number,)]
    copy_well(db, target)
    assert duck.tables(target) == expected and not duck.leftovers(target)


def test_hostile_columns_in_one_table_with_comments_keys_and_preview(db, target):
    columns = [name for name in HOSTILE if name != "UPPER"]
    comment = "it's; a \"comment\" -- /* $1 */ %s\nsecond line"
    db.run(f"CREATE TABLE {quoted(HOSTILE[0])} (" + ", ".join(f"{quoted(c)} int" for c in columns) +
           f", PRIMARY KEY ({quoted(columns[0])}, {quoted(columns[3])}));")
    with db.connect() as connection:
        for column in columns:
            statement = f"COMMENT ON COLUMN {quoted(HOSTILE[0])}.{quoted(column)} IS "
            connection.cursor().execute(statement.replace("%", "%%") + "%s", (comment + column,))
    db.run(f"INSERT INTO {quoted(HOSTILE[0])} VALUES ({', '.join(str(i) for i in range(len(columns)))})")
    copy_well(db, target, "--primary-keys", "--preview", "1")
    assert duck.rows(target, f"SELECT * FROM {quoted(HOSTILE[0])}") == [tuple(range(len(columns)))]
    comments = duck.rows(target, "SELECT column_name, comment FROM duckdb_columns() WHERE NOT internal "
                                 "AND schema_name = 'main' AND table_name <> 'last_sync_time'")
    assert dict(comments) == {column: comment + column for column in columns}


@pytest.mark.parametrize("schema", ["main", "temp", "system", "copy", "memory", "pg2duck_target"])
def test_a_source_schema_called_like_something_of_duckdb(db, target, schema):
    db.run(f"CREATE SCHEMA {schema}; CREATE TABLE {schema}.t AS SELECT 42 AS id; CREATE TABLE other AS SELECT 1 AS id")
    copy_well(db, target)
    assert duck.tables(target) == {f"{schema}.t", "main.other"}
    assert duck.rows(target, f'SELECT id FROM "copy"."{schema}"."t"') == [(42,)]
    copy_well(db, target)
    assert duck.rows(target, f'SELECT id FROM "copy"."{schema}"."t"') == [(42,)]


@pytest.mark.parametrize("file_name", ["main.duckdb", "it's; a \"file\".duckdb", "漢字.db", "no_suffix", "temp"])
def test_a_target_file_may_be_called_anything(db, tmp_path, file_name):
    db.run("CREATE TABLE t AS SELECT 1 AS id")
    copy_well(db, tmp_path / file_name)
    assert duck.tables(tmp_path / file_name) == {"main.t"}


def test_a_table_called_like_its_schema_and_file(db, target):
    db.run("CREATE SCHEMA copy; CREATE TABLE copy.copy AS SELECT 5 AS copy")
    copy_well(db, target)
    assert duck.rows(target, "SELECT copy.copy.copy.copy FROM copy.copy.copy") == [(5,)]


def test_tables_that_differ_only_in_case_are_an_error_that_names_both(db, target):
    db.run('CREATE TABLE orders (id int); CREATE TABLE "Orders" (id int); CREATE TABLE other (id int)')
    copy(db, target).expect_error(2, "public.orders", 'public."Orders"')
    copy_well(db, target, "--exclude", '"Orders"')
    assert duck.tables(target) == {"main.orders", "main.other"}


def test_schemas_that_differ_only_in_case_are_one_schema_unless_tables_meet(db, target):
    db.run('CREATE SCHEMA "Shop"; CREATE SCHEMA shop; CREATE TABLE shop.t (id int); CREATE TABLE "Shop"."T" (id int)')
    copy(db, target).expect_error(2, "shop.t", '"Shop"."T"')


def test_schemas_public_and_main_meet(db, target):
    db.run("CREATE SCHEMA main; CREATE TABLE main.t (id int); CREATE TABLE public.t (id int)")
    copy(db, target).expect_error(2, "main.t", "public.t")


def test_columns_that_differ_only_in_case_are_refused_naming_both(db, target):
    db.run('CREATE TABLE t (a int, "A" int); CREATE TABLE fine (id int)')
    copy(db, target).expect_error(2, '"a"', '"A"', "public.t")
    copy(db, target, "--on-error", "skip").expect(3)
    assert duck.tables(target) == {"main.fine"}


def test_columns_whose_names_hold_what_sql_folds_beyond_ascii_are_different(db, target):
    db.run('CREATE TABLE t ("É" int, "é" int); INSERT INTO t VALUES (1, 2)')
    result = copy(db, target)
    assert result.code in (0, 2), result
    if result.code == 0:
        assert duck.rows(target, "SELECT * FROM t") == [(1, 2)]


def test_a_schema_called_like_the_ledger_is_an_error(db, target):
    db.run("CREATE SCHEMA _pg2duck; CREATE TABLE _pg2duck.runs (id int)")
    copy(db, target).expect_error(2, "_pg2duck").expect_hint("--exclude")
    copy_well(db, target, "--dataset", "mine")
    assert duck.tables(target) == {"mine.runs"}


def test_a_table_called_last_sync_time_is_an_error(db, target):
    db.run("CREATE TABLE last_sync_time (id int); CREATE TABLE t (id int)")
    copy(db, target).expect_error(2, "last_sync_time").expect_hint("--exclude")
    copy_well(db, target, "--exclude", "last_sync_time")


def test_a_table_called_like_a_staged_one_is_an_error(db, target):
    db.run("CREATE TABLE _pg2duck_staged_1 (id int)")
    copy(db, target).expect_error(2, "_pg2duck_staged_1")
