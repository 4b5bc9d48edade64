"""Rows that go into a target through Parquet files."""

import os
import re
import signal

import pytest

from support.program import Running, copy, copy_well
from support.servers.object_store import BUCKET, object_store
from support.setting import EXTENSIONS
from support.targets.kinds import File, Quack, made

BATCHES = ("--profile", "motherduck", "--batch-rows", "2500", "--jobs", "2")


@pytest.mark.parametrize("kind", [File, Quack], ids=lambda kind: kind.name)
def test_every_type_arrives_and_no_file_is_left(template, in_a_file, kind, tmp_path):
    log = tmp_path / "sql"
    stage = tmp_path / "stage"
    with made(kind) as place:
        copy_well(template, place.argument, *BATCHES, "--stage", f"parquet:{stage}",
                  env={**place.env, "PG2DUCK_SQL_LOG": str(log)})
        found = place.content()
        assert {name: found[name] for name in in_a_file if name != "main.last_sync_time"} == {
            name: in_a_file[name] for name in in_a_file if name != "main.last_sync_time"}
    assert list(stage.iterdir()) == []
    sent = log.read_text()
    # 6,000 rows of orders in batches of 2,500, which a chunk of 2,048 rounds up.
    reads = re.findall(r'INSERT INTO [^ ]*"_pg2duck_staged_[0-9a-f]{8}_(\d+)" SELECT .* FROM read_parquet', sent)
    assert max(reads.count(table) for table in reads) >= 2
    # On no other way.
    assert "COPY (SELECT" in sent and not re.search("(INSERT|CREATE) .*pg2duck_load", sent)


def test_through_an_object_store(template, in_a_file):
    store = object_store()
    prefix = store.root / BUCKET / "on_the_way"
    with made(File) as place:
        env = {**store.environment, "PG2DUCK_EXTENSION_DIRECTORY": str(EXTENSIONS)}
        copy_well(template, place.argument, "--tables", "orders", "--stage", f"parquet:s3://{BUCKET}/on_the_way", env=env)
        assert place.content()["main.orders"] == in_a_file["main.orders"]
        assert not [path for path in prefix.rglob("*") if path.is_file()]
        wrong = copy(template, place.argument, "--tables", "orders", "--stage", f"parquet:s3://{BUCKET}/on_the_way",
                     env={**env, "AWS_SECRET_ACCESS_KEY": "canary"})
        wrong.expect_error(1, "refuses").expect_hint("AWS_SECRET_ACCESS_KEY")
        assert place.content()["main.orders"] == in_a_file["main.orders"]


def test_files_of_a_killed_run_are_removed_and_no_others(db, tmp_path):
    db.run("CREATE VIEW slow AS SELECT i AS id, pg_sleep(0.01)::text AS s FROM generate_series(1, 100000) i; "
           "CREATE TABLE few AS SELECT 1 AS id")
    stage = tmp_path / "stage"
    with made(File) as place:
        options = (place.argument, "--stage", f"parquet:{stage}")
        run = Running(["copy", db.uri(), *options, "--tables", "slow"])
        db.wait_for("SELECT count(*) > 0 FROM pg_stat_activity WHERE query LIKE 'COPY%slow%' AND state = 'active' AND "
                    "datname = current_database()", "pg2duck to read the slow view", meanwhile=run.expect_alive)
        run.send(signal.SIGKILL)
        assert run.finish().code == -signal.SIGKILL
        (_, staged), = place.tables()
        left = staged.replace("_pg2duck_staged_", "pg2duck_stage_")
        uuid = "0ba66c10-c49c-458b-a07d-2a783d6875e3"
        (stage / f"{left}_b1_{uuid}.parquet").write_bytes(b"half of a file")
        others = {f"pg2duck_stage_00000000_1_b1_{uuid}.parquet", "data.parquet"}
        for name in others:
            (stage / name).write_bytes(b"somebody else's")
        copy_well(db, *options, "--tables", "few")
        assert set(os.listdir(stage)) == others


def test_where_it_makes_no_sense(template, tmp_path):
    copy(template, f"parquet:{tmp_path / 'shop'}", "--stage", f"parquet:{tmp_path}").expect_error(2, "needs no files")
    copy(template, tmp_path / "a.duckdb", "--stage", "here").expect_error(2, "--stage").expect_hint("parquet:s3://")
