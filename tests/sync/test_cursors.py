"""Where a cursor begins and ends: lag, ranges, backfills, NULL, types, indexes; and what reconcile finds beyond it."""

import duckdb
import pytest

from support import program
from support.program import configure, pg2duck
from support.targets import duckdb_file as duck


def sync(directory, *options) -> dict:
    report = program.sync(directory, *options)
    return {table["table"]: table["rows"] for table in report["tables"]}


def sync_with_rows_passed(directory, lacking: int) -> dict:
    """The same of a run that says of one table how many rows its cursor has passed."""
    result = pg2duck("sync", "--json", cwd=directory).expect_error(3, f"its copy lacks {lacking} of ")
    return {table["table"]: table["rows"] for table in result.report["tables"]}


def ids(directory, table: str = "log") -> list:
    return [row for (row,) in duck.rows(directory / "copy.duckdb", f"SELECT id FROM {table} ORDER BY id")]


def state(directory) -> list:
    return duck.rows(directory / "copy.duckdb", 'SELECT "table", "cursor", value FROM _pg2duck.cursors ORDER BY 1')


@pytest.fixture
def log(db):
    db.run("CREATE TABLE log (id int PRIMARY KEY, at timestamptz, day date NOT NULL); INSERT INTO log "
           "SELECT n, '2025-01-01'::timestamptz + n * interval '1 min', '2025-01-01'::date + n FROM generate_series(1, 100) n")
    return db


def test_a_lag_finds_rows_that_came_late_and_adds_none_twice(log, tmp_path):
    for mode, lags in (("append", (("at", "3600"), ("at", '"1 hour"'), ("day", "60"), ("id", "60"))), ("merge", (("at", "3600"),))):
        for cursor, lag in lags:
            (tmp_path / "copy.duckdb").unlink(missing_ok=True)
            log.run("DELETE FROM log WHERE id > 200")
            configure(tmp_path, log, f'[table.log]\nmode = "{mode}"\ncursor = "{cursor}"\nlag = {lag}\n')
            assert sync(tmp_path) == {"log": 100}
            # One row within the hour, one before it; both late. By its id neither is.
            log.run("INSERT INTO log VALUES (201, '2025-01-01 01:00+00', '2025-03-15'), (202, '2025-01-01 00:10+00', '2025-01-11')")
            read = (sync(tmp_path) if cursor == "id" else sync_with_rows_passed(tmp_path, 1))["log"]
            assert 62 <= read <= 63, (mode, cursor, lag, read)
            expected = [*range(1, 101), 201, *([202] if cursor == "id" else [])]
            assert ids(tmp_path) == expected, (mode, cursor, lag)
            if mode == "append":
                sync(tmp_path) if cursor == "id" else sync_with_rows_passed(tmp_path, 1)
                assert ids(tmp_path) == expected, (cursor, lag)


def test_ranges_and_backfills(log, tmp_path):
    section = '[table.log]\nmode = "append"\ncursor = "at"\nnull_cursor = "exclude"\n'
    configure(tmp_path, log, section + 'lag = "1 our"')
    pg2duck("sync", cwd=tmp_path).expect_error(2, "invalid input syntax")  # in the first run already
    configure(tmp_path, log, section + 'initial = 2025-01-01T01:30:00Z\nrange_start = "open"')
    assert sync(tmp_path) == {"log": 10}
    kept = state(tmp_path)
    log.run("INSERT INTO log SELECT 500, max(at), max(day) FROM log; INSERT INTO log VALUES (501, NULL, '2025-01-01')")
    # An open start does not see another row of the last instant.
    assert sync_with_rows_passed(tmp_path, 1) == {"log": 0}
    # A backfill reads what was before, twice without harm, and leaves the cursor alone.
    for closed, rows in (("", 10), ('range_end = "closed"', 11), ("", 10)):
        configure(tmp_path, log, section + 'initial = "2025-01-01 00:21+00"\nend = "2025-01-01 00:31+00"\n' + closed)
        assert sync(tmp_path) == {"log": rows}
        assert state(tmp_path) == kept
    assert ids(tmp_path) == [*range(21, 32), *range(91, 101)]
    # Without initial the copy is to hold all rows, and has not those before and between.
    configure(tmp_path, log, section)
    assert sync_with_rows_passed(tmp_path, 79) == {"log": 2}
    assert ids(tmp_path) == [*range(21, 32), *range(91, 101), 500]


