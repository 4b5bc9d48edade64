"""What a column of the soak's tables may be: its type in Postgres, random values of it, and what a value says on either side.

`from_postgres` and `from_duckdb` give the same Python value for the same value, hashable and equal across numeric types, so that rows can be
counted: numbers are numbers, nested values tuples, all else the text that Postgres prints. Types are called as format_type() calls them."""

import random
import re
import struct
from decimal import Decimal

from support.values import postgres_text as pg
from support.values.random_values import SCALARS, decimal_text, digits, maybe, text_value

MOODS = ["sad", "o'k", "häppy", ""]
# Types that the world creates; composites by the names and types of their fields.
PAIR = [("n", "numeric(8,2)"), ("words", "text[]"), ("at", "timestamp with time zone")]
SETUP = ["CREATE TYPE soak_mood AS ENUM (" + ", ".join("'" + mood.replace("'", "''") + "'" for mood in MOODS if mood) + ")",
         f"CREATE TYPE soak_pair AS ({', '.join(f'{name} {kind}' for name, kind in PAIR)})",
         "CREATE DOMAIN soak_code AS varchar(12) CHECK (value <> 'forbidden')"]
COMPOSITES = {"soak_pair": PAIR}
DOMAINS = {"soak_code": "character varying(12)"}
RANGES = {"int4range": "integer", "numrange": "numeric", "tstzrange": "timestamp with time zone", "daterange": "date"}
MULTIRANGES = {"int4multirange": "int4range"}
NAMES = {"timestamp without time zone": "timestamp", "timestamp with time zone": "timestamptz", "time without time zone": "time",
         "character varying": "varchar", "character": "char(7)", "bit varying": "varbit", "bit": "bit(11)"}
WHOLE_NUMBERS = {"smallint", "integer", "bigint", "oid"}
TEXTS = {"text", "character varying", "name", "json", "jsonb"}
# Digits before and after the point that numerics of a column have, as it grows; the last one is beyond DECIMAL.
NUMERICS = [(6, 0), (6, 2), (10, 6), (12, 15), (18, 20), (30, 25)]
WIDE = [0, 1, 3000, 100_000, 2_000_000]


# --- random values ---------------------------------------------------------------------------------------------------

def numeric(dice: random.Random, level: int) -> str:
    return decimal_text(dice, *NUMERICS[min(level, len(NUMERICS) - 1)])


def bounded(precision: int, scale: int):
    return lambda dice, level: decimal_text(dice, precision - scale, scale)


def scalar(name: str):
    return lambda dice, level: SCALARS[name][1](dice)


def array(element):
    """A dimension more for each level; {} and NULLs in it now and then."""
    def part(dice, level, depth):
        if depth == 0:
            return pg.quote_element(None if maybe(dice, 0.15) else element(dice, level))
        return "{" + ",".join(part(dice, level, depth - 1) for _ in range(2)) + "}"

    return lambda dice, level: "{}" if maybe(dice, 0.1) else part(dice, level, min(3, level + 1))


def pair(dice: random.Random, level: int) -> str:
    values = [decimal_text(dice, 6, 2), dice.choice(["{}", '{a,NULL,"NULL"}', '{"q\\"q","x,y"}']), SCALARS["timestamptz"][1](dice)]
    return "(" + ",".join(pg.quote_field(None if maybe(dice, 0.2) else value) for value in values) + ")"


def whole_range(dice: random.Random, level: int = 0) -> str:
    low, high = sorted([dice.randint(-10**6, 10**6), dice.randint(-10**6, 10**6)])
    return dice.choice([f"[{low},{high})", f"({low},)", "empty", "(,)", f"[{low},{low}]"])


def number_range(dice: random.Random, level: int) -> str:
    low, high = sorted([Decimal(decimal_text(dice, 8, 4)), Decimal(decimal_text(dice, 8, 4))])
    return dice.choice([f"[{low},{high}]", f"({low},)", "empty", f"(,{high})"])


def zoned_time(dice: random.Random, level: int) -> str:
    """Of offsets in whole minutes: what a lake keeps of others is a known fault."""
    hours, minutes = dice.randrange(16), dice.choice([0, 0, 30, 59])
    return f"{SCALARS['time'][1](dice)}{dice.choice('+-')}{hours:02}:{minutes:02}"


