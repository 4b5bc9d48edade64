"""Values of megabytes pass whole, and memory stays bounded."""

import pytest

from support.program import copy_well
from support.targets import duckdb_file as duck

MEGABYTE = 1 << 20


def test_5_megabyte_values(db, target):
    db.run(f"CREATE TABLE t (id int, words text, bytes bytea, doc jsonb); INSERT INTO t "
           f"SELECT i, repeat(md5(i::text), {5 * MEGABYTE // 32}), "
           f"decode(repeat(md5(i::text), {5 * MEGABYTE // 16}), 'hex'), "
           f"to_jsonb(repeat(md5(i::text), {5 * MEGABYTE // 32})) FROM generate_series(1, 6) i; INSERT INTO t SELECT 0")
    expected = db.run("SELECT id, length(words), md5(words), md5(bytes), md5(doc::text) FROM t ORDER BY id")
    copy_well(db, target)
    assert duck.rows(target, "SELECT id, length(words), md5(words), md5(bytes), md5(doc::VARCHAR) FROM t ORDER BY id"
                     ) == expected


@pytest.mark.parametrize("column", ["text", "bytea"])
def test_a_200_megabyte_value(db, target, column):
    unit = "repeat('0123456789abcdef', 65536)"  # one megabyte
    # Compressing it takes the server seconds.
    db.run(f"CREATE TABLE t (id int, v {column}); ALTER TABLE t ALTER v SET STORAGE EXTERNAL")
    if column == "text":
        db.run(f"INSERT INTO t SELECT 1, repeat({unit}, 200)")
    else:
        db.run(f"INSERT INTO t SELECT 1, decode(repeat({unit}, 400), 'hex')")
    db.run("INSERT INTO t VALUES (2, 'small')")
    expected = db.run("SELECT id, octet_length(v), md5(v) FROM t ORDER BY id")
    assert expected[0][1] == 200 * MEGABYTE
    result = copy_well(db, target, seconds=150)
    measure = "strlen(v)" if column == "text" else "octet_length(v)"
    assert duck.rows(target, f"SELECT id, {measure}, md5(v) FROM t ORDER BY id") == expected
    assert result.table("t")["bytes"] > 200 * MEGABYTE


def test_wide_rows_between_narrow_ones(db, target):
    db.run("CREATE TABLE t AS SELECT i AS id, CASE WHEN i % 500 = 0 THEN repeat('wide', 100000) ELSE 'n' || i END AS v "
           "FROM generate_series(1, 10000) i")
    copy_well(db, target)
    assert duck.rows(target, "SELECT count(*), sum(strlen(v))::BIGINT FROM t") == db.run(
        "SELECT count(*), sum(length(v))::bigint FROM t")


def test_values_that_take_more_memory_than_their_size_in_postgres_suggests(db, target):
    # 192 MB in DuckDB, 2 MB in Postgres.
    db.run(f"CREATE TABLE t AS SELECT i AS id, repeat('0123456789abcdef', {64 * MEGABYTE // 16}) AS v "
           "FROM generate_series(1, 3) i")
    result = copy_well(db, target)
    assert "table public.t: DuckDB needs more memory than its size suggests" in result.err
    assert duck.rows(target, "SELECT count(*), sum(strlen(v))::BIGINT, count(DISTINCT md5(v)) FROM t") == [
        (3, 3 * 64 * MEGABYTE, 1)]
