"""Tables whose columns, or names, change at the source between runs."""

import pytest

from support import program
from support.program import pg2duck
from support.targets import duckdb_file as duck

MODES = {
    "whole": "",
    "log": 'mode = "append"\ncursor = "seq"',
    "merged": 'mode = "merge"\ncursor = "seq"',
    "swept": 'mode = "merge"\nstrategy = "delete-insert"\ncursor = "xmin"',
    "all_read": 'mode = "merge"',
}


def configure(directory, database, sections: dict, top: str = "") -> None:
    text = "".join(f'[table.{table}]\n{section}\n' for table, section in sections.items())
    program.configure(directory, database, f"{top}\n{text}")


def sync(directory, *options) -> dict:
    report = program.sync(directory, *options)
    assert not report["refused"]
    return report


def rows(directory, sql: str) -> list:
    return duck.rows(directory / "copy.duckdb", sql)


def changes(report: dict, entries: str = "tables") -> dict:
    return {entry["table"]: [change["text"] for change in entry["schema_changes"]] for entry in report[entries]}


def test_copies_follow_in_every_mode(db, tmp_path):
    for table in MODES:
        db.run(f"CREATE TYPE {table}_kind AS ENUM ('a', 'b'); CREATE TABLE {table} (id int PRIMARY KEY, seq int NOT NULL, "
               f"note text NOT NULL, amount numeric(10,2), kind {table}_kind, gone text NOT NULL, p int, q int); "
               f"INSERT INTO {table} SELECT n, n, 'n' || n, n / 4.0, 'a', 'g', n, -n FROM generate_series(1, 3) n")
    configure(tmp_path, db, MODES)
    assert not any(changes(sync(tmp_path)).values())
    for table in MODES:
        default = "" if table == "log" else "DEFAULT 7"
        db.run(f"ALTER TABLE {table} ADD COLUMN extra int {default}, DROP COLUMN gone, ALTER seq TYPE bigint, "
               f"ALTER amount TYPE numeric(12,3), ALTER note DROP NOT NULL; "
               f"ALTER TABLE {table} RENAME note TO remark; ALTER TABLE {table} RENAME p TO x; "
               f"ALTER TABLE {table} RENAME q TO p; ALTER TABLE {table} RENAME x TO q; "
               f"ALTER TYPE {table}_kind ADD VALUE 'c'")
        db.run(f"INSERT INTO {table} VALUES (4, 5000000000, NULL, 0.125, 'c', 4, -4, 8)")
    expected = ["column seq: integer has become bigint", "column note is called remark now", "column remark may be NULL now",
                "column amount: numeric(10,2) has become numeric(12,3)", "column p is called q now",
                "column q is called p now", "column extra (integer) is new"]
    kept = "column gone (text) is gone; the copy keeps it, with NULL in rows that are added"
    plan = pg2duck("plan", "--json", cwd=tmp_path).expect(0).report
    report = sync(tmp_path)
    again = [text + ("; all rows are read once more" if "has become" in text else "") for text in expected]
    assert changes(report) == changes(plan, "plan") == {
        table: (again if table in ("merged", "swept") else expected)
        + ["column gone (text) is gone; the copy loses it too" if table == "whole" else kept] for table in MODES}
    for table in MODES:
        columns = ["id", "seq", "remark", "amount", "kind", "q", "p", "extra"]
        types = duck.column_types(tmp_path / "copy.duckdb", table)
        assert (types["seq"], types["amount"]) == ("BIGINT", "DECIMAL(12,3)"), table
        source = [tuple(row) for row in db.run(f"SELECT {', '.join(columns)} FROM {table} ORDER BY id")]
        assert rows(tmp_path, f"SELECT {', '.join(columns)} FROM {table} ORDER BY id") == source, table
        if table == "whole":
            assert list(types) == columns
        else:
            assert list(types) == ["id", "seq", "remark", "amount", "kind", "gone", "q", "p", "extra"], table
            # Rows that were written anew have lost it, those that stayed have not.
            old = {"log": "g", "merged": "g", "all_read": "g", "swept": None}[table]
            assert rows(tmp_path, f"SELECT gone FROM {table} ORDER BY id") == [(old,)] * 3 + [(None,)], table
    assert not any(changes(sync(tmp_path)).values())
    # A narrower type leaves the copy's as it is.
    db.run("ALTER TABLE merged ALTER extra TYPE smallint; "
           "INSERT INTO merged VALUES (5, 5000000001, 'r', 1, 'a', 1, 1, 9)")
    sync(tmp_path)
    assert duck.column_types(tmp_path / "copy.duckdb", "merged")["extra"] == "INTEGER"
    assert rows(tmp_path, "SELECT extra FROM merged WHERE id >= 4 ORDER BY id") == [(8,), (9,)]
    assert not any(changes(sync(tmp_path)).values())


