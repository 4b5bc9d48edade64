"""Values arrive as Postgres itself writes them. Types that DuckDB prints in its own way: test_golden_types.py."""

import struct

import pytest

from support.program import copy, copy_well
from support.targets import duckdb_file as duck

# How both sides write a value that they print differently: (Postgres expression, DuckDB expression).
TEXT = ("v::text", "v::VARCHAR")
HEX = ("encode(v, 'hex')", "lower(hex(v))")
# A cast to text would add /32.
INET = ("textin(inet_out(v))", "v::VARCHAR")
BITS4 = ("encode(float4send(v), 'hex')", "v")
BITS8 = ("encode(float8send(v), 'hex')", "v")
PARTS = ("encode(interval_send(v), 'hex')",
         "[datepart('hour', v) * 3600000000 + datepart('minute', v) * 60000000 + datepart('microsecond', v), "
         "datepart('day', v), datepart('year', v) * 12 + datepart('month', v)]")

NUMBERS_38 = ["'" + "9" * 38 + "'", "'-" + "9" * 38 + "'", "'1'", "'0'", "'-1'", "'10000'", "'99999999'"]
# type: (target type, how to compare, literals); each table also has a NULL.
VALUES = {
    "boolean": ("BOOLEAN", TEXT, ["true", "false"]),
    "smallint": ("SMALLINT", TEXT, ["-32768", "32767", "0", "-1"]),
    "integer": ("INTEGER", TEXT, ["-2147483648", "2147483647", "0", "-1"]),
    "bigint": ("BIGINT", TEXT, ["-9223372036854775808", "9223372036854775807", "0", "-1"]),
    "oid": ("UINTEGER", TEXT, ["0", "4294967295", "2147483648"]),
    "real": ("FLOAT", BITS4, ["'NaN'", "'Infinity'", "'-Infinity'", "'-0'", "0", "3.4028235e38", "1e-45", "0.1",
                              "16777217"]),
    "double precision": ("DOUBLE", BITS8, ["'NaN'", "'Infinity'", "'-Infinity'", "'-0'", "0",
                                           "1.7976931348623157e308", "5e-324", "0.1", "9007199254740993"]),
    "numeric(4,2)": ("DECIMAL(4,2)", TEXT, ["99.99", "-99.99", "0", "0.01", "-0.01", "1.5", "10"]),
    "numeric(9,4)": ("DECIMAL(9,4)", TEXT, ["99999.9999", "-99999.9999", "0.0001", "12345.6789", "10000"]),
    "numeric(10,2)": ("DECIMAL(10,2)", TEXT, ["99999999.99", "-99999999.99", "0.01", "1234567.89", "100000"]),
    "numeric(18,0)": ("DECIMAL(18,0)", TEXT, ["999999999999999999", "-999999999999999999", "10000", "0"]),
    "numeric(18,18)": ("DECIMAL(18,18)", TEXT, ["0.999999999999999999", "-0.000000000000000001", "0.0001"]),
    "numeric(38,0)": ("DECIMAL(38,0)", TEXT, NUMBERS_38),
    "numeric(38,10)": ("DECIMAL(38,10)", TEXT, ["'" + "9" * 28 + "." + "9" * 10 + "'",
                                                           "'0.0000000001'", "'-12345.6789'"]),
    "numeric(38,38)": ("DECIMAL(38,38)", TEXT, ["'0." + "9" * 38 + "'", "'-0." + "0" * 37 + "1'"]),
    "numeric(3,-2)": ("DECIMAL(5,0)", TEXT, ["99900", "-100", "1234", "0"]),
    "numeric(2,5)": ("DECIMAL(5,5)", TEXT, ["0.00099", "-0.00001", "0"]),
    "numeric": ("VARCHAR", TEXT, ["'NaN'", "'Infinity'", "'-Infinity'", "1.10", "1.1000", "-0.000", "1e-300",
                                  "'" + "123456789" * 20 + ".5'", "1e100"]),
    "numeric(40,2)": ("VARCHAR", TEXT, ["'" + "9" * 38 + ".99'", "-1.5", "'NaN'"]),
    "text": ("VARCHAR", TEXT, ["''", "'a'", "'twelve bytes'", "'thirteen chars'",
                               "E'tab\\tnew\\nline\\\\'", "'Ünïcödé 漢字 🦆'", "repeat('x', 100000)",
                               "E'\\x01\\x7f'", "'NULL'", "' blanks '"]),
    "varchar(20)": ("VARCHAR", TEXT, ["''", "'kept  '", "'漢字'"]),
    "name": ("VARCHAR", TEXT, ["'a_name'", "repeat('n', 63)"]),
    "char(5)": ("VARCHAR", TEXT, ["'ab'", "'abcde'", "''", "'     '", "' a'", "'漢字'"]),
    "bytea": ("BLOB", HEX, ["''", r"'\x00'", r"'\x00ff80c328'", r"decode(repeat('ab', 5000), 'hex')"]),
    "date": ("DATE", TEXT, ["'2024-02-29'", "'infinity'", "'-infinity'", "'4713-01-01 BC'", "'0001-01-01'",
                            "'0044-03-15 BC'", "'9999-12-31'", "'5874897-12-31'", "'1970-01-01'", "'2000-01-01'"]),
    "time": ("TIME", TEXT, ["'00:00'", "'23:59:59.999999'", "'24:00:00'", "'12:34:56.7'"]),
    "timestamp": ("TIMESTAMP", TEXT, ["'2024-02-29 12:34:56.789012'", "'infinity'", "'-infinity'",
                                      "'0044-03-15 01:02:03 BC'", "'4713-01-01 00:00:00 BC'",
                                      "'294246-12-31 23:59:59.999999'", "'1969-12-31 23:59:59.999999'", "'1970-01-01'",
                                      "'2000-01-01'"]),
    "timestamptz": ("TIMESTAMP WITH TIME ZONE", TEXT,
                    ["'2024-02-29 12:34:56.789012+05:30'", "'infinity'", "'-infinity'", "'0044-03-15 01:02:03+00 BC'",
                     "'1900-01-01 00:00:00+00'", "'2000-01-01 00:00:00-08'"]),
    "interval": ("INTERVAL", PARTS, ["'0'", "'1 year 2 mons 3 days 04:05:06.789'", "'-1 year -2 mons'",
                                     "'1 mon -1 day'",
                                     "'-04:05:06.000001'", "'1000 hours'", "'178000000 years'", "'1 day -00:00:01'"]),
    "uuid": ("UUID", TEXT, ["'00000000-0000-0000-0000-000000000000'", "'ffffffff-ffff-ffff-ffff-ffffffffffff'",
                            "'7fffffff-ffff-ffff-ffff-ffffffffffff'", "'80000000-0000-0000-0000-000000000000'",
                            "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'"]),
    "json": ("JSON", TEXT, ["""'{"b" : 1,  "a":[1, 2.0, 1e400]}'""", "'null'", "'\"x\"'", "'{\"a\":1,\"a\":2}'",
                            r"""'"\u0000"'"""]),
    "jsonb": ("JSON", TEXT, ["""'{"b" : 1,  "a":[1, 2.0, 1e400]}'""", "'null'", "'{\"ü\": \"漢\"}'", "'[]'"]),
    "time with time zone": ("TIME WITH TIME ZONE", TEXT, ["'12:34:56.789+05:30'"]),
    "bit(4)": ("BIT", TEXT, ["B'1010'"]),
    "varbit": ("BIT", TEXT, ["B'10101'"]),
    "xid8": ("UBIGINT", TEXT, ["'42'"]),
    "mood": ("VARCHAR", TEXT, ["'fine'", "'so ''so'''"]),
    "inet": ("VARCHAR", INET, ["'10.0.0.1'", "'10.0.0.0/8'", "'::1'"]),
    "cidr": ("VARCHAR", TEXT, ["'10.0.0.0/8'"]),
    "macaddr": ("VARCHAR", TEXT, ["'08:00:2b:01:02:03'"]),
    "xml": ("VARCHAR", TEXT, ["'<a>1</a>'"]),
    '"char"': ("VARCHAR", TEXT, ["'c'"]),
    # Types that DuckDB has nothing like: their text.
    "tsvector": ("VARCHAR", TEXT, ["'a fat cat'::tsvector", "'b:2A c:3'::tsvector"]),
    "tsquery": ("VARCHAR", TEXT, ["'fat & rat'::tsquery"]),
    "tid": ("VARCHAR", TEXT, ["'(1,2)'"]),
    # A domain is its base type.
    "positive": ("INTEGER", TEXT, ["1", "2147483647"]),
    "price": ("DECIMAL(8,3)", TEXT, ["12345.678", "0"]),
}
# The first server that has the type, or one of the values.
SINCE = {"numeric": 14, "numeric(3,-2)": 15, "numeric(2,5)": 15}
NAMES = {pg_type: f"t{number}" for number, pg_type in enumerate(VALUES)}


