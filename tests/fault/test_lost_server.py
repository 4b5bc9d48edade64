"""The server or the network goes away in the middle."""

import signal

import pytest

from support.program import Running, copy, copy_well
from support.servers.cluster import DURABLE, Cluster
from support.setting import PATIENCE
from support.targets.aftermath import OldCopy


def terminate(db, which: str) -> None:
    found = db.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'pg2duck' "
                   f"AND datname = current_database() AND {which}")
    assert found, f"no session of pg2duck where {which}"


@pytest.mark.parametrize("which", ["state = 'active' AND query LIKE 'COPY%'", "true"],
                         ids=["reading sessions", "all sessions"])
def test_killed_sessions(slow, slow_options, until_reading, target, which):
    old = OldCopy(slow, target)
    run = Running(["copy", slow.uri(), target, *slow_options])
    until_reading(run)
    terminate(slow, which)
    run.finish().expect_error(1, "closed the connection").expect_hint("again")
    old.expect_recovery()


def test_a_cancelled_statement_is_an_error(slow, slow_options, until_reading, target):
    old = OldCopy(slow, target)
    run = Running(["copy", slow.uri(), target, *slow_options])
    until_reading(run)
    slow.run("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query LIKE 'COPY%slow%' "
             "AND datname = current_database()")
    run.finish().expect_error(1, "slow", "57014").expect_hint()
    old.expect_recovery()


@pytest.mark.parametrize("how", [signal.SIGQUIT, signal.SIGINT], ids=["crash", "fast shutdown"])
def test_the_server_stopped_in_the_middle(tmp_path, how):
    target = tmp_path / "copy.duckdb"
    cluster = Cluster(settings=DURABLE)
    try:
        cluster.start()
        db = cluster.create_database()
        db.run("CREATE TABLE t AS SELECT i AS id, repeat('x', 200) AS pad FROM generate_series(1, 20000) i; "
               "CREATE VIEW slow AS SELECT i AS id, pg_sleep(0.05)::text AS s FROM generate_series(1, 100000) i")
        old = OldCopy(db, target)
        run = Running(["copy", db.uri(), target, "--views"])
        db.wait_for("SELECT count(*) > 0 FROM pg_stat_activity WHERE query LIKE 'COPY%slow%'", "the view to be read",
                    meanwhile=run.expect_alive)
        cluster.stop(how)
        # It closed a connection, or took no other one.
        run.finish().expect_error(1, "connection").expect_hint("see", "log", "run again")
        old.expect_whole()
        copy(db, target).expect_error(1, "refused").expect_hint()
        cluster.start()
        old.expect_recovery()
    finally:
        cluster.remove()


# Bytes from the server over all connections: the login, the catalog, the first and the later rows.
@pytest.mark.parametrize("count", [300, 3000, 20000, 200000, 2500000])
def test_the_network_cut(shop, proxy, target, count):
    old = OldCopy(shop, target)
    proxy.cut_all_after(count)
    copy(shop.uri(port=proxy.port), target).expect_error(1, "connection").expect_hint()
    assert proxy.tripped.is_set()
    old.expect_whole()
    proxy.heal()
    old.expect_recovery(shop.uri(port=proxy.port))


def test_one_of_several_connections_cut(shop, proxy, target):
    old = OldCopy(shop, target)
    proxy.cut_after(1000000)
    copy(shop.uri(port=proxy.port), target, "--jobs", "4").expect_error(1, "closed the connection").expect_hint()
    old.expect_recovery()


def test_a_server_that_takes_no_second_connection(shop, proxy, target):
    """The first one was no mistake of the user's: what is said is of a server that went away."""
    old = OldCopy(shop, target)
    proxy.take_only(1)
    copy(shop.uri(port=proxy.port), target).expect_error(1, "no longer takes connections").expect_hint("see its log",
                                                                                                    "run again")
    proxy.heal()
    old.expect_recovery(shop.uri(port=proxy.port))


def test_a_slow_network_only_takes_longer(shop, proxy, target):
    proxy.delay(0.002)
    copy_well(shop.uri(port=proxy.port), target)


def test_a_stalled_network_can_be_interrupted(shop, proxy, target):
    old = OldCopy(shop, target)
    proxy.stall_after(500000)
    run = Running(["copy", shop.uri(port=proxy.port), target])
    assert proxy.tripped.wait(PATIENCE)
    run.send(signal.SIGINT)
    assert run.finish().code == 130
    old.expect_recovery()
