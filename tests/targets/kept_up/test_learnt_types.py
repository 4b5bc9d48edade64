"""Types that values decide, in copies that are kept up: each target follows them in every disposition, whatever the columns held before
and are called by now. What must be there is written down beside the values."""

import re

import pytest

from support.program import configure, pg2duck, sync
from support.targets.kinds import File, Lake, Quack, made

KINDS = [File, Quack, Lake]

SECTIONS = {
    "upserted": 'mode = "merge"\ncursor = "at"',
    "swept": 'mode = "merge"\nstrategy = "delete-insert"\ncursor = "at"',
    "all_read": 'mode = "merge"',
    "appended": 'mode = "append"\ncursor = "at"',
    "kept": 'mode = "merge"\nstrategy = "insert-only"\ncursor = "at"',
    "versions": 'mode = "merge"\nstrategy = "scd2"\ncursor = "at"',
}

LONG = "1234567890123456789012345678901234567.5"  # with four digits after the point no DECIMAL holds it
RANGE = "{{lower: {}, upper: {}, lower_inc: true, upper_inc: false, empty: false}}"

# A column each: its type; what it holds at first; then, run by run, a value more, and its text in the copy with the zeros at the end
# of numbers and the quotes left out.
FAMILIES = {
    "number": ("numeric", [None, None], [("5", "5"), ("1.2345", "1.2345"), (LONG, LONG), ("NaN", "NaN")]),
    "bounded": ("numeric(50,6)", [None], [("70000", "70000"), ("1.25", "1.25"), ("NaN", "NaN"), (LONG, LONG)]),
    "numbers": ("numeric[]", [None, "{}"], [("{5,NULL}", "[5, NULL]"), ("{1.2345}", "[1.2345]"), (f"{{{LONG}}}", f"[{LONG}]"), ("{}", "[]")]),
    "grid": ("integer[]", [None, "{}"], [("{{1,2},{3,4}}", "[[1, 2], [3, 4]]"), ("{}", "[]"), ("{{5}}", "[[5]]"), (None, None)]),
    "words": ("text[]", ["{}"], [("{{{a}}}", "[[[a]]]"), (None, None), ("{{{b}}}", "[[[b]]]"), ("{}", "[]")]),
    "span": ("numrange", [None], [("[1,2)", RANGE.format(1, 2)), ("[1.25,)", RANGE.format(1.25, "NULL").replace("true", "true")),
                                  (f"[0.125,{LONG})", RANGE.format(0.125, LONG)), ("[1,NaN)", RANGE.format(1, "NaN"))]),
    "spans": ("nummultirange", ["{}"], [("{[1,2)}", f"[{RANGE.format(1, 2)}]"), ("{[1.25,2)}", f"[{RANGE.format(1.25, 2)}]"),
                                        (f"{{[0.0625,{LONG})}}", f"[{RANGE.format(0.0625, LONG)}]"), ("{}", "[]")]),
    "mixed": ("pair", [None, "(,)"], [("(5,\"{1}\")", "{a: 5, b: [1]}"), ("(1.2345,\"{}\")", "{a: 1.2345, b: []}"),
                                     ("(,\"{0.5}\")", "{a: NULL, b: [0.5]}"), ("(NaN,)", "{a: NaN, b: NULL}")]),
    "pairs": ("pair[]", ["{}"], [("{\"(5,)\"}", "[{a: 5, b: NULL}]"), ("{\"(0.25,\\\"{2}\\\")\"}", "[{a: 0.25, b: [2]}]"),
                                 (f"{{\"({LONG},)\"}}", f"[{{a: {LONG}, b: NULL}}]"), (None, None)]),
}
FIRST_TEXTS = {None: None, "{}": "[]", "(,)": "{a: NULL, b: NULL}"}


def canonical(text: str | None) -> str | None:
    """Without quotes, and without the zeros at the end of numbers."""
    if text is None:
        return None
    number = re.compile(r"(?<![\w.])(-?)(\d*)\.(\d+)(?![\w.])")
    bare = number.sub(lambda found: f"{found[1]}{found[2] or '0'}.{found[3].rstrip('0')}".removesuffix("."), text)
    return bare.replace("'", "")


