"""What the source holds at one instant, asked by psycopg2: every table that a run may choose, its columns and all its rows."""

import dataclasses

from soak import kinds
from support.values.duckdb_text import quote

SETTINGS = ("SET LOCAL extra_float_digits = 3; SET LOCAL intervalstyle = 'postgres'; SET LOCAL datestyle = 'ISO'; "
            "SET LOCAL timezone = 'UTC'; SET LOCAL bytea_output = 'hex'; SET LOCAL lock_timeout = '20s'")
TABLES = """
SELECT c.oid, n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence <> 't' AND n.nspname NOT LIKE 'pg\\_%'
  AND n.nspname <> 'information_schema' ORDER BY 2, 3"""
COLUMNS = """
SELECT attrelid, attnum, attname, format_type(atttypid, atttypmod), attnotnull FROM pg_attribute
WHERE attrelid = ANY(%s) AND attnum > 0 AND NOT attisdropped ORDER BY attrelid, attnum"""


@dataclasses.dataclass(frozen=True)
class SourceColumn:
    number: int
    name: str
    type: str
    is_not_null: bool


@dataclasses.dataclass
class SourceTable:
    oid: int
    schema: str
    name: str
    columns: list[SourceColumn]
    rows: list[tuple] = dataclasses.field(default_factory=list)  # as kinds.from_postgres reads them

    @property
    def place(self) -> tuple[str, str]:
        """Schema and name of its copy."""
        return ("main" if self.schema == "public" else self.schema, self.name)


class Instant:
    """A transaction at one snapshot. Its tables are locked when it is there, and read by `read`."""

    def __init__(self, connection, snapshot: str | None = None):
        """@param snapshot  the name of one that a run has exported; else it is the present"""
        self.snapshot = snapshot
        self.cursor = connection.cursor()
        self.tables: dict[tuple, SourceTable] = {}
        self.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        if snapshot:
            self.execute("SET TRANSACTION SNAPSHOT %s", (snapshot,))
        self.execute(SETTINGS)
        for oid, schema, name in self.execute(TABLES):
            table = SourceTable(oid, schema, name, [])
            self.tables[table.place] = table
        for table in self.tables.values():
            self.execute(f"LOCK TABLE {quote(table.schema)}.{quote(table.name)} IN ACCESS SHARE MODE")
        by_oid = {table.oid: table for table in self.tables.values()}
        for oid, *column in self.execute(COLUMNS, (list(by_oid),)):
            by_oid[oid].columns.append(SourceColumn(*column))

    def execute(self, sql: str, parameters=None) -> list:
        self.cursor.execute(sql, parameters)
        return self.cursor.fetchall() if self.cursor.description else []

    def read(self) -> "Instant":
        """Reads all rows and lets go."""
        for table in self.tables.values():
            texts = [f"CASE WHEN {quote(c.name)} IS DISTINCT FROM NULL THEN format('%s', {quote(c.name)}) END" for c in table.columns]
            types = [column.type for column in table.columns]
            # Without parameters psycopg2 leaves percent signs alone. It shows no rows that have no columns.
            found = self.execute(f"SELECT {', '.join(texts or ['1'])} FROM {quote(table.schema)}.{quote(table.name)}")
            table.rows = [tuple(map(kinds.from_postgres, types, row)) for row in found]
        self.close()
        return self

    def close(self) -> None:
        self.execute("ROLLBACK")
