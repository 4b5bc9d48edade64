"""Random values of Postgres's types in the text that it reads, and what their texts on both sides mean."""

import random
import re
import struct
from decimal import Decimal

from support.values import postgres_text as pg

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
