"""Random Postgres types and values, and what must become of them in DuckDB, by docs/types.md alone.

A node stands for a type at one place of a column: it writes random values in the text that Postgres reads, takes apart
the text that Postgres prints, and compares it leaf by leaf with what DuckDB holds.
"""

import random
import re
import struct
from decimal import Decimal

import postgres_text as pg

SCRAPS = ["", " ", "  x ", "NULL", "null", "a", "it's", 'q"q', "b\\s", "{1,2}", "}", "a,b", ";", "(x,)", "[", "empty",
          "\n", "\t\r", "ü漢🦆", "e\u0301", "\x01\x7f", "exactly 12 by", "more than twelve bytes of text", "%s $1", "--"]
MAX_DECIMAL = 38


def maybe(dice: random.Random, probability: float) -> bool:
    return dice.random() < probability


def text_value(dice: random.Random) -> str:
    return "".join(dice.choice(SCRAPS) for _ in range(dice.choice([0, 1, 1, 2, 5])))


def one_of(edges, otherwise=None):
    """An edge now and then, else whatever `otherwise` rolls."""
    return lambda dice: str(dice.choice(edges) if otherwise is None or maybe(dice, 0.3) else otherwise(dice))


def integers(low: int, high: int):
    return one_of([low, high, 0, low + 1, min(1, high)], lambda dice: dice.randint(low, high) >> dice.randrange(64))


def float_text(dice: random.Random, form: str) -> str:
    edges = {"f": ["NaN", "Infinity", "-Infinity", "-0", "0", "1e-45", "3.4028235e38", "0.1", "16777217"],
             "d": ["NaN", "Infinity", "-Infinity", "-0", "0", "5e-324", "1.7976931348623157e308", "0.1", "1e15"]}[form]
    if maybe(dice, 0.4):
        return dice.choice(edges)
    number, = struct.unpack(">" + form, dice.randbytes(struct.calcsize(form)))
    return repr(number) if abs(number) < float("inf") else "1.5"


def digits(dice: random.Random, count: int) -> str:
    return "".join(dice.choice("0123456789009") for _ in range(count))


def decimal_text(dice: random.Random, whole: int, scale: int) -> str:
    """Up to `whole` digits before the point and `scale` after it."""
    if maybe(dice, 0.15):
        return dice.choice(["0", dice.choice(["", "-"]) + ("9" * whole or "0") + ("." + "9" * scale if scale else "")])
    text = dice.choice(["", "-"]) + (digits(dice, dice.randint(0, whole)) or "0")
    return text + ("." + digits(dice, dice.randint(1, scale)) if scale and maybe(dice, 0.8) else "")


