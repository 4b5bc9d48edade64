"""Random Postgres types and values, and what must become of them in DuckDB, by docs/types.md alone.

A node stands for a type at one place of a column: it writes random values in the text that Postgres reads, takes apart
the text that Postgres prints, and compares it leaf by leaf with what DuckDB holds.
"""

import random
from decimal import Decimal

from support.values import postgres_text as pg
from support.values.random_values import (date_bound, decimal_text, FLOAT8, float_bound, hstore_text, int_bounds,
                                          MAX_DECIMAL, maybe, numeric_bound, SCALARS, SENT_AS_TEXT, SHAPES, text_bound,
                                          timestamp_bound, vector_text)


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
