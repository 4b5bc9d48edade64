"""What only Parquet files have: a manifest, the files that it names, an object store."""

import json
import random
import re
import signal
import threading
import time

import duckdb
import pytest

from support.program import Running, copy, copy_well
from support.servers.cluster import free_port
from support.setting import EXTENSIONS, SEED, driver, eventually
from support.targets.kinds import (OBJECT_STORES, Parquet, ParquetInAzure, ParquetInGoogleCloud, ParquetInObjectStore,
                                   made)

FEW = ("--tables", "few")
BOTH = ("--tables", "few,many")


@pytest.fixture(scope="module")
def shop(cluster):
    database = cluster.create_database()
    database.run("CREATE TABLE few AS SELECT 1 AS generation; "
                 "CREATE TABLE many AS SELECT i AS id, 1 AS generation, 'note ' || i AS note FROM generate_series(1, 5000) i")
    yield database
    database.drop()


@pytest.fixture
def place(request, cluster):
    with made(request.param, cluster) as place:
        yield place


def places(*kinds):
    return pytest.mark.parametrize("place", kinds, ids=lambda kind: kind.name, indirect=True)


def run(shop, place, *options):
    return copy_well(shop, place.argument, *options, env=place.env)


def entry(manifest: dict, table: str) -> dict:
    found, = [entry for entry in manifest["tables"] if (entry["schema"], entry["table"]) == ("main", table)]
    return found


def named(manifest: dict) -> set[str]:
    return {file["path"] for table in manifest["tables"] for file in table["files"]}


def next_generation(shop) -> int:
    shop.run("BEGIN; UPDATE few SET generation = generation + 1; UPDATE many SET generation = generation + 1; COMMIT")
    return shop.value("SELECT generation FROM few")


def generation(connection, place, manifest: dict) -> int:
    """Of all tables, by the files that the manifest names."""
    found = set()
    for table, rows in (("few", 1), ("many", 5000)):
        paths = [f"{place.root}/{file['path']}" for file in entry(manifest, table)["files"]]
        count, low, high = connection.execute("SELECT count(*), min(generation), max(generation) FROM read_parquet($1)",
                                              [paths]).fetchone()
        assert count == rows
        found |= {low, high}
    assert len(found) == 1, found
    return found.pop()


@places(Parquet, *OBJECT_STORES)
def test_the_manifest_and_its_files(shop, place):
    first = run(shop, place, *BOTH, "--batch-rows", "2000")
    manifest = place.manifest()
    assert manifest["run_id"] == first.report["run_id"]
    assert re.fullmatch(r"[0-9A-F]{8}-[0-9A-F]{8}-\d+", manifest["snapshot"])
    assert re.fullmatch(r"[0-9A-F]+/[0-9A-F]+", manifest["lsn"])
    many = entry(manifest, "many")
    assert (many["source_schema"], many["source_table"], many["rows"]) == ("public", "many", 5000)
    assert len(many["files"]) >= 2 and sum(file["rows"] for file in many["files"]) == 5000
    assert all(file["path"].startswith("main/many/pg2duck_") for file in many["files"])
    connection = place.connection()
    assert connection.execute("SELECT DISTINCT compression FROM parquet_metadata($1)",
                              [[f"{place.root}/{file['path']}" for file in many["files"]]]).fetchall() == [("ZSTD",)]
    foreign = "main/many/data_6f1c8a52-3c1f-4e7f-9a0d-0123456789ab.parquet"
    place.write(foreign, b"not ours")
    second = run(shop, place, *FEW)
    after = place.manifest()
    assert entry(after, "many") == many and entry(after, "few")["run_id"] == second.report["run_id"] == after["run_id"]
    old = {file["path"] for file in entry(manifest, "few")["files"]}
    assert old <= set(after["retired"]) & place.data_files(), "who reads by the manifest before still finds its files"
    run(shop, place, *FEW)
    assert not old & place.data_files()
    assert place.data_files() - {foreign} == named(place.manifest()) | set(place.manifest()["retired"])
    if place.name == "parquet":
        # Paths are below the root: it can be moved.
        place.on_disk.rename(place.directory / "moved")
        copy_well(shop, f"parquet:{place.directory / 'moved'}/", *FEW, env=place.env)


@places(Parquet, ParquetInObjectStore)
def test_killed_at_any_moment_readers_of_the_manifest_see_one_run(shop, place):
    run(shop, place, *BOTH)
    seen, problems, stop = [], [], threading.Event()

    readers = place.connection()

    def read():
        while not stop.is_set():
            try:
                seen.append(generation(readers, place, place.manifest()))
            except Exception as problem:  # told to the test's own thread
                problems.append(problem)
                return
            time.sleep(0.01)

    def killed(point: str):
        result = Running([point, shop.uri(), place.argument], env=place.env, program=driver("kill_at")).finish()
        assert result.code == -signal.SIGKILL, result

    reader = threading.Thread(target=read)
    reader.start()
    connection = place.connection()
    try:
        eventually(lambda: seen or problems, "the first look at the manifest")
        for point in ("loading", "before_commit", "published"):
            before = generation(connection, place, place.manifest())
            new = next_generation(shop)
            killed(point)
            assert generation(connection, place, place.manifest()) == (new if point == "published" else before)
        dice = random.Random(SEED)
        for _ in range(2):
            before, new = generation(connection, place, place.manifest()), next_generation(shop)
            running = Running(["copy", shop.uri(), place.argument, *BOTH], env=place.env)
            time.sleep(dice.uniform(0.2, 0.8))
            running.send(signal.SIGKILL)
            running.finish()
            assert generation(connection, place, place.manifest()) in (before, new)
        run(shop, place, *BOTH)
        newest = shop.value("SELECT generation FROM few")
        eventually(lambda: newest in seen or problems, "a look at the newest copy")
    finally:
        stop.set()
        reader.join()
    assert not problems, problems
    assert seen == sorted(seen) and len(set(seen)) >= 2
    assert generation(connection, place, place.manifest()) == shop.value("SELECT generation FROM few")
    assert place.data_files() == named(place.manifest()) | set(place.manifest()["retired"])


