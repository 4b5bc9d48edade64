"""The soak itself, in short: a few of its steps, and that it finds what is wrong."""

import json
import shutil

import pytest

from soak.comparison import Comparison
from soak.driver import Soak
from soak.faults import Fault, Killed
from soak.lanes import Looked
from soak.outcomes import FAULT, REFUSED, TRANSIENT, WELL, classify, go_the_way_out
from soak.runs import Finished

SEED, STEPS = 7, 6


@pytest.fixture(scope="module")
def soak(tmp_path_factory):
    """Some steps into a file and into Parquet files; at their end both copies are as they should be."""
    soak = Soak(SEED, ["file", "parquet"], tmp_path_factory.mktemp("soak"))
    try:
        for _ in range(STEPS):
            soak.next_step()
        yield soak
    finally:
        soak.close()


@pytest.fixture
def file(soak):
    """The lane of the file, which is as it was again after the test."""
    lane = soak.lanes[0]
    shutil.copy(lane.place.file, lane.place.directory.parent / "kept.duckdb")
    yield lane
    for path in lane.place.files():
        path.unlink()
    shutil.move(lane.place.directory.parent / "kept.duckdb", lane.place.file)


@pytest.fixture
def parquet(soak):
    lane = soak.lanes[1]
    manifest = lane.place.file.read_text()
    yield lane
    lane.place.file.write_text(manifest)


def found(lane) -> Comparison:
    return Comparison(lane.place, lane.copies)


def test_some_steps_go_well(soak):
    assert not soak.report.failed(), soak.report.summary()
    assert {record["target"] for record in soak.report.records if record["outcome"] == WELL} == {"file", "parquet"}
    assert all(record["compared"] >= 20 for record in soak.report.records if record["outcome"] == WELL)
    assert len(soak.report.path.read_text().splitlines()) == len(soak.report.records)
    assert "file" in soak.report.summary()


@pytest.mark.parametrize("sql, text", [
    ("UPDATE upserted SET \"at\" = \"at\" + 1 WHERE id = (SELECT max(id) FROM upserted)", "main.upserted: of"),
    ("INSERT INTO plain FROM plain LIMIT 1", "main.plain: of"),
    ("DELETE FROM journal WHERE rowid = (SELECT max(rowid) FROM journal)", "main.journal: of"),
    ("UPDATE versions_by_key SET valid_from = valid_from + INTERVAL '1 microsecond'", "main.versions_by_key: of"),
    ("ALTER TABLE measures ADD extra int", "main.measures: its columns are"),
    ("INSERT INTO nothing VALUES (NULL)", "main.nothing: "),
    ("DROP TABLE everything", "main.everything is missing"),
    ("CREATE TABLE surprise (a int)", "main.surprise should not be there"),
    ("DELETE FROM last_sync_time", "last_sync_time has not one row"),
], ids=lambda value: value.split()[0] if " " in value and value.isascii() else "")
def test_a_copy_that_is_not_as_it_should_be_is_found(file, sql, text):
    assert found(file).differences == []
    file.place.execute(sql)
    differences = found(file).differences
    assert len(differences) >= 1 and all(text in difference for difference in differences), differences


def test_a_lost_copy_is_found(file):
    file.place.remove()
    assert found(file).differences == ["there is no target"]


def test_what_is_left_over_is_found(file):
    file.place.execute("CREATE TABLE _pg2duck_staged_run_1 (a int)")
    (file.place.directory / "copy.duckdb.tmp").write_text("")
    assert found(file).leftovers == ["main._pg2duck_staged_run_1"] and found(file).differences == []
    assert file.place.stray_files() == ["copy.duckdb.tmp"]


def test_parquet_files_that_are_not_as_they_should_be_are_found(parquet):
    assert found(parquet).differences == [] and parquet.place.stray_files() == []
    manifest = json.loads(parquet.place.file.read_text())
    manifest["tables"] = [table for table in manifest["tables"] if table["table"] != "hollow"]
    parquet.place.file.write_text(json.dumps(manifest))
    assert found(parquet).differences == ["main.hollow is missing"]
    assert parquet.place.stray_files() != []


def finished(code: int, error: str = "") -> Looked:
    return Looked(Finished(["sync"], code, "", error, 1.0, 0, 0.0, {}))


@pytest.mark.parametrize("code, error, fault, kind", [
    (1, "error: something that nobody knows\nhint: ask", Fault(), FAULT),
    (0, "", Fault(), FAULT),  # nothing published
    (-11, "", Killed(), FAULT),
    (-9, "", Killed(), TRANSIENT),
    (-9, "", Fault(), FAULT),
    (2, "error: table public.journal: rows that were appended before have values in the new columns: c1", Fault(), REFUSED),
])
def test_ends_of_runs_are_told_apart(file, code, error, fault, kind):
    assert classify(finished(code, error), fault, file, has_ddl=False).kind == kind


def test_the_way_out_is_what_the_hint_says(file):
    hint = "hint: make a whole new copy once: pg2duck sync --full --tables public.journal; or leave the columns out: --on-schema-change ignore"
    assert go_the_way_out(file, hint) == ["sync", "--full", "--tables", "public.journal"]
    assert go_the_way_out(file, "hint: let new versions begin: DROP TABLE \"main\".\"versions_of_all\" in the target") == []
    assert found(file).differences == []  # dropped, and the model knows
    assert go_the_way_out(file, "hint: think") is None
