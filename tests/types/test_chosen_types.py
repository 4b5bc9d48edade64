"""--column with a type, and --numeric: columns get the type that was asked for, exactly, or are refused."""

import pytest

from support.program import copy, copy_well
from support.targets import duckdb_file as duck

# A value of each type, as Postgres's own output function prints it.
PRINTED = {
    "inet": ("'10.0.0.1/32'", "10.0.0.1"), "cidr": ("'10.0.0.0/8'", "10.0.0.0/8"), "boolean": ("true", "t"),
    "char(5)": ("'ab'", "ab   "), "regclass": ("'pg_class'", "pg_class"), "pg_lsn": ("'0/16B3748'", "0/16B3748"),
    "xid8": ("'42'", "42"), "bit(3)": ("B'101'", "101"), "varbit": ("B''", ""), "bytea": (r"'\x00ff'", r"\x00ff"),
    "int[]": ("'[0:1]={1,NULL}'", "[0:1]={1,NULL}"), "numeric(5,2)": ("'NaN'", "NaN"), "numeric": ("1.10", "1.10"),
    "int4range": ("'[1,5]'", "[1,6)"), "point": ("'(1.5,-2)'", "(1.5,-2)"), "money": ("1234.5", "$1,234.50"),
    "timestamp": ("'294276-12-31 23:59:59'", "294276-12-31 23:59:59"), "interval": ("'1 mon -1 day'", "1 mon -1 days"),
    "timestamptz": ("'2024-01-01 12:00+02'", "2024-01-01 10:00:00+00"), "date": ("'0044-03-15 BC'", "0044-03-15 BC"),
    "double precision": ("0.1", "0.1"), "real": ("0.1", "0.1"), "jsonb": ("'{\"b\":1,\"a\":[]}'", '{"a": [], "b": 1}'),
    "uuid": ("'A0EEBC999C0B4EF8BB6D6BB9BD380A11'", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
    "tsvector": ("'b:2A a'", "'a' 'b':2A"), "pair": ("ROW(1, 'a \"b\"')", '(1,"a ""b""")'), "mood": ("'fine'", "fine"),
    "pair[]": ("ARRAY[ROW(1, 'x')::pair]", '{"(1,x)"}'),
    "score": ("7", "7"), "aclitem": ("'=r/postgres'", "=r/postgres"),
}
CASTS = [  # source type, literal, wanted, target type, value in DuckDB
    ("integer", "7", "bigint", "BIGINT", "7"), ("bigint", "-7", "smallint", "SMALLINT", "-7"),
    ("text", "'12'", "integer", "INTEGER", "12"), ("text", "'t'", "boolean", "BOOLEAN", "true"),
    ("timestamp", "'2024-02-29 13:00'", "date", "DATE", "2024-02-29"), ("text", "'1.5'", "double", "DOUBLE", "1.5"),
    ("double precision", "1.5", "real", "FLOAT", "1.5"), ("timestamp", "'2024-01-01'", "time", "TIME", "00:00:00"),
    ("timestamptz", "'2024-01-01 01:00+01'", "timestamp", "TIMESTAMP", "2024-01-01 00:00:00"),
    ("timestamp", "'2024-01-01'", "timestamptz", "TIMESTAMP WITH TIME ZONE", "2024-01-01 00:00:00+00"),
    ("text", "'A0EEBC999C0B4EF8BB6D6BB9BD380A11'", "uuid", "UUID", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
    ("text", "'{\"a\":  1}'", "json", "JSON", '{"a":  1}'), ("time", "'01:02:03'", "interval", "INTERVAL", "01:02:03"),
    ("text", r"'\x6162'", "blob", "BLOB", "ab"), ("numeric", "2.5", "integer", "INTEGER", "3"),
    ("text", "'1.5'", "decimal(4,2)", "DECIMAL(4,2)", "1.50"),
    ("money", "12.5", "decimal(10,2)", "DECIMAL(10,2)", "12.50"),
]


@pytest.fixture(scope="module")
def printed(cluster, tmp_path_factory):
    database = cluster.create_database()
    database.run("CREATE TYPE pair AS (a int, b text); CREATE TYPE mood AS ENUM ('fine'); CREATE DOMAIN score AS int")
    columns = ", ".join(f"c{number} {kind}" for number, kind in enumerate(PRINTED))
    database.run(f"CREATE TABLE t ({columns}); INSERT INTO t VALUES ({', '.join(v for v, _ in PRINTED.values())}); "
                 "INSERT INTO t DEFAULT VALUES")
    target = tmp_path_factory.mktemp("printed") / "printed.duckdb"
    copy_well(database, target, "--column", "*.*.*=varchar")
    yield target
    database.drop()


@pytest.mark.parametrize("kind", PRINTED)
def test_varchar_is_the_text_that_postgres_prints(printed, kind):
    column = f"c{list(PRINTED).index(kind)}"
    assert duck.rows(printed, f"SELECT {column} FROM t") == [(PRINTED[kind][1],), (None,)]
    assert duck.column_types(printed, "t")[column] == "VARCHAR"


@pytest.fixture(scope="module")
def casts(cluster, tmp_path_factory):
    database = cluster.create_database()
    columns = ", ".join(f"c{number} {kind}" for number, (kind, *_) in enumerate(CASTS))
    values = ", ".join(literal for _, literal, *_ in CASTS)
    database.run(f"CREATE TABLE t ({columns}); INSERT INTO t VALUES ({values}); "
                 "INSERT INTO t DEFAULT VALUES")
    target = tmp_path_factory.mktemp("casts") / "casts.duckdb"
    rules = [option for number, cast in enumerate(CASTS) for option in ("--column", f"public.t.c{number}={cast[2]}")]
    copy_well(database, target, *rules)
    yield target
    database.drop()


@pytest.mark.parametrize("number", range(len(CASTS)), ids=lambda number: f"{CASTS[number][0]} to {CASTS[number][2]}")
def test_a_cast_is_carried_out_by_postgres(casts, number):
    _, _, _, target_type, expected = CASTS[number]
    assert duck.rows(casts, f"SELECT c{number}::VARCHAR FROM t") == [(expected,), (None,)]
    assert duck.column_types(casts, "t")[f"c{number}"] == target_type


@pytest.mark.parametrize("kind, literal", [("numeric", "1.234"), ("numeric(10,3)", "-0.001"), ("integer", "1000"),
                                           ("text", "'0.005'"), ("numeric", "'NaN'"), ("numeric", "1e30")])
def test_decimal_is_exact_or_refused(db, target, kind, literal):
    db.make_t(f"v {kind}", f"(1, '9'), (2, {literal})")
    result = copy(db, target, "--column", "t.v=decimal(5,2)", "--json")
    result.expect_error(1, "public.t", "column v", "(0,2)", "DECIMAL(5,2)")
    assert result.report["error"]["kind"] == "unrepresentable"
    copy_well(db, target, "--column", "t.v=decimal(5,2), unrepresentable null")
    assert duck.rows(target, "SELECT v::VARCHAR FROM t ORDER BY id") == [("9.00",), (None,)]


def test_a_double_is_no_decimal_when_postgres_would_round_it(db, target):
    db.make_t("v double precision", "(1, 0.30000000000000004)")
    result = copy(db, target, "--column", "t.v=decimal(38,20)")
    if result.code == 0:
        assert duck.value(target, "SELECT v::VARCHAR FROM t") != "0.30000000000000000000", "rounded without a word"
    else:
        result.expect_error(result.code, "column v")


def test_a_value_that_cannot_be_cast_fails_with_the_words_of_postgres(db, target):
    db.make_t("v text", "(1, '5'), (2, 'five')")
    result = copy(db, target, "--column", "t.v=integer", "--json").expect(1)
    assert "five" in result.report["error"]["message"] and result.report["error"]["sqlstate"] == "22P02"
    assert duck.tables(target) == set()


@pytest.mark.parametrize("kind, rule, why", [
    ("int", "enum", "not an enum"), ("text", "auto", "not numeric"), ("point", "integer", "point"),
    ("int[]", "bigint", "integer[]"), ("uuid", "timestamp", "uuid"),
])
def test_a_type_that_the_column_cannot_become_is_refused_before_anything_is_read(db, target, kind, rule, why):
    db.make_t(f"v {kind}")
    copy(db, target, "--column", f"t.v={rule}").expect_error(2, "public.t", why).expect_hint()
    assert not target.exists() or duck.tables(target) == set()


def test_enum_keeps_the_order_of_its_labels(db, target):
    db.run("CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy', 'it''s'); CREATE DOMAIN feeling AS mood")
    db.make_t("v mood, d feeling, a mood[]", "(1, 'happy', 'sad', '{ok,NULL}'), (2, 'it''s', NULL, '{}')")
    copy_well(db, target, "--column", "t.v=enum", "--column", "t.d=enum", "--column", "t.a=enum")
    labels = "ENUM('sad', 'ok', 'happy', 'it''s')"
    types = duck.column_types(target, "t")
    assert (types["v"], types["d"], types["a"]) == (labels, labels, labels + "[]")
    assert duck.rows(target, "SELECT v::VARCHAR, d::VARCHAR, a::VARCHAR[] FROM t ORDER BY v") == [
        ("happy", "sad", ["ok", None]), ("it's", None, [])]


def test_auto_brings_back_the_default_for_one_column(db, target):
    db.make_t("a numeric, b numeric", "(1, 1.5, 2.5)")
    copy_well(db, target, "--numeric", "varchar", "--column", "t.b=auto")
    types = duck.column_types(target, "t")
    assert (types["a"], types["b"]) == ("VARCHAR", "DECIMAL(38,1)")


@pytest.mark.parametrize("mode, target_type, value", [
    ("auto", "DECIMAL(38,2)", "1.50"), ("varchar", "VARCHAR", "1.50"), ("double", "DOUBLE", "1.5"),
    ("decimal(10,3)", "DECIMAL(10,3)", "1.500"), ("DECIMAL(10, 3)", "DECIMAL(10,3)", "1.500"),
])
def test_numeric_modes(db, target, mode, target_type, value):
    db.run("CREATE TYPE pair AS (n numeric)")
    db.make_t("n numeric, a numeric[], c pair, bounded numeric(5,1), wide numeric(50,2)",
          "(1, 1.50, '{1.50,NULL}', ROW(1.50), 2.5, 1.50), (2, NULL, NULL, NULL, NULL, NULL)")
    copy_well(db, target, "--numeric", mode)
    assert duck.column_types(target, "t") == {
        "id": "INTEGER", "n": target_type, "a": target_type + "[]", "c": f"STRUCT(n {target_type})",
        "bounded": "DECIMAL(5,1)", "wide": target_type}
    assert duck.rows(target, "SELECT n::VARCHAR, a::VARCHAR[], c.n::VARCHAR, wide::VARCHAR FROM t ORDER BY id") == [
        (value, [value, None], value, value), (None, None, None, None)]


@pytest.mark.parametrize("mode", ["", "float", "decimal", "decimal(39,0)", "decimal(3,4)", "decimal(5,2", "varchar(5)"])
def test_a_numeric_mode_that_does_not_exist_is_refused(tmp_path, mode):
    copy("postgresql://127.0.0.1:1/x", tmp_path / "x.duckdb", "--numeric", mode).expect_error(2, "--numeric")
    assert not list(tmp_path.iterdir())


def test_numeric_decimal_refuses_what_does_not_fit(db, target):
    db.make_t("n numeric", "(1, 1.5), (2, 1.2345)")
    copy(db, target, "--numeric", "decimal(10,2)").expect_error(1, "column n", "(0,2)", "1.2345").expect_hint("varchar")
    copy_well(db, target, "--numeric", "decimal(10,2)", "--unrepresentable", "text")
    assert duck.rows(target, "SELECT n::VARCHAR, n__text FROM t ORDER BY id") == [("1.50", None), (None, "1.2345")]


def test_numeric_double_is_rounded_by_postgres(db, target):
    db.make_t("n numeric", "(1, 0.1), (2, 'NaN'), (3, 12345678901234567890), (4, 1e-300)")
    copy_well(db, target, "--numeric", "double")
    assert duck.rows(target, "SELECT n::VARCHAR FROM t ORDER BY id") == [
        ("0.1",), ("nan",), ("1.2345678901234567e+19",), ("1e-300",)]
