"""A quack server that is killed or lost at the worst moments, and secrets."""

import pathlib
import shutil
import signal
import tempfile

import pytest

from support.network.commit_proxy import CommitProxy
from support.network.slow_link import slow_link
from support.program import Running, copy, copy_well
from support.servers.cluster import UNHURRIED, fast_directory
from support.setting import driver
from support.targets.kinds import Quack

OPTIONS = ("--tables", "few,many", "--jobs", "2")


@pytest.fixture(scope="module")
def shop(cluster):
    database = cluster.create_database()
    database.run("CREATE TABLE few AS SELECT 1 AS id; "
                 "CREATE TABLE many AS SELECT i AS id, repeat('x', 40) || i AS note FROM generate_series(1, 2000) i")
    database.make_held_view("slow", 600)
    yield database
    database.drop()


@pytest.fixture
def quack():
    with tempfile.TemporaryDirectory(prefix="pg2duck_quack_", dir=fast_directory()) as directory:
        place = Quack(pathlib.Path(directory))
        yield place
        place.close()


@pytest.fixture
def through():
    """Makes proxies in front of a server; the argument that leads through it."""
    proxies = []

    def make(place, **actions):
        proxies.append(CommitProxy(place.server.port, b" RENAME TO ", **actions))
        return proxies[-1], f"quack:localhost:{proxies[-1].port}"

    yield make
    for proxy in proxies:
        proxy.close()


def add_a_row(shop) -> int:
    shop.run("INSERT INTO few SELECT max(id) + 1 FROM few")
    return shop.value("SELECT count(*) FROM few")


def few(place) -> int:
    return place.rows("SELECT count(*) FROM few")[0][0]


def restart(place) -> None:
    place.server.kill()
    place.server.start()


def published(place) -> int:
    return place.rows("SELECT count(*) FROM _pg2duck.runs WHERE status = 'published'")[0][0]


def expect_recovery(shop, place) -> None:
    rows = add_a_row(shop)
    copy_well(shop, place.argument, *OPTIONS, env=place.env)
    assert few(place) == rows
    assert [table for _, table in place.tables()] == ["few", "last_sync_time", "many"]


@pytest.fixture(scope="module")
def finished_file(shop, tmp_path_factory):
    """A copy of two tables as a file that a server can serve."""
    file = tmp_path_factory.mktemp("finished") / "copy.duckdb"
    copy_well(shop, file, *OPTIONS)
    return file


@pytest.fixture
def old(finished_file, quack):
    """The server has an old copy of two tables; its content."""
    quack.server.kill()
    shutil.copyfile(finished_file, quack.server.file)
    quack.server.start()
    return quack.content()


def start_loading(shop, place) -> Running:
    """Until `shop.held()` ends, it reads."""
    run = Running(["copy", shop.uri(options=UNHURRIED), place.argument, "--tables", "few,many,slow"], env=place.env)
    shop.wait_for("SELECT count(*) > 0 FROM pg_stat_activity WHERE query LIKE 'COPY%slow%' AND state = 'active' AND "
                  "datname = current_database() AND application_name = 'pg2duck'", "pg2duck to read the slow view",
                  meanwhile=run.expect_alive)
    return run


def test_killed_in_the_middle_of_a_load(shop, quack, old):
    add_a_row(shop)
    with shop.held():
        run = start_loading(shop, quack)
        quack.server.kill()
    # Which of the two tables in flight is the first to notice is not said.
    run.finish().expect_error(1, "table public.", "cannot be reached").expect_hint("quack_serve")
    quack.server.start()
    left = quack.content()
    assert {name: left[name] for name in old} == old and all("staged" in name for name in set(left) - set(old))
    expect_recovery(shop, quack)


def test_restarted_in_the_middle_of_a_load_the_table_is_loaded_again(shop, quack, old):
    rows = add_a_row(shop)
    with shop.held():
        run = start_loading(shop, quack)
        restart(quack)
    assert "it is loaded again" in run.finish().expect(0).err
    assert few(quack) == rows and quack.rows("SELECT count(*), count(DISTINCT id) FROM slow") == [(600, 600)]
    assert not [table for _, table in quack.tables() if "staged" in table]