@pytest.fixture
def merged(db, tmp_path):
    db.run("CREATE TABLE m (id int PRIMARY KEY, seq int NOT NULL, a int, b numeric); INSERT INTO m VALUES (1, 1, 1, 1.5)")
    configure(tmp_path, db, {"m": 'mode = "merge"\ncursor = "seq"'})
    sync(tmp_path)
    return db


@pytest.mark.parametrize("statement, texts", [
    ("ALTER TABLE m ALTER a TYPE text USING 'x'; ALTER TABLE m ALTER a TYPE timestamptz USING now()",
     ("types have changed: a: TIMESTAMP WITH TIME ZONE, was INTEGER",)),
    ("ALTER TABLE m DROP COLUMN a; ALTER TABLE m ADD COLUMN a int", ("column a is new, and the copy keeps an older one",)),
    ("ALTER TABLE m DROP COLUMN a; ALTER TABLE m RENAME b TO a", ("column a cannot take its new name",)),
], ids=["type", "same name", "taken name"])
def test_what_kept_rows_cannot_follow_is_an_error(merged, tmp_path, statement, texts):
    merged.run(statement)
    merged.run("INSERT INTO m (id, seq) VALUES (2, 2)")
    before = duck.fingerprint(tmp_path / "copy.duckdb")
    pg2duck("sync", cwd=tmp_path).expect_error(2, "table public.m", *texts, "sync --full --tables public.m")
    assert duck.fingerprint(tmp_path / "copy.duckdb") == before
    sync(tmp_path, "--full", "--tables", "public.m")
    assert rows(tmp_path, "SELECT count(*) FROM m") == [(2,)]


def test_appended_rows_cannot_follow_a_column_with_a_default(db, tmp_path):
    db.run("CREATE TABLE log (seq int PRIMARY KEY); INSERT INTO log VALUES (1), (2); "
           "CREATE TABLE late (seq int PRIMARY KEY); INSERT INTO late VALUES (1), (2)")
    configure(tmp_path, db, {"log": 'mode = "append"\ncursor = "seq"', "late": 'mode = "append"\ncursor = "seq"\nlag = 9'})
    sync(tmp_path)
    # Rows within the lag, and those of the last value, would be added once more.
    db.run("ALTER TABLE late ADD COLUMN stamp timestamptz DEFAULT now(); INSERT INTO late VALUES (3)")
    pg2duck("sync", cwd=tmp_path).expect_error(2, "table public.late", "values in the new columns: stamp", "--full")
    part = 'mode = "append"\ncursor = "seq"\n'
    configure(tmp_path, db, {"log": part, "late": part + "initial = 1\nend = 2"})
    pg2duck("sync", cwd=tmp_path).expect_error(2, "table public.late", "values in the new columns: stamp")
    configure(tmp_path, db, {"log": part, "late": part})
    sync(tmp_path, "--full")
    assert rows(tmp_path, "SELECT seq FROM late ORDER BY 1") == [(1,), (2,), (3,)]
    db.run("ALTER TABLE log ADD COLUMN stamp timestamptz DEFAULT now(); INSERT INTO log VALUES (3)")
    pg2duck("sync", cwd=tmp_path).expect_error(2, "table public.log", "values in the new columns: stamp", "--full",
                                               "--on-schema-change ignore")
    report = sync(tmp_path, "--on-schema-change", "ignore")
    assert changes(report)["log"] == ["column stamp (timestamp with time zone) is new; it is left out"]
    assert rows(tmp_path, "SELECT * FROM log ORDER BY 1") == [(1,), (2,), (3,)]
    sync(tmp_path, "--full")
    assert rows(tmp_path, "SELECT count(stamp) FROM log") == [(3,)]


@pytest.mark.parametrize("section", [
    'mode = "merge"', 'mode = "merge"\nstrategy = "delete-insert"', 'mode = "merge"\nstrategy = "scd2"'])
