"""Random tables in the manner of TPC-DS: every column has the same checksum on both sides."""

import random

import psycopg2.extras
import pytest

from support.program import copy_well
from support.setting import SEED
from support.targets import duckdb_file as duck

# Floats are compared bit by bit elsewhere: their texts differ.
# Column types: (type in Postgres, random value, (text of it by Postgres, text of it by DuckDB))
TEXT = ("{}::text", "{}::VARCHAR")
KINDS = {
    "sk": ("int", lambda r: r.randrange(1, 100000), TEXT),
    "big": ("bigint", lambda r: r.randrange(-2**63, 2**63), TEXT),
    "price": ("numeric(7,2)", lambda r: f"{r.randrange(-9999999, 9999999) / 100:.2f}", TEXT),
    "wide": ("numeric(38,9)", lambda r: f"{r.randrange(10**r.randrange(1, 29))}.{r.randrange(10**9):09}", TEXT),
    "day": ("date", lambda r: f"{r.randrange(1900, 2100)}-{r.randrange(1, 13):02}-{r.randrange(1, 29):02}", TEXT),
    "at": ("timestamp", lambda r: f"{r.randrange(1900, 2100)}-01-{r.randrange(1, 32):02} {r.randrange(24):02}:00:59."
                                  f"{r.randrange(10**6):06}", TEXT),
    "atz": ("timestamptz", lambda r: f"2020-02-{r.randrange(1, 30):02} {r.randrange(24):02}:30:00+00", TEXT),
    "id": ("char(16)", lambda r: "".join(r.choice("ABCDEFGHIJ") for _ in range(r.randrange(0, 17))), TEXT),
    "desc": ("varchar(200)", lambda r: "".join(r.choice("abc ü漢🦆'\"\\\n") for _ in range(r.randrange(0, 60))),
             TEXT),
    "flag": ("boolean", lambda r: r.random() < 0.5, TEXT),
    "key": ("uuid", lambda r: f"{r.getrandbits(128):032x}", TEXT),
    "raw": ("bytea", lambda r: psycopg2.Binary(r.randbytes(r.randrange(0, 40))),
            ("encode({}, 'hex')", "lower(hex({}))")),
    "small": ("smallint", lambda r: r.randrange(-2**15, 2**15), TEXT),
    "num": ("numeric", lambda r: f"{r.randrange(10**r.randrange(1, 50))}.{'0' * r.randrange(0, 9)}5", TEXT),
}
TABLES = 8


@pytest.fixture(scope="module")
def copied(cluster, tmp_path_factory):
    database = cluster.create_database()
    dice = random.Random(SEED)
    shapes = {}
    connection = database.connect()
    cursor = connection.cursor()
    cursor.execute("CREATE SCHEMA my_pg")
    for number in range(TABLES):
        table = f"my_pg.t{number}"
        kinds = list(KINDS) if number == 0 else dice.choices(list(KINDS), k=dice.randrange(3, 25))
        shapes[table] = [(f"c{i}_{kind}", kind) for i, kind in enumerate(kinds)]
        cursor.execute(f"CREATE TABLE {table} ({', '.join(f'{c} {KINDS[k][0]}' for c, k in shapes[table])})")
        rows = [[None if dice.random() < 0.1 else KINDS[kind][1](dice) for _, kind in shapes[table]]
                for _ in range(dice.randrange(1, 900) if number else 3000)]
        psycopg2.extras.execute_values(cursor, f"INSERT INTO {table} VALUES %s", rows, page_size=500)
    connection.close()
    target = tmp_path_factory.mktemp("checksums") / "tpcds.duckdb"
    copy_well(database, target, "--tables", "my_pg.*")
    yield database, target, shapes
    database.drop()


@pytest.mark.parametrize("number", range(TABLES))
def test_counts_and_checksums_of_every_column_agree(copied, number):
    database, target, shapes = copied
    table = f"my_pg.t{number}"
    by_postgres, by_duckdb = ["count(*)"], ["count(*)"]
    for column, kind in shapes[table]:
        postgres, duckdb_text = (form.format(column) for form in KINDS[kind][2])
        by_postgres += [f"count({column})", f"md5(string_agg(md5({postgres}), '' ORDER BY md5({postgres})))"]
        by_duckdb += [f"count({column})", f"md5(string_agg(md5({duckdb_text}), '' ORDER BY md5({duckdb_text})))"]
    expected = database.run(f"SELECT {', '.join(by_postgres)} FROM {table}")
    assert duck.rows(target, f"SELECT {', '.join(by_duckdb)} FROM {table}") == expected