def date_text(day: int) -> str:
    """The date so many days after 2000-01-01, in any year."""
    # By Richards; its years count from 4800 BC.
    julian = day + 2451545
    f = julian + 1401 + (4 * julian + 274277) // 146097 * 3 // 4 - 38
    e = 4 * f + 3
    h = 5 * (e % 1461 // 4) + 2
    month = (h // 153 + 2) % 12 + 1
    year = e // 1461 - 4716 + (14 - month) // 12
    written = f"{year if year > 0 else 1 - year:04}-{month:02}-{h % 153 // 5 + 1:02}"
    return written if year > 0 else written + " BC"


def clock_text(microseconds: int) -> str:
    seconds, fraction = divmod(microseconds, 10**6)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}" + (f".{fraction:06}" if fraction else "")


FIRST_DAY, LAST_DAY = -2451545, 2145031948  # 4713-11-24 BC, 5874897-12-31
# DuckDB ends in January 294247.
LAST_TIMESTAMP_DAY = 106751991 - 10958 - 9


def random_day(dice: random.Random, last: int) -> int:
    return dice.choice([FIRST_DAY, last, 0, -1, dice.randint(FIRST_DAY, last), dice.randint(-40000, 40000),
                        dice.randint(-40000, 40000)])


def date_value(dice: random.Random) -> str:
    return dice.choice(["infinity", "-infinity"]) if maybe(dice, 0.1) else date_text(random_day(dice, LAST_DAY))


def timestamp_text(microseconds: int, zone: str = "") -> str:
    day, time = divmod(microseconds, 86400 * 10**6)
    date, *era = date_text(day).split(" ")
    return " ".join([date, clock_text(time) + zone, *era])


def random_microseconds(dice: random.Random) -> int:
    time = dice.choice([0, 86399999999, dice.randrange(86400 * 10**6)])
    return random_day(dice, LAST_TIMESTAMP_DAY) * 86400 * 10**6 + time


def timestamp_value(dice: random.Random) -> str:
    return dice.choice(["infinity", "-infinity"]) if maybe(dice, 0.1) else timestamp_text(random_microseconds(dice))


def timestamptz_value(dice: random.Random) -> str:
    return timestamp_value(dice) if maybe(dice, 0.1) else timestamp_text(random_microseconds(dice), "+00")


def time_value(dice: random.Random) -> str:
    return clock_text(dice.choice([0, 86400 * 10**6, 86399999999, dice.randrange(86400 * 10**6)]))


def timetz_value(dice: random.Random) -> str:
    offset = dice.choice([0, 57599, 19800, dice.randrange(57600)])
    return time_value(dice) + dice.choice("+-") + clock_text(offset * 10**6)


def interval_value(dice: random.Random) -> str:
    def part(limit):
        return dice.choice([0, 1, -1, limit, -limit, dice.randint(-limit, limit), dice.randint(-1000, 1000)])
    time = part(2**63 - 1)
    # Postgres 17 takes the utmost days, together with the other utmost parts, for infinity.
    return f"{part(2**31 - 1)} mons {part(2**31 - 2)} days {'-' if time < 0 else ''}{clock_text(abs(time))}"


def json_text(dice: random.Random, depth: int = 2) -> str:
    blank = dice.choice(["", "", " ", "\n"])
    kind = dice.randrange(8 if depth else 5)
    if kind >= 5:
        items = [json_text(dice, depth - 1) for _ in range(dice.randrange(3))]
        if kind == 5:
            return "[" + blank + ("," + blank).join(items) + "]"
        return "{" + ",".join(f'"{dice.choice("abü")}"{blank}: {item}' for item in items) + blank + "}"
    return dice.choice(["1", "1.0", "-0", "1e400", "123456789012345678901234567890", "true", "null", '""',
                        '"q\\"\\\\ \\u00fc 漢"', '"\\/"', blank + "0.10"])


def money_text(dice: random.Random) -> str:
    cents = dice.choice([-2**63, 2**63 - 1, 0, -1, dice.randint(-10**9, 10**9), dice.randint(-2**63, 2**63 - 1)])
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02}"


def words_text(dice: random.Random) -> str:
    """For tsvector."""
    words = dice.sample(["a", "fat", "cat", "it's", "\\", "ü"], dice.randrange(4))
    return " ".join("'" + word.replace("\\", "\\\\").replace("'", "''") + "'" + dice.choice(["", ":1", ":2A,3"])
                    for word in words)


def bits_text(dice: random.Random, count: int) -> str:
    return "".join(dice.choice("01") for _ in range(count))


def shape_number(dice: random.Random) -> str:
    return dice.choice(["0", "-0", "1.5", "-2e-05", "1e300", "Infinity", "NaN", repr(dice.uniform(-1e6, 1e6))])


def point_text(dice: random.Random) -> str:
    return f"({shape_number(dice)},{shape_number(dice)})"


def points_text(dice: random.Random) -> str:
    return ",".join(point_text(dice) for _ in range(dice.randint(1, 5)))


def plain_point(dice: random.Random) -> str:
    return f"({dice.randint(-99, 99)},{dice.uniform(-9, 9)!r})"


