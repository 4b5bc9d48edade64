"""Counts and sums of a table, computed alike by Postgres and by DuckDB, to see that a copy is equal to its source."""
from psycopg2 import sql

# Per type: expressions for Postgres and for DuckDB that must give the same. char(n) is compared without its padding.
_NUMBER = (("sum({})::text", "sum({})::varchar"),)
_DATE = (("sum({} - date '1970-01-01')::text", "sum({} - date '1970-01-01')::varchar"),)
_TEXT = (
    ("sum(octet_length(rtrim({})))::text", "sum(strlen(rtrim({}, ' ')))::varchar"),
    ("min(rtrim({}) COLLATE \"C\")", "min(rtrim({}, ' '))"),
    ("max(rtrim({}) COLLATE \"C\")", "max(rtrim({}, ' '))"),
)
_CHECKS = {
    "smallint": _NUMBER, "integer": _NUMBER, "bigint": _NUMBER, "numeric": _NUMBER,
    "date": _DATE,
    "character": _TEXT, "character varying": _TEXT, "text": _TEXT,
}


def _quoted(name):
    return '"' + name.replace('"', '""') + '"'


class TableCheck:
    """What Postgres says of one table, to be compared with any number of copies."""

    def __init__(self, postgres, schema, table):
        self.schema, self.table = schema, table
        with postgres.cursor() as cursor:
            cursor.execute(
                "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = %s AND table_name = %s"
                " ORDER BY ordinal_position",
                (schema, table),
            )
            columns = cursor.fetchall()
            self._labels, expressions, self._duckdb_expressions = ["rows"], ["count(*)::text"], ["count(*)::varchar"]
            for name, data_type in columns:
                for in_postgres, in_duckdb in (("count({})::text", "count({})::varchar"), *_CHECKS[data_type]):
                    self._labels.append(in_duckdb.format(name))
                    expressions.append(in_postgres.format(_quoted(name)))
                    self._duckdb_expressions.append(in_duckdb.format(_quoted(name)))
            cursor.execute(
                sql.SQL("SELECT {} FROM {}").format(sql.SQL(", ".join(expressions)), sql.Identifier(schema, table))
            )
            self._expected = cursor.fetchone()
            cursor.execute("SELECT pg_table_size(%s::regclass)", (f"{_quoted(schema)}.{_quoted(table)}",))
            self.bytes = cursor.fetchone()[0]
        self.rows = int(self._expected[0])
        self.columns = len(columns)

    def differences(self, duck, copied_schema, copied_table):
        """Lines like "sum(price) is 12 in Postgres and 11 in the copy"; none when equal."""
        found = duck.execute(
            f"SELECT {', '.join(self._duckdb_expressions)} FROM {_quoted(copied_schema)}.{_quoted(copied_table)}"
        ).fetchone()
        return [
            f"{self.schema}.{self.table}: {label} is {expected} in Postgres and {actual} in the copy"
            for label, expected, actual in zip(self._labels, self._expected, found, strict=True)
            if expected != actual
        ]
