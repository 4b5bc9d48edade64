"""Transaction pooling and server-side timeouts do not break a copy; a limit of the user's own is kept."""

import psycopg2
import pytest

from support.program import copy, copy_well
from support.servers import pgbouncer
from support.targets import duckdb_file as duck

needs_pgbouncer = pytest.mark.skipif(pgbouncer.program() is None, reason="PgBouncer is not installed")


@needs_pgbouncer
def test_transaction_pooling_gives_the_same_copy(shop, target, tmp_path):
    with pgbouncer.pgbouncer(shop.cluster) as port:
        for _ in range(2):
            copy_well(shop.uri(port=port), target, "--jobs", "4")
    copy_well(shop, tmp_path / "direct.duckdb")
    for table in ("orders", "few", "sales.leads"):
        sql = f"SELECT count(*), md5(string_agg(t::VARCHAR, ',' ORDER BY t::VARCHAR)) FROM {table} AS t"
        assert duck.rows(target, sql) == duck.rows(tmp_path / "direct.duckdb", sql)


@needs_pgbouncer
def test_settings_of_a_run_do_not_stay_in_a_pooled_session(shop, target):
    with pgbouncer.pgbouncer(shop.cluster) as port:
        copy_well(shop.uri(port=port), target)
        pooled = psycopg2.connect(host="127.0.0.1", port=port, user="postgres", dbname=shop.name)
        pooled.autocommit = True
        cursor = pooled.cursor()
        for setting, value in (("row_security", "on"), ("extra_float_digits", "1"), ("statement_timeout", "0"),
                               ("lock_timeout", "0"), ("search_path", '"$user", public')):
            cursor.execute(f"SHOW {setting}")
            assert cursor.fetchone() == (value,), setting
        pooled.close()


@needs_pgbouncer
def test_statement_pooling_is_an_error_that_says_so(shop, target):
    with pgbouncer.pgbouncer(shop.cluster, "statement") as port:
        copy(shop.uri(port=port), target).expect_error(1, "pool").expect_hint("pool")


@needs_pgbouncer
def test_errors_of_the_server_come_through_the_pooler(db, target):
    db.run("CREATE TABLE t (n numeric(4,1)); INSERT INTO t VALUES (1), ('NaN')")
    with pgbouncer.pgbouncer(db.cluster) as port:
        copy(db.uri(port=port), target).expect_error(1, "public.t", "(0,2)", "NaN")
        db.wait_for("SELECT count(*) = 0 FROM pg_stat_activity WHERE datname = current_database() "
                    "AND state LIKE '%in transaction%'", "the pooled sessions to be free")


TIMEOUTS = ["statement_timeout", "idle_in_transaction_session_timeout", "lock_timeout"]


@pytest.mark.parametrize("who", ["DATABASE", "ROLE"])
def test_timeouts_set_on_the_server_do_not_end_the_copy(db, target, who):
    # The view takes longer than a statement may take and than the session with the snapshot may be idle; all else takes
    # far less.
    db.run("CREATE TABLE t AS SELECT 1 AS id; CREATE VIEW slow AS SELECT i AS id, pg_sleep(0.04)::text AS s "
           "FROM generate_series(1, 100) i; GRANT SELECT ON t, slow TO impatient")
    name = db.name if who == "DATABASE" else "impatient"
    db.run("; ".join(f"ALTER {who} {name} SET {timeout} = '3s'" for timeout in TIMEOUTS))
    try:
        copy_well(db.uri("impatient"), target, "--views")
    finally:
        db.run(f"ALTER {who} {name} RESET ALL")
    assert duck.value(target, "SELECT count(*) FROM slow") == 100


def test_a_statement_timeout_that_the_user_sets_is_kept(slow, target):
    copy(slow.uri(options="-c statement_timeout=5s"), target, "--views").expect_error(
        1, "slow", "57014").expect_hint("statement_timeout")