def hstore_text(dice: random.Random) -> str:
    pairs = [(pg.quote_element(text_value(dice)),
              pg.quote_element(None if maybe(dice, 0.2) else text_value(dice)))
             for _ in range(dice.randrange(4))]
    return ",".join(f"{key}=>{value}" for key, value in pairs)


def vector_text(high: int):
    return lambda dice: " ".join(str(dice.randint(0, high)) for _ in range(dice.randrange(5)))


# What a text says, so that both sides say it alike.

def same(text: str) -> str:
    return text


def float_bits(form: str):
    def bits(text: str) -> str:
        number = float(text)
        # DuckDB's constant and run-length segments do not tell -0 from 0.
        return "nan" if number != number else struct.pack(">" + form, number or 0.0).hex()
    return bits


def era(text: str) -> str:
    """DuckDB writes "0044-03-15 (BC) 01:02:03+00"."""
    return text.replace(" (BC)", "") + " BC" if " (BC)" in text else text


def interval_parts(text: str) -> str:
    return ":".join(map(str, pg.parse_interval(text)))


def time_and_offset(text: str) -> str:
    """The offset in seconds."""
    time, sign, offset = re.fullmatch(r"(.*)([+-])(.*)", text).groups()
    hours, minutes, seconds = [*map(int, offset.split(":")), 0, 0][:3]
    return f"{time} {sign.strip('+')}{hours * 3600 + minutes * 60 + seconds}"


def money_number(text: str) -> Decimal:
    return Decimal(text.replace("$", "").replace(",", ""))


def lsn_number(text: str) -> str:
    high, low = text.split("/")
    return str(int(high, 16) << 32 | int(low, 16))


def without_padding(text: str) -> str:
    return text.rstrip(" ")


OBJECTS = {"pg_class": "1259", "pg_type": "1247", "pg_proc": "1255", "-": "0", "integer": "23", "text": "25",
           "boolean": "16"}

FLOAT4, FLOAT8 = float_bits("f"), float_bits("d")

