"""Somebody else locks, drops or alters a table at the wrong moment."""

import contextlib
import signal

import duckdb
import psycopg2
import pytest

from support.program import Running, copy, copy_well
from support.servers.cluster import UNHURRIED
from support.setting import driver
from support.targets import duckdb_file as duck
from support.targets.aftermath import OldCopy, expect_nothing_left

SHORT_WAIT = {"PGOPTIONS": "-c lock_timeout=300ms"}


@contextlib.contextmanager
def transaction(db, sql: str):
    connection = db.connect()
    connection.autocommit = False
    try:
        connection.cursor().execute(sql)
        yield connection
    finally:
        connection.close()


def start(db, target, *options) -> Running:
    """A run that waits for locks as long as the test takes to give them up."""
    return Running(["copy", db.uri(), target, "--json", *options], env={"PGOPTIONS": UNHURRIED})


def until_waiting_for_a_lock(db, run: Running) -> None:
    db.wait_for("SELECT count(*) > 0 FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE NOT granted "
                "AND application_name = 'pg2duck' AND datname = current_database()", "pg2duck to wait for a lock",
                meanwhile=run.expect_alive)


def test_a_locked_table_names_the_pid_that_blocks(shop, target):
    old = OldCopy(shop, target)
    with transaction(shop, "LOCK TABLE few IN ACCESS EXCLUSIVE MODE") as other:
        pid = other.info.backend_pid
        copy(shop, target, env=SHORT_WAIT).expect_error(1, "few", str(pid), "55P03").expect_hint()
        document = copy(shop, target, "--json", env=SHORT_WAIT).expect(1).report
        assert document["error"]["kind"] == "conflict" and str(pid) in str(document["error"])
    old.expect_recovery()


def test_a_target_that_cannot_be_opened_is_told_before_the_source_is_locked(shop, target):
    copy_well(shop, target)
    with transaction(shop, "LOCK TABLE few IN ACCESS EXCLUSIVE MODE"), duckdb.connect(str(target)):
        copy(shop, target, env=SHORT_WAIT).expect_error(1, "the file is in use by")


def test_a_lock_that_is_released_in_time_only_delays(shop, target):
    with transaction(shop, "LOCK TABLE few IN ACCESS EXCLUSIVE MODE") as other:
        run = start(shop, target)
        until_waiting_for_a_lock(shop, run)
        other.rollback()
        run.finish().expect(0)


def test_nothing_is_held_in_postgres_while_the_target_publishes(shop, target):
    run = Running(["before_commit", shop.uri(), target, "wait"], program=driver("kill_at"))
    assert run.process.stdout.readline() == b"before_commit\n"
    shop.wait_for("SELECT count(*) = 0 FROM pg_stat_activity WHERE application_name = 'pg2duck' AND "
                  "datname = current_database()", "pg2duck to leave Postgres", meanwhile=run.expect_alive)
    shop.run("ALTER TABLE few ADD COLUMN more int")
    run.send(signal.SIGUSR1)
    run.finish().expect(0)
    assert duck.rows(target, "SELECT * FROM few") == [(1,)]


def test_writers_do_not_block_the_copy(shop, target):
    with transaction(shop, "UPDATE few SET id = 2; INSERT INTO orders VALUES (0, ''); "
                           "LOCK TABLE orders IN EXCLUSIVE MODE"):
        copy_well(shop, target)
    assert duck.value(target, "SELECT id FROM few") == 1


def test_a_table_dropped_between_plan_and_read_is_named(shop, target):
    old = OldCopy(shop, target)
    with transaction(shop, "DROP TABLE few") as other:
        run = start(shop, target)
        until_waiting_for_a_lock(shop, run)
        other.commit()
        result = run.finish().expect_error(1, "few").expect_hint("again")
    assert result.report["error"]["kind"] == "schema_drift", result
    old.expect_recovery()


def test_a_schema_dropped_between_plan_and_read_is_named(shop, target):
    old = OldCopy(shop, target)
    with transaction(shop, "DROP SCHEMA sales CASCADE") as other:
        run = start(shop, target)
        until_waiting_for_a_lock(shop, run)
        other.commit()
        run.finish().expect_error(1, "leads").expect_hint("again")
    old.expect_recovery()


def test_a_table_renamed_between_plan_and_read_is_an_error(shop, target):
    old = OldCopy(shop, target)
    with transaction(shop, "ALTER TABLE few RENAME TO fewer") as other:
        run = start(shop, target)
        until_waiting_for_a_lock(shop, run)
        other.commit()
        run.finish().expect_error(1, "few")
    old.expect_whole()
    copy_well(shop, target)
    expect_nothing_left(target)


def test_a_table_altered_between_plan_and_read_is_copied_as_it_is_after(shop, target):
    copy_well(shop, target)
    with transaction(shop, "ALTER TABLE few ADD COLUMN v text DEFAULT 'new', ALTER id TYPE numeric(12,3)") as other:
        run = start(shop, target)
        until_waiting_for_a_lock(shop, run)
        other.commit()
        run.finish().expect(0)
    assert duck.column_types(target, "few") == {"id": "DECIMAL(12,3)", "v": "VARCHAR"}
    assert duck.rows(target, "SELECT id::VARCHAR, v FROM few") == [("1.000", "new")]


def test_a_table_replaced_between_plan_and_read_is_never_copied_half(shop, target):
    copy_well(shop, target)
    with transaction(shop, "ALTER TABLE few RENAME TO before; CREATE TABLE few AS SELECT 'b' AS other") as other:
        run = start(shop, target)
        until_waiting_for_a_lock(shop, run)
        other.commit()
        result = run.finish()
    assert result.code in (0, 1), result
    assert duck.rows(target, "FROM few") == [("b",) if result.code == 0 else (1,)]


def test_rows_committed_while_waiting_for_the_lock_are_in_the_copy(shop, target):
    with transaction(shop, "LOCK TABLE few IN ACCESS EXCLUSIVE MODE; INSERT INTO few VALUES (77); "
                           "INSERT INTO sales.leads VALUES (77777)") as other:
        run = start(shop, target)
        until_waiting_for_a_lock(shop, run)
        other.commit()
        run.finish().expect(0)
    assert duck.rows(target, "SELECT (SELECT max(id) FROM few), (SELECT max(id) FROM sales.leads)") == [(77, 77777)]


@pytest.mark.parametrize("ddl", ["DROP TABLE few", "ALTER TABLE few ADD COLUMN x int", "TRUNCATE few"])
def test_ddl_waits_while_the_copy_runs(slow, slow_options, until_reading, target, ddl):
    run = start(slow, target, *slow_options)
    until_reading(run)
    try:
        with pytest.raises(psycopg2.errors.LockNotAvailable):
            slow.run(f"SET lock_timeout = '200ms'; {ddl}")
    finally:
        run.process.terminate()
        assert run.finish().code == 143
