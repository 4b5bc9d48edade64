"""Random tables of random types: every leaf of every value is the one that Postgres prints.

Neither side is read by the program: Postgres prints its values, DuckDB casts its leaves to text, and what both must say
comes from docs/types.md. PG2DUCK_TEST_ROUNDS makes it run longer, PG2DUCK_TEST_SEED repeats a run.
"""

import os
import random
import shutil

import duckdb
import psycopg2.extras
import pytest

from support.program import copy_well
from support.setting import SEED
from support.targets import duckdb_file as duck
from support.values import random_types as types
from support.values.duckdb_text import leaves, quote
from support.values.random_values import SCRAPS

ROUNDS = int(os.environ.get("PG2DUCK_TEST_ROUNDS", "1"))
TABLES = 24
NAMES = ["a", "Größe", "a b", 'q"q', "select", "it's", "UPPER", "x.y", "漢"]


class Schema:
    """Random types in a database, and columns of them."""

    def __init__(self, database, dice: random.Random):
        self.database = database
        self.version = database.cluster.version
        self.dice = dice
        types.AutoNumeric.specials = ["NaN", "Infinity", "-Infinity"] if self.version >= 14 else ["NaN"]
        self.extensions = [name for (name,) in database.run(
            "SELECT name FROM pg_available_extensions WHERE name IN ('hstore', 'ltree', 'citext')")]
        database.run("SET check_function_bodies = off;" + types.RANGE_SETUP + ";" +
                     ";".join(f"CREATE EXTENSION {name}" for name in self.extensions))
        self.made = []  # types that are made here
        for number in range(14):
            make = [self._make_enum, self._make_domain, self._make_composite][min(2, number % 4)]
            self.made.append(make(dice.choice(["kind", "T y", 'q"']) + str(number)))

    def _make_enum(self, name):
        labels = self.dice.sample([scrap for scrap in SCRAPS if scrap], self.dice.randint(1, 5))
        self.database.run(f"CREATE TYPE {quote(name)} AS ENUM ({', '.join(['%s'] * len(labels))})", labels)
        return types.Enum(quote(name), labels)

    def _make_domain(self, name):
        base = self.node(1)
        self.database.run(f"CREATE DOMAIN {quote(name)} AS {base.sql}")
        return types.Domain(quote(name), base)

    def _make_composite(self, name):
        names = self.dice.sample(NAMES, self.dice.randint(1, 5))
        fields = [(field, self.node(2)) for field in names]
        self.database.run(f"CREATE TYPE {quote(name)} AS ({', '.join(f'{quote(f)} {n.sql}' for f, n in fields)})")
        return types.Composite(quote(name), fields)

    def node(self, depth: int = 3) -> types.Node:
        """A type at a new place; `depth` says how deep it may be."""
        dice = self.dice
        kind = dice.choices(["scalar", "numeric", "made", "array", "range", "other"], [8, 4, 4, 5, 2, 2])[0]
        if kind == "made" and self.made and depth > 1:
            return dice.choice(self.made).fresh(dice)
        if kind == "array" and depth > 1:
            element = self.node(depth - 1)
            # An array of arrays is one array of more dimensions.
            return element if isinstance(element, types.Array) else types.Array(element, 1, dice.choice(
                [1, 1, 1, 2])).fresh(dice)
        if kind == "range":
            node = types.Range(dice.choice(list(types.RANGES)))
            return types.Multirange(node) if self.version >= 14 and types.maybe(dice, 0.4) else node
        if kind == "other":
            return dice.choice([*map(types.Shape, types.SHAPES), types.Vector("int2vector"), types.Vector("oidvector"),
                                *([types.Hstore()] * 4 if "hstore" in self.extensions else [])])
        if kind == "numeric":
            return self.numeric()
        missing = {"citext", "hstore", "ltree"} - set(self.extensions)
        missing |= {"lquery", "ltxtquery"} if "ltree" in missing else set()
        return types.Scalar(dice.choice([name for name in types.SCALARS if name not in missing]))

    def numeric(self) -> types.Node:
        dice = self.dice
        kind = dice.randrange(4)
        if kind == 0:
            precision = dice.choice([1, 4, 5, 9, 10, 18, 19, 38, dice.randint(1, 38)])
            return types.BoundedNumeric(precision, dice.choice([0, precision, dice.randint(0, precision)]))
        if kind == 1 and self.version >= 15:
            return dice.choice([types.BoundedNumeric(3, -2), types.BoundedNumeric(3, 5), types.BoundedNumeric(30, -8)])
        return types.AutoNumeric(dice.choice(["numeric", "numeric", "numeric(73,34)"])).fresh(dice)