# Postgres type: (DuckDB type, random value, what Postgres's text says, what DuckDB's text says).
SCALARS = {
    "boolean": ("BOOLEAN", one_of(["t", "f"]), {"t": "true", "f": "false"}.get, same),
    "smallint": ("SMALLINT", integers(-2**15, 2**15 - 1), same, same),
    "integer": ("INTEGER", integers(-2**31, 2**31 - 1), same, same),
    "bigint": ("BIGINT", integers(-2**63, 2**63 - 1), same, same),
    "oid": ("UINTEGER", integers(0, 2**32 - 1), same, same),
    "xid": ("UINTEGER", integers(0, 2**32 - 1), same, same),
    "cid": ("UINTEGER", integers(0, 2**32 - 1), same, same),
    "xid8": ("UBIGINT", integers(0, 2**64 - 1), same, same),
    "pg_lsn": ("UBIGINT", lambda d: f"{d.choice([0, d.getrandbits(32)]):X}/{d.choice([0, d.getrandbits(32)]):X}",
               lsn_number, same),
    "regclass": ("UINTEGER", one_of(["pg_class", "pg_type", "pg_proc", "-"]), OBJECTS.get, same),
    "regtype": ("UINTEGER", one_of(["integer", "text", "boolean", "-"]), OBJECTS.get, same),
    "real": ("FLOAT", lambda d: float_text(d, "f"), FLOAT4, FLOAT4),
    "double precision": ("DOUBLE", lambda d: float_text(d, "d"), FLOAT8, FLOAT8),
    "money": ("DECIMAL(19,2)", money_text, money_number, Decimal),
    "text": ("VARCHAR", text_value, same, same),
    "varchar": ("VARCHAR", text_value, same, same),
    "varchar(9)": ("VARCHAR", lambda d: text_value(d)[:9], same, same),
    "name": ("VARCHAR", lambda d: text_value(d)[:12], same, same),
    "char(7)": ("VARCHAR", lambda d: text_value(d)[:7], without_padding, same),
    '"char"': ("VARCHAR", lambda d: d.choice("aZ ~,\"\\{"), same, same),
    "citext": ("VARCHAR", text_value, same, same),
    "bytea": ("BLOB", lambda d: "\\x" + d.randbytes(d.choice([0, 1, 3, 20])).hex(), lambda text: text[2:], same),
    "date": ("DATE", date_value, same, era),
    "time": ("TIME", time_value, same, same),
    "time with time zone": ("TIME WITH TIME ZONE", timetz_value, time_and_offset, same),
    "timestamp": ("TIMESTAMP", timestamp_value, same, era),
    "timestamptz": ("TIMESTAMP WITH TIME ZONE", timestamptz_value, same, era),
    "interval": ("INTERVAL", interval_value, interval_parts, same),
    "uuid": ("UUID", lambda d: f"{d.choice([0, 2**128 - 1, 2**127, d.getrandbits(128)]):032x}", same, same),
    "json": ("JSON", json_text, same, same),
    "jsonb": ("JSON", json_text, same, same),
    "jsonpath": ("VARCHAR", one_of(["$", "$.a[*] ? (@.b > 1)", 'strict $."ü"'], lambda d: f"$.k[{d.randrange(99)}]"),
                 same, same),
    "xml": ("VARCHAR", lambda d: f"<a b='{d.randrange(99)}'>{d.choice(['', 'ü ', '<c/>', '&lt;'])}</a>", same, same),
    "bit(11)": ("BIT", lambda d: bits_text(d, 11), same, same),
    "varbit": ("BIT", lambda d: bits_text(d, d.choice([1, 7, 8, 9, 64, 65])), same, same),
    "inet": ("VARCHAR", one_of(["10.0.0.1", "10.0.0.0/8", "::1", "fe80::1:0:0:2/64", "::ffff:1.2.3.4", "0.0.0.0/0"],
                               lambda d: f"{d.randrange(256)}.0.{d.randrange(256)}.7/{d.randrange(33)}"), same, same),
    "cidr": ("VARCHAR", one_of(["10.0.0.0/8", "::/0", "2001:db8::/32", "1.2.3.4/32"],
                               lambda d: f"{d.randrange(256)}.{d.randrange(256)}.0.0/16"), same, same),
    "macaddr": ("VARCHAR", lambda d: d.randbytes(6).hex(), same, same),
    "macaddr8": ("VARCHAR", lambda d: d.randbytes(8).hex(), same, same),
    "ltree": ("VARCHAR", lambda d: ".".join(d.choice(["a", "B1", "c_d"]) for _ in range(d.randrange(4))), same, same),
    "lquery": ("VARCHAR", one_of(["*", "a.*{1,3}.b", "!x|y@"]), same, same),
    "ltxtquery": ("VARCHAR", one_of(["a & b", "!c* | d@"]), same, same),
    "refcursor": ("VARCHAR", text_value, same, same),
    # Sent as text.
    "tsvector": ("VARCHAR", words_text, same, same),
    "tsquery": ("VARCHAR", one_of(["fat & rat", "!a | (b & 'c d':A*)", "x <-> y", ""]), same, same),
    "tid": ("VARCHAR", lambda d: f"({d.choice([0, 2**32 - 1, d.getrandbits(20)])},{d.randrange(1, 60000)})", same,
            same),
    "aclitem": ("VARCHAR", one_of(["postgres=arwdDxt/postgres", "=r/postgres", "postgres=a*r*/postgres"]), same, same),
    "pg_snapshot": ("VARCHAR", one_of(["10:20:10,14,15", "1:1:"]), same, same),
}
SENT_AS_TEXT = {"tsvector", "tsquery", "tid", "aclitem", "pg_snapshot"}


