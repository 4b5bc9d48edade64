"""Links that lose packets, and links that vanish, before Postgres and before the target's server."""

import signal
import time

import pytest

from support.network import lossy_link
from support.program import Running, copy_well
from support.setting import PROGRAM, SEED
from support.targets.kinds import File, Quack, made

pytestmark = pytest.mark.skipif(lossy_link.IMPOSSIBLE, reason=lossy_link.WHY)

CHECKSUM = "SELECT md5(string_agg(id || note, ',' ORDER BY id)) FROM big"


@pytest.fixture(scope="module")
def shop(cluster):
    database = cluster.create_database()
    database.run("CREATE TABLE few AS SELECT 1 AS id; "
                 "CREATE TABLE big AS SELECT i AS id, md5(i::text) || md5((i + 1)::text) AS note FROM generate_series(1, 10000) i; "
                 "CREATE VIEW slow AS SELECT i AS id, pg_sleep(0.005)::text AS s FROM generate_series(1, 100000) i; "
                 # One for each test that waits for it: what has vanished stays in the server for a while.
                 "CREATE VIEW slow_too AS SELECT * FROM slow")
    yield database
    database.drop()


@pytest.fixture
def quack():
    with made(Quack) as place:
        yield place


def start(link, *arguments, env) -> Running:
    return Running(link.arguments(PROGRAM, *arguments), env=env, program=link.program)


def start_loading(link, shop, source: str, place, view: str) -> Running:
    run = start(link, "copy", source, place.argument, "--tables", f"few,{view}", env=place.env)
    shop.wait_for(f"SELECT count(*) > 0 FROM pg_stat_activity WHERE query LIKE 'COPY%\"{view}\"%' AND state = 'active' AND "
                  "datname = current_database() AND application_name = 'pg2duck'", "pg2duck to read the slow view",
                  meanwhile=run.expect_alive)
    return run


def test_the_copy_is_the_same(shop, cluster, quack):
    with lossy_link.lossy_link([cluster.port, quack.server.port], 0.02, 0.015, SEED) as link:
        run = start(link, "copy", shop.uri(), quack.argument, "--tables", "few,big", env=quack.env)
        run.finish().expect(0)
        assert link.lost > 0 and link.passed > 100
    assert quack.rows(CHECKSUM) == [(shop.value(CHECKSUM),)] and quack.rows("SELECT count(*) FROM few") == [(1,)]


def test_postgres_vanishes(shop, cluster, tmp_path):
    place = File(tmp_path)
    copy_well(shop, place.argument, "--tables", "few")
    old = place.content()
    source = shop.uri(keepalives_idle=1, keepalives_interval=1, tcp_user_timeout=2000)
    with lossy_link.lossy_link([cluster.port], 0.02, 0, SEED) as link:
        run = start_loading(link, shop, source, place, "slow")
        link.vanish()
        result = run.finish()
        # By then one session reads, and another one may just be opened.
        assert result.code == 1 and ("connection" in result.err or "no answer from" in result.err), result
    assert place.content() == old


def test_the_targets_server_vanishes(shop, cluster, quack):
    copy_well(shop, quack.argument, "--tables", "few", env=quack.env)
    old = quack.content()
    # Postgres stays within reach, by its socket.
    source = f"host={cluster.directory} port={cluster.port} user=postgres dbname={shop.name}"
    with lossy_link.lossy_link([quack.server.port], 0.02, 0, SEED) as link:
        run = start_loading(link, shop, source, quack, "slow_too")
        link.vanish()
        # Requests of quack have no time limit: the run waits, and a second Ctrl-C ends that.
        run.send_and_wait_until_taken(signal.SIGINT)
        time.sleep(0.5)
        run.expect_alive()
        run.send(signal.SIGINT)
        assert run.finish().code == 130
    left = quack.content()
    assert {name: left[name] for name in old} == old and all("staged" in name for name in set(left) - set(old))
    copy_well(shop, quack.argument, "--tables", "few", env=quack.env)
    assert [table for _, table in quack.tables()] == ["few", "last_sync_time"]
