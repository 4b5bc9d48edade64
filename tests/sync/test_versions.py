"""Slowly changing dimensions (scd2): each state of a row is a version with the times from and to which it was valid."""

import duckdb
import pytest

from support import program
from support.program import pg2duck, sync
from support.targets import duckdb_file as duck

RUNS = "(SELECT row_number() OVER (ORDER BY snapshot_at) AS n, snapshot_at FROM _pg2duck.runs WHERE status = 'published')"


def configure(directory, database, table: str, section: str) -> None:
    program.configure(directory, database, f'[table.{table}]\nmode = "merge"\nstrategy = "scd2"\n{section}')


def history(directory, table: str, columns: str = "* EXCLUDE (valid_from, valid_to)") -> list:
    """Versions with the numbers of the runs whose snapshots began and ended them; 0 would be another time."""
    def run(column):
        return f"if({column} IS NULL, NULL, coalesce((SELECT n FROM {RUNS} WHERE snapshot_at = {column}), 0))"
    return duck.rows(directory / "copy.duckdb",
                     f"SELECT {columns}, {run('valid_from')} AS f, {run('valid_to')} AS t FROM {table} ORDER BY ALL NULLS FIRST")


def test_golden_history_of_rows_that_change_vanish_come_back_and_repeat(db, tmp_path):
    db.run("CREATE TABLE items (id int, name text, price numeric(8,2), tags int[], weight float8, span interval); INSERT INTO items VALUES "
           "(1, 'a', 1, '{1,NULL}', 0), (1, 'a', 1, '{1,NULL}', 0), (2, NULL, NULL, NULL, 'NaN'), (3, 'c', 3, '{}', 3)")
    configure(tmp_path, db, "items", "")
    assert sync(tmp_path)["tables"][0]["mode"] == "full"
    assert duck.column_types(tmp_path / "copy.duckdb", "items")["valid_from"] == "TIMESTAMP WITH TIME ZONE"
    # One of two equal rows goes, NULL becomes a value, a row vanishes, one appears. 0 becomes -0, which DuckDB's
    # storage does not always tell apart: no version, or each run would begin one.
    db.run("DELETE FROM items WHERE ctid = (SELECT min(ctid) FROM items WHERE id = 1); UPDATE items SET name = 'b' WHERE id = 2;"
           "DELETE FROM items WHERE id = 3; INSERT INTO items VALUES (4, NULL, 4, NULL, NULL, '1 month'); "
           "UPDATE items SET weight = '-0' WHERE id = 1")
    assert sync(tmp_path)["tables"][0]["mode"] == "merge"
    # What was there before comes back, twice for one of them; a month becomes 30 days.
    db.run("UPDATE items SET name = NULL WHERE id = 2; INSERT INTO items VALUES (3, 'c', 3, '{}', 3), (3, 'c', 3, '{}', 3); "
           "UPDATE items SET span = '30 days' WHERE id = 4")
    sync(tmp_path)
    sync(tmp_path)
    assert history(tmp_path, "items", "id, name, price, tags, weight::VARCHAR, span::VARCHAR") == [
        (1, "a", 1, [1, None], "0.0", None, 1, None),
        (1, "a", 1, [1, None], "0.0", None, 1, 2),
        (2, None, None, None, "nan", None, 1, 2),
        (2, None, None, None, "nan", None, 3, None),
        (2, "b", None, None, "nan", None, 2, 3),
        (3, "c", 3, [], "3.0", None, 1, 2),
        (3, "c", 3, [], "3.0", None, 3, None),
        (3, "c", 3, [], "3.0", None, 3, None),
        (4, None, 4, None, None, "1 month", 2, 3),
        (4, None, 4, None, None, "30 days", 3, None)]
    # A whole new copy would lose the history; --full reads all rows instead.
    sync(tmp_path, "--full")
    assert len(history(tmp_path, "items")) == 10


