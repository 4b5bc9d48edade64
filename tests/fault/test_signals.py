"""SIGINT and SIGTERM end a run at once, with nothing published."""

import contextlib
import signal
import socket
import time

import pytest

from support.program import Running
from support.servers.cluster import UNHURRIED
from support.setting import PATIENCE, eventually
from support.targets import duckdb_file as duck
from support.targets.aftermath import OldCopy, expect_nothing_left

CODES = {signal.SIGINT: 130, signal.SIGTERM: 143}


def end(run: Running, how: signal.Signals):
    run.send(how)
    result = run.finish()
    assert result.code == CODES[how], result
    assert "error: " in result.err and "interrupted" in result.err, result
    return result


@pytest.mark.parametrize("how", CODES)
def test_while_rows_are_read(slow, slow_options, until_reading, target, how):
    old = OldCopy(slow, target)
    run = Running(["copy", slow.uri(), target, *slow_options])
    until_reading(run)
    end(run, how)
    assert slow.sleep_out_sessions() == 0, "a session went on on the server"
    runs = duck.rows(target, "SELECT status FROM _pg2duck.runs ORDER BY finished_at")
    assert runs == [("published",), ("interrupted",)]
    old.expect_whole()
    expect_nothing_left(target)
    old.expect_recovery()


def test_json_says_interrupted(slow, slow_options, until_reading, target):
    run = Running(["copy", slow.uri(), target, "--json", *slow_options])
    until_reading(run)
    document = end(run, signal.SIGTERM).report
    assert document["status"] == "interrupted" and document["exit_code"] == 143
    assert document["last_sync_time"] == "" and "published" not in {t["status"] for t in document["tables"]}
    assert duck.tables(target) == set()
    expect_nothing_left(target)


def test_while_waiting_for_a_lock(shop, target):
    old = OldCopy(shop, target)
    blocker = shop.connect()
    blocker.autocommit = False
    blocker.cursor().execute("LOCK TABLE few IN ACCESS EXCLUSIVE MODE")
    run = Running(["copy", shop.uri(), target], env={"PGOPTIONS": UNHURRIED})
    shop.wait_for("SELECT count(*) > 0 FROM pg_locks WHERE NOT granted", "pg2duck to wait for a lock",
                  meanwhile=run.expect_alive)
    end(run, signal.SIGINT)
    assert shop.sleep_out_sessions() == 0
    blocker.close()
    old.expect_recovery()


def test_while_connecting(target):
    with socket.create_server(("127.0.0.1", 0)) as listener, contextlib.ExitStack() as stack:
        listener.settimeout(PATIENCE)
        run = Running(["copy", f"postgresql://postgres@127.0.0.1:{listener.getsockname()[1]}/x", target])
        stack.enter_context(listener.accept()[0])
        end(run, signal.SIGINT)
    assert not target.exists()


def test_a_second_signal_does_not_make_it_worse(slow, slow_options, until_reading, target):
    old = OldCopy(slow, target)
    run = Running(["copy", slow.uri(), target, *slow_options])
    until_reading(run)
    for how in (signal.SIGINT, signal.SIGINT, signal.SIGTERM):
        run.send(how)
        time.sleep(0.01)
    assert run.finish().code in (130, 143, -signal.SIGINT, -signal.SIGTERM)
    old.expect_recovery()


def test_a_reader_of_stdout_that_goes_away_is_no_failure(shop, target):
    run = Running(["copy", shop.uri(), target])
    run.process.stdout.close()
    eventually(run.ended, "pg2duck to end")
    run.process.stderr.close()
    assert run.process.returncode == 0
    assert "main.orders" in duck.tables(target)