# Flat lists of numbers: (DuckDB type, random value).
POINT = "STRUCT(x DOUBLE, y DOUBLE)"
SHAPES = {
    "point": (POINT, point_text),
    "line": ("STRUCT(a DOUBLE, b DOUBLE, c DOUBLE)",
             lambda d: f"{{{d.uniform(1, 9)!r},{d.uniform(-9, 9)!r},{d.randint(-9, 9)}}}"),
    "lseg": (f"STRUCT(p1 {POINT}, p2 {POINT})", lambda d: f"[{point_text(d)},{point_text(d)}]"),
    "box": (f"STRUCT(high {POINT}, low {POINT})", lambda d: f"{plain_point(d)},{plain_point(d)}"),
    "path": (f"STRUCT(closed BOOLEAN, points {POINT}[])",
             lambda d: d.choice(["[{}]", "({})"]).format(points_text(d))),
    "polygon": (f"{POINT}[]", lambda d: f"({points_text(d)})"),
    "circle": (f"STRUCT(center {POINT}, radius DOUBLE)", lambda d: f"<{point_text(d)},{d.choice([0, 1.5, 1e300])}>"),
}


class Difference(Exception):
    """A leaf that is not the same on both sides."""


def expect_same(path: str, postgres, duckdb) -> None:
    if postgres != duckdb:
        raise Difference(f"{path or 'value'}: Postgres has {postgres!r}, DuckDB {duckdb!r}")


def part_of(actual, index: int):
    """The type of a part of a nested DuckDB type; None when there is none."""
    return actual.children[index][1] if actual is not None and actual.id in ("list", "struct", "map") else None


def scale_of(actual) -> int | None:
    return dict(actual.children)["scale"] if actual is not None and actual.id == "decimal" else None


class Node:
    """A type at one place of a column."""

    sql: str
    # How it travels: "binary"; "text", all of it; "rebuilt", some of its parts as text.
    sent = "binary"
    delimiter = ","

    def fresh(self, dice: random.Random) -> "Node":
        """The same type at another place."""
        return self

    def value(self, dice: random.Random) -> str:
        """A random value as text that Postgres reads, never NULL."""
        raise NotImplementedError

    def null_or_value(self, dice: random.Random, nulls: float = 0.15) -> str | None:
        return None if maybe(dice, nulls) else self.value(dice)

    def compare(self, path: str, postgres: str | None, duckdb) -> None:
        """@error Difference"""
        if postgres is None or duckdb is None:
            expect_same(path, postgres, duckdb)
        elif self.sent == "text":
            expect_same(path, postgres, duckdb)
        else:
            self.compare_value(path, postgres, duckdb)

    def compare_value(self, path: str, postgres: str, duckdb) -> None:
        raise NotImplementedError

    def duck_type(self, actual) -> str:
        """The DuckDB type, after `compare` has seen all values. `actual` answers what values alone decide."""
        return "VARCHAR" if self.sent == "text" else self.nested_type(actual)

    def nested_type(self, actual) -> str:
        raise NotImplementedError


class Scalar(Node):
    def __init__(self, sql: str):
        self.sql = sql
        self.duck, self.roll, self.read_postgres, self.read_duckdb = SCALARS[sql]
        self.sent = "text" if sql in SENT_AS_TEXT else "binary"

    def value(self, dice):
        return self.roll(dice)

    def compare_value(self, path, postgres, duckdb):
        wanted = self.read_postgres(postgres)
        if self.sql == "uuid":
            wanted = postgres.lower()
        expect_same(path, wanted, self.read_duckdb(duckdb))

    def nested_type(self, actual):
        return self.duck


class Enum(Node):
    def __init__(self, sql: str, labels: list[str]):
        self.sql, self.labels = sql, labels

    def value(self, dice):
        return dice.choice(self.labels)

    def compare_value(self, path, postgres, duckdb):
        expect_same(path, postgres, duckdb)

    def nested_type(self, actual):
        return "VARCHAR"


