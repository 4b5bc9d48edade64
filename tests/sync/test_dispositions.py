"""Copies that are kept up: append and merge, by a cursor or without."""

import random

import duckdb
import pytest

from support.program import configure, pg2duck, sync
from support.setting import SEED
from support.targets import duckdb_file as duck

ROUNDS = 12
STRATEGIES = ("upsert", "delete-insert")


def content(directory, table: str, columns: str = "*") -> list:
    return duck.rows(directory / "copy.duckdb", f"SELECT {columns} FROM {table} ORDER BY ALL")


def cursors(directory) -> dict:
    return dict(duck.rows(directory / "copy.duckdb", 'SELECT "table", value FROM _pg2duck.cursors'))


def modes(report: dict) -> dict:
    return {table["table"]: (table["mode"], table["rows"]) for table in report["tables"]}


@pytest.fixture
def orders(db):
    db.run("CREATE TABLE orders (id int, shop text, note text, at timestamptz NOT NULL DEFAULT clock_timestamp(), "
           "PRIMARY KEY (id, shop)); CREATE INDEX ON orders (at); "
           "INSERT INTO orders SELECT n, 's', 'n' || n, '2025-01-01'::timestamptz + n * interval '1 s' "
           "FROM generate_series(1, 500) n")
    return db


def test_random_changes_are_merged_by_every_strategy_and_cursor(db, tmp_path):
    dice = random.Random(SEED)
    tables = {f"{strategy}_{cursor}".replace("-", "_"): (strategy, cursor)
              for strategy in STRATEGIES for cursor in ("changed", "xmin", "")}
    sections = ""
    for table, (strategy, cursor) in tables.items():
        db.run(f"CREATE TABLE {table} (k int PRIMARY KEY, v numeric(12,3), t text, changed bigint)")
        sections += f'[table.{table}]\nmode = "merge"\nstrategy = "{strategy}"\n' + (f'cursor = "{cursor}"\n' if cursor else "")
    configure(tmp_path, db, sections)
    model, clock = {}, 0
    for number in range(ROUNDS):
        statements, read = [], 0
        for _ in range(dice.randrange(1, 12)):
            clock += 1
            key = dice.randrange(60)
            row = (key, dice.randrange(10**6) / 1000, dice.choice(["a", "ä'\"\\", "", None]), clock)
            model[key] = row
            statements.append(row)
        with db.connect() as connection, connection.cursor() as session:
            for table in tables:
                for row in statements:
                    session.execute(f"INSERT INTO {table} VALUES (%s, %s, %s, %s) ON CONFLICT (k) DO UPDATE SET "
                                    "v = excluded.v, t = excluded.t, changed = excluded.changed", row)
        report = sync(tmp_path)
        found = modes(report)
        for table, (_, cursor) in tables.items():
            expected = sorted(((k, v, t, c) for k, v, t, c in model.values()), key=lambda row: row[0])
            got = [(k, float(v), t, c) for k, v, t, c in content(tmp_path, table)]
            assert got == expected, (number, table)
            mode, read = found[table]
            assert mode == ("merge" if number else "full")
            # By a cursor only what has changed is read, and the row at its last value again.
            changed = len({row[0] for row in statements})
            assert not (number and cursor) or changed <= read <= changed + 1, (number, table, read, changed)
    assert {table for table in cursors(tmp_path)} == {t for t, (_, cursor) in tables.items() if cursor}