@pytest.mark.parametrize("changed", [
    "ALTER TABLE t ALTER stamp TYPE timestamp(0)",
    "ALTER TABLE t ALTER amount TYPE numeric(12,3) USING amount * 10",
    "CREATE TABLE u AS SELECT id, seq, stamp, amount + 1 AS amount FROM t; DROP TABLE t; ALTER TABLE u RENAME TO t; ALTER TABLE t ADD PRIMARY KEY (id)",
], ids=["fewer digits", "using", "another table"])
def test_a_merge_reads_all_rows_whose_values_a_new_type_may_have_changed(db, tmp_path, section, changed):
    db.run("CREATE TABLE t (id int PRIMARY KEY, seq int NOT NULL, stamp timestamp, amount numeric(10,2)); "
           "INSERT INTO t SELECT n, n, timestamp '2025-01-01 00:00:00.75', 1.25 FROM generate_series(1, 9) n")
    configure(tmp_path, db, {"t": section + '\ncursor = "seq"'})
    sync(tmp_path)
    assert sync(tmp_path)["tables"][0]["rows"] == 1
    db.run(changed)
    report = sync(tmp_path)
    assert report["tables"][0]["rows"] == 9 and any("all rows are read once more" in text for text in changes(report)["t"])
    current = " WHERE valid_to IS NULL" if "scd2" in section else ""
    assert rows(tmp_path, f"SELECT id, seq, stamp, amount FROM t{current} ORDER BY id") == [
        tuple(row) for row in db.run("SELECT id, seq, stamp, amount FROM t ORDER BY id")]
    assert sync(tmp_path)["tables"][0]["rows"] == 1
    assert rows(tmp_path, f"SELECT count(*) FROM t{current}") == [(9,)]


@pytest.mark.parametrize("change", ["stamp TYPE timestamp(0)", "amount TYPE numeric(10,1)", "note TYPE varchar(5)", "seq TYPE real",
                                    "doc TYPE jsonb", "stamp TYPE moment"])
def test_an_append_does_not_go_on_when_rows_may_not_be_known_again(db, tmp_path, change):
    db.run("CREATE DOMAIN moment AS timestamp(0); CREATE TABLE log (seq float8, note text, stamp timestamp, amount numeric, doc json); "
           "INSERT INTO log VALUES (1.3, 'same', '2025-01-01 00:00:00.75', 1.75, '{ }')")
    configure(tmp_path, db, {"log": 'mode = "append"\ncursor = "seq"'})
    sync(tmp_path)
    db.run(f"ALTER TABLE log ALTER {change}")
    for section in ("", "\ninitial = 1\nend = 2"):
        configure(tmp_path, db, {"log": f'mode = "append"\ncursor = "seq"{section}'})
        pg2duck("sync", cwd=tmp_path).expect_error(2, "table public.log", f"column {change.split()[0]} was", "--full")
    configure(tmp_path, db, {"log": 'mode = "append"\ncursor = "seq"'})
    sync(tmp_path, "--full")
    for _ in range(2):
        sync(tmp_path)
        assert rows(tmp_path, "SELECT count(*) FROM log") == [(1,)]


def test_an_append_goes_on_with_types_that_only_grew(db, tmp_path):
    db.run("CREATE TABLE log (day date, amount int, note varchar(9), price numeric(9,2)); "
           "INSERT INTO log SELECT '2025-01-01', n, 'x', 1.25 FROM generate_series(1, 2000) n")
    section = 'mode = "append"\ncursor = "day"\n'
    configure(tmp_path, db, {"log": section})
    sync(tmp_path)
    db.run("ALTER TABLE log ALTER amount TYPE bigint, ALTER note TYPE text, ALTER price TYPE numeric(12,3); "
           "DELETE FROM log WHERE amount = 1; INSERT INTO log SELECT '2025-01-01', n, 'x', 1.25 FROM generate_series(2001, 3000) n")
    for _ in range(2):
        sync(tmp_path)
        assert rows(tmp_path, "SELECT count(*), count(DISTINCT amount) FROM log") == [(3000, 3000)]
    # What is made of such a column may be another text now.
    (tmp_path / "copy.duckdb").unlink()
    configure(tmp_path, db, {"log": f'{section}[table.log.columns]\nnote.expression = "note || price"'})
    sync(tmp_path)
    db.run("ALTER TABLE log ALTER price TYPE numeric(12,4)")
    pg2duck("sync", cwd=tmp_path).expect_error(2, "the expression of column note may give other values", "--full")


def test_a_backfill_leaves_reading_again_to_the_next_run(db, tmp_path):
    db.run("CREATE TABLE t (id int PRIMARY KEY, seq int, amount numeric(10,2)); INSERT INTO t SELECT n, n, 1 FROM generate_series(1, 5) n")
    merge = 'mode = "merge"\ncursor = "seq"\n'
    configure(tmp_path, db, {"t": merge})
    sync(tmp_path)
    db.run("ALTER TABLE t ALTER amount TYPE numeric(10,3) USING amount * 10")
    configure(tmp_path, db, {"t": merge + "initial = 4\nend = 6"})
    report = sync(tmp_path)
    assert report["tables"][0]["rows"] == 2 and changes(report)["t"][0].endswith("the next run without end reads all rows once more")
    configure(tmp_path, db, {"t": merge})
    assert sync(tmp_path)["tables"][0]["rows"] == 5
    assert rows(tmp_path, "SELECT DISTINCT amount FROM t") == [(10,)]
    assert sync(tmp_path)["tables"][0]["rows"] == 1