def known_to(cluster) -> list[str]:
    return [pg_type for pg_type in VALUES if cluster.version >= SINCE.get(pg_type, 0)]


def skip_if_unknown(pg_type: str, cluster) -> None:
    if pg_type not in known_to(cluster):
        pytest.skip(f"{pg_type}: needs Postgres {SINCE[pg_type]} or newer")


@pytest.fixture(scope="module")
def copied(cluster, tmp_path_factory):
    database = cluster.create_database()
    database.run("""CREATE TYPE mood AS ENUM ('fine', 'so ''so''');
        CREATE DOMAIN positive AS int CHECK (VALUE > 0); CREATE DOMAIN price AS numeric(8,3)""")
    statements = []
    for pg_type in known_to(database.cluster):
        _, _, literals = VALUES[pg_type]
        statements.append(f"CREATE TABLE {NAMES[pg_type]} (id serial, v {pg_type})")
        rows = ", ".join(f"(({literal})::{pg_type})" for literal in [*literals, "NULL"])
        statements.append(f"INSERT INTO {NAMES[pg_type]} (v) VALUES {rows}")
    database.run(";\n".join(statements))
    target = tmp_path_factory.mktemp("types") / "types.duckdb"
    result = copy_well(database, target)
    yield database, target, result
    database.drop()