def columns_of(place, table: str) -> dict:
    return dict(place.rows("SELECT column_name, data_type FROM duckdb_columns() WHERE database_name = current_database() "
                           f"AND schema_name = 'main' AND table_name = '{table}' ORDER BY column_index"))


def content(place, table: str, names: list[str]) -> list[tuple]:
    listed = ", ".join(f"CAST({name} AS VARCHAR)" for name in names)
    return [(row[0], *map(canonical, row[1:])) for row in place.rows(f"SELECT id, {listed} FROM {table} ORDER BY id")]


class Story:
    """Tables of all families, one a disposition, and what their copies must hold."""

    def __init__(self, db, place):
        self.db, self.place = db, place
        self.names = list(FAMILIES)
        self.expected, self.ids = [], 0
        db.run("CREATE TYPE pair AS (a numeric, b numeric[])")
        columns = ", ".join(f"{name} {kind}" for name, (kind, _, _) in FAMILIES.items())
        for table in SECTIONS:
            db.run(f"CREATE TABLE {table} (id int PRIMARY KEY, at int NOT NULL, {columns})")
        configure(place.directory, db, "".join(f"[table.{table}]\n{section}\n" for table, section in SECTIONS.items()))

    def add(self, values: list, texts: list) -> None:
        self.ids += 1
        marks = ", ".join(["%s"] * (len(values) + 2))
        for table in SECTIONS:
            self.db.run(f"INSERT INTO {table} (id, at, {', '.join(self.names)}) VALUES ({marks})", (self.ids, self.ids, *values))
        self.expected.append((self.ids, *texts))

    def rename(self) -> None:
        fresh = [f"{name}_x" for name in self.names]
        for table in SECTIONS:
            for old, new in zip(self.names, fresh, strict=True):
                self.db.run(f"ALTER TABLE {table} RENAME {old} TO {new}")
        self.names = fresh

    def run(self, *options) -> dict:
        report = sync(self.place.directory, "--target", self.place.argument, *self.place.options, *options, env=self.place.env)
        for table in SECTIONS:
            found = content(self.place, table, self.names)
            for position, name in enumerate(self.names, 1):
                assert [row[position] for row in found] == [row[position] for row in self.expected], (table, name)
            assert [row[0] for row in found] == [row[0] for row in self.expected], table
        return {table["table"]: table["schema_changes"] for table in report["tables"]}


@pytest.mark.parametrize("kind", KINDS, ids=[kind.name for kind in KINDS])
def test_copies_follow_what_values_ask_for(kind, cluster, db):
    with made(kind, cluster) as place:
        story = Story(db, place)
        for number in range(max(len(first) for _, first, _ in FAMILIES.values())):
            values = [first[min(number, len(first) - 1)] for _, first, _ in FAMILIES.values()]
            story.add(values, [FIRST_TEXTS[value] for value in values])
        story.run()
        for step in range(4):
            values, texts = zip(*[values[step] for _, _, values in FAMILIES.values()], strict=True)
            if step == 1:
                story.rename()
                assert {change["kind"] for changes in story.run().values() for change in changes} == {"column_renamed"}
            story.add(list(values), list(texts))
            changes = story.run()
            told = {change["column"] for change in changes["appended"] if change["kind"] == "type_changed_by_values"}
            assert {f"number{'_x' if step else ''}"} <= told or step == 3, (step, changes["appended"])
            # Nothing is there twice, and nothing is told twice.
            assert not any(story.run().values())
        for table in SECTIONS:
            types = columns_of(place, table)
            assert (types["number_x"], types["grid_x"], types["numbers_x"]) == ("VARCHAR", "INTEGER[][]", "VARCHAR[]"), table
            assert list(types)[:len(FAMILIES) + 2] == ["id", "at", *story.names], table
        assert place.rows("SELECT count(*) FROM versions WHERE valid_to IS NOT NULL") == [(0,)]


