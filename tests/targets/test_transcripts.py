"""The statements that a target gets, in order, against tests/golden/transcripts. PG2DUCK_RECORD=1 writes them anew."""

import os
import pathlib
import re

import pytest

from support.program import copy, copy_well
from support.setting import EXTENSIONS
from support.targets.kinds import File, Quack

GOLDEN = pathlib.Path(__file__).resolve().parents[1] / "golden" / "transcripts"
PROFILE = ("--profile", "motherduck", "--batch-rows", "2500", "--jobs", "1", "--read", "copy")


@pytest.fixture
def shop(db):
    db.run("CREATE TABLE many AS SELECT i AS id, 'note ' || i AS note FROM generate_series(1, 5000) i; "
           "ALTER TABLE many ADD PRIMARY KEY (id); COMMENT ON TABLE many IS 'so many'; "
           "CREATE SCHEMA sales; CREATE TABLE sales.few (id int NOT NULL); INSERT INTO sales.few VALUES (1)")
    return db


def normalized(text: str, place) -> str:
    """Without what differs from run to run."""
    text = text.replace(place.argument, "TARGET").replace(str(place.directory), "DIRECTORY")
    for pattern, word in ((r"_pg2duck_staged_[0-9a-f]{8}_", "_pg2duck_staged_RUN_"),
                          (r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}", "RUN"),
                          (r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00|\+00)?", "TIME"),
                          (r"postgresql://[^']*", "SOURCE"), (r"'[0-9A-F]{8}-[0-9A-F]{8}-\d+'", "'SNAPSHOT'"),
                          (r"'[0-9A-F]+/[0-9A-F]+'", "'LSN'"), (r"'\d+\.\d+\.\d+'", "'VERSION'"),
                          (r"pg2duck_load\(\d+::", "pg2duck_load(ID::"),
                          (r"'[^']*, process \d+', '[^']*'", "'PROGRAM', 'PROCESS'"),
                          # of tables
                          (r"'SOURCE', '\d+', \d+\)", "'SOURCE', 'SYSTEM', OID)"),
                          # of source_columns
                          (r"'written\t\d+:\d+\t\d+'", "'ORIGIN'"),
                          (r"('\w+', '\w+', '\w+', )\d+(, \d+, '\w+', (?:true|false))", r"\1OID\2"),
                          # of run_metrics, then of table_runs
                          (r"(\d+, )\d+(, [\d.e-]+){5}\)", r"\1BYTES, SECONDS)"),
                          (r"(\d+, )\d+, \d+\.\d{6}", r"\1BYTES, SECONDS"),
                          (r"quack:localhost:\d+", "quack:HOST"), (r"pg2duck_target_\d+", "pg2duck_target_N")):
        text = re.sub(pattern, word, text)
    return text


def transcript(shop, place, logs: pathlib.Path) -> str:
    """Of a first copy, and of one that replaces it."""
    sent = ""
    for title in ("first", "second"):
        log = logs / title
        copy_well(shop, place.argument, *PROFILE, "--primary-keys", env={**place.env, "PG2DUCK_SQL_LOG": str(log)})
        sent += f"/* The {title} copy */\n{log.read_text()}"
    return sent


@pytest.mark.parametrize("kind", [File, Quack], ids=["file", "quack"])
def test_the_motherduck_profile_sends(shop, kind, tmp_path):
    place = kind(tmp_path)
    try:
        sent = transcript(shop, place, tmp_path)
    finally:
        place.close()
    assert place.env.get("PG2DUCK_QUACK_TOKEN", "no token") not in sent
    golden = GOLDEN / f"motherduck_profile_on_{kind.name}.sql"
    header = "".join(line + "\n" for line in golden.read_text().splitlines() if line.startswith("-- ")) \
        if golden.exists() else ""
    if os.environ.get("PG2DUCK_RECORD"):
        golden.write_text(header + normalized(sent, place))
    assert header + normalized(sent, place) == golden.read_text()


def test_what_is_done_afterwards_is_said_when_it_fails_and_undoes_nothing(shop, tmp_path):
    place = File(tmp_path)
    log = tmp_path / "sql"
    options = ("--profile", "motherduck", "--create-snapshot", "--update-share", 'the "share"', "--update-share", "b")
    result = copy(shop, place.argument, *options, "--json", env={"PG2DUCK_SQL_LOG": str(log)}).expect(3)
    # A file knows none of these statements, which are those of MotherDuck's documentation.
    wanted = ['CREATE SNAPSHOT OF "pg2duck_target"', 'UPDATE SHARE "the ""share"""', 'UPDATE SHARE "b"']
    assert log.read_text().splitlines()[-3:] == [sql + ";" for sql in wanted]
    assert result.report["status"] == "partial" and result.report["error"] is None
    assert [error["message"].startswith(f"the copy is published, but {sql} failed")
            for error, sql in zip(result.report["unfinished"], wanted, strict=True)] == [True] * 3
    result.expect_error(3, "is published, but UPDATE SHARE").expect_hint("by hand")
    assert place.ledger() == [("published", None)] and place.rows("SELECT count(*) FROM many") == [(5000,)]
    copy(shop, place.argument, "--create-snapshot").expect_error(2, "only MotherDuck").expect_hint("--create-snapshot")
    copy(shop, place.argument, "--create-database").expect_error(2, "only MotherDuck").expect_hint("created when absent")


def test_motherduck_offline_ends_soon_and_says_what_to_do(shop, tmp_path):
    token = "eyJhbGciOi.canary.token"
    log = tmp_path / "sql"
    result = copy(shop, "md:shop", "-v", env={"PG2DUCK_EXTENSION_DIRECTORY": str(EXTENSIONS), "motherduck_token": token,
                                              "PG2DUCK_SQL_LOG": str(log), "HOME": str(tmp_path)})
    result.expect_error(1, "target md:shop", "DuckDB v1.5.", "MotherDuck").expect_hint("api.motherduck.com", "1.4.0", "1.5.6")
    assert token not in result.out + result.err + log.read_text()
    # The service was asked for nothing: what is logged is the attempt to load its library.
    assert log.read_text() == 'LOAD "motherduck";\n'
    assert shop.sleep_out_sessions() == 0


@pytest.mark.skipif("PG2DUCK_TEST_MOTHERDUCK" not in os.environ,
                    reason="needs MotherDuck: a database's name in PG2DUCK_TEST_MOTHERDUCK, a token in motherduck_token")
def test_motherduck_itself(shop):
    target = "md:" + os.environ["PG2DUCK_TEST_MOTHERDUCK"]
    env = {"PG2DUCK_EXTENSION_DIRECTORY": str(EXTENSIONS)}
    for _ in range(2):
        result = copy_well(shop, target, "--dataset", "pg2duck_test", env=env, seconds=300)
        assert result.table("many")["target_rows"] == 5000
