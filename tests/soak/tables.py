"""The tables of the source as the soak has made them: shapes, columns, and how each is to be copied."""

import dataclasses
import datetime
import random

from soak import kinds
from support.values.duckdb_text import quote

IDS = 400
PARTS = ["p", "q'", "ü", ""]
EPOCH = datetime.datetime(2026, 1, 1)


@dataclasses.dataclass
class Column:
    name: str
    kind: str
    level: int = 0  # how much its values show
    is_empty: bool = False  # only NULL until values come
    role: str = ""  # id, part, cursor, gone: its name and type stay


@dataclasses.dataclass(frozen=True)
class Rule:
    """How the tables whose names begin with `tables` are kept up; no mode: replaced."""

    mode: str = ""
    strategy: str = ""
    cursor: str = ""
    key: tuple = ()
    hard_delete: str = ""
    lag: int = 0

    @property
    def keeps_versions(self) -> bool:
        return self.strategy == "scd2"

    def toml(self) -> str:
        settings = {"mode": self.mode, "strategy": self.strategy, "cursor": self.cursor, "hard_delete": self.hard_delete}
        lines = [f'{name} = "{value}"' for name, value in settings.items() if value]
        lines += [f"lag = {self.lag}"] if self.lag else []
        lines += [f"key = [{', '.join(chr(34) + name + chr(34) for name in self.key)}]"] if self.key else []
        return "\n".join(lines)


class Table:
    """One table: `columns` in the order of their creation, and what its CREATE TABLE says besides them."""

    def __init__(self, name: str, columns: list[Column], rule: Rule = Rule(), key: str = "", shape: str = "plain", schema: str = "public"):
        self.first_name = self.name = name
        self.schema, self.columns, self.rule, self.shape = schema, columns, rule, shape
        self.key = key  # "primary (…)", "unique (…)" or nothing
        self.detached = set()  # of its partitions
        self.names = 0

    @property
    def sql(self) -> str:
        return f"{quote(self.schema)}.{quote(self.name)}"

    def column(self, role: str) -> Column | None:
        return next((column for column in self.columns if column.role == role), None)

    def payload(self) -> list[Column]:
        return [column for column in self.columns if not column.role]

    def new_column_name(self) -> str:
        self.names += 1
        return f"c{self.names}"

    def part_sql(self, part: str) -> str:
        return f"{quote(self.schema)}.{quote(f'{self.first_name}_{part}')}"

    def create(self) -> list[str]:
        """The statements that make it, empty."""
        columns = ", ".join(f"{quote(column.name)} {kinds.sql_type(column.kind)}" for column in self.columns)
        primary = f", PRIMARY KEY {self.key.removeprefix('primary ')}" if self.key.startswith("primary") else ""
        made = [f"CREATE SCHEMA IF NOT EXISTS {quote(self.schema)}"] if self.schema != "public" else []
        made += [f"CREATE TABLE {self.sql} ({columns}{primary})" + (" PARTITION BY RANGE (id)" if self.shape == "partitioned" else "")]
        if self.key.startswith("unique"):
            made += [f"CREATE UNIQUE INDEX ON {self.sql} {self.key.removeprefix('unique ')} NULLS NOT DISTINCT"]
        if self.shape == "partitioned":
            made += [f"CREATE TABLE {self.part_sql(part)} PARTITION OF {self.sql} {self.bounds(part)}" for part in ("low", "middle", "rest")]
        if self.shape == "inherited":
            made += [f"CREATE TABLE {self.part_sql('child')} (extra text) INHERITS ({self.sql})"]
        self.detached.clear()
        return made

    @staticmethod
    def bounds(part: str) -> str:
        return {"low": f"FOR VALUES FROM (MINVALUE) TO ({IDS // 4})", "middle": f"FOR VALUES FROM ({IDS // 4}) TO ({IDS // 2})",
                "rest": "DEFAULT"}[part]


class Clock:
    """What cursors hold: it only grows, and nobody shares a tick."""

    def __init__(self):
        self.ticks = 0

    def next(self) -> int:
        self.ticks += 1
        return self.ticks