def wide_text(dice: random.Random, level: int) -> str:
    return (digits(dice, 40) + "ü'\n") * (dice.choice(WIDE) // 43) + text_value(dice)


def wide_bytes(dice: random.Random, level: int) -> str:
    return "\\x" + dice.randbytes(dice.choice(WIDE[:-1])).hex()


# Type: random value(dice, level), as text that Postgres reads.
KINDS = {name: scalar(name) for name in (
    "boolean", "smallint", "integer", "bigint", "oid", "real", "double precision", "text", "varchar(9)", "char(7)", "bytea", "date",
    "time", "timestamp", "timestamptz", "interval", "uuid", "json", "jsonb", "bit(11)", "varbit", "inet", "macaddr", "tsvector", "xml",
    "pg_lsn", "xid8", "name", "money", '"char"')}
KINDS |= {
    "numeric": numeric, "numeric(10,2)": bounded(10, 2), "numeric(5,0)": bounded(5, 0), "numeric(38,10)": bounded(38, 10),
    "soak_mood": lambda dice, level: dice.choice([mood for mood in MOODS if mood]),
    "time with time zone": zoned_time, "soak_code": lambda dice, level: text_value(dice)[:12], "soak_pair": pair,
    "integer[]": array(lambda dice, level: str(dice.randint(-9, 10**9))), "text[]": array(lambda dice, level: text_value(dice)),
    "numeric[]": array(numeric), "soak_pair[]": array(pair), "timestamptz[]": array(scalar("timestamptz")),
    "int4range": whole_range, "numrange": number_range,
    "int4multirange": lambda dice, level: "{" + ",".join(whole_range(dice) for _ in range(dice.randrange(3))) + "}",
}
ODD = {"wide text": wide_text, "wide bytea": wide_bytes}  # kept out of the usual tables
# Kinds whose values tell more as they come, so that their column's type is learnt from them.
LEARNT = {"numeric", "numeric[]", "integer[]", "text[]", "soak_pair[]", "timestamptz[]", "numrange"}
# What ALTER … TYPE may make of a kind.
RETYPED = {"smallint": ["integer", "bigint"], "integer": ["bigint", "text", "double precision"], "bigint": ["integer", "text"],
           "numeric(10,2)": ["numeric(14,2)", "numeric(14,5)", "numeric(9,1)"], "numeric(5,0)": ["numeric(9,3)", "integer"], "real": ["double precision"],
           "varchar(9)": ["text", "varchar(20)"], "json": ["jsonb"], "uuid": ["text"], "boolean": ["text"], "soak_mood": ["text"],
           "timestamp": ["timestamptz", "timestamp(0)"], "date": ["timestamp"], "text": ["varchar"], "numeric": ["numeric(38,10)"]}


def sql_type(kind: str) -> str:
    return kind.removeprefix("wide ")


def value(dice: random.Random, kind: str, level: int = 0) -> str:
    """A random value, never NULL. A type that a column has got by ALTER takes what the one before it took."""
    roll = KINDS.get(kind) or ODD.get(kind)
    if roll is None and kind.startswith("numeric("):
        roll = bounded(*map(int, re.findall(r"\d+", kind)))
    if roll is None:
        roll = scalar({"varchar": "text", "varchar(20)": "varchar(9)", "timestamp(0)": "timestamp"}[kind])
    return roll(dice, level)


# --- what values say -------------------------------------------------------------------------------------------------

def base_of(kind: str) -> str:
    return re.sub(r"\([\d,-]+\)", "", kind)


def single(text: str) -> float:
    """The number that 32 bits hold of it."""
    try:
        return struct.unpack("f", struct.pack("f", float(text)))[0]
    except OverflowError:
        return float(text)


def number(value):
    """NaN equals itself here. -0 equals 0, which DuckDB's storage does not tell apart."""
    return "NaN" if value != value else value


def from_postgres(kind: str, text: str | None):
    """What a text that Postgres printed says."""
    if text is None:
        return None
    if kind.endswith("[]"):
        return _elements(kind[:-2], pg.parse_array(text)[0])
    base = base_of(kind)
    if base in COMPOSITES:
        return tuple(from_postgres(field, part) for (_, field), part in zip(COMPOSITES[base], pg.parse_row(text)))
    if base in DOMAINS:
        return from_postgres(DOMAINS[base], text)
    if base in RANGES:
        return _range(RANGES[base], pg.parse_range(text))
    if base in MULTIRANGES:
        return tuple(_range(RANGES[MULTIRANGES[base]], one) for one in pg.parse_multirange(text))
    if base in WHOLE_NUMBERS or base == "numeric":
        return number(Decimal(text))
    if base in ("real", "double precision"):
        return number(single(text) if base == "real" else float(text))
    scalar_name = NAMES.get(base, base)
    return SCALARS[scalar_name][2](text) if scalar_name in SCALARS else text


def _elements(element: str, found):
    return tuple(_elements(element, part) if isinstance(part, list) else from_postgres(element, part) for part in found)


def _range(bound: str, parsed: dict):
    return tuple(from_postgres(bound, parsed[name]) if name in ("lower", "upper") else str(parsed[name]).lower() for name in parsed)


def from_duckdb(kind: str, duck_type, found):
    """What the leaves of a value in DuckDB say, where a column of type `kind` became `duck_type`."""
    if found is None:
        return None
    base = base_of(kind)
    if duck_type.id == "varchar":
        # Its text as Postgres prints it; of an interval in a lake as DuckDB does.
        return from_postgres(kind, re.sub(r"month(s?)", r"mon\1", found) if base == "interval" else found)
    if kind.endswith("[]"):
        return tuple(from_duckdb(kind if child.id == "list" else kind[:-2], child, part)
                     for part in found for child in [duck_type.children[0][1]])
    if base in COMPOSITES:
        return tuple(from_duckdb(field, part, found[name])
                     for (name, field), (_, part) in zip(COMPOSITES[base], duck_type.children))
    if base in DOMAINS:
        return from_duckdb(DOMAINS[base], duck_type, found)
    if base in RANGES:
        return tuple(from_duckdb(RANGES[base], part, found[name]) if name in ("lower", "upper") else found[name]
                     for name, part in duck_type.children)
    if base in MULTIRANGES:
        return tuple(from_duckdb(MULTIRANGES[base], duck_type.children[0][1], part) for part in found)
    if duck_type.id in ("float", "double"):
        return number(single(found) if duck_type.id == "float" else float(found))
    if duck_type.id in ("tinyint", "smallint", "integer", "bigint", "hugeint", "decimal", "uinteger"):
        return Decimal(found)
    scalar_name = NAMES.get(base, base)
    return SCALARS[scalar_name][3](found) if scalar_name in SCALARS else found


def carried(old: object, kind: str):
    """What a value is after the copy's column was altered to `kind`, as documented: numbers may become text."""
    return str(old) if isinstance(old, Decimal) and base_of(kind) in TEXTS else old
