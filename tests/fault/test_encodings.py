"""Databases that are not UTF-8."""

import pytest

from support.program import copy, copy_well
from support.targets import duckdb_file as duck

ENCODINGS = {
    "LATIN1": ["é", "ÿ§ Grüße", "naïve café £100"],
    "EUC_JP": ["日本語テスト", "カタカナ", "混ぜる abc"],
    "WIN1252": ["€ 100 – “quoted”"],
    "KOI8R": ["Привет"],
    "UTF8": ["🦆 漢字"],
}


def database_in(cluster, encoding: str):
    return cluster.create_database(f"ENCODING '{encoding}' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0")


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_values_names_and_comments_are_converted(cluster, target, encoding):
    db = database_in(cluster, encoding)
    words = ENCODINGS[encoding]
    name = words[0]
    connection = db.connect()
    connection.set_client_encoding("UTF8")
    cursor = connection.cursor()
    cursor.execute("CREATE TYPE mood AS ENUM (%s)", (name,))
    cursor.execute(f'CREATE TABLE "{name}" (id int, "{name}" text, c char(30), tags text[], m mood, j json, b jsonb)')
    cursor.execute(f'COMMENT ON TABLE "{name}" IS %s', (name,))
    for number, word in enumerate(words):
        cursor.execute(f'INSERT INTO "{name}" VALUES (%s, %s, %s, %s, %s, %s, %s)',
                       (number, word, word, [word, None], name, f'{{"k": "{word.replace(chr(34), "")}"}}', '"x"'))
    connection.close()
    copy_well(db, target)
    expected = [(i, w, w, [w, None], name) for i, w in enumerate(words)]
    assert duck.rows(target, f'SELECT id, "{name}", c, tags, m FROM "{name}" ORDER BY id') == expected
    assert duck.rows(target, f"SELECT comment FROM duckdb_tables() WHERE table_name = '{name}'") == [(name,)]
    assert duck.value(target, f'SELECT j->>\'k\' FROM "{name}" WHERE id = 0') == words[0]
    db.drop()


def test_names_in_patterns_are_utf8_too(cluster, target):
    db = database_in(cluster, "LATIN1")
    connection = db.connect()
    connection.set_client_encoding("UTF8")
    connection.cursor().execute('CREATE TABLE "café" (id int); CREATE TABLE other (id int)')
    connection.close()
    copy_well(db, target, "--tables", "caf?")
    assert duck.tables(target) == {"main.café"}
    db.drop()


@pytest.fixture
def ascii_db(cluster):
    database = database_in(cluster, "SQL_ASCII")
    yield database
    database.drop()


def test_sql_ascii_with_valid_utf8_is_copied(ascii_db, target):
    ascii_db.run(r"CREATE TABLE t (v text); INSERT INTO t VALUES (E'\xe6\xbc\xa2'), ('plain')")
    copy_well(ascii_db, target)
    assert sorted(duck.rows(target, "SELECT v FROM t")) == [("plain",), ("漢",)]


def test_sql_ascii_with_invalid_bytes_names_column_and_ctid(ascii_db, target):
    ascii_db.run(r"CREATE TABLE t (id int, fine text, broken text); "
                 r"INSERT INTO t SELECT i, 'fine', 'fine' FROM generate_series(1, 3000) i; "
                 r"UPDATE t SET broken = E'caf\xe9 \xff' WHERE id = 2500; CREATE TABLE good AS SELECT 1 AS id")
    ctid = ascii_db.value("SELECT ctid::text FROM t WHERE id = 2500")
    copy(ascii_db, target).expect_error(1, "public.t", "broken", ctid, "UTF").expect_hint()
    refused, = copy(ascii_db, target, "--json").expect(1).report["refused"]
    assert (refused["table"], refused["column"], refused["ctid"]) == ("t", "broken", ctid)
    assert duck.tables(target) == set()
    copy(ascii_db, target, "--on-error", "skip").expect(3)
    assert duck.tables(target) == {"main.good"}


def test_sql_ascii_with_invalid_bytes_in_an_array(ascii_db, target):
    ascii_db.run(r"CREATE TABLE t (id int, tags text[]); INSERT INTO t VALUES (1, '{ok}'), (2, ARRAY[E'\xff'])")
    copy(ascii_db, target).expect_error(1, "public.t", "tags", "(0,2)")
