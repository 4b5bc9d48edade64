"""kill -9 at every step: before the commit the old copy is whole, after it the new one."""

import signal

import pytest

from support.program import Running, copy, copy_well
from support.setting import driver
from support.targets import duckdb_file as duck
from support.targets.aftermath import OldCopy, expect_nothing_left

BEFORE_COMMIT = ["planned", "staging", "loading", "loaded", "before_commit"]
TABLES = 12


@pytest.fixture(scope="module")
def many_template(cluster, tmp_path_factory):
    database = cluster.create_database()
    database.run("; ".join(f"CREATE TABLE t{i} AS SELECT j AS id, repeat(md5(j::text), 5) AS note "
                           f"FROM generate_series(1, {200 * (i + 1)}) j" for i in range(TABLES)))
    database.finished_copy = tmp_path_factory.mktemp("many") / "many.duckdb"
    copy_well(database, database.finished_copy)
    yield database
    database.drop()


@pytest.fixture
def many(many_template):
    database = many_template.clone()
    yield database
    database.drop()


def kill_at(point: str, db, target) -> None:
    result = Running([point, db.uri(), target], program=driver("kill_at")).finish()
    assert result.code == -signal.SIGKILL, result


def add_a_row_everywhere(db) -> None:
    db.run("; ".join(f"INSERT INTO t{i} VALUES (0, 'new')" for i in range(TABLES)))


def new_rows(target) -> int:
    counts = [f"(SELECT count(*) FROM t{i} WHERE id = 0)" for i in range(TABLES)]
    return duck.value(target, "SELECT " + " + ".join(counts))


@pytest.mark.parametrize("point", BEFORE_COMMIT)
def test_killed_before_the_commit_leaves_the_old_copy(many, target, point):
    old = OldCopy(many, target)
    add_a_row_everywhere(many)
    kill_at(point, many, target)
    old.expect_whole()
    result = copy(many, target).expect(0)
    assert new_rows(target) == TABLES
    expect_nothing_left(target)
    # Staged tables are only on disk once DuckDB wrote them; then the next run says that it removed them.
    if point in ("loaded", "before_commit"):
        assert "interrupted run left behind" in result.err


@pytest.mark.parametrize("point", BEFORE_COMMIT)
def test_killed_on_the_first_copy_leaves_a_target_that_can_be_used(many, target, point):
    kill_at(point, many, target)
    if target.exists():
        assert duck.tables(target) - {f"main.{name.split('.')[1]}" for name in duck.leftovers(target)} == set()
    copy_well(many, target)
    assert len(duck.tables(target)) == TABLES
    expect_nothing_left(target)


def test_killed_after_the_commit_leaves_the_new_copy(many, target):
    old = OldCopy(many, target)
    add_a_row_everywhere(many)
    kill_at("published", many, target)
    assert new_rows(target) == TABLES and duck.fingerprint(target) != old.fingerprint
    assert duck.leftovers(target) == []
    copy_well(many, target)
    expect_nothing_left(target)


def test_killed_again_and_again(many, target):
    old = OldCopy(many, target)
    for point in ("loading", "before_commit", "loaded"):
        kill_at(point, many, target)
        old.expect_whole()
    old.expect_recovery()


def test_the_program_itself_killed_while_loading(slow, slow_options, until_reading, target):
    old = OldCopy(slow, target)
    run = Running(["copy", slow.uri(), target, *slow_options])
    until_reading(run)
    run.send(signal.SIGKILL)
    assert run.finish().code == -signal.SIGKILL
    old.expect_recovery()
