"""What only a lake has: earlier copies, files elsewhere, a catalog that somebody else's publication may spoil."""

import urllib.parse

import duckdb
import pytest

from support.program import configure, copy, copy_well, sync
from support.servers.object_store import BUCKET, object_store
from support.setting import EXTENSIONS
from support.targets.kinds import Lake, LakeInPostgres, made


@pytest.fixture
def shop(db):
    db.run("CREATE TABLE orders AS SELECT i AS id, 'note ' || i AS note FROM generate_series(1, 500) i; "
           "CREATE TABLE few AS SELECT 1 AS id")
    return db


@pytest.fixture(params=[Lake, LakeInPostgres], ids=lambda kind: kind.name)
def lake(request, cluster):
    with made(request.param, cluster) as place:
        yield place


def version(lake) -> int:
    return lake.rows("SELECT max(snapshot_id) FROM ducklake_snapshots('copy')")[0][0]


def test_the_copy_before_is_there_as_it_was_and_all_tables_change_in_one_commit(shop, lake):
    copy_well(shop, lake.argument, *lake.options, env=lake.env)
    before = version(lake)
    shop.run("DELETE FROM orders WHERE id > 10; INSERT INTO few VALUES (2)")
    copy_well(shop, lake.argument, *lake.options, env=lake.env)
    both = "SELECT (SELECT count(*) FROM orders {0}), (SELECT count(*) FROM few {0})"
    assert lake.rows(both.format("")) == [(10, 2)]
    states = [lake.rows(both.format(f"AT (VERSION => {at})"))[0] for at in range(before, version(lake) + 1)]
    assert set(states) == {(500, 1), (10, 2)} and states == sorted(states, reverse=True)


def files(lake) -> set:
    return set(lake.directory.rglob("*.parquet"))


def age(lake) -> None:
    """Two hours pass."""
    with duckdb.connect(lake.argument.removeprefix("ducklake:")) as catalog:
        catalog.execute("UPDATE ducklake_snapshot SET snapshot_time = snapshot_time - INTERVAL 2 HOURS")
        catalog.execute("UPDATE ducklake_files_scheduled_for_deletion SET schedule_start = schedule_start - INTERVAL 2 HOURS")


@pytest.mark.parametrize("lake", [Lake], ids=lambda kind: kind.name, indirect=True)
def test_earlier_copies_expire_but_not_what_can_still_be_asked_for(shop, lake):
    def run(*options):
        copy_well(shop, lake.argument, *lake.options, *options, env=lake.env)

    run("--expire-after", "1 hour")
    first, of_first = version(lake), files(lake)
    run("--expire-after", "1 hour")
    orders = "SELECT count(*) FROM orders AT (VERSION => {})"
    assert of_first and lake.rows(orders.format(first)) == [(500,)]
    age(lake)
    run("--expire-after", "1 hour")
    # The second copy is what the lake was one hour ago.
    second = lake.rows("SELECT min(snapshot_id) FROM ducklake_snapshots('copy')")[0][0]
    assert first < second < version(lake) and lake.rows(orders.format(second)) == [(500,)]
    assert of_first <= files(lake), "somebody may read them now"
    age(lake)
    run("--expire-after", "1 hour")
    assert not of_first & files(lake)
    copy(shop, lake.directory / "copy.duckdb", "--expire-after", "1 day").expect_error(2, "only a lake")


def test_files_are_divided_and_stay_so_when_rows_are_added(shop, tmp_path):
    """In an object store, which holds the data of this lake."""
    store = object_store()
    env = {**store.environment, "PG2DUCK_EXTENSION_DIRECTORY": str(EXTENSIONS)}
    shop.run("CREATE TABLE sales AS SELECT i AS id, 'r' || i % 2 AS \"the region\", '2024-07-01'::date + i AS day "
             "FROM generate_series(1, 400) i")
    configure(tmp_path, shop, f'''tables = ["sales"]
        data_path = "s3://{BUCKET}/divided"
        [table."public.sales"]
        mode = "append"
        cursor = "id"
        partition_by = ["\\"the region\\"", "year(day)"]''')
    sync(tmp_path, "--target", "ducklake:shop.ducklake", env=env)
    shop.run("INSERT INTO sales SELECT i, 'r2', '2026-01-01' FROM generate_series(401, 900) i")
    sync(tmp_path, "--target", "ducklake:shop.ducklake", env=env)
    divided = {tuple(urllib.parse.unquote(part) for part in path.parts[-3:-1])
               for path in (store.root / BUCKET / "divided").rglob("*.parquet") if "year=" in path.parent.name}
    assert divided == {("the region=r0", "year=2024"), ("the region=r1", "year=2024"), ("the region=r0", "year=2025"),
                       ("the region=r1", "year=2025"), ("the region=r2", "year=2026")}
    with made(Lake) as lake:
        copy(shop, lake.argument, "--partition-by", "sales=colour", env=env).expect_error(2, "no column is called so")
        copy(shop, lake.argument, "--partition-by", "sales=age(day)", env=env).expect_error(2, "TABLE=KEYS").expect_hint("year(")
        copy(shop, lake.directory / "a.duckdb", "--partition-by", "sales=day").expect_error(2, "only a lake divides")


def test_a_publication_that_would_spoil_every_commit_is_found_first(shop, cluster):
    with made(LakeInPostgres, cluster) as lake:
        copy(shop, lake.argument, env=lake.env).expect_error(2, "place for its files").expect_hint("--data-path")
        copy_well(shop, lake.argument, *lake.options, env=lake.env)
        old = lake.content()
        lake.catalog.run('CREATE PUBLICATION "every table" FOR ALL TABLES')
        refused = copy(shop, lake.argument, env=lake.env).expect_error(1, '"every table"', "commit")
        refused.expect_hint('DROP PUBLICATION "every table"')
        lake.catalog.run('DROP PUBLICATION "every table"; CREATE PUBLICATION mine FOR ALL TABLES WITH (publish = insert)')
        assert lake.content() == old
        copy_well(shop, lake.argument, env=lake.env)


def test_a_data_path_for_a_target_that_has_none(shop, target):
    copy(shop, target, "--data-path", "x").expect_error(2, "only a lake").expect_hint("--data-path")