def test_versions_stay_open_when_rows_are_read_again(db, tmp_path):
    db.run("CREATE TABLE t (id int PRIMARY KEY, seq int, amount int); INSERT INTO t SELECT n, n, 1 FROM generate_series(1, 5) n")
    configure(tmp_path, db, {"t": 'mode = "merge"\nstrategy = "scd2"\ncursor = "seq"\nnull_cursor = "exclude"'})
    sync(tmp_path)
    db.run("UPDATE t SET seq = NULL WHERE id = 1; DELETE FROM t WHERE id = 2; ALTER TABLE t ALTER amount TYPE bigint")
    assert sync(tmp_path)["tables"][0]["rows"] == 3
    assert rows(tmp_path, "SELECT count(*) FROM t WHERE valid_to IS NULL") == [(5,)]


def test_policies_and_tables_that_go(db, tmp_path):
    for table in ("fails", "ignores", "dropped", "called_x", "again"):
        db.run(f'CREATE TABLE {table} (id int PRIMARY KEY, note text); INSERT INTO {table} VALUES (1, \'a\')')
    merge = 'mode = "merge"'
    configure(tmp_path, db, {"fails": 'on_schema_change = "fail"', "ignores": "", "again": merge + '\ncursor = "xmin"'},
              'on_schema_change = "ignore"')
    sync(tmp_path)
    before = duck.fingerprint(tmp_path / "copy.duckdb")
    db.run("ALTER TABLE fails ADD COLUMN more int; ALTER TABLE ignores ADD COLUMN more int, DROP COLUMN note; "
           "ALTER TABLE ignores RENAME id TO number; DROP TABLE dropped; ALTER TABLE called_x RENAME TO called_y; "
           "DROP TABLE again; CREATE TABLE again (note text, id int PRIMARY KEY); INSERT INTO again VALUES ('b', 2)")
    failed = pg2duck("sync", cwd=tmp_path).expect_error(1, "table public.fails", "column more (integer) is new",
                                                        "--on-schema-change apply")
    assert "more" not in failed.out and duck.fingerprint(tmp_path / "copy.duckdb") == before
    shown = pg2duck("plan", "--on-error", "skip", cwd=tmp_path).out
    assert "public.dropped: it was dropped; its copy main.dropped stays as it is" in shown
    assert "public.ignores: column id is called number now; it stays id in the copy" in shown
    report = pg2duck("sync", "--json", "--on-error", "skip", cwd=tmp_path).expect(3).report
    assert [(t["table"], t["renamed_to"]) for t in report["dropped_tables"]] == [
        ("called_x", "public.called_y"), ("dropped", None)]
    assert changes(report)["again"] == [
        "it was dropped and created anew; its columns are known by their names; all rows are read once more"]
    assert rows(tmp_path, "SELECT id, note FROM again ORDER BY id") == [(1, "a"), (2, "b")]
    assert rows(tmp_path, "SELECT * FROM ignores") == [(1,)]
    assert rows(tmp_path, "SELECT * FROM dropped UNION ALL SELECT * FROM called_x UNION ALL SELECT * FROM called_y") == [
        (1, "a")] * 3
    # Accepted for one run, or for good; a table that is gone can be told to be an error too.
    sync(tmp_path, "--on-schema-change", "apply", "--tables", "public.fails,public.ignores")
    assert list(duck.column_types(tmp_path / "copy.duckdb", "fails")) == ["id", "note", "more"]
    configure(tmp_path, db, {}, 'on_schema_change = "apply"')
    assert "called_x" in {t["table"] for t in sync(tmp_path)["dropped_tables"]}
    assert list(duck.column_types(tmp_path / "copy.duckdb", "ignores")) == ["number", "more"]
    configure(tmp_path, db, {"dropped": 'on_schema_change = "fail"'})
    pg2duck("sync", cwd=tmp_path).expect_error(1, "table public.dropped: it was dropped", 'DROP TABLE "main"."dropped"')