class BoundedNumeric(Node):
    """numeric(p,s) that DECIMAL has."""

    def __init__(self, precision: int, scale: int):
        self.sql = f"numeric({precision},{scale})"
        self.precision, self.scale = precision, scale

    def value(self, dice):
        whole = self.precision - self.scale
        if self.scale >= 0 and whole >= 0:
            return decimal_text(dice, whole, self.scale)
        return f"{dice.randint(-10**self.precision + 1, 10**self.precision - 1)}e{-self.scale}"

    def compare_value(self, path, postgres, duckdb):
        expect_same(path, Decimal(postgres), Decimal(duckdb))

    def nested_type(self, actual):
        if self.scale < 0:
            return f"DECIMAL({self.precision - self.scale},0)"
        return f"DECIMAL({max(self.precision, self.scale)},{self.scale})"


# What numbers a numeric without a bound holds: digits before and after the point.
NUMERIC_KINDS = {"small": (12, 6), "tight": (20, 18), "whole": (38, 0), "special": (8, 2), "wide": (20, 5)}


class AutoNumeric(Node):
    """numeric without a bound that DECIMAL has: a DECIMAL(38,s) or text, by its values."""

    specials = ["NaN"]  # and the infinities, where the server has them

    def __init__(self, sql: str = "numeric", kind: str = "small"):
        self.sql, self.kind = sql, kind
        self.whole = self.scale = 0
        self.special = False

    def fresh(self, dice):
        return AutoNumeric(self.sql, dice.choice(list(NUMERIC_KINDS)))

    def value(self, dice):
        if self.kind == "special" and maybe(dice, 0.1):
            return dice.choice(self.specials if self.sql == "numeric" else ["NaN"])
        if self.kind == "wide" and maybe(dice, 0.1):
            return decimal_text(dice, 36, 33) if self.sql != "numeric" else \
                dice.choice([decimal_text(dice, 60, 50), "1e-100", "1e300"])
        return decimal_text(dice, *NUMERIC_KINDS[self.kind])

    def compare_value(self, path, postgres, duckdb):
        number = Decimal(postgres)
        if number.is_finite():
            whole, _, fraction = format(number.copy_abs(), "f").partition(".")
            self.whole = max(self.whole, len(whole.lstrip("0")))
            self.scale = max(self.scale, len(fraction.rstrip("0")))
        else:
            self.special = True
        expect_same(path, number if number.is_finite() else postgres,
                    Decimal(duckdb) if number.is_finite() else duckdb)

    def nested_type(self, actual):
        if self.special or self.whole + self.scale > MAX_DECIMAL:
            return "VARCHAR"
        scale = scale_of(actual)
        assert scale is not None, f"a numeric of {self.whole} and {self.scale} digits became {actual}"
        assert self.scale <= scale <= MAX_DECIMAL - self.whole
        return f"DECIMAL({MAX_DECIMAL},{scale})"


class Shape(Node):
    def __init__(self, sql: str):
        self.sql = sql
        self.duck, self.roll = SHAPES[sql]
        self.delimiter = ";" if sql == "box" else ","

    def value(self, dice):
        return self.roll(dice)

    def compare_value(self, path, postgres, duckdb):
        numbers = []
        flags = []

        def flatten(part):
            if isinstance(part, dict):
                part = list(part.values())
            if isinstance(part, list):
                for item in part:
                    flatten(item)
            else:
                (flags if part in ("true", "false") else numbers).append(part)
        flatten(duckdb)
        expect_same(path, [FLOAT8(repr(number)) for number in pg.parse_numbers(postgres)], list(map(FLOAT8, numbers)))
        if self.sql == "path":
            expect_same(path + ".closed", ["true" if postgres.startswith("(") else "false"], flags)

    def nested_type(self, actual):
        return self.duck


class Vector(Node):
    """int2vector and oidvector."""

    def __init__(self, sql: str):
        self.sql = sql

    def value(self, dice):
        return vector_text(2**15 - 1)(dice)

    def compare_value(self, path, postgres, duckdb):
        expect_same(path, postgres.split(), duckdb)

    def nested_type(self, actual):
        return {"int2vector": "SMALLINT[]", "oidvector": "UINTEGER[]"}[self.sql]