def test_append_adds_each_row_once(orders, tmp_path):
    configure(tmp_path, orders, '[table.orders]\nmode = "append"\ncursor = "at"\n')
    assert modes(sync(tmp_path)) == {"orders": ("full", 500)}
    # The row at the boundary is read again and not added again; another of the same instant is.
    assert modes(sync(tmp_path)) == {"orders": ("append", 1)}
    assert duck.value(tmp_path / "copy.duckdb", "SELECT count(*) FROM orders") == 500
    orders.run("INSERT INTO orders SELECT 1000, 's', 'same', max(at) FROM orders; "
               "INSERT INTO orders SELECT 1001, 's', 'later', '2026-01-01 00:00:00.000001+00'")
    assert modes(sync(tmp_path)) == {"orders": ("append", 3)}
    assert duck.value(tmp_path / "copy.duckdb", "SELECT count(*) FROM orders") == 502
    assert cursors(tmp_path)["orders"].startswith("2026-01-01 00:00:00.000001")
    # What an append cannot see, a full run puts right.
    orders.run("DELETE FROM orders WHERE id < 100; UPDATE orders SET note = 'new' WHERE id = 200")
    sync(tmp_path)
    assert duck.value(tmp_path / "copy.duckdb", "SELECT count(*) FROM orders") == 502
    assert modes(sync(tmp_path, "--full")) == {"orders": ("full", 403)}
    assert duck.rows(tmp_path / "copy.duckdb", "SELECT note FROM orders WHERE id = 200") == [("new",)]
    # Without a cursor all rows are added each time, which has to be asked for.
    configure(tmp_path, orders, 'mode = "append"\n')
    pg2duck("sync", cwd=tmp_path).expect_error(2, "without a cursor").expect_hint('cursor = "none"')
    configure(tmp_path, orders, 'mode = "append"\n[table.orders]\ncursor = "none"\n')
    assert modes(sync(tmp_path)) == {"orders": ("append", 403)}
    assert duck.value(tmp_path / "copy.duckdb", "SELECT count(*) FROM orders") == 806
    assert cursors(tmp_path) == {}


def test_xmin_finds_rows_that_were_committed_late(orders, tmp_path):
    configure(tmp_path, orders, '[table.orders]\nmode = "merge"\ncursor = "xmin"\n')
    late = orders.connect()
    with late.cursor() as session:
        session.execute("INSERT INTO orders VALUES (1, 'late', 'x', '2020-01-01')")
        sync(tmp_path)
        orders.run("INSERT INTO orders VALUES (2, 'new', 'x', '2020-01-01')")
        sync(tmp_path)
        late.commit()
    late.close()
    report = sync(tmp_path)
    assert duck.rows(tmp_path / "copy.duckdb", "SELECT id, shop FROM orders WHERE shop <> 's' ORDER BY 1") == [
        (1, "late"), (2, "new")]
    assert modes(report)["orders"][1] < 10
    # From then on that transaction is over, and nothing is read again.
    sync(tmp_path)
    assert modes(sync(tmp_path)) == {"orders": ("merge", 0)}


def test_xmin_of_a_server_that_was_restored_is_refused(orders, tmp_path):
    configure(tmp_path, orders, '[table.orders]\nmode = "merge"\ncursor = "xmin"\n')
    sync(tmp_path)
    with duckdb.connect(str(tmp_path / "copy.duckdb")) as connection:
        connection.execute("UPDATE _pg2duck.cursors SET value = '3000000000'")
    refused = pg2duck("sync", cwd=tmp_path).expect_error(2, "public.orders", "3000000000", "restored")
    refused.expect_hint("--full")
    sync(tmp_path, "--full")
    assert int(cursors(tmp_path)["orders"]) < 3000000000


def test_marked_rows_go_keys_hold_null_and_the_newest_counts(db, tmp_path):
    db.run("CREATE TABLE events (a int, b text, version int, gone boolean, gone_at date); INSERT INTO events VALUES "
           "(1, NULL, 1, false, NULL), (1, 'x', 1, false, NULL), (2, NULL, 1, false, NULL), (2, NULL, 2, false, NULL)")
    section = '[table.events]\nmode = "merge"\nkey = ["a", "b"]\nnewest_by = "version"\nhard_delete = "{}"\n'
    for column in ("gone", "gone_at"):
        configure(tmp_path, db, section.format(column))
        db.run("INSERT INTO events VALUES (4, 'gone', 1, true, '2025-01-01')")
        # Of the initial load too each key has one row, and none that is marked.
        sync(tmp_path, "--full")
        first = duck.rows(tmp_path / "copy.duckdb", "SELECT a, b, version FROM events ORDER BY ALL")
        assert first == [(1, "x", 1), (1, None, 1), (2, None, 2)], column
        sync(tmp_path)
        db.run("INSERT INTO events VALUES (1, NULL, 7, true, '2025-01-01'), (3, 'new', 1, true, '2025-01-01'), "
               "(2, NULL, 9, false, NULL)")
        sync(tmp_path)
        changed = duck.rows(tmp_path / "copy.duckdb", "SELECT a, b, version FROM events ORDER BY ALL")
        assert changed == [(1, "x", 1), (2, None, 9)], column
        db.run("DELETE FROM events WHERE gone OR version = 9")