def test_what_cannot_be_done_is_refused(shop, cluster, tmp_path):
    copy(shop, "parquet:abfss://container/x").expect_error(2, "abfss://").expect_hint("az://")
    copy(shop, "parquet:shop[1]").expect_error(2, "* ? [")
    copy(shop, f"parquet:{tmp_path / 'no' / 'shop'}").expect_error(1, "directory").expect_hint("mkdir")
    place = Parquet(tmp_path)
    copy(shop, place.argument, *BOTH, "--mode", "append").expect_error(2, "can only be replaced").expect_hint("replace")
    run(shop, place, *BOTH)
    manifest = place.on_disk / "manifest.json"
    text = manifest.read_text()
    for broken in (text[:len(text) // 2], text.replace('"pg2duck_manifest": 1', '"pg2duck_manifest": 2'),
                   text.replace("main/few/pg2duck", "../few/pg2duck")):
        manifest.write_text(broken)
        copy(shop, place.argument, *BOTH).expect_error(1, "manifest")
        assert manifest.read_text() == broken


@places(*OBJECT_STORES)
def test_an_object_store_that_refuses(shop, place, tmp_path):
    wrong = {**place.env, place.secret_variable: place.wrong_secret}
    refused = copy(shop, place.argument, *FEW, "-v", env=wrong)
    refused.expect_error(1, "refuses the credentials").expect_hint(place.secret_variable)
    log = tmp_path / "sql"
    right = copy(shop, place.argument, *FEW, "--json", "-v", env={**place.env, "PG2DUCK_SQL_LOG": str(log)}).expect(0)
    for text in (refused.out, refused.err, right.out, right.err, log.read_text(), json.dumps(place.manifest())):
        assert place.wrong_secret not in text and place.store.secret not in text
    nowhere = place.argument.replace("://bucket/", "://nowhere/")
    copy(shop, nowhere, *FEW, env=place.env).expect_error(2, "no such").expect_hint("create it")
    if place.scheme != "az":
        copy(shop, place.argument, *FEW, env={**place.env, place.endpoint_variable: "127.0.0.1"}).expect_error(
            2, place.endpoint_variable)
    copy_well(shop, tmp_path / "copy.duckdb", *BOTH, "--stage", place.argument + "/stage", env=place.env)
    assert not {path for path in place.data_files() if path.startswith("stage/")}


@places(ParquetInObjectStore, ParquetInAzure)
def test_an_object_store_that_is_lost(shop, place):
    nobody = f"http://127.0.0.1:{free_port()}" + ("/shopaccount" if place.scheme == "az" else "")
    lost = copy(shop, place.argument, *FEW, env={**place.env, place.endpoint_variable: nobody})
    lost.expect_error(1, "cannot be reached").expect_hint(place.endpoint_variable)


def test_what_a_store_must_be_told(shop):
    r2 = {"R2_ACCESS_KEY_ID": "x", "R2_SECRET_ACCESS_KEY": "y", "PG2DUCK_EXTENSION_DIRECTORY": str(EXTENSIONS)}
    copy(shop, "parquet:r2://bucket/x", env=r2).expect_error(2, "R2").expect_hint("CLOUDFLARE_ACCOUNT_ID")
    azure = {"PG2DUCK_EXTENSION_DIRECTORY": str(EXTENSIONS)}
    copy(shop, "parquet:az://container/x", env=azure).expect_error(1, "no credentials").expect_hint("AZURE_STORAGE_KEY")
    azure |= {"AZURE_STORAGE_ACCOUNT": "x", "AZURE_STORAGE_KEY": "!"}
    copy(shop, "parquet:az://container/x", env=azure).expect_error(2, "key").expect_hint("AZURE_STORAGE_KEY")


@places(ParquetInGoogleCloud)
def test_a_secret_that_duckdb_keeps(shop, place, tmp_path):
    store = place.store
    with duckdb.connect(config={"secret_directory": str(tmp_path / ".duckdb/stored_secrets")}) as connection:
        connection.execute(f"LOAD '{EXTENSIONS}/httpfs.duckdb_extension'")
        connection.execute(f"CREATE PERSISTENT SECRET kept (TYPE gcs, KEY_ID '{store.key}', SECRET '{store.secret}', "
                           f"ENDPOINT '127.0.0.1:{store.port}', USE_SSL false)")
    env = {"HOME": str(tmp_path), "PG2DUCK_EXTENSION_DIRECTORY": str(EXTENSIONS)}
    copy_well(shop, place.argument, *FEW, env=env)
    # What the environment says goes before it.
    copy(shop, place.argument, *FEW, env={**place.env, **env, place.secret_variable: "other"}).expect_error(1, "refuses")