class Table:
    def __init__(self, name: str, columns: list[types.Node]):
        self.name = name
        self.columns = [(f"c{number}", node) for number, node in enumerate(columns)]

    def fill(self, database, dice: random.Random, rows: int) -> None:
        connection = database.connect()
        cursor = connection.cursor()
        cursor.execute(f"CREATE TABLE {self.name} (id int, {', '.join(f'{c} {node.sql}' for c, node in self.columns)})")
        values = [[number, *(node.null_or_value(dice) for _, node in self.columns)] for number in range(rows)]
        if values:
            psycopg2.extras.execute_values(cursor, f"INSERT INTO {self.name} VALUES %s", values, page_size=200)
        connection.close()

    def printed(self, database) -> list[tuple]:
        """What Postgres prints, by the types' own output functions."""
        texts = [f"CASE WHEN {c} IS DISTINCT FROM NULL THEN format('%s', {c}) END" for c, _ in self.columns]
        return database.run("SET extra_float_digits = 3; SET intervalstyle = 'postgres'; "
                            f"SELECT id, {', '.join(texts)} FROM {self.name} ORDER BY id")


def differences(database, target, tables: list[Table]) -> list[str]:
    """Every value that is not the same on both sides, and every column of another type than it should have."""
    found = []
    with duck.opened(target) as connection:
        def normal(kind: str) -> str:
            return connection.execute(f"SELECT typeof(CAST(NULL AS {kind}))").fetchone()[0]
        for table in tables:
            description = connection.execute(f"SELECT * FROM {table.name}").description
            kinds = {name: kind for name, kind, *_ in description}
            wanted = table.printed(database)
            got = connection.execute(
                f"SELECT id, {', '.join(leaves(column, kinds[column]) for column, _ in table.columns)} "
                f"FROM {table.name} ORDER BY id").fetchall()
            if [row[0] for row in wanted] != [row[0] for row in got]:
                found.append(f"{table.name}: other rows")
                continue
            for index, (column, node) in enumerate(table.columns, 1):
                place = f"{table.name}.{column} {node.sql} {kinds[column]}"
                for before, after in zip(wanted, got):
                    try:
                        node.compare("", before[index], after[index])
                    except (types.Difference, ValueError, ArithmeticError, AttributeError, TypeError) as problem:
                        found.append(f"{place}, id {before[0]}: {type(problem).__name__} {problem}; Postgres prints "
                                     f"{before[index]!r}, DuckDB {after[index]!r}")
                try:
                    kind = normal(node.duck_type(kinds[column]))
                    if kind != str(kinds[column]):
                        found.append(f"{place}: its type should be {kind}")
                except AssertionError as problem:
                    found.append(f"{place}: {problem}")
    return found


def make_tables(database, dice: random.Random) -> list[Table]:
    schema = Schema(database, dice)
    tables = []
    for number in range(TABLES):
        big = number == 0
        columns = [schema.node(2 if big else 3) for _ in range(3 if big else dice.randint(1, 7))]
        tables.append(Table(f"t{number}", columns))
        tables[-1].fill(database, dice, dice.randint(2100, 5000) if big else dice.choice([0, 1, 3, 50, 120, 200]))
    return tables


@pytest.mark.parametrize("seed", range(SEED, SEED + ROUNDS))
def test_every_leaf_equals_what_postgres_prints(db, tmp_path, seed):
    print(f"PG2DUCK_TEST_SEED={seed}")
    dice = random.Random(seed)
    tables = make_tables(db, dice)
    copy_well(db, tmp_path / "random.duckdb", "--jobs", str(dice.randint(1, 3)), seconds=300)
    found = differences(db, tmp_path / "random.duckdb", tables)
    assert not found, f"PG2DUCK_TEST_SEED={seed}: {len(found)} differences, the first:\n" + "\n".join(found[:10])