def test_rows_whose_cursor_is_null(log, tmp_path):
    log.run("INSERT INTO log VALUES (300, NULL, '2025-01-01'), (301, NULL, '2025-01-01')")
    expected = {"include": [*range(1, 101), 300, 301], "exclude": [*range(1, 101)]}
    for mode in ("append", "merge"):
        for policy, rows in expected.items():
            (tmp_path / "copy.duckdb").unlink(missing_ok=True)
            configure(tmp_path, log, f'[table.log]\nmode = "{mode}"\ncursor = "at"\nnull_cursor = "{policy}"\n')
            for _ in range(2):
                sync(tmp_path)
                assert ids(tmp_path) == rows, (mode, policy)
    configure(tmp_path, log, '[table.log]\nmode = "merge"\ncursor = "at"\nnull_cursor = "raise"\n')
    pg2duck("sync", cwd=tmp_path).expect_error(2, "cursor at is NULL in some rows", 'null_cursor = "include"')


def test_a_backfill_that_begins_a_copy_leaves_no_gap_behind_it(log, tmp_path):
    section, part = '[table.log]\nmode = "append"\ncursor = "id"\n', "initial = 10\nend = 20\n"
    configure(tmp_path, log, section)
    sync(tmp_path)
    # A copy that is there would become the part and nothing else.
    configure(tmp_path, log, section + part)
    pg2duck("sync", "--full", cwd=tmp_path).expect_error(2, "--full would replace the copy by it")
    with duckdb.connect(str(tmp_path / "copy.duckdb")) as connection:
        connection.execute("DROP TABLE log")
    assert sync(tmp_path) == {"log": 10}
    # The last value that the ledger had was of the copy that is gone.
    configure(tmp_path, log, section)
    sync(tmp_path)
    assert ids(tmp_path) == [*range(1, 101)]
    assert state(tmp_path) == [("log", "id", "100")]


def test_infinity_and_nan_do_not_end_a_cursor(db, tmp_path):
    beyond = {"timestamptz": "infinity", "timestamp": "infinity", "date": "infinity", "float8": "NaN", "float4": "infinity", "numeric": "NaN"}
    sections = ""
    for kind, value in beyond.items():
        for mode in ("append", "merge"):
            table, first = f"{mode}_{kind}", "1" if "at" not in kind and "time" not in kind or kind.startswith("float") else "2025-01-01"
            db.run(f"CREATE TABLE {table} (id int PRIMARY KEY, c {kind}); INSERT INTO {table} VALUES (1, '{first}'), (2, '{value}')")
            sections += f'[table.{table}]\nmode = "{mode}"\ncursor = "c"\nunrepresentable = "null"\n'
    configure(tmp_path, db, sections)
    tables = sync(tmp_path)
    for number, following in ((3, "2"), (4, "3")):
        for table in tables:
            value = following if "float" in table or "numeric" in table else f"2025-01-0{following}"
            db.run(f"INSERT INTO {table} VALUES ({number}, '{value}')")
        sync(tmp_path)
        for table in tables:
            assert ids(tmp_path, table) == [*range(1, number + 1)], table
    assert "infinity" not in str(state(tmp_path)) and "NaN" not in str(state(tmp_path))


def test_the_last_value_is_of_the_column_and_of_its_order(db, tmp_path):
    db.run("CREATE TABLE log (id int PRIMARY KEY, a int NOT NULL, b int NOT NULL); INSERT INTO log SELECT n, n + 1000, n FROM generate_series(1, 99) n")
    section = '[table.log]\nmode = "merge"\ncursor = "{}"'
    configure(tmp_path, db, section.format("a"))
    sync(tmp_path)
    # The column that is called a now was b.
    db.run("ALTER TABLE log RENAME a TO c; ALTER TABLE log RENAME b TO a; ALTER TABLE log RENAME c TO b; UPDATE log SET b = 0, a = 100 WHERE id = 1")
    sync(tmp_path)
    assert duck.rows(tmp_path / "copy.duckdb", "SELECT a, b FROM log WHERE id = 1") == [(100, 0)]
    # 101 sorts before 100 no more, but before 99.
    db.run("ALTER TABLE log ALTER a TYPE text")
    pg2duck("sync", cwd=tmp_path).expect_error(2, "table public.log", "cursor a was integer and is text now", "--full")
    sync(tmp_path, "--full")
    sync(tmp_path)


