"""What the operator sees: the JSON document, the closing table, progress lines, exit codes."""

import datetime
import json
import re
import uuid

import pytest

from support.program import copy, copy_well, pg2duck
from support.targets import duckdb_file as duck

SECONDS = r"\d[\d,]*\.\d\d"


@pytest.fixture
def shop(db):
    db.run("CREATE TABLE orders AS SELECT i AS id, 'x' || i AS note FROM generate_series(1, 12345) i; "
           "CREATE TABLE few AS SELECT 1 AS id")
    return db


def test_json_document_has_every_field(shop, target):
    document = copy_well(shop, target).report
    uuid.UUID(document["run_id"])
    assert document["status"] == "published" and document["exit_code"] == 0 and document["error"] is None
    assert document["refused"] == [] and document["target"] == str(target)
    assert document["source"] == f"postgresql://postgres@127.0.0.1:{shop.cluster.port}/{shop.name}"
    assert document["seconds"] > 0 and document["peak_memory_bytes"] > 1000000 and document["slowest_stage"]
    orders = next(t for t in document["tables"] if t["table"] == "orders")
    assert {k: orders[k] for k in ("schema", "target_schema", "target_table", "status", "rows", "source_rows",
                                   "target_rows", "limited", "error")} == {
        "schema": "public", "target_schema": "main", "target_table": "orders", "status": "published", "rows": 12345,
        "source_rows": 12345, "target_rows": 12345, "limited": False, "error": None}
    assert orders["bytes"] > 12345 * 8 and orders["seconds"] > 0


def test_times_in_the_document_are_those_of_source_and_target(shop, target):
    before = shop.value("SELECT clock_timestamp()")
    document = copy_well(shop, target).report
    after = shop.value("SELECT clock_timestamp()")
    snapshot_at = datetime.datetime.fromisoformat(document["snapshot_at"].replace("Z", "+00:00"))
    assert before <= snapshot_at <= after
    recorded = datetime.datetime.fromisoformat(document["last_sync_time"].replace("Z", "+00:00"))
    assert recorded == duck.last_sync_time(target) and snapshot_at <= recorded


def test_metrics_on_the_terminal_in_the_file_and_in_the_ledger(shop, target, tmp_path):
    shop.run("CREATE TABLE bad (n numeric(4,1)); INSERT INTO bad VALUES ('NaN')")
    file = tmp_path / "run.json"
    file.write_text("an old report")
    result = copy(shop, target, "--report", file, "--dataset", "replica", "--on-error", "skip").expect(3)
    document = json.loads(file.read_text())
    metrics = document["metrics"]
    assert document["status"] == "partial" and document["exit_code"] == 3 and list(tmp_path.glob("run.json*")) == [file]
    assert {key: metrics[key] for key in ("destination", "dataset", "tables_loaded", "tables_failed", "rows")} == {
        "destination": str(target), "dataset": "replica", "tables_loaded": 2, "tables_failed": 1, "rows": 12346}
    assert metrics["bytes"] == sum(t["bytes"] for t in document["tables"] if t["status"] == "published")
    seconds = [metrics[f"{stage}_seconds"] for stage in ("overall", "extract", "decode", "load", "publish")]
    assert all(second > 0 for second in seconds) and metrics["overall_seconds"] > metrics["publish_seconds"]
    assert re.search(rf"Seconds: {SECONDS} overall; {SECONDS} extract, {SECONDS} decode, {SECONDS} load, all threads "
                     rf"together; {SECONDS} publish.\nLoaded 2 tables into {target}, dataset replica; 1 table failed.",
                     result.out), result
    run_id, *recorded = duck.rows(target, "SELECT run_id::VARCHAR, dataset, tables_loaded, tables_failed, rows, bytes "
                                  "FROM _pg2duck.run_metrics WHERE overall_seconds > publish_seconds "
                                  "AND least(extract_seconds, decode_seconds, load_seconds, publish_seconds) > 0")[0]
    assert run_id == document["run_id"]
    assert recorded == ["replica", 2, 1, 12346, metrics["bytes"]]

    # A run that publishes nothing is measured too; a report that cannot be written is an error of its own.
    copy(shop, target, "--dataset", "replica", "--report", tmp_path / "nowhere/run.json").expect_error(1, "bad", "nowhere")
    assert duck.rows(target, "SELECT tables_loaded, tables_failed, rows FROM _pg2duck.run_metrics "
                     "WHERE tables_loaded = 0") == [(0, 3, 0)]
    copy(shop, target, "--tables", "few", "--report", tmp_path).expect_error(1, "the report cannot be written")


