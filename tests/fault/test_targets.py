"""Targets that cannot be written."""

import os
import subprocess
import sys

import duckdb
import pytest

from support.program import Running, copy, copy_well, is_root
from support.targets import duckdb_file as duck
from support.targets.aftermath import OldCopy, expect_nothing_left
from support.targets.disk import small_disk

HOLD = """
import duckdb, sys
connection = duckdb.connect(sys.argv[1], read_only=sys.argv[2] == 'read')
print('open', flush=True)
sys.stdin.read()
"""


def test_a_missing_directory_is_named(shop, tmp_path):
    target = tmp_path / "no" / "such" / "copy.duckdb"
    copy(shop, target).expect_error(1, str(target), "directory").expect_hint()
    assert not (tmp_path / "no").exists()


def test_a_directory_as_target_is_wrong_usage(shop, tmp_path):
    copy(shop, tmp_path).expect_error(2, str(tmp_path), "directory")


def test_a_read_only_directory_is_named(shop, tmp_path):
    if not is_root():
        (tmp_path / "ro").mkdir(mode=0o555)
        copy(shop, tmp_path / "ro" / "copy.duckdb").expect_error(1, str(tmp_path / "ro")).expect_hint()
        return
    with small_disk(tmp_path / "ro", 64) as disk:
        target = disk.path / "copy.duckdb"
        old = OldCopy(shop, target)
        disk.remount("ro")
        copy(shop, target).expect_error(1, str(target)).expect_hint()
        copy(shop, disk.path / "new.duckdb").expect_error(1, str(disk.path)).expect_hint()
        disk.remount("rw")
        old.expect_recovery()


def test_a_read_only_file_is_named(shop, target):
    if is_root():
        pytest.skip("root may write everything")
    old = OldCopy(shop, target)
    target.chmod(0o444)
    copy(shop, target).expect_error(1, str(target)).expect_hint()
    target.chmod(0o644)
    old.expect_recovery()


@pytest.fixture
def growing(db):
    """Starts small; `grow` makes it far bigger than the small disk, of bytes that do not compress."""
    db.run("CREATE TABLE t (id int, v bytea); INSERT INTO t VALUES (1, 'small'); CREATE TABLE few AS SELECT 1 AS id")

    def grow():
        db.run("CREATE EXTENSION IF NOT EXISTS pgcrypto; "
               "INSERT INTO t SELECT i, gen_random_bytes(1000) FROM generate_series(2, 20000) i")
    return db, grow


def test_a_full_disk_is_said_and_the_old_copy_is_whole(growing, tmp_path):
    db, grow = growing
    with small_disk(tmp_path / "disk", 12) as disk:
        target = disk.path / "copy.duckdb"
        old = OldCopy(db, target)
        grow()
        copy(db, target).expect_error(1, "space").expect_hint()
        old.expect_whole()
        assert duck.leftovers(target) == []
        disk.remount("size=400m")
        old.expect_recovery()
        assert duck.value(target, "SELECT count(*) FROM t") == 20000


def test_a_full_disk_on_the_first_copy(growing, tmp_path):
    db, grow = growing
    grow()
    with small_disk(tmp_path / "disk", 12) as disk:
        target = disk.path / "copy.duckdb"
        copy(db, target).expect_error(1, "space").expect_hint()
        disk.remount("size=400m")
        copy_well(db, target)
        expect_nothing_left(target)


def test_a_disk_full_before_anything_is_written(shop, tmp_path):
    with small_disk(tmp_path / "disk", 4) as disk:
        filler = disk.path / "filler"
        try:
            with open(filler, "wb") as file:
                while file.write(os.urandom(1 << 16)):
                    file.flush()
        except OSError:
            pass
        copy(shop, disk.path / "copy.duckdb").expect_error(1, "space").expect_hint()
        filler.unlink()
        disk.remount("size=100m")
        copy_well(shop, disk.path / "copy.duckdb")


@pytest.mark.parametrize("content", [b"This is a text file, not a database.\n" * 400, b"\0" * 8192,
                                     b"SQLite format 3\0" + b"\0" * 8192, b"x"],
                         ids=["text", "zeros", "sqlite", "short"])
def test_a_file_that_is_no_duckdb_database_is_refused_and_left_alone(shop, target, content):
    target.write_bytes(content)
    copy(shop, target).expect_error(1, str(target), "DuckDB").expect_hint()
    assert target.read_bytes() == content
    assert [path.name for path in target.parent.iterdir()] == [target.name]


def test_a_damaged_duckdb_file_is_refused_without_a_crash(shop, target):
    copy_well(shop, target)
    whole = target.read_bytes()
    target.write_bytes(whole[:4096 * 3] + b"\xa5" * 8192 + whole[4096 * 3 + 8192:])
    result = copy(shop, target)
    assert result.code in (0, 1), result
    target.write_bytes(whole[:6000])
    copy(shop, target).expect_error(1, str(target)).expect_hint()


def test_an_empty_file_becomes_a_database(shop, target):
    target.touch()
    copy_well(shop, target)
    assert "main.orders" in duck.tables(target)


@pytest.mark.parametrize("how", ["write", "read"])
def test_a_target_that_another_process_holds_names_its_pid(shop, target, how):
    old = OldCopy(shop, target)
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(target), how], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout.readline() == "open\n"
        copy(shop, target).expect_error(1, str(target), str(holder.pid)).expect_hint()
        document = copy(shop, target, "--json").expect(1).report
        assert document["error"]["kind"] == "conflict"
    finally:
        holder.communicate("")
    old.expect_recovery()


def test_a_second_run_on_the_same_target_names_the_first(slow, slow_options, until_reading, target):
    old = OldCopy(slow, target)
    first = Running(["copy", slow.uri(), target, *slow_options])
    until_reading(first)
    copy(slow, target).expect_error(1, str(target), str(first.pid)).expect_hint()
    first.process.terminate()
    assert first.finish().code == 143
    old.expect_recovery()


def test_a_target_through_a_symbolic_link_is_written_where_it_points(shop, tmp_path):
    (tmp_path / "real").mkdir()
    link = tmp_path / "link.duckdb"
    link.symlink_to(tmp_path / "real" / "file.duckdb")
    for _ in range(2):
        copy_well(shop, link)
    assert link.is_symlink() and "main.orders" in duck.tables(tmp_path / "real" / "file.duckdb")


def test_a_constraint_that_the_user_put_on_the_target_does_not_stop_a_refresh(shop, target):
    copy_well(shop, target)
    with duckdb.connect(str(target)) as connection:
        connection.execute("CREATE INDEX by_id ON orders (id); CREATE VIEW v AS SELECT count(*) AS n FROM orders")
    copy_well(shop, target)
    assert duck.value(target, "SELECT n FROM v") == 30000