class Hstore(Node):
    sql = "hstore"

    def value(self, dice):
        return hstore_text(dice)

    def compare_value(self, path, postgres, duckdb):
        # Pairs of key and value. The order means nothing.
        expect_same(path + " keys", len(duckdb), len(dict(duckdb)))
        expect_same(path, pg.parse_hstore(postgres), dict(duckdb))

    def nested_type(self, actual):
        return "MAP(VARCHAR, VARCHAR)"


class Domain(Node):
    def __init__(self, sql: str, base: Node):
        self.sql, self.base, self.sent, self.delimiter = sql, base, base.sent, base.delimiter

    def fresh(self, dice):
        return Domain(self.sql, self.base.fresh(dice))

    def value(self, dice):
        return self.base.value(dice)

    def compare(self, path, postgres, duckdb):
        self.base.compare(path, postgres, duckdb)

    def duck_type(self, actual):
        return self.base.duck_type(actual)


class Array(Node):
    """Arrays of one depth; `declared` dimensions, which Postgres does not hold them to."""

    def __init__(self, element: Node, depth: int, declared: int):
        self.element, self.depth, self.declared = element, depth, declared
        self.sql = element.sql + "[]" * declared
        self.seen = False
        if element.sent != "binary":
            self.sent = "rebuilt" if element.sent == "text" else "text"

    def fresh(self, dice):
        return Array(self.element.fresh(dice), dice.choice([1, 1, 1, 2, 2, 3]), self.declared)

    def value(self, dice):
        if maybe(dice, 0.15):
            return "{}"
        most = {1: 6, 2: 3, 3: 2}[self.depth]
        return self._dimension(dice, [dice.randint(1, most) for _ in range(self.depth)])

    def _dimension(self, dice, sizes):
        if not sizes:
            return pg.quote_element(self.element.null_or_value(dice))
        return "{" + self.element.delimiter.join(self._dimension(dice, sizes[1:]) for _ in range(sizes[0])) + "}"

    def compare_value(self, path, postgres, duckdb):
        elements, _ = pg.parse_array(postgres, self.element.delimiter)
        self.seen = self.seen or bool(elements)
        self._compare_dimension(path, elements, duckdb, self.depth)

    def _compare_dimension(self, path, elements, duckdb, depth):
        expect_same(path + " length", len(elements), len(duckdb))
        for index, (element, found) in enumerate(zip(elements, duckdb)):
            if depth > 1:
                self._compare_dimension(f"{path}[{index}]", element, found, depth - 1)
            else:
                self.element.compare(f"{path}[{index}]", element, found)

    def nested_type(self, actual):
        depth = self.depth if self.seen else max(1, self.declared)
        for _ in range(depth):
            actual = part_of(actual, 0)
        return self.element.duck_type(actual) + "[]" * depth


class Composite(Node):
    def __init__(self, sql: str, fields: list[tuple[str, Node]]):
        self.sql, self.fields = sql, fields
        if any(field.sent != "binary" for _, field in fields):
            self.sent = "rebuilt"

    def fresh(self, dice):
        return Composite(self.sql, [(name, field.fresh(dice)) for name, field in self.fields])

    def value(self, dice):
        nulls = dice.choice([0, 0.2, 0.2, 1])
        return "(" + ",".join(pg.quote_field(field.null_or_value(dice, nulls)) for _, field in self.fields) + ")"

    def compare_value(self, path, postgres, duckdb):
        expect_same(path + " fields", [name for name, _ in self.fields], list(duckdb))
        for (name, field), text in zip(self.fields, pg.parse_row(postgres)):
            field.compare(f"{path}.{name}", text, duckdb[name])

    def nested_type(self, actual):
        parts = [f'"{name.replace(chr(34), chr(34) * 2)}" {field.duck_type(part_of(actual, index))}'
                 for index, (name, field) in enumerate(self.fields)]
        return f"STRUCT({', '.join(parts)})"