def test_insert_only_leaves_what_is_there(orders, tmp_path):
    configure(tmp_path, orders, '[table.orders]\nmode = "merge"\nstrategy = "insert-only"\n')
    sync(tmp_path)
    orders.run("UPDATE orders SET note = 'new' WHERE id = 1; INSERT INTO orders VALUES (900, 's', 'new', now())")
    sync(tmp_path)
    assert duck.rows(tmp_path / "copy.duckdb", "SELECT id, note FROM orders WHERE id IN (1, 900) ORDER BY 1") == [
        (1, "n1"), (900, "new")]


@pytest.mark.parametrize("section, texts", [
    ('mode = "merge"', ("nokey", "no primary key", 'key = [')),
    ('mode = "merge"\nkey = ["v"]', ("nokey", "key (v) is not unique", "newest_by")),
    ('mode = "merge"\nkey = ["x"]', ("key names column x, which is not there",)),
    ('mode = "merge"\nkey = ["v"]\ncursor = "x"', ("cursor names column x, which is not there",)),
    ('mode = "append"\ncursor = "xmin"', ("only a merge",)),
    ('mode = "append"\ncursor = "n"', ("cursor n is NULL in some rows", "null_cursor")),
    ('mode = "append"\nkey = ["v"]', ("for mode merge",)),
    ('mode = "append"\nstrategy = "scd2"', ("for mode merge",)),
    ('mode = "append"\ninitial = "x"', ("initial says where the cursor begins",)),
], ids=lambda value: value.replace("\n", " ") if isinstance(value, str) else "")
def test_what_cannot_be_done_says_so(cluster, tmp_path, section, texts):
    database = cluster.create_database()
    database.run("CREATE TABLE nokey (v int, n int); INSERT INTO nokey VALUES (1, 1), (2, NULL)")
    configure(tmp_path, database, '[table.nokey]\nread = "copy"')
    sync(tmp_path)
    database.run("INSERT INTO nokey VALUES (1, 3)")
    configure(tmp_path, database, f"[table.nokey]\n{section}")
    pg2duck("sync", cwd=tmp_path).expect_error(2, *texts)
    assert duck.value(tmp_path / "copy.duckdb", "SELECT count(*) FROM nokey") == 2
    database.drop()


def test_settings_without_effect_are_told(orders, tmp_path):
    configure(tmp_path, orders, '[table.orders]\ncursor = "at"\nstrategy = "insert-only"')
    told = "cursor, strategy without effect: mode is replace"
    assert told in sync(tmp_path)["tables"][0]["warnings"][0]
    assert told in pg2duck("plan", cwd=tmp_path).expect(0).out
    # Versions cannot be made anew: nothing that is said for all tables takes them away.
    configure(tmp_path, orders, '[table.orders]\nmode = "merge"\nstrategy = "scd2"')
    pg2duck("sync", "--mode", "replace", cwd=tmp_path).expect_error(2, "mode replace would take them away", 'mode = "merge"')


@pytest.mark.parametrize("section", ['strategy = "scd2"', 'newest_by = "seq"', 'cursor = "seq"'])
def test_a_column_called_rowid_hides_no_rows(db, tmp_path, section):
    db.run("CREATE TABLE r (id int PRIMARY KEY, \"RowID\" text, seq int); INSERT INTO r VALUES (1, 'a', 1), (2, 'a', 2), (3, NULL, 3)")
    configure(tmp_path, db, f'[table.r]\nmode = "merge"\n{section}')
    if "cursor" in section:
        sync(tmp_path)
    refused = pg2duck("sync", "--reconcile", cwd=tmp_path).expect_error(2, "table public.r", "column RowID hides DuckDB's row numbers")
    refused.expect_hint("""--column 'public.r."RowID"=rename row_id'""")
    configure(tmp_path, db, f"""[table.r]\nmode = "merge"\n{section}\ncolumns.'"RowID"'.rename = "row_id\"""")
    sync(tmp_path)
    db.run("DELETE FROM r WHERE id = 1; UPDATE r SET seq = 9 WHERE id = 2")
    sync(tmp_path, "--reconcile")
    assert content(tmp_path, "r", "id, row_id, seq") == {
        'strategy = "scd2"': [(1, "a", 1), (2, "a", 2), (2, "a", 9), (3, None, 3)]}.get(section, [(2, "a", 9), (3, None, 3)])
    if "scd2" in section:
        assert content(tmp_path, "r WHERE valid_to IS NULL", "id, seq") == [(2, 9), (3, 3)]


