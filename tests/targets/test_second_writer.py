"""Two runs on a target that has no lock of its own."""

import signal

import pytest

from support.program import Running, copy, copy_well
from support.servers.cluster import UNHURRIED
from support.targets.kinds import Parquet, ParquetInObjectStore, Quack, made


@pytest.fixture
def shop(cluster):
    """Of each test: the server goes on for a while with what it does for a run that was killed."""
    database = cluster.create_database()
    database.run("CREATE TABLE few AS SELECT 1 AS id; "
                 "CREATE VIEW slow AS SELECT i AS id, pg_sleep(0.01)::text AS s FROM generate_series(1, 100000) i")
    yield database
    database.drop()


@pytest.fixture(params=[Quack, Parquet, ParquetInObjectStore], ids=lambda kind: kind.name)
def place(request, cluster):
    with made(request.param, cluster) as place:
        yield place


def start_slowly(shop, place, tables="few,slow") -> Running:
    run = Running(["copy", shop.uri(options=UNHURRIED), place.argument, "--tables", tables], env=place.env)
    shop.wait_for("SELECT count(*) > 0 FROM pg_stat_activity WHERE query LIKE 'COPY%slow%' AND state = 'active' AND "
                  "datname = current_database() AND application_name = 'pg2duck'", "pg2duck to read the slow view",
                  meanwhile=run.expect_alive)
    return run


def few(place) -> list:
    return place.rows("SELECT id FROM few ORDER BY id")


def test_the_second_run_gives_way_and_a_dead_one_is_in_nobodys_way(shop, place):
    copy_well(shop, place.argument, "--tables", "few", env=place.env)
    first = start_slowly(shop, place)
    second = copy(shop, place.argument, "--tables", "few", env=place.env)
    second.expect_error(1, "another run writes into this target", f"process {first.pid}", "since 2").expect_hint("60 s")
    first.expect_alive()
    assert few(place) == [(1,)]
    first.send(signal.SIGKILL)
    first.finish()
    shop.run("INSERT INTO few VALUES (2)")
    after = copy_well(shop, place.argument, "--tables", "few", env=place.env)
    assert "interrupted run left behind" in after.err and few(place) == [(1,), (2,)]
    shop.run("DELETE FROM few WHERE id = 2")
    assert [status for status, _ in place.ledger()] == ["published", "published"]


def test_a_run_on_another_machine_is_believed_to_live_for_a_minute(shop):
    with made(Quack) as place:
        copy_well(shop, place.argument, "--tables", "few", env=place.env)
        assert place.rows("SELECT count(*) FROM _pg2duck.writers") == [(0,)]
        place.rows("INSERT INTO _pg2duck.writers VALUES (uuid(), 'elsewhere, process 1', 'boot/pid/1/1', now(), now())")
        refused = copy(shop, place.argument, "--tables", "few", env=place.env)
        refused.expect_error(1, "elsewhere, process 1").expect_hint("60 s")
        place.rows("UPDATE _pg2duck.writers SET seen = now() - INTERVAL 61 SECONDS")
        copy_well(shop, place.argument, "--tables", "few", env=place.env)
        assert place.rows("SELECT count(*) FROM _pg2duck.writers") == [(0,)]


@pytest.mark.parametrize("kind", [Quack, Parquet], ids=lambda kind: kind.name)
def test_a_run_that_was_held_for_dead_does_not_publish(shop, kind):
    """As when its machine slept, or could not reach the target, for more than a minute."""
    shop.make_held_view("slow_for_a_moment", 150)
    with made(kind) as place:
        copy_well(shop, place.argument, "--tables", "few", env=place.env)
        shop.run("INSERT INTO few VALUES (2)")
        with shop.held():
            run = start_slowly(shop, place, "few,slow_for_a_moment")
            if kind is Quack:
                place.rows("DELETE FROM _pg2duck.writers")
            else:
                announcement, = place.on_disk.glob("_pg2duck/writers/*.json")
                announcement.unlink()
        result = run.finish()
        result.expect_error(1, "held for dead", "has taken this target over").expect_hint("run again")
        assert few(place) == [(1,)] and place.ledger()[0] == ("published", None)
        assert [status for status, _ in place.ledger()].count("published") == 1
        copy_well(shop, place.argument, "--tables", "few", env=place.env)
        assert few(place) == [(1,), (2,)]