def as_postgres_writes(value):
    """DuckDB's spelling turned into Postgres's, where only the spelling differs."""
    if isinstance(value, str) and " (BC)" in value:
        return value.replace(" (BC)", "") + " BC"
    if isinstance(value, str) and value.startswith((".", "-.")):  # DECIMAL(5,5)
        return value.replace(".", "0.", 1)
    return value


def comparable(kind, value):
    if value is None or kind in (TEXT, INET, HEX):
        return as_postgres_writes(value)
    if kind is PARTS:
        if value[0] is None:
            return None
        return struct.pack(">qii", *value).hex()
    return struct.pack(">f" if kind is BITS4 else ">d", value).hex()


@pytest.mark.parametrize("pg_type", VALUES)
def test_values_equal_what_postgres_writes(copied, pg_type):
    database, target, _ = copied
    skip_if_unknown(pg_type, database.cluster)
    _, kind, literals = VALUES[pg_type]
    expected = database.run(f"SELECT id, {kind[0]} FROM {NAMES[pg_type]} ORDER BY id")
    assert len(expected) == len(literals) + 1 and expected[-1][1] is None
    got = duck.rows(target, f"SELECT id, {kind[1]} FROM {NAMES[pg_type]} ORDER BY id")
    assert [(key, comparable(kind, value)) for key, value in got] == expected


@pytest.mark.parametrize("pg_type", VALUES)
def test_column_has_its_duckdb_type(copied, pg_type):
    skip_if_unknown(pg_type, copied[0].cluster)
    assert duck.column_types(copied[1], NAMES[pg_type])["v"] == VALUES[pg_type][0]


def test_plan_says_which_columns_travel_as_text_and_why(copied, tmp_path):
    database = copied[0]
    document = copy(database, tmp_path / "none.duckdb", "--dry-run", "--json").expect(0).report
    notes = {table["table"]: {c["name"]: c for c in table["columns"]}["v"]["note"] for table in document["plan"]}
    for pg_type in ("tsvector", "tsquery", "tid"):
        assert "sent as text" in notes[NAMES[pg_type]], notes[NAMES[pg_type]]
    for pg_type in ("text", "mood", "inet", "xml", "integer", "numeric(10,2)"):
        assert not notes[NAMES[pg_type]], (pg_type, notes[NAMES[pg_type]])
    printed = copy(database, tmp_path / "none.duckdb", "--dry-run").expect(0).out
    assert "tsvector" in printed