@pytest.mark.parametrize("inner, options", [("a", []), ("a_domain", []), ("a", ["--numeric", "double"])])
def test_a_composite_in_a_composite_may_have_parts_that_are_sent_otherwise(db, tmp_path, inner, options):
    field, value, shown = ("numeric", "1.5", "1.5") if options else ("tsvector", "'q'", "'q'")
    db.run(f"CREATE TYPE a AS (v {field}); CREATE DOMAIN a_domain AS a; CREATE TYPE b AS (n int, x {inner}); "
           f"CREATE TABLE t (c b); INSERT INTO t VALUES (ROW(1, ROW({value})::a)::b), (ROW(2, NULL)::b), (NULL)")
    copy_well(db, tmp_path / "copy.duckdb", *options)
    sql = "SELECT c.n, c.x.v::VARCHAR, c IS NULL, c.x IS NULL FROM t ORDER BY 1"
    assert duck.rows(tmp_path / "copy.duckdb", sql) == [
        (1, shown, False, False), (2, None, False, True), (None, None, True, True)]


@pytest.fixture(scope="module")
def known(cluster, tmp_path_factory):
    """A table with one row of known values, and its copy."""
    database = cluster.create_database()
    database.run("CREATE EXTENSION hstore; CREATE TYPE pair AS (n numeric(5,2), words text[])")
    words = types.Array(types.Scalar("text"), 1, 1)
    pair = types.Composite("pair", [("n", types.BoundedNumeric(5, 2)), ("words", words)])
    columns = [types.Array(types.Scalar("integer"), 2, 2), types.Array(pair, 1, 1),
               types.Range("numrange"), types.Hstore(), types.Scalar("double precision"), types.Scalar("interval"),
               types.Scalar("json"), types.Shape("path"), types.Scalar("text")]
    table = Table("known", columns)
    table.fill(database, random.Random(SEED), 0)
    database.run("INSERT INTO known VALUES (0, '{{1,2},{3,NULL}}', ARRAY[(1.50, ARRAY['x', ''])::pair, NULL], "
                 "'[1.5,)', 'a=>1, b=>NULL', 0.3, '1 mon 1 day 1 sec', '[1, 2.0]', '[(1,2)]', '')")
    target = tmp_path_factory.mktemp("known") / "known.duckdb"
    copy_well(database, target)
    yield database, target, table
    database.drop()


def test_the_comparison_passes_what_is_the_same(known):
    assert differences(known[0], known[1], [known[2]]) == []


@pytest.mark.parametrize("change, what", [
    ("c0 = [[1, 2], [3, 4]]", "[1][1]"), ("c0 = [[1, 2], [3]]", "[1] length"), ("c0 = [[2, 1], [3, NULL]]", "[0][0]"),
    ("c1 = [{n: 1.51, words: ['x', '']}, NULL]", "[0].n"),
    ("c1 = [{n: 1.5, words: ['x', NULL]}, NULL]", "[0].words[1]"),
    ("c1 = [{n: 1.5, words: ['x', '']}, {n: NULL, words: NULL}]", "[1]"), ("c2.lower_inc = false", ".lower_inc"),
    ("c2.upper = 1.5", ".upper"), ("c3 = MAP {'a': '1', 'b': ''}", "value"), ("c4 = 0.30000000000000004", "value"),
    ("c5 = INTERVAL '31 days 1 second'", "value"), ("c6 = '[1,2.0]'", "value"), ("c7.closed = true", ".closed"),
    ("c7.points = [{x: 1, y: 2.0000000000000004}]", "value"), ("c8 = NULL", "value"),
])
def test_the_comparison_sees_one_changed_leaf(known, tmp_path, change, what):
    database, target, table = known
    shutil.copy(target, tmp_path / "changed.duckdb")
    column, _, value = change.partition(" = ")
    if "." in column:
        column, field = column.split(".")
        value = f"struct_update({column}, {field} := {value})"
    with duckdb.connect(str(tmp_path / "changed.duckdb")) as connection:
        # No UPDATE: it leaves a value alone that DuckDB takes for equal, 31 days for a month and a day.
        connection.execute("CREATE TABLE changed AS FROM known LIMIT 0; "
                           f"INSERT INTO changed SELECT * REPLACE ({value} AS {column}) FROM known; "
                           "DROP TABLE known; ALTER TABLE changed RENAME TO known")
    found = differences(database, tmp_path / "changed.duckdb", [table])
    assert len(found) == 1 and f"{column} " in found[0] and f"Difference {what}" in found[0], found


def test_the_comparison_sees_another_type(known, tmp_path):
    database, target, table = known
    shutil.copy(target, tmp_path / "changed.duckdb")
    with duckdb.connect(str(tmp_path / "changed.duckdb")) as connection:
        connection.execute("ALTER TABLE known ALTER c4 TYPE VARCHAR")
    assert "its type should be DOUBLE" in differences(database, tmp_path / "changed.duckdb", [table])[-1]
