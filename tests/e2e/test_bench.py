"""The benchmark's instruments: what they say of costs and of wrong copies must be true before any figure is."""

import contextlib
import os
import pathlib
import subprocess
import sys
import threading

import duckdb
import pytest

from support.servers.cluster import clean_environment
from support.setting import PATIENCE, ROOT, eventually

sys.path.insert(0, str(ROOT / "bench"))

from contenders.contender import Command  # noqa: E402
from instruments import launch, measure  # noqa: E402
from instruments.checks import TableCheck  # noqa: E402

HOLD_200_MB = "held = b'x' * 200_000_000"
HOLD_200_MB_UNTIL_TOLD = HOLD_200_MB + """
import os, sys, time
while not os.path.exists(sys.argv[1]): time.sleep(0.01)"""
BURN_ONE_SECOND = "import time\nwhile time.process_time() < 1: pass"


@pytest.fixture
def run(cluster, tmp_path):
    def run(*argv, **environment):
        return measure.run(Command(list(argv), environment), cluster.process.pid, tmp_path)
    return run


def test_memory_of_processes_at_the_same_time_is_added_up(run, tmp_path):
    alone = run(sys.executable, "-c", HOLD_200_MB).peak_rss
    assert 200e6 < alone < 260e6
    told, ended, peaks = tmp_path / "told", threading.Event(), [0]
    holder = f'{sys.executable} -c "{HOLD_200_MB_UNTIL_TOLD}" {told}'
    with subprocess.Popen(["sh", "-c", f"{holder} & {holder}; wait"]) as both:
        watcher = threading.Thread(target=launch.watch, args=(both.pid, 2 * PATIENCE, ended, peaks))
        watcher.start()
        try:
            eventually(lambda: peaks[-1] > 400e6, "both to be seen")
        finally:
            told.touch()
            ended.set()
            watcher.join()
    assert max(peaks) < 500e6


def test_cpu_of_a_child_counts_even_when_nobody_waited_for_it(run):
    assert 0.9 < run(sys.executable, "-c", BURN_ONE_SECOND).client_cpu < 2
    # The inner shell ends at once; what it left behind has worked for a second when the command ends.
    orphaned = f"mkfifo end; ({sys.executable} -c '{BURN_ONE_SECOND}' >end & ); cat end"
    assert 0.9 < run("sh", "-c", orphaned).client_cpu < 2


def test_cpu_of_a_backend_counts_after_it_has_ended(run, cluster):
    query = "SELECT count(*) FROM generate_series(1, 4000000)"
    cost = run(cluster.programs / "psql", "-Xqc", query, **clean_environment(), PGHOST="127.0.0.1",
               PGPORT=str(cluster.port), PGUSER="postgres", PGDATABASE="postgres")
    assert cost.server_cpu > 0.2
    assert cost.client_cpu < 0.2
    assert run("sleep", "1").server_cpu < 0.1


def test_children_are_found_beside_threads_that_end_meanwhile():
    done = threading.Event()

    def start_and_end():
        while not done.wait(0):
            thread = threading.Thread(target=int)
            thread.start()
            thread.join()

    busy = [threading.Thread(target=start_and_end) for _ in range(4)]
    with subprocess.Popen(["sleep", "600"]) as child:
        for thread in busy:
            thread.start()
        try:
            missed = sum(str(child.pid) not in launch.descendants(os.getpid()) for _ in range(2000))
        finally:
            done.set()
            for thread in busy:
                thread.join()
            child.kill()
    assert missed == 0


def test_a_failed_command_says_what_it_said(run):
    with pytest.raises(measure.CommandFailed, match="exit code 3: no such shop"):
        run("sh", "-c", "echo no such shop >&2; exit 3")


def test_a_command_that_hangs_is_given_up_with_all_it_started(cluster, tmp_path):
    hanging = Command(["sh", "-c", "sleep 4321 & sleep 4321"])
    with pytest.raises(measure.CommandFailed, match="not done after 1 seconds"):
        measure.run(hanging, cluster.process.pid, tmp_path, limit=1)
    assert not [line for line in pathlib.Path("/proc").glob("[0-9]*/cmdline") if is_hanging(line)]


def is_hanging(cmdline):
    try:
        return b"4321" in cmdline.read_bytes()
    except OSError:
        return False


@pytest.mark.parametrize("spoil, differs", [
    (None, []),
    ("UPDATE item SET price = price + 0.01 WHERE id = 1", ["sum(price)"]),
    ("UPDATE item SET name = 'zz' WHERE id = 1", ["max(rtrim(name"]),
    ("UPDATE item SET sold = sold + 1 WHERE id = 1", ["sum(sold"]),
    ("UPDATE item SET name = NULL WHERE id = 1", ["count(name)"]),
    ("DELETE FROM item WHERE id = 1", ["rows"]),
])
def test_a_wrong_copy_is_noticed(db, spoil, differs):
    columns = "id integer, price numeric(9,2), name varchar(9), sold date"
    values = "(1, 1.50, 'an', '2020-01-01'), (2, NULL, 'b', NULL), (3, 2.25, 'c ', '2021-02-03')"
    db.run(f"CREATE TABLE item ({columns})")
    db.run(f"INSERT INTO item VALUES {values}")
    with contextlib.closing(db.connect()) as postgres:
        check = TableCheck(postgres, "public", "item")
    copy = duckdb.connect()
    copy.execute(f"CREATE TABLE item ({columns})")
    copy.execute(f"INSERT INTO item VALUES {values}")
    if spoil:
        copy.execute(spoil)
    found = check.differences(copy, "main", "item")
    assert bool(found) == bool(spoil)
    for part in differs:
        assert any(part in line for line in found), found
