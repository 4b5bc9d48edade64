"""One-dimensional arrays become lists; what a list cannot hold is refused."""

import pytest

from support.program import copy, copy_well
from support.targets import duckdb_file as duck

# element type: (type in DuckDB, arrays)
ARRAYS = {
    "integer": ("INTEGER[]", ["'{1,NULL,-3}'", "'{}'", "'{NULL}'", "NULL"]),
    "bigint": ("BIGINT[]", ["'{9223372036854775807}'", "'{}'"]),
    "boolean": ("BOOLEAN[]", ["'{t,f,NULL}'"]),
    "text": ("VARCHAR[]", ["ARRAY['', 'NULL', NULL, 'a,b', '\"q\"', '漢字 and more than twelve bytes']", "'{}'"]),
    "varchar(5)": ("VARCHAR[]", ["'{abc,NULL}'"]),
    "numeric(10,2)": ("DECIMAL(10,2)[]", ["'{1.50,NULL,-99999999.99}'"]),
    "numeric(38,4)": ("DECIMAL(38,4)[]", ["'{1.5,NULL}'"]),
    "numeric": ("VARCHAR[]", ["'{1.10,NaN,NULL}'"]),
    "date": ("DATE[]", ["'{2024-02-29,infinity,NULL}'"]),
    "timestamp": ("TIMESTAMP[]", ["'{\"2024-02-29 12:34:56.789012\",-infinity}'"]),
    "timestamptz": ("TIMESTAMP WITH TIME ZONE[]", ["'{\"2024-02-29 12:34:56.789012+00\",NULL}'"]),
    "time": ("TIME[]", ["'{12:34:56.7}'"]),
    "uuid": ("UUID[]", ["'{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11,NULL}'"]),
    "json": ("JSON[]", ["ARRAY['{\"a\":  1}'::json, NULL]"]),
    "jsonb": ("JSON[]", ["ARRAY['{\"a\":  1}'::jsonb, 'null'::jsonb]"]),
    "cidr": ("VARCHAR[]", ["'{10.0.0.0/8,NULL}'"]),
    "tsvector": ("VARCHAR[]", ["ARRAY['b:2A c'::tsvector, NULL]"]),
    "oid": ("UINTEGER[]", ["'{4294967295}'"]),
    "char(4)": ("VARCHAR[]", ["'{ab,\"abcd\"}'"]),
}
NAMES = {element: f"a{number}" for number, element in enumerate(ARRAYS)}


@pytest.fixture(scope="module")
def copied(cluster, tmp_path_factory):
    database = cluster.create_database()
    for element, (_, literals) in ARRAYS.items():
        rows = ", ".join(f"({literal})" for literal in literals)
        database.run(f"CREATE TABLE {NAMES[element]} (id serial, v {element}[]);"
                     f"INSERT INTO {NAMES[element]} (v) VALUES {rows}")
    target = tmp_path_factory.mktemp("arrays") / "arrays.duckdb"
    copy_well(database, target)
    yield database, target
    database.drop()


@pytest.mark.parametrize("element", ARRAYS)
def test_elements_equal_what_postgres_writes(copied, element):
    database, target = copied
    name = NAMES[element]
    expected = database.run("SELECT id, CASE WHEN v IS NOT NULL THEN "
                            f"ARRAY(SELECT e::text FROM unnest(v) WITH ORDINALITY AS u(e, n) ORDER BY n) END "
                            f"FROM {name} ORDER BY id")
    got = duck.rows(target, f"SELECT id, list_transform(v, lambda e: e::VARCHAR) FROM {name} ORDER BY id")
    assert got == expected
    assert duck.column_types(target, name)["v"] == ARRAYS[element][0]


def test_floats_and_bytes_in_arrays(db, target):
    db.run(r"CREATE TABLE t (id int, f float8[], b bytea[]);"
           r"INSERT INTO t VALUES (1, '{NaN,-Infinity,0.1,NULL}', ARRAY['\x00ff'::bytea, NULL, ''::bytea])")
    copy_well(db, target)
    (floats, blobs), = duck.rows(target, "SELECT f, b FROM t")
    assert floats[0] != floats[0] and floats[1:] == [float("-inf"), 0.1, None]
    assert blobs == [b"\x00\xff", None, b""]


def test_a_long_array_and_many_arrays_keep_their_order(db, target):
    db.run("CREATE TABLE t AS SELECT i AS id, ARRAY(SELECT j FROM generate_series(1, i % 50) j) AS v "
           "FROM generate_series(1, 5000) i; INSERT INTO t SELECT 0, array_agg(j) FROM generate_series(1, 100000) j")
    copy_well(db, target)
    assert duck.value(target, "SELECT count(*) FROM t WHERE v = range(1, (CASE id WHEN 0 THEN 100000 ELSE id % 50 "
                              "END)::BIGINT + 1)") == 5001


@pytest.mark.parametrize("literal, reason", [("'{{1,2},{3,4}}'", "dimension"), ("'[0:1]={1,2}'", "index 0")])
def test_an_array_that_a_list_cannot_hold_is_refused_with_its_place(db, target, literal, reason):
    db.run(f"CREATE TABLE grid (id int, cells int[]); INSERT INTO grid VALUES (1, '{{1}}'), (2, {literal})")
    result = copy(db, target).expect_error(1, "public.grid", "cells", "(0,2)", reason)
    assert result.code == 1
    document = copy(db, target, "--json").expect(1).report
    assert [(r["table"], r["column"], r["ctid"]) for r in document["refused"]] == [("grid", "cells", "(0,2)")]