def test_a_table_that_was_filled_anew_below_its_cursor_is_told(log, tmp_path):
    configure(tmp_path, log, '[table.log]\nmode = "append"\ncursor = "id"')
    sync(tmp_path)
    log.run("DELETE FROM log")
    assert program.sync(tmp_path)["tables"][0]["warnings"] == []
    log.run("INSERT INTO log VALUES (7, now(), '2025-01-01')")
    warnings = program.sync(tmp_path)["tables"][0]["warnings"]
    assert len(warnings) == 1 and "its cursor id has gone back: its last value was 100" in warnings[0] and "--full" in warnings[0]
    assert "its cursor id has gone back" in pg2duck("plan", cwd=tmp_path).expect(0).out
    # Rows before the beginning are not wanted.
    configure(tmp_path, log, '[table.log]\nmode = "append"\ncursor = "id"\ninitial = 50')
    for options in (("--full",), ()):
        assert program.sync(tmp_path, *options)["tables"][0]["warnings"] == []


def test_an_append_tells_apart_what_duckdb_calls_equal(db, tmp_path):
    db.run("CREATE TABLE log (seq int NOT NULL, span interval, value float8); INSERT INTO log VALUES (1, '1 month', 0)")
    configure(tmp_path, db, '[table.log]\nmode = "append"\ncursor = "seq"')
    sync(tmp_path)
    db.run("INSERT INTO log VALUES (1, '30 days', 0), (1, '1 month', 0), (1, '720 hours', 0), (1, '1 month', '-0')")
    # But for 0 and -0, which its storage makes the same.
    for _ in range(2):
        sync(tmp_path)
        assert duck.rows(tmp_path / "copy.duckdb", "SELECT CAST(span AS VARCHAR) AS s, value FROM log ORDER BY ALL") == [
            ("1 month", 0), ("1 month", 0), ("1 month", 0), ("30 days", 0), ("720:00:00", 0)]


TYPES = {
    "c_int": ("int", "n"), "c_numeric": ("numeric", "n / 7.0"), "c_float": ("float8", "n / 7.0"), "c_date": ("date", "'2025-01-01'::date + n"),
    "c_timestamp": ("timestamp", "'2025-01-01'::timestamp + n * interval '1 us'"), "c_text": ("text", "'Ä' || lpad(n::text, 5, '0')"),
    "c_char": ("char(7)", "lpad(n::text, 5, '0')"), "c_uuid": ("uuid", "lpad(to_hex(1750000000000 + n), 12, '0')::text || '7000800000000000f000'"),
    "c_time": ("time", "'00:00'::time + n * interval '1 us'"), "c_domain": ("public.moment", "'2025-01-01'::timestamptz + n * interval '1 us'"),
    "c_bigint": ("bigint", "9007199254740993 + n"), "c_number": ("public.number", "n + 9"),
}
LAGS = {"c_domain": 'lag = "1 us"\n', "c_number": "lag = 1\n"}


def test_cursors_of_every_ordered_type(db, tmp_path):
    db.run("CREATE DOMAIN public.moment AS timestamptz CHECK (VALUE < '2100-01-01'); CREATE DOMAIN public.number AS int CHECK (VALUE > 9)")
    sections = ""
    for table, (kind, value) in TYPES.items():
        db.run(f"CREATE TABLE {table} (id int PRIMARY KEY, c {kind}); INSERT INTO {table} SELECT n, ({value})::{kind} FROM generate_series(1, 20) n")
        sections += f'[table.{table}]\nmode = "append"\ncursor = "c"\n' + LAGS.get(table, "")
    configure(tmp_path, db, sections)
    assert set(sync(tmp_path).values()) == {20}
    for table, (kind, value) in TYPES.items():
        db.run(f"INSERT INTO {table} SELECT n, ({value})::{kind} FROM generate_series(21, 25) n; "
               f"INSERT INTO {table} SELECT 99, ({value})::{kind} FROM generate_series(20, 20) n")
    # The row at the boundary again, another one beside it, five new ones.
    assert sync(tmp_path) == {table: 8 if table in LAGS else 7 for table in TYPES}
    for table in TYPES:
        assert ids(tmp_path, table) == [*range(1, 26), 99], table
    configure(tmp_path, db, '[table.c_text]\nmode = "append"\ncursor = "c"\nlag = 5\n')
    pg2duck("sync", "--tables", "c_text", cwd=tmp_path).expect_error(2, "lag is for cursors that are dates, times or numbers; c is text")