def test_by_a_cursor_only_keys_that_were_read_get_new_versions(db, tmp_path):
    db.run("CREATE TABLE p (id int PRIMARY KEY, name text, at int, gone boolean DEFAULT false); "
           "INSERT INTO p VALUES (1, 'a', 1), (2, 'b', 2), (3, 'c', 3)")
    configure(tmp_path, db, "p", 'cursor = "at"\nhard_delete = "gone"\nvalid_from = "since"\nvalid_to = "until"\nprimary_keys = true')
    first = sync(tmp_path)
    assert "several versions" in first["tables"][0]["warnings"][0]
    db.run("UPDATE p SET name = 'B', at = 4 WHERE id = 2; DELETE FROM p WHERE id = 1; UPDATE p SET gone = true, at = 5 WHERE id = 3")
    sync(tmp_path)
    columns = "id, name, since IS NOT NULL, until IS NULL"
    rows = f"SELECT {columns} FROM p ORDER BY ALL"
    assert duck.rows(tmp_path / "copy.duckdb", rows) == [
        (1, "a", True, True), (2, "B", True, True), (2, "b", True, False), (3, "c", True, False)]
    sync(tmp_path, "--reconcile")
    assert duck.rows(tmp_path / "copy.duckdb", rows)[0] == (1, "a", True, False)
    assert duck.value(tmp_path / "copy.duckdb", "SELECT count(*) FROM p WHERE until IS NULL") == 1


@pytest.mark.parametrize("arguments", [
    ("sync",), ("sync", "--full"), ("sync", "--limit", "1", "--force"), ("copy", "SOURCE", "copy.duckdb")],
    ids=["replace", "full", "limit", "copy"])
def test_a_copy_with_versions_is_not_replaced(db, tmp_path, arguments):
    db.run("CREATE TABLE p (id int, name text); INSERT INTO p VALUES (1, 'a')")
    configure(tmp_path, db, "p", "")
    sync(tmp_path)
    db.run("UPDATE p SET name = 'b'")
    sync(tmp_path)
    program.configure(tmp_path, db, '[table.p]\nmode = "replace"\n')
    command = [db.uri() if argument == "SOURCE" else argument for argument in arguments]
    before = duck.fingerprint(tmp_path / "copy.duckdb")
    texts = ("table public.p: its copy holds versions", "scd2", "DROP TABLE")
    pg2duck(*command, "--dry-run", cwd=tmp_path).expect_error(2, *texts)
    pg2duck(*command, cwd=tmp_path).expect_error(2, *texts)
    assert duck.fingerprint(tmp_path / "copy.duckdb") == before
    with duckdb.connect(str(tmp_path / "copy.duckdb")) as copy:
        copy.execute("DROP TABLE p")
    assert pg2duck(*command, cwd=tmp_path).code == 0
    assert duck.value(tmp_path / "copy.duckdb", "SELECT count(*) FROM p") == 1


@pytest.mark.parametrize("first, then, texts", [
    ("", 'valid_from = "name"', ("has a column name of its own", "valid_from =")),
    ("", 'strategy = "upsert"\nkey = ["id"]', ("holds versions", "DROP TABLE")),
    ('strategy = "upsert"\nkey = ["id"]', "", ("holds no versions", "DROP TABLE")),
    ("", 'cursor = "id"', ("no primary key", "key = [")),
], ids=["name", "from versions", "to versions", "key"])
def test_what_cannot_be_done_says_so(db, tmp_path, first, then, texts):
    db.run("CREATE TABLE p (id int, name text); INSERT INTO p VALUES (1, 'a')")
    for section, runs in ((first, True), (then, False)):
        configure(tmp_path, db, "p", section)
        if "strategy" in section:
            file = tmp_path / "pg2duck.toml"
            file.write_text(file.read_text().replace('strategy = "scd2"\n', ""))
        if runs:
            sync(tmp_path)
    db.run("UPDATE p SET name = 'b'")
    before = duck.fingerprint(tmp_path / "copy.duckdb")
    pg2duck("sync", cwd=tmp_path).expect_error(2, *texts)
    assert duck.fingerprint(tmp_path / "copy.duckdb") == before
