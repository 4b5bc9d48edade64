"""The same tables, the same values and the same behaviour on failure, on every kind of target."""

import signal

import pytest

from support.program import Running, configure, sync
from support.setting import driver
from support.targets.kinds import File, Lake, Memory, Parquet, made

ORDERS = 6000

# What a lake stores for types that it has not.
STORED = dict.fromkeys(("BIT", "ENUM('sad', 'ok', 'happy')", "INTERVAL", "TIME WITH TIME ZONE"), "VARCHAR")


def run(source, place, *options):
    return place.copy(source, "--json", *options)


def run_well(source, place, *options):
    result = run(source, place, *options).expect(0)
    assert result.report["exit_code"] == 0 and result.report["status"] == "published", result
    return result


def expected(content: dict, place) -> dict:
    def column(name, data_type, nullable, comment):
        return name, STORED.get(data_type, data_type) if "types" in place.limits else data_type, nullable, comment

    return {table: ([column(*entry) for entry in columns], lines) for table, (columns, lines) in content.items()
            if table != "main.last_sync_time"}


def copied(place) -> dict:
    content = place.content()
    last_sync_time = content.pop("main.last_sync_time")
    assert len(last_sync_time[1]) == 1 and last_sync_time[0][0][1] == "TIMESTAMP WITH TIME ZONE", last_sync_time
    return content


def test_the_same_tables_and_values_again_and_again(source, place, in_a_file):
    before = sorted(path.name for path in place.directory.iterdir())
    run(source, place, "--dry-run").expect(0)
    assert sorted(path.name for path in place.directory.iterdir()) == before
    first = run_well(source, place)
    assert copied(place) == expected(in_a_file, place)
    assert {(table["source_rows"], table["target_rows"]) for table in first.report["tables"]} == {
        (ORDERS, ORDERS), (0, 0), (3000, 3000), (1, 1), (100, 100)}
    source.run("INSERT INTO orders (id, total) VALUES (0, 9.5); DELETE FROM sales.leads WHERE id > 10")
    if "keys" in place.limits:
        run(source, place, "--primary-keys").expect_error(2, "no primary keys").expect_hint("--primary-keys")
        run_well(source, place)
    else:
        run_well(source, place, "--primary-keys")
        assert place.rows("SELECT constraint_column_names::VARCHAR FROM duckdb_constraints() WHERE database_name = "
                          "current_database() AND table_name = 'orders' AND constraint_type = 'PRIMARY KEY'") == [
                              ("[id]",)]
    content = place.content()
    assert len(content["main.orders"][1]) == ORDERS + 1 and len(content["sales.leads"][1]) == 10
    assert content["main.last_sync_time"][1] > [(first.report["last_sync_time"],)]
    assert len(content) == 6 and [run for run in place.ledger() if run[0] == "published"] == [("published", None)] * 2
    assert place.rows("SELECT count(*), count(DISTINCT run_id) FROM _pg2duck.tables") == [(5, 1)]


def test_one_table_that_cannot_be_copied_leaves_the_old_copy(source, place):
    run_well(source, place)
    old = place.content()
    source.run("UPDATE money SET amount = 'NaN' WHERE id = 50; INSERT INTO orders (id, total) VALUES (0, 1)")
    run(source, place).expect_error(1, "public.money", "amount", "NaN")
    assert place.content() == old
    assert [status for status, _ in place.ledger()] == ["published", "failed"]
    left_out = run(source, place, "--on-error", "skip").expect(3)
    assert left_out.table("money")["status"] == "failed"
    after = place.content()
    assert len(after["main.orders"][1]) == ORDERS + 1 and after["main.money"] == old["main.money"]