def cursor_value(kind: str, tick: int) -> str:
    if kind == "timestamptz":
        return f"{EPOCH + datetime.timedelta(seconds=tick * 7, milliseconds=tick % 4 * 250)}+00"
    return str(EPOCH.date() + datetime.timedelta(days=tick // 9)) if kind == "date" else str(tick)


def of_kinds(dice: random.Random, count: int) -> list[Column]:
    """Columns of random kinds; those that values decide stand among them more often than others, and some are empty at first."""
    chosen = [dice.choice(sorted(kinds.LEARNT) if dice.random() < 0.25 else sorted(kinds.KINDS)) for _ in range(count)]
    return [Column(f"v{number}", kind, is_empty=dice.random() < 0.15) for number, kind in enumerate(chosen)]


def usual(dice: random.Random, cursor: str = "", gone: str = "", parts: bool = False, count: int = 4) -> list[Column]:
    columns = [Column("id", "integer", role="id")]
    columns += [Column("part", "text", role="part")] if parts else []
    columns += [Column("at", cursor, role="cursor")] if cursor else []
    columns += [Column("gone", gone, role="gone")] if gone else []
    return columns + of_kinds(dice, count)


def replaced(dice: random.Random) -> list[Table]:
    """Shapes of tables that a run replaces; all that a target of Parquet files takes."""
    every_kind = [Column("id", "integer", role="id")] + [Column(f"k{number}", kind) for number, kind in enumerate(sorted(kinds.KINDS))]
    hostile = [Column('the "id"', "bigint", role="id"), Column("it's", "text"), Column("漢; DROP", "numeric"), Column(" a b ", "jsonb"),
               Column("select", "timestamptz[]"), Column("x.y", "soak_pair"), Column("%s $1", "soak_mood")]
    return [
        Table("plain", usual(dice)),
        Table("se;lect 'q' ü", hostile, schema='Weird "S".x'),
        Table("measures", usual(dice), shape="partitioned"),
        Table("animals", usual(dice, count=3), shape="inherited"),
        Table("big", [Column("id", "integer", role="id"), Column("body", "wide text"), Column("bytes", "wide bytea"), Column("note", "text")]),
        Table("everything", every_kind),
        Table("nothing", []),
        Table("hollow", [Column("id", "integer", role="id")] + [
            Column(f"h{number}", kind, is_empty=True) for number, kind in enumerate(["numeric", "integer[]", "text", "numeric[]", "soak_pair", "boolean"])]),
    ]


def kept_up(dice: random.Random) -> list[Table]:
    """Tables of every disposition that changes a copy."""
    one, two = "primary (id)", "(id, part)"
    both = ("id", "part")
    return [
        Table("upserted", usual(dice, cursor="bigint"), Rule("merge", cursor="at"), one),
        Table("fat", [*usual(dice, cursor="timestamptz", count=1), Column("body", "wide text")], Rule("merge", cursor="at"), one),
        Table("swept", usual(dice, cursor="timestamptz", gone="boolean", parts=True),
              Rule("merge", "delete-insert", cursor="at", hard_delete="gone"), f"primary {two}"),
        Table("by_xmin", usual(dice, gone="timestamptz"), Rule("merge", cursor="xmin", hard_delete="gone"), one),
        Table("cut_by_xmin", usual(dice), Rule("merge", cursor="xmin"), one, shape="partitioned"),
        Table("all_read", usual(dice, parts=True), Rule("merge", key=both), f"unique {two}"),
        Table("first_kept", usual(dice, cursor="bigint"), Rule("merge", "insert-only", cursor="at"), one),
        Table("journal", usual(dice, cursor="bigint"), Rule("append", cursor="at", lag=6), one),
        Table("daily", usual(dice, cursor="date"), Rule("append", cursor="at"), one),
        Table("versions_of_all", usual(dice, count=2), Rule("merge", "scd2")),
        Table("versions_by_key", usual(dice, cursor="bigint", count=3), Rule("merge", "scd2", cursor="at"), one),
        Table("versions_by_xmin", usual(dice, parts=True, count=2), Rule("merge", "scd2", cursor="xmin", key=both), f"unique {two}"),
    ]


def rule_of(tables: list[Table], name: str) -> Rule:
    """That of the section of pg2duck.toml whose pattern the name matches; a part of a table, and one that was renamed, begin as it does."""
    matching = [table for table in tables if name.startswith(table.first_name)]
    return max(matching, key=lambda table: len(table.first_name)).rule if matching else Rule()