def test_text_output_names_each_table_with_two_decimals_and_the_sync_time(shop, target):
    result = copy(shop, target).expect(0)
    assert re.search(rf"Replicated public\.orders in {SECONDS} seconds: 12,345 rows "
                     r"\(source 12,345, destination 12,345\)", result.err), result
    row = next(line for line in result.out.splitlines() if "public.orders" in line)
    assert re.search(rf"12,345\b.*\b{SECONDS}\b", row), result
    assert re.search(r"Total, 2 tables.*12,346", result.out), result
    assert "Slowest stage: " in result.out and "Peak memory: " in result.out
    recorded = re.search(r"Sync completed and recorded at: (\S+)", result.out)
    assert recorded, result
    assert datetime.datetime.fromisoformat(recorded[1].replace("Z", "+00:00")) == duck.last_sync_time(target)
    assert "\x1b" not in result.out + result.err, "no colours in a pipe"


def test_quiet_prints_nothing_when_all_is_well(shop, target):
    result = copy(shop, target, "--quiet").expect(0)
    assert result.err == "" and result.out == ""
    result = copy(shop, target, "--quiet", "--json").expect(0)
    assert result.err == "" and result.report["status"] == "published"


def test_quiet_still_prints_errors(shop, target):
    copy(shop, target, "--quiet", "--tables", "nothing").expect_error(2, "nothing")


def test_results_go_to_stdout_and_progress_to_stderr(shop, target):
    result = copy(shop, target, "--json").expect(0)
    json.loads(result.out)
    assert "Replicated" in result.err


def test_log_format_json_is_one_object_a_line(shop, target):
    result = copy(shop, target, "--log-format", "json").expect(0)
    events = [json.loads(line) for line in result.err.splitlines()]
    names = [event["event"] for event in events]
    assert names[-1] == "finished" and names.count("table_replicated") == 2
    phases = [event["phase"] for event in events if event["event"] == "phase"]
    assert phases == ["connecting", "locking", "planned", "loading", "loaded", "publishing", "published"]
    assert all({"time", "level"} <= set(event) for event in events)


def test_log_format_json_on_failure_ends_with_the_error(shop, target):
    result = copy(shop, target, "--log-format", "json", "--tables", "nothing").expect(2)
    last = json.loads(result.err.splitlines()[-1])
    assert last["event"] == "finished" and last["exit_code"] == 2 and last["error"]["kind"] == "config"


def test_json_document_of_a_failure(shop, target):
    document = copy(shop, target, "--json", "--tables", "nothing").expect(2).report
    assert document["status"] == "failed" and document["exit_code"] == 2 and document["last_sync_time"] == ""
    assert document["error"]["kind"] == "config" and "nothing" in document["error"]["message"]


def test_verbose_says_more(shop, target):
    plain = copy(shop, target).expect(0)
    verbose = copy(shop, target, "--verbose").expect(0)
    assert len(verbose.err.splitlines()) > len(plain.err.splitlines())
    assert "Publishing" in verbose.err and "Publishing" not in plain.err


@pytest.mark.parametrize("arguments", [
    [], ["copy"], ["cpoy", "a", "b"], ["copy", "postgresql://x/y", "t.duckdb", "extra"],
    ["copy", "postgresql://x/y", "t.duckdb", "--no-such-option"],
    ["copy", "postgresql://x/y", "t.duckdb", "--jobs", "0"],
    ["copy", "postgresql://x/y", "t.duckdb", "--limit", "many"], ["copy", "t.duckdb", "postgresql://x/y"],
    ["copy", "postgresql://x/y", "t.duckdb", "--on-error", "explode"], ["copy", "postgresql://x/y", "md:"],
    ["copy", "postgresql://x/y", "t.duckdb", "--quiet", "--verbose"], ["copy", "postgresql://x/y", ":memory:"],
    ["copy", "postgresql://x/y", "t.duckdb", "--memory-limit", "1KB"],
    ["copy", "postgresql://h:notaport/y", "t.duckdb"],
])
def test_wrong_usage_exits_with_2_and_a_hint(arguments, tmp_path):
    pg2duck(*arguments, cwd=tmp_path).expect_error(2).expect_hint()
    assert not list(tmp_path.iterdir())


def test_version_names_itself_duckdb_and_libpq():
    version = pg2duck("--version").expect(0).out
    assert re.fullmatch(r"pg2duck \d+\.\d+\.\d+, DuckDB v\d+\.\d+\.\d+, libpq \d+\.\d+\n", version)


def test_help_lists_every_option_with_examples():
    text = pg2duck("copy", "--help").expect(0).out
    for option in ("--tables", "--exclude", "--dataset", "--jobs", "--limit", "--preview", "--dry-run", "--json",
                   "--on-error", "--memory-limit", "--log-format", "--quiet", "--verbose", "--primary-keys", "--force",
                   "--views", "--compression"):
        assert option in text
    assert "Examples:" in text and "Exit codes:" in text