# Range type: (how to order and write its bounds, the bound's type).
def int_bounds(limit):
    return lambda dice: (lambda key: (key, str(key)))(dice.choice([dice.randint(-limit, limit), dice.randint(-9, 9)]))


def numeric_bound(dice):
    text = decimal_text(dice, 12, 6)
    return Decimal(text), text


def date_bound(dice):
    day = random_day(dice, LAST_DAY - 1)
    return day, date_text(day)


def timestamp_bound(dice):
    key = random_microseconds(dice)
    return key, timestamp_text(key, "+00")


def text_bound(dice):
    text = text_value(dice)
    return text.encode(), text


def float_bound(dice):
    number = dice.choice([float("-inf"), float("inf"), 0.0, 0.1, dice.uniform(-1e9, 1e9)])
    return number, repr(number)


RANGES = {
    "int4range": ("integer", int_bounds(2**31 - 2)), "int8range": ("bigint", int_bounds(2**63 - 2)),
    "numrange": ("numeric", numeric_bound), "daterange": ("date", date_bound),
    "tsrange": ("timestamp", timestamp_bound), "tstzrange": ("timestamptz", timestamp_bound),
    "text_span": ("text", text_bound), "float_span": ("double precision", float_bound),
}
RANGE_SETUP = ('CREATE TYPE text_span AS RANGE (subtype = text, collation = "C");'
               "CREATE TYPE float_span AS RANGE (subtype = float8)")


class Range(Node):
    def __init__(self, sql: str):
        self.sql = sql
        bound, self.roll = RANGES[sql]
        self.bounds = [AutoNumeric() if bound == "numeric" else Scalar(bound)] * 2

    def fresh(self, dice):
        return Range(self.sql)

    def value(self, dice):
        if maybe(dice, 0.15):
            return "empty"
        low, high = sorted([self.roll(dice), self.roll(dice)])
        return (dice.choice("[(") + pg.quote_field(None if maybe(dice, 0.15) else low[1]) + "," +
                pg.quote_field(None if maybe(dice, 0.15) else high[1]) + dice.choice(")]"))

    def compare_value(self, path, postgres, duckdb):
        self.compare_parsed(path, pg.parse_range(postgres), duckdb)

    def compare_parsed(self, path, wanted, duckdb):
        expect_same(path + " fields", list(wanted), list(duckdb))
        for node, name in zip(self.bounds, ("lower", "upper")):
            node.compare(f"{path}.{name}", wanted[name], duckdb[name])
        for name in ("lower_inc", "upper_inc", "empty"):
            expect_same(f"{path}.{name}", "true" if wanted[name] else "false", duckdb[name])

    def nested_type(self, actual):
        bound = self.bounds[0].duck_type(part_of(actual, 0))
        return f"STRUCT(lower {bound}, upper {bound}, lower_inc BOOLEAN, upper_inc BOOLEAN, empty BOOLEAN)"


class Multirange(Node):
    def __init__(self, range_node: Range):
        self.range = range_node
        self.sql = (range_node.sql.replace("range", "multirange") if "range" in range_node.sql
                    else range_node.sql + "_multirange")

    def fresh(self, dice):
        return Multirange(self.range.fresh(dice))

    def value(self, dice):
        return "{" + ",".join(self.range.value(dice) for _ in range(dice.randrange(4))) + "}"

    def compare_value(self, path, postgres, duckdb):
        wanted = pg.parse_multirange(postgres)
        expect_same(path + " length", len(wanted), len(duckdb))
        for index, (one, found) in enumerate(zip(wanted, duckdb)):
            self.range.compare_parsed(f"{path}[{index}]", one, found)

    def nested_type(self, actual):
        return self.range.duck_type(part_of(actual, 0)) + "[]"
