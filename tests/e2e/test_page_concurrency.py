"""Pages and COPY see the same rows under one snapshot, whatever writers, vacuum and DDL do meanwhile.

Two wrong ways to read pages run beside the right one; when they are not found out, nothing was tested.
PG2DUCK_PAGE_SECONDS says how long it runs, 3600 for an hour; 10 seconds are some 25 snapshots. On a machine so busy that
the wrong ways were not found out by then, it goes on."""

import json
import os
import random
import subprocess
import threading

import psycopg2
import pytest

from support.program import SANITIZER_REPORT
from support.setting import PATIENCE, SEED, driver

SECONDS = int(os.environ.get("PG2DUCK_PAGE_SECONDS", "10"))
ROWS = 1500
WRITERS = 4

SAVED_PAGES = """
CREATE SCHEMA pg2duck;
CREATE TABLE pg2duck.saved (block bigint, page bytea);
CREATE FUNCTION pg2duck.heap_pages(heap regclass, first bigint, last bigint) RETURNS SETOF bytea LANGUAGE sql STABLE
AS $$ SELECT coalesce(s.page, decode(repeat('00', 8192), 'hex'))
      FROM generate_series(first, last) AS b LEFT JOIN pg2duck.saved s ON s.block = b ORDER BY b $$;
CREATE EXTENSION pageinspect SCHEMA public;
"""

TABLE = """
CREATE TABLE busy (id bigint, n numeric(12,2), t text, a integer[], d timestamptz, extra text)
  WITH (fillfactor = 70, autovacuum_vacuum_threshold = 50);
INSERT INTO busy SELECT g, g / 7.0, repeat('x', g % 60), ARRAY[g, NULL, -g], now(), NULL FROM generate_series(1, 1500) g;
"""


class Writer(threading.Thread):
    """One session that changes the table at random."""

    def __init__(self, db, seed: int, work, stop: threading.Event):
        super().__init__()
        self.dice, self.work, self.stop = random.Random(seed), work, stop
        self.connection = db.connect()
        self.connection.autocommit = True
        self.done, self.failure = 0, None

    def run(self):
        cursor = self.connection.cursor()
        cursor.execute("SET lock_timeout = '300ms'")
        while not self.stop.is_set():
            try:
                self.work(self.dice, cursor)
                self.done += 1
            except psycopg2.Error as error:
                cursor.execute("ROLLBACK")
                if error.pgcode not in ("40P01", "55P03", "42703", "42701", "23505"):
                    self.failure = error
                    return
        self.connection.close()


def change(dice, cursor):
    """One statement that changes some rows."""
    first = dice.randint(1, ROWS)
    rows = f"id BETWEEN {first} AND {first + dice.choice([0, 3, 40])}"
    kind = dice.choice(["insert", "update", "update_hot", "delete", "big"])
    if kind == "insert":
        cursor.execute(f"INSERT INTO busy (id, n, t, a, d) SELECT g, {dice.randint(0, 10**6)} / 100.0, 'new', "
                       f"ARRAY[g::int], now() FROM generate_series({first}, {first + dice.randint(0, 30)}) g")
    elif kind == "update":
        cursor.execute(f"UPDATE busy SET t = repeat('y', {dice.randint(0, 200)}), id = id WHERE {rows}")
    elif kind == "update_hot":
        cursor.execute(f"UPDATE busy SET n = n + 1 WHERE {rows}")
    elif kind == "delete":
        cursor.execute(f"DELETE FROM busy WHERE {rows}")
    else:
        # Packed within the page, and, when it is random, outside of it.
        text = "repeat('packed', 900)" if dice.random() < 0.7 else "(SELECT string_agg(md5(g::text), '') FROM generate_series(1, 120) g)"
        cursor.execute(f"UPDATE busy SET t = {text} WHERE id = {first}")


def lock(dice, cursor):
    first = dice.randint(1, ROWS)
    how = dice.choice(["UPDATE", "NO KEY UPDATE", "SHARE", "KEY SHARE"])
    cursor.execute(f"SELECT 1 FROM busy WHERE id BETWEEN {first} AND {first + 5} FOR {how}")


def write(dice, cursor):
    """A transaction with savepoints and locks, that may be rolled back."""
    if dice.random() < 0.3:
        change(dice, cursor)
        return
    cursor.execute("BEGIN")
    for _ in range(dice.randint(1, 4)):
        step = dice.random()
        if step < 0.3:
            cursor.execute("SAVEPOINT s")
            change(dice, cursor)
            cursor.execute(dice.choice(["ROLLBACK TO s", "RELEASE s"]))
        elif step < 0.5:
            lock(dice, cursor)
        else:
            change(dice, cursor)
    if dice.random() < 0.2:
        cursor.execute(f"SELECT pg_sleep({dice.random() / 4})")
    cursor.execute(dice.choice(["COMMIT", "COMMIT", "COMMIT", "ROLLBACK"]))


def maintain(dice, cursor):
    """Vacuum, freeze, and DDL that changes the tuples' layout or the table's file."""
    cursor.execute(f"SELECT pg_sleep({dice.random()})")
    cursor.execute(dice.choice([
        "VACUUM busy", "VACUUM (FREEZE) busy", "VACUUM busy", "ANALYZE busy", "VACUUM (FULL) busy",
        f"ALTER TABLE busy ADD COLUMN added{dice.randint(0, 9)} numeric(9,3) DEFAULT {dice.randint(0, 999)}.125",
        f"ALTER TABLE busy ADD COLUMN added{dice.randint(0, 9)} text DEFAULT 'of old rows'",
        f"ALTER TABLE busy DROP COLUMN added{dice.randint(0, 9)}",
    ]))
    # It grows otherwise, and snapshots become rare.
    cursor.execute(f"DELETE FROM busy WHERE ctid IN (SELECT ctid FROM busy OFFSET {2 * ROWS})")


@pytest.fixture
def busy(db):
    connection = db.connect()
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(SAVED_PAGES)
        cursor.execute(TABLE)
    connection.close()
    return db


def test_pages_show_what_a_query_shows(busy):
    stop = threading.Event()
    writers = [Writer(busy, SEED * 100 + number, write, stop) for number in range(WRITERS)]
    writers.append(Writer(busy, SEED * 100 + 99, maintain, stop))
    for writer in writers:
        writer.start()
    try:
        done = subprocess.run([driver("page_check"), busy.uri(), "public.busy", str(SECONDS), str(PATIENCE), str(SEED)],
                              capture_output=True, text=True, timeout=SECONDS + 2 * PATIENCE)
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    print(f"seed {SEED}: {done.stdout}{done.stderr}")
    assert not SANITIZER_REPORT.search(done.stderr)
    assert [writer.failure for writer in writers if writer.failure] == []
    assert done.returncode == 0, (SEED, done.stdout, done.stderr)
    counts = json.loads(done.stdout)
    assert counts["mismatches"] == 0, counts
    assert counts["snapshots"] >= SECONDS // 4 and counts["decoded"] > counts["asked"] > 0, counts
    assert counts["early_mismatches"] > 0 and counts["newer_mismatches"] > 0, counts
    assert counts["lists"] > 0, counts
    assert counts["pages"] > 0 and counts["maximum_lsn"] > 0 and counts["lsn_mismatches"] == 0, counts