@pytest.mark.parametrize("section, texts", [
    ('mode = "merge"\nlag = 5', ("lag says where the cursor begins or ends, and there is none",)),
    ('mode = "merge"\ncursor = "xmin"\nnull_cursor = "include"', ("it is xmin",)),
    ('mode = "merge"\ncursor = "id"\nend = 5', ("end needs initial",)),
    ('mode = "merge"\ncursor = "id"\nend = 5\ninitial = 1\nreconcile = "1 day"', ("backfill",)),
    ('mode = "append"\nreconcile = "1 day"', ("for mode merge",)),
    ('mode = "merge"\nreconcile = "soon"', ("reconcile needs a time", "7 days")),
    ('mode = "merge"\nrange_start = "ajar"', ("range_start needs open or closed, not 'ajar'",)),
    ('mode = "merge"\ncursor = "at"\nlag = "yesterday"', ("invalid input syntax for type interval",)),
    ('mode = "merge"\ncursor = "at"\nlag = "1 hour ago"', ("lag is less than nothing",)),
    ('mode = "merge"\ncursor = "id"\nlag = -5', ("lag is less than nothing",)),
    ('mode = "merge"\ncursor = "att"', ("cursor names column att", "did you mean at?")),
])
def test_what_cannot_be_done_says_so(log_copied, tmp_path, section, texts):
    configure(tmp_path, log_copied, f"[table.log]\n{section}")
    pg2duck("sync", "--target", log_copied.target, cwd=tmp_path).expect_error(2, *texts)


@pytest.fixture(scope="module")
def log_copied(cluster, tmp_path_factory):
    database, directory = cluster.create_database(), tmp_path_factory.mktemp("log")
    database.run("CREATE TABLE log (id int PRIMARY KEY, at timestamptz); INSERT INTO log VALUES (1, now())")
    configure(directory, database, '[table.log]\nmode = "merge"\ncursor = "at"')
    sync(directory)
    database.target = directory / "copy.duckdb"
    yield database
    database.drop()


def test_an_index_is_used_and_its_lack_is_told(db, tmp_path):
    db.run("CREATE TABLE big (id int PRIMARY KEY, changed int, note text); INSERT INTO big SELECT n, n, repeat('x', 200) "
           "FROM generate_series(1, 30000) n; CREATE TABLE parts (id int, changed int) PARTITION BY LIST (id); "
           "CREATE TABLE parts_1 PARTITION OF parts FOR VALUES IN (1); INSERT INTO parts SELECT 1, n FROM generate_series(1, 60000) n")
    configure(tmp_path, db, '[table.big]\nmode = "merge"\ncursor = "changed"\n[table.parts]\nmode = "append"\ncursor = "changed"\nnull_cursor = "include"\n')

    def plan() -> dict:
        report = pg2duck("plan", "--json", cwd=tmp_path).expect(0).report
        return {table["table"]: (table["read"], table["warnings"]) for table in report["plan"]}

    for _ in range(2):
        found = plan()
        assert found["big"][1] == ['no index begins with its cursor changed, so that each run scans the table: '
                                   'CREATE INDEX CONCURRENTLY ON "public"."big" ("changed")']
        assert "CREATE INDEX ON " in found["parts"][1][0] and "by an index" not in found["big"][0] + found["parts"][0]
        sync(tmp_path)
    for table in ("big", "parts"):
        statement = plan()[table][1][0].split(": ")[1].replace("CONCURRENTLY ", "")
        db.run(f"{statement}; ANALYZE {table}; INSERT INTO {table} SELECT 1, 70000 - n FROM generate_series(1, 50) n "
               if table == "parts" else f"{statement}; ANALYZE {table}; UPDATE {table} SET changed = 40000 + id WHERE id % 1000 = 0")
    found = plan()
    assert found["big"] == ("copy by an index; merge by id, changed from 30000", [])
    assert found["parts"] == ("copy by an index; append, changed from 60000", [])
    assert sync(tmp_path) == {"big": 30, "parts": 51}
    # What is appended by an index comes in the cursor's order.
    appended = duck.rows(tmp_path / "copy.duckdb", "SELECT changed FROM parts WHERE changed > 60000 ORDER BY rowid")
    assert appended == sorted(appended) and len(appended) == 50
    assert duck.rows(tmp_path / "copy.duckdb", "SELECT count(*), sum(changed) FROM big") == db.run("SELECT count(*), sum(changed) FROM big")