@pytest.mark.parametrize("moment", ["before", "after"])
def test_killed_in_the_middle_of_publishing(shop, quack, old, through, moment):
    rows = add_a_row(shop)
    proxy, argument = through(quack, **{moment: quack.server.kill})
    result = copy(shop, argument, *OPTIONS, env=quack.env)
    assert proxy.tripped.is_set()
    result.expect_error(1, "never a part").expect_hint("_pg2duck.runs", "run again")
    quack.server.start()
    if moment == "before":
        left = quack.content()
        assert {name: left[name] for name in old} == old and published(quack) == 1
        expect_recovery(shop, quack)
    else:
        # The server had begun to reply: it had committed.
        assert few(quack) == rows and published(quack) == 2


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_lost_request_or_reply_is_found_out_and_published_once(shop, quack, old, through, moment):
    rows = add_a_row(shop)
    proxy, argument = through(quack, **{moment: lambda: None})
    result = copy_well(shop, argument, *OPTIONS, env=quack.env)
    assert proxy.tripped.is_set() and "it is tried again" in result.err
    assert few(quack) == rows and published(quack) == 2
    written, = quack.rows("SELECT strftime(last_sync_time, '%Y-%m-%dT%H:%M:%S.%fZ') FROM last_sync_time")
    assert result.report["last_sync_time"] == written[0]


def test_a_server_that_is_lost_after_the_publication_makes_no_failure_of_it(shop, quack, old, through):
    rows = add_a_row(shop)
    proxy, argument = through(quack, only=True)
    result = copy_well(shop, argument, *OPTIONS, env=quack.env)
    assert proxy.tripped.is_set() and "metrics of this run could not be recorded" in result.err
    assert few(quack) == rows and published(quack) == 2


def test_a_client_that_dies_while_it_publishes_leaves_no_lock(shop, quack, old, through):
    rows = add_a_row(shop)
    started = []
    proxy, argument = through(quack, after=lambda: started[0].send(signal.SIGKILL))
    started.append(Running(["copy", shop.uri(), argument, *OPTIONS], env=quack.env))
    assert started[0].finish().code == -signal.SIGKILL
    assert few(quack) == rows and published(quack) == 2
    expect_recovery(shop, quack)


def test_over_a_link_with_latency_the_copy_is_the_same(shop, quack, old):
    rows = add_a_row(shop)
    with slow_link(quack.server.port, 0.05) as port:
        copy_well(shop, f"quack:localhost:{port}", *OPTIONS, env=quack.env)
    assert few(quack) == rows and quack.content()["main.many"][1] == old["main.many"][1]


def test_tokens_are_asked_for_refused_and_never_shown(shop, quack):
    without = {name: value for name, value in quack.env.items() if "TOKEN" not in name}
    copy(shop, quack.argument, env=without).expect_error(1, "asks for a token").expect_hint("PG2DUCK_QUACK_TOKEN")
    wrong = copy(shop, quack.argument, "-v", env={**quack.env, "PG2DUCK_QUACK_TOKEN": "the'wrong$one"})
    wrong.expect_error(1, "refuses the token").expect_hint("PG2DUCK_QUACK_TOKEN")
    right = copy(shop, quack.argument, "--json", "-v", *OPTIONS, env=quack.env).expect(0)
    for result, token in ((wrong, "wrong$one"), (right, quack.server.token)):
        assert token not in result.out + result.err
    assert quack.server.token not in str(quack.rows("SELECT r::VARCHAR FROM _pg2duck.runs AS r"))


def test_a_session_is_made_anew_between_batches_and_no_row_is_lost(quack):
    result = Running([f"localhost:{quack.server.port}"], env=quack.env, program=driver("renew_session")).finish().expect(0)
    assert int(result.out) == 5
    assert quack.rows("SELECT count(*), count(DISTINCT n), min(n), max(n) FROM renewed") == [(20000, 20000, 0, 19999)]


def test_a_server_that_is_not_there(shop, quack):
    quack.server.kill()
    copy(shop, quack.argument, env=quack.env).expect_error(1, quack.argument, "cannot be reached")
    missing = copy(shop, quack.argument, env={**quack.env, "PG2DUCK_EXTENSION_DIRECTORY": "/nowhere", "HOME": "/nowhere"})
    missing.expect_error(1, "extension httpfs").expect_hint("INSTALL httpfs", "PG2DUCK_EXTENSION_DIRECTORY")