def test_initial_says_where_the_initial_load_begins(orders, tmp_path):
    section = '[table.orders]\nmode = "merge"\ncursor = "at"\ninitial = "{}"\n'
    configure(tmp_path, orders, section.format("soon"))
    pg2duck("sync", cwd=tmp_path).expect_error(2, "orders", "invalid input syntax", "look at cursor, initial")
    configure(tmp_path, orders, section.format("2025-01-01 00:08:00+00"))
    assert modes(sync(tmp_path)) == {"orders": ("full", 21)}
    orders.run("INSERT INTO orders VALUES (0, 's', 'old', '2024-01-01'), (900, 's', 'new', '2027-01-01')")
    assert modes(sync(tmp_path)) == {"orders": ("merge", 2)}


def test_nothing_is_half_applied(orders, tmp_path):
    """One table fails after another has been staged: neither its rows nor its cursor move."""
    orders.run("CREATE TABLE bad (id int PRIMARY KEY, n numeric(4,1)); INSERT INTO bad VALUES (1, 1)")
    configure(tmp_path, orders, 'mode = "merge"\n[table.orders]\ncursor = "at"\n')
    sync(tmp_path)
    before, known = duck.fingerprint(tmp_path / "copy.duckdb"), cursors(tmp_path)
    orders.run("INSERT INTO orders VALUES (900, 's', 'x', now()); INSERT INTO bad VALUES (2, 'NaN')")
    pg2duck("sync", cwd=tmp_path).expect_error(1, "bad", "NaN")
    assert (duck.fingerprint(tmp_path / "copy.duckdb"), cursors(tmp_path)) == (before, known)
    assert duck.leftovers(tmp_path / "copy.duckdb") == []
    pg2duck("sync", "--on-error", "skip", cwd=tmp_path).expect(3)
    assert duck.rows(tmp_path / "copy.duckdb", "SELECT note FROM orders WHERE id = 900") == [("x",)]
    assert cursors(tmp_path) != known


def groups(directory, table: str) -> int:
    return duck.value(directory / "copy.duckdb", f"SELECT count(DISTINCT row_group_id) FROM pragma_storage_info('{table}')")


def test_row_groups_of_small_changes_are_put_together_now_and_then(orders, tmp_path):
    configure(tmp_path, orders, '[table.orders]\nmode = "append"\ncursor = "at"\n')
    found = []
    for number in range(33):
        orders.run(f"INSERT INTO orders (id, shop) VALUES ({1000 + number}, 's')")
        sync(tmp_path)
        found.append((groups(tmp_path, "orders"), groups(tmp_path, "_pg2duck.runs")))
    # The run that finds sixteen of them does it; those in between would have cost as much each time.
    assert max(found) <= (17, 17) and found[16][1] == found[32][1] == 1 and found[14][1] > 10, found
    assert len(content(tmp_path, "orders", "id")) == 500 + 33


def test_the_ledger_says_which_run_made_a_table(orders, tmp_path):
    configure(tmp_path, orders, '[table.orders]\nmode = "merge"\ncursor = "at"\n')
    made = "SELECT CAST(run_id AS VARCHAR) FROM _pg2duck.tables"
    first = sync(tmp_path)["run_id"]
    orders.run("UPDATE orders SET note = 'new', at = now() WHERE id < 3")
    assert sync(tmp_path)["run_id"] != first and duck.rows(tmp_path / "copy.duckdb", made) == [(first,)]
    again = sync(tmp_path, "--full")["run_id"]
    assert duck.rows(tmp_path / "copy.duckdb", made) == [(again,)]