def test_reconcile_takes_out_what_is_gone_and_fetches_what_was_missed(db, tmp_path):
    db.run("CREATE TABLE t (k text, n int, v int, at int, dead boolean, PRIMARY KEY (k, n)) PARTITION BY LIST (n); "
           "CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1); CREATE TABLE t2 PARTITION OF t FOR VALUES IN (2); "
           "INSERT INTO t SELECT 'k' || i, 1 + i % 2, i, i, false FROM generate_series(1, 100) i")
    for strategy in ("upsert", "insert-only"):
        (tmp_path / "copy.duckdb").unlink(missing_ok=True)
        configure(tmp_path, db, f'[table.t]\nmode = "merge"\nstrategy = "{strategy}"\ncursor = "at"\nwhere = "v < 1000"\n'
                  'hard_delete = "dead"\ninitial = 1\nreconcile = "1 hour"\n')
        assert sync(tmp_path) == {"t": 100}
        # Gone, another key, late in both parts, beyond `where`, before `initial`, marked.
        db.run("DELETE FROM t WHERE k = 'k1'; UPDATE t SET k = 'new' WHERE k = 'k2'; INSERT INTO t VALUES ('late', 1, 7, 50, false), "
               "('late', 2, 7, NULL, false), ('late''\"', 2, 7, 51, false), ('old', 1, 1, -5, false), ('dead', 1, 1, 50, true); "
               "UPDATE t SET v = 1001 WHERE k = 'k3'")
        sync(tmp_path)
        missed = {row[0] for row in duck.rows(tmp_path / "copy.duckdb", "SELECT k FROM t")}
        assert {"k1", "k2", "k3"} <= missed and not missed & {"new", "late'\"", "old", "dead"}
        # The hour has passed.
        duck_run(tmp_path, "UPDATE _pg2duck.cursors SET reconciled_at = reconciled_at - INTERVAL 2 HOUR")
        assert "keys of all rows are compared" in pg2duck("plan", cwd=tmp_path).expect(0).out
        assert sync(tmp_path) == {"t": 5}, strategy
        expected = "SELECT k, n, v FROM t WHERE v < 1000 AND NOT dead AND coalesce(at, 1) >= 1 ORDER BY k COLLATE \"C\", n"
        assert duck.rows(tmp_path / "copy.duckdb", "SELECT k, n, v FROM t ORDER BY k, n") == db.run(expected), strategy
        assert "are compared" not in pg2duck("plan", cwd=tmp_path).expect(0).out
        assert duck.leftovers(tmp_path / "copy.duckdb") == []
        db.run("TRUNCATE t; INSERT INTO t SELECT 'k' || i, 1 + i % 2, i, i, false FROM generate_series(1, 100) i")


def test_reconcile_of_a_view_reads_all_of_its_rows(log, tmp_path):
    log.run("CREATE VIEW v AS SELECT id, at FROM log")
    section = 'tables = ["v"]\n[table.v]\nmode = "merge"\nkey = ["id"]\ncursor = "at"\nnull_cursor = "exclude"\n'
    configure(tmp_path, log, section)
    sync(tmp_path)
    log.run("DELETE FROM log WHERE id = 1; INSERT INTO log VALUES (101, '2020-01-01', '2020-01-01'), (102, NULL, '2020-01-01')")
    assert sync(tmp_path) == {"v": 1}
    sync(tmp_path, "--reconcile")
    assert ids(tmp_path, "v") == [*range(2, 102)]
    configure(tmp_path, log, section + 'where = "nowhere > 1"')
    pg2duck("sync", cwd=tmp_path).expect_error(2, 'column "nowhere" does not exist', "where of this table")


def test_reconcile_reads_all_rows_when_many_were_missed(db, tmp_path):
    db.run("CREATE TABLE t (k int PRIMARY KEY, at int); INSERT INTO t SELECT i, i FROM generate_series(20000, 20100) i")
    configure(tmp_path, db, '[table.t]\nmode = "merge"\ncursor = "at"\n')
    sync(tmp_path)
    db.run("INSERT INTO t SELECT i, 0 FROM generate_series(1, 12000) i; DELETE FROM t WHERE k = 20050")
    assert sync(tmp_path, "--reconcile") == {"t": 12100}
    assert duck.rows(tmp_path / "copy.duckdb", "SELECT count(*), sum(k), sum(t.at) FROM t") == db.run("SELECT count(*), sum(k), sum(t.at) FROM t")


def duck_run(directory, sql: str) -> None:
    with duckdb.connect(str(directory / "copy.duckdb")) as connection:
        connection.execute(sql)