def test_killed_or_interrupted_it_leaves_the_old_copy(source, place):
    run_well(source, place)
    old = place.content()
    source.run("INSERT INTO orders (id, total) VALUES (0, 1)")
    if "process" in place.limits:
        # What is killed is gone.
        place.copy(source, "--json", stop="loading").expect(130)
        assert place.content() == old and [status for status, _ in place.ledger()] == ["published", "interrupted"]
        return
    killed = Running(["before_commit", source.uri(), place.argument], env=place.env, program=driver("kill_at")).finish()
    assert killed.code == -signal.SIGKILL, killed
    left = place.content()
    assert {name: left.pop(name) for name in old} == old
    assert place.staged(left) == 5
    source.run("CREATE VIEW slow AS SELECT i, pg_sleep(0.01)::text AS s FROM generate_series(1, 100000) i")
    running = Running(["copy", source.uri(), place.argument, *place.options, "--tables", "orders,slow"], env=place.env)
    source.wait_for("SELECT count(*) > 0 FROM pg_stat_activity WHERE query LIKE 'COPY%slow%' AND state = 'active' AND "
                    "datname = current_database() AND application_name = 'pg2duck'", "pg2duck to read the slow view",
                    meanwhile=running.expect_alive)
    running.send(signal.SIGINT)
    interrupted = running.finish().expect(130)
    assert "removed 5 staged tables that an interrupted run left behind" in interrupted.err
    assert place.content() == old
    assert [status for status, _ in place.ledger()] == ["published", "interrupted"]


def test_what_is_lent_stays_as_it_was(source):
    """What a program sees of its own instance before and after a run."""
    everything = ("SELECT string_agg(name || ' ' || coalesce(value, ''), chr(10) ORDER BY name) FROM duckdb_settings()",
                  "SELECT database_name, path, readonly FROM duckdb_databases() ORDER BY ALL",
                  "SELECT count(*) FROM duckdb_secrets()")
    with made(Memory) as place:
        place.ask("query", "ATTACH ':memory:' AS shop; SET GLOBAL memory_limit = '300MB'; SET GLOBAL TimeZone = 'Asia/Tokyo'")
        place.ask("query", "CREATE TABLE shop.main.mine AS SELECT 1 AS i")
        before = [place.ask("query", sql) for sql in everything]
        place.argument = "shop"
        run_well(source, place)
        assert [place.ask("query", sql) for sql in everything] == before
        assert place.ask("query", "SELECT count(*) FROM shop.main.orders, shop.main.mine") == [[str(ORDERS)]]
        assert place.ask("query", "SELECT count(*) FROM duckdb_tables() WHERE database_name = 'memory'") == [["0"]]
        place.argument = "nowhere"
        run(source, place).expect_error(2, "no database 'nowhere'").expect_hint("duckdb_databases()")


@pytest.mark.parametrize("kind", [File, Lake, Parquet], ids=lambda kind: kind.name)
def test_an_offset_with_seconds_is_no_other_offset(kind, cluster, db):
    """DuckDB writes +03:00:30 as +03:30."""
    db.run("""CREATE TYPE stop AS (name text, at timetz);
              CREATE TABLE a (id int PRIMARY KEY, t timetz, many timetz[], part stop);
              INSERT INTO a SELECT n, t, ARRAY[t, NULL], ROW('x'::text, t)::stop FROM unnest(ARRAY['10:00:00+03:00:30', '10:00:00+03:30', '10:00:00-03:00:30',
              '24:00:00.5-15:59:59', '00:00:00+00', NULL]::text[]) WITH ORDINALITY AS u (text, n), LATERAL (SELECT CASE WHEN text LIKE '24%' THEN '24:00:00-15:59:59'
              ELSE text END::timetz AS t) AS v""")
    with made(kind, cluster) as place:
        place.copy(db).expect(0)
        assert place.rows("SELECT count(DISTINCT t), count(DISTINCT many[1]), count(DISTINCT part.at) FROM a") == [(5, 5, 5)]
        if kind is not File:
            texts = db.run("SELECT t::text FROM a ORDER BY id")
            assert place.rows("SELECT t FROM a ORDER BY id") == place.rows("SELECT many[1] FROM a ORDER BY id") == texts
            assert place.rows("SELECT part.at FROM a ORDER BY id") == texts
            assert place.rows("SELECT part IS NULL, many[2] FROM a WHERE t IS NULL") == [(False, None)]


def test_versions_tell_offsets_with_seconds_apart(cluster, db):
    db.run("CREATE TABLE a (id int PRIMARY KEY, t timetz); INSERT INTO a VALUES (1, '10:00:00+03:00:30')")
    with made(File) as place:
        configure(place.directory, db, '[table.a]\nmode = "merge"\nstrategy = "scd2"\n')
        sync(place.directory, "--target", place.argument)
        db.run("UPDATE a SET t = '10:00:00+03:30'")
        sync(place.directory, "--target", place.argument)
        assert place.rows("SELECT count(*), count(valid_to) FROM a") == [(2, 1)]