def test_a_type_that_values_change_is_a_schema_change(db, tmp_path):
    sections = {"whole": "", "merged": 'mode = "merge"\ncursor = "seq"', "still": ""}
    for table in sections:
        db.run(f"CREATE TABLE {table} (id int PRIMARY KEY, seq int, n numeric); INSERT INTO {table} VALUES (1, 1, 1.50), (2, 2, 1.5)")
    configure(tmp_path, db, sections, 'on_schema_change = "fail"')
    assert not any(changes(sync(tmp_path)).values())
    before = duck.fingerprint(tmp_path / "copy.duckdb")
    for table in ("whole", "merged"):
        db.run(f"INSERT INTO {table} VALUES (3, 3, 'NaN')")
    text = "column n: DECIMAL(38,2) has become VARCHAR, because of its values"
    pg2duck("sync", cwd=tmp_path).expect_error(1, "it is not as it was when it was copied", text).expect_hint("--on-schema-change apply")
    assert duck.fingerprint(tmp_path / "copy.duckdb") == before
    skipped = pg2duck("sync", "--json", "--on-error", "skip", cwd=tmp_path).expect(3).report
    assert {table["table"] for table in skipped["refused"]} == {"whole", "merged"}
    told = pg2duck("sync", "--on-schema-change", "apply", cwd=tmp_path).expect(0)
    assert told.out.count(text) == 2 and "Changed since the last run" in told.out
    for table in ("whole", "merged"):
        assert rows(tmp_path, f"SELECT n FROM {table} ORDER BY id") == [("1.50",), ("1.5",), ("NaN",)], table
    # It is a change once, and stays when its reason has gone, until all is chosen anew.
    db.run("DELETE FROM whole WHERE id = 3; DELETE FROM merged WHERE id = 3")
    assert not any(changes(sync(tmp_path, "--reconcile")).values())
    assert {duck.column_types(tmp_path / "copy.duckdb", table)["n"] for table in ("whole", "merged")} == {"VARCHAR"}
    back = "column n: VARCHAR has become DECIMAL(38,2), because of its values"
    pg2duck("sync", "--full", cwd=tmp_path).expect_error(1, back)
    report = sync(tmp_path, "--full", "--on-schema-change", "apply")
    assert changes(report) == {"whole": [back], "merged": [back], "still": []}
    assert [change["kind"] for table in report["tables"] for change in table["schema_changes"]] == ["type_changed_by_values"] * 2
    assert {duck.column_types(tmp_path / "copy.duckdb", table)["n"] for table in sections} == {"DECIMAL(38,2)"}
    assert not any(changes(sync(tmp_path)).values())


@pytest.mark.parametrize("before, after, value", [
    ("numeric[]", "bigint", "7"), ("numeric", "numeric[]", "{7}"), ("bigint", "numeric[]", "{7}"),
    ("text", "timestamptz", "2025-01-01"), ("numeric[]", "text", "x"), ("integer[]", "integer[]", "{{7}}")])
def test_a_column_without_values_takes_any_type(db, tmp_path, before, after, value):
    db.run(f"CREATE TABLE m (id int PRIMARY KEY, v {before}); INSERT INTO m VALUES (1, NULL), (2, NULL)")
    configure(tmp_path, db, {"m": 'mode = "merge"'})
    sync(tmp_path)
    db.run(f"DROP TABLE m; CREATE TABLE m (id int PRIMARY KEY, v {after}); INSERT INTO m VALUES (1, '{value}')")
    sync(tmp_path)
    assert rows(tmp_path, "SELECT id, v IS NULL FROM m ORDER BY id") == [(1, False), (2, True)]
    # What holds values stays, and says what to do.
    db.run("DROP TABLE m; CREATE TABLE m (id int PRIMARY KEY, v point); INSERT INTO m VALUES (1, '(1,2)')")
    pg2duck("sync", cwd=tmp_path).expect_error(2, "table public.m: types have changed: v: STRUCT", "sync --full --tables public.m")


@pytest.mark.parametrize("values", ["{{1.25,2}}", "{{NaN}}"])
def test_lists_of_another_depth_name_the_way_out(db, tmp_path, values):
    db.run("CREATE TABLE m (id int PRIMARY KEY, v numeric[]); INSERT INTO m VALUES (1, '{1,2}')")
    configure(tmp_path, db, {"m": 'mode = "merge"'})
    sync(tmp_path)
    db.run(f"UPDATE m SET v = '{values}'")
    pg2duck("sync", cwd=tmp_path).expect_error(2, "table public.m: types have changed: v: ", "was DECIMAL(38,0)[]", "sync --full --tables public.m")
    sync(tmp_path, "--full")
    assert rows(tmp_path, "SELECT len(v), len(v[1]) > 0 FROM m") == [(1, True)]
