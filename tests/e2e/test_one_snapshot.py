"""Every published copy is one instant of the source, however busy it is."""

import datetime
import random
import signal
import threading
import time

import pytest

from support.program import configure, copy_well, sync
from support.servers.cluster import Cluster
from support.setting import SEED
from support.targets import duckdb_file as duck

ACCOUNTS = 2000
START = 1000


class Movers:
    """Threads that move money between places until told to stop. The total never changes."""

    def __init__(self, db, transfer, count: int = 3):
        self.transfers = 0
        self.failure = None
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._work, args=(db, transfer, random.Random(SEED + i)))
                         for i in range(count)]

    def _work(self, db, transfer, dice):
        try:
            connection = db.connect()
            connection.autocommit = False
            cursor = connection.cursor()
            while not self._stop.is_set():
                transfer(cursor, dice)
                connection.commit()
                with self._lock:
                    self.transfers += 1
            connection.close()
        except Exception as error:  # shown by the test
            self.failure = error

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        for thread in self._threads:
            thread.join()


def copy_under_load(db, target, transfer, check, options=()):
    """Copies until some thousand transfers have run beside at least five copies, on a busy machine a thousand."""
    copies, seen = 0, set()

    def enough():
        return copies >= 5 and len(seen) > 1 and movers.transfers >= (3000 if copies < 30 else 1000)

    with Movers(db, transfer) as movers:
        while not enough() and movers.failure is None:
            copy_well(db, target, *options)
            seen.add(check())
            copies += 1
    assert movers.failure is None, movers.failure


def test_money_that_moves_between_two_tables_is_never_lost_or_doubled(db, target):
    # Rows are deleted on one side and inserted on the other; padding makes the tables many pages.
    db.run("; ".join(
        f"CREATE TABLE {table} (id int PRIMARY KEY, amount bigint, pad text); INSERT INTO {table} "
        f"SELECT i, {START}, repeat('x', 300) FROM generate_series({first}, {first + ACCOUNTS - 1}) i"
        for table, first in (("checking", 0), ("savings", ACCOUNTS))))

    def transfer(cursor, dice):
        source, sink = dice.choice([("checking", "savings"), ("savings", "checking")])
        if dice.random() < 0.5:
            cursor.execute(f"WITH gone AS (DELETE FROM {source} WHERE id = %s RETURNING *) "
                           f"INSERT INTO {sink} SELECT * FROM gone", (dice.randrange(2 * ACCOUNTS),))
            return
        # Ids in one order, so that the movers never deadlock.
        amount = dice.randrange(1, 50)
        cursor.execute("SELECT pg_advisory_xact_lock(1)")
        cursor.execute(f"UPDATE {source} SET amount = amount - %s WHERE id = (SELECT min(id) FROM {source})", (amount,))
        cursor.execute(f"UPDATE {sink} SET amount = amount + %s WHERE id = (SELECT min(id) FROM {sink})", (amount,))

    def check():
        total, rows, ids = duck.rows(target, "SELECT sum(amount)::BIGINT, count(*), count(DISTINCT id) FROM "
                                             "(FROM checking UNION ALL FROM savings)")[0]
        assert (total, rows, ids) == (2 * ACCOUNTS * START, 2 * ACCOUNTS, 2 * ACCOUNTS)
        return duck.value(target, "SELECT sum(amount * (id + 1))::BIGINT FROM checking")

    copy_under_load(db, target, transfer, check)


def test_rows_that_move_between_partitions_are_never_lost_or_doubled(db, target):
    db.run(f"CREATE TABLE ledger (id int, home int, amount bigint, pad text) PARTITION BY LIST (home); "
           + "; ".join(f"CREATE TABLE ledger_{i} PARTITION OF ledger FOR VALUES IN ({i})" for i in range(4))
           + f"; INSERT INTO ledger SELECT i, i % 4, {START}, repeat('x', 300) FROM generate_series(1, {ACCOUNTS}) i; "
             "CREATE INDEX ON ledger (id)")

    def transfer(cursor, dice):
        cursor.execute("SELECT pg_advisory_xact_lock(2)")
        cursor.execute("UPDATE ledger SET home = (home + %s) %% 4 WHERE id = %s",
                       (dice.randrange(1, 4), dice.randrange(1, ACCOUNTS + 1)))

    def check():
        rows, ids, total = duck.rows(target, "SELECT count(*), count(DISTINCT id), sum(amount)::BIGINT FROM ledger")[0]
        assert (rows, ids, total) == (ACCOUNTS, ACCOUNTS, ACCOUNTS * START)
        return duck.value(target, "SELECT sum(id * home)::BIGINT FROM ledger")

    copy_under_load(db, target, transfer, check)


@pytest.mark.parametrize("jobs", ["1", "4"])
def test_a_counter_written_to_both_tables_in_one_transaction_is_equal_in_both(db, target, jobs):
    db.run("CREATE TABLE a AS SELECT 0::bigint AS n, repeat('x', 100) AS pad FROM generate_series(1, 2000); "
           "CREATE TABLE z (n bigint); INSERT INTO z VALUES (0)")

    def transfer(cursor, _):
        cursor.execute("UPDATE z SET n = n + 1 RETURNING n")
        (n,) = cursor.fetchone()
        cursor.execute("INSERT INTO a VALUES (%s, '')", (n,))

    with Movers(db, transfer, 1):
        for _ in range(2):
            copy_well(db, target, "--jobs", jobs)
            highest, counter = duck.rows(target, "SELECT (SELECT max(n) FROM a), (SELECT n FROM z)")[0]
            assert highest == counter


def test_a_standby_shows_the_time_that_it_has_replayed_to(tmp_path):
    """It need not follow anybody: what it replays is what a primary had written when it was stopped."""
    cluster = Cluster(settings={"wal_level": "replica"})
    try:
        cluster.start()
        database = cluster.create_database()
        database.run("CREATE TABLE t (id int PRIMARY KEY)")
        # A clean stop leaves nothing to replay, and the time of its checkpoint.
        cluster.stop(signal.SIGINT)
        (cluster.data / "standby.signal").touch()
        stopped = datetime.datetime.now(datetime.UTC)
        cluster.start()
        time.sleep(1.5)
        shown = datetime.datetime.fromisoformat(copy_well(database, tmp_path / "copy.duckdb").report["snapshot_at"])
        assert stopped - datetime.timedelta(minutes=1) < shown <= stopped + datetime.timedelta(seconds=1)
        cluster.stop(signal.SIGINT)
        (cluster.data / "standby.signal").unlink()
        cluster.start()
        database.run("SET synchronous_commit = on; INSERT INTO t VALUES (1)")
        committed = database.value("SELECT now()")
        cluster.stop(signal.SIGQUIT)
        (cluster.data / "standby.signal").touch()
        cluster.start()
        time.sleep(1.5)
        replayed = database.value("SELECT pg_last_xact_replay_timestamp()")
        assert abs(replayed - committed) < datetime.timedelta(seconds=1)
        configure(tmp_path, database, '[table.t]\nmode = "merge"\nstrategy = "scd2"\n')
        report = sync(tmp_path, "--target", "versions.duckdb")
        assert datetime.datetime.fromisoformat(report["snapshot_at"]) == replayed
        assert duck.rows(tmp_path / "versions.duckdb", "SELECT id, epoch_us(valid_from) FROM t") == [
            (1, round(replayed.timestamp() * 1000000))]
    finally:
        cluster.remove()
