"""Copies that are kept up are the same on every kind of target that takes changes: as in a DuckDB file, which the other suites
compare with models."""

import re

import pytest

from support.program import configure, pg2duck, sync
from support.targets.kinds import File, FileLikeMotherduck, Lake, Parquet, QuackLikeMotherduck, made

KINDS = [FileLikeMotherduck, QuackLikeMotherduck, Lake]

PROJECT = """
[table.appended]
mode = "append"
cursor = "at"
[table.upserted]
mode = "merge"
cursor = "at"
key = ["id"]
[table.marked]
mode = "merge"
strategy = "delete-insert"
key = ["id", "part"]
hard_delete = "gone"
[table.kept]
mode = "merge"
strategy = "insert-only"
key = ["id"]
newest_by = "at"
[table.versions]
mode = "merge"
strategy = "scd2"
cursor = "at"
key = ["id"]
"""

COUNTS = ("inserted", "updated", "deleted", "source_rows", "target_rows")
TABLES = ("appended", "upserted", "marked", "kept", "versions")

MADE = """
CREATE TABLE {0} (id int NOT NULL, part text, gone boolean, at timestamp NOT NULL, amount numeric(6,2), number smallint, left_out int);
INSERT INTO {0} SELECT i, CASE WHEN i % 7 > 0 THEN 'p' || i % 7 END, i % 50 = 0, '2025-01-01'::timestamp + i * interval '1 s',
                       i / 8.0, i, i FROM generate_series(1, 300) i;
INSERT INTO {0} SELECT id, 'newer', false, at + interval '1 h', 0, 0, 0 FROM {0} WHERE id <= 20 AND '{0}' = 'kept';
"""

# Each is followed by a run; the last run looks for rows that are gone.
CHANGES = [
    # Rows at the cursor's last value and beyond, updates, deletes, keys that change, rows that were away come back.
    """
    INSERT INTO {0} SELECT i, NULL, NULL, '2025-01-01 00:05'::timestamp + (i % 3) * interval '1 s', i, 1, 1 FROM generate_series(301, 310) i;
    UPDATE {0} SET amount = amount + 1, part = nullif(part, 'p3'), at = '2025-01-02' WHERE id % 10 = 1;
    UPDATE {0} SET gone = NOT gone, at = '2025-01-03' WHERE id % 25 = 0;
    UPDATE {0} SET id = id + 1000, at = '2025-01-04' WHERE id BETWEEN 11 AND 14;
    DELETE FROM {0} WHERE id BETWEEN 21 AND 24;
    """,
    # Another shape; rows that are gone, and one that comes late.
    """
    ALTER TABLE {0} ALTER number TYPE bigint, DROP COLUMN left_out, ADD COLUMN fresh text;
    ALTER TABLE {0} RENAME amount TO total;
    UPDATE {0} SET number = 5000000000, fresh = 'ä''"', at = '2025-02-01' WHERE id % 10 = 2;
    INSERT INTO {0} VALUES (401, 'x', NULL, '2025-02-02', 1.25, -5000000000, 'new');
    DELETE FROM {0} WHERE id % 10 = 3;
    INSERT INTO {0} VALUES (402, 'late', NULL, '2025-01-01', NULL, NULL, NULL);
    """,
]


def states(place, cluster) -> list:
    """What the copies are after each run, what was reported of them, and where their cursors stand."""
    database = cluster.create_database()
    configure(place.directory, database, PROJECT)
    found = []
    for number, statements in enumerate([MADE, *CHANGES]):
        for table in TABLES:
            database.run(statements.format(table))
        options = ["--reconcile"] if number == len(CHANGES) else []
        report = sync(place.directory, "--target", place.argument, *place.options, *options, env=place.env)
        content = place.content()
        del content["main.last_sync_time"]
        found.append((numbered(content), [(table["table"], table["mode"], table["rows"], *(table[key] for key in COUNTS)) for table in report["tables"]],
                      place.rows('SELECT "table", value FROM _pg2duck.cursors ORDER BY ALL')))
    database.drop()
    return found


def numbered(content: dict) -> dict:
    """With the times of snapshots, of which each run has its own, as numbers."""
    instant = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?\+00")
    times = sorted({time for _, lines in content.values() for line, in lines for time in instant.findall(line)})
    return {table: (columns, sorted(instant.sub(lambda found: f"run {times.index(found[0])}", line) for line, in lines))
            for table, (columns, lines) in content.items()}


@pytest.fixture(scope="module")
def states_of_a_file(cluster):
    with made(File) as place:
        return states(place, cluster)


@pytest.mark.parametrize("kind", KINDS, ids=[kind.name for kind in KINDS])
def test_changes_give_what_they_give_in_a_file(kind, cluster, states_of_a_file):
    with made(kind, cluster) as place:
        for number, (got, expected) in enumerate(zip(states(place, cluster), states_of_a_file, strict=True)):
            assert got[0].keys() == expected[0].keys()
            for table in expected[0]:
                assert got[0][table] == expected[0][table], (number, table)
            assert got[1:] == expected[1:], number


def test_the_file_follows_the_changes(states_of_a_file):
    """That what is compared is not nothing: how many rows follow from the changes."""
    rows = [{table.partition(".")[2]: len(lines) for table, (_, lines) in content.items()} for content, _, _ in states_of_a_file]
    assert rows == [{"appended": 300, "upserted": 300, "marked": 294, "kept": 300, "versions": 300},
                    {"appended": 354, "upserted": 314, "marked": 312, "kept": 314, "versions": 354},
                    {"appended": 385, "upserted": 278, "marked": 272, "kept": 278, "versions": 386}]
    read = [{table: rows for table, _, rows, *_ in tables} for _, tables, _ in states_of_a_file]
    assert [found["upserted"] for found in read] == [300, 54, 278] and [found["appended"] for found in read] == [300, 54, 33]
    for number, (_, tables, _) in enumerate(states_of_a_file):
        for table, _, _, inserted, updated, deleted, _, target in tables:
            before = rows[number - 1][table] if number else 0
            assert before + inserted - deleted == rows[number][table], (number, table)
            assert target == rows[number][table] or table == "versions", (number, table)


def test_parquet_files_refuse_them(db, cluster):
    db.run("CREATE TABLE orders (id int PRIMARY KEY)")
    with made(Parquet) as place:
        configure(place.directory, db, '[table.orders]\nmode = "merge"\n')
        refused = pg2duck("sync", "--target", place.argument, cwd=place.directory, env=place.env)
        refused.expect_error(2, "public.orders", "only be replaced").expect_hint('mode = "replace"')
        assert place.content() == {}