@pytest.mark.parametrize("kind", KINDS, ids=[kind.name for kind in KINDS])
@pytest.mark.parametrize("section", SECTIONS.values(), ids=SECTIONS)
def test_a_renamed_column_keeps_what_was_learnt(kind, cluster, db, section):
    """A first value of another scale, deleted since, and a name of today: the next row says nothing of either."""
    with made(kind, cluster) as place:
        db.run("CREATE TABLE t (id int PRIMARY KEY, n numeric, at int); INSERT INTO t VALUES (1, 0.000000000001, 1)")
        configure(place.directory, db, f"[table.t]\n{section}\n")
        run = ["--target", place.argument, *place.options]
        sync(place.directory, *run, env=place.env)
        db.run("DELETE FROM t; ALTER TABLE t RENAME n TO n2; INSERT INTO t VALUES (2, 1.123, 2)")
        sync(place.directory, *run, env=place.env)
        assert columns_of(place, "t")["n2"] == "DECIMAL(38,12)"
        assert place.rows("SELECT n2::VARCHAR FROM t WHERE id = 2") == [("1.123000000000",)]


@pytest.mark.parametrize("kind", KINDS, ids=[kind.name for kind in KINDS])
def test_other_types_that_a_copy_follows(kind, cluster, db):
    """Also where the target itself alters no column so: its rows are written anew, and keep order, NOT NULL and comments."""
    with made(kind, cluster) as place:
        db.run("""CREATE TABLE t (id int PRIMARY KEY, yes boolean NOT NULL, uid uuid, few int[], many boolean[], gone text NOT NULL, amount numeric(5,2), at int);
                  COMMENT ON COLUMN t.yes IS 'it''s';
                  INSERT INTO t SELECT n, n % 2 = 0, md5(n::text)::uuid, ARRAY[n, NULL], ARRAY[true], 'g', n / 4.0, n FROM generate_series(1, 40) n""")
        configure(place.directory, db, '[table.t]\nmode = "merge"\nstrategy = "scd2"\ncursor = "at"\n')
        run = ["--target", place.argument, *place.options]
        sync(place.directory, *run, env=place.env)
        db.run("""ALTER TABLE t ALTER yes TYPE text, ALTER uid TYPE text, ALTER few TYPE text[], ALTER many TYPE text[], ALTER amount TYPE numeric(9,4),
                  DROP COLUMN gone, ADD COLUMN fresh int; ALTER TABLE t RENAME few TO those; ALTER TABLE t RENAME yes TO sure;
                  INSERT INTO t VALUES (41, 'q', 'r', '{s}', '{t}', 0.0625, 41, 7)""")
        plan = pg2duck("plan", "--json", *run, cwd=place.directory, env=place.env).expect(0).report["plan"][0]
        told = {change["column"]: change["text"] for change in plan["schema_changes"] if change["kind"] == "type_changed"}
        assert set(told) == {"sure", "uid", "those", "many", "amount"}
        assert all(("rows of the copy are written anew" in text) == (kind is Lake) for text in told.values()), told
        report = sync(place.directory, *run, env=place.env)
        assert report["tables"][0]["schema_changes"] == plan["schema_changes"]
        assert list(columns_of(place, "t").items())[1:] == [
            ("sure", "VARCHAR"), ("uid", "VARCHAR"), ("those", "VARCHAR[]"), ("many", "VARCHAR[]"), ("gone", "VARCHAR"), ("amount", "DECIMAL(9,4)"),
            ("at", "INTEGER"), ("valid_from", "TIMESTAMP WITH TIME ZONE"), ("valid_to", "TIMESTAMP WITH TIME ZONE"), ("fresh", "INTEGER")]
        # History stays: rows without the column that is gone are no other rows.
        assert place.rows("SELECT count(*), count(valid_to), count(gone) FROM t") == [(41, 0, 40)]
        assert place.rows("SELECT sure, uid, those::VARCHAR, many::VARCHAR, amount::VARCHAR FROM t WHERE id IN (3, 41) ORDER BY id") == [
            ("false", "eccbc87e-4b5c-e2fe-2830-8fd9f2a7baf3", "[3, NULL]", "[true]", "0.7500"), ("q", "r", "[s]", "[t]", "0.0625")]
        assert place.rows("SELECT column_name, is_nullable, comment FROM duckdb_columns() WHERE database_name = current_database() AND "
                          "table_name = 't' AND (NOT is_nullable OR comment IS NOT NULL) ORDER BY 1") == [
            ("id", False, None), ("sure", False, "it's")]
        assert not sync(place.directory, *run, env=place.env)["tables"][0]["schema_changes"]
        assert place.rows("SELECT count(*) FROM t") == [(41,)]
