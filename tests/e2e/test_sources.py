"""The ways to say where the source and the target are."""

import pytest

from support.program import pg2duck
from support.targets import duckdb_file as duck


@pytest.fixture
def shop(db):
    db.run("CREATE TABLE t AS SELECT 1 AS id")
    return db


def environment(db, **more):
    return {"PGHOST": "127.0.0.1", "PGPORT": str(db.cluster.port), "PGUSER": "postgres", "PGDATABASE": db.name, **more}


def test_key_value_string(shop, target):
    source = f"host=127.0.0.1 port={shop.cluster.port} user=postgres dbname={shop.name}"
    pg2duck("copy", source, target).expect(0)
    assert duck.tables(target) == {"main.t"}


def test_nothing_means_the_pg_environment(shop, target):
    pg2duck("copy", target, env=environment(shop)).expect(0)
    assert duck.tables(target) == {"main.t"}


def test_pg2duck_environment_gives_source_and_target(shop, target):
    pg2duck("copy", env={"PG2DUCK_SOURCE": shop.uri(), "PG2DUCK_TARGET": str(target)}).expect(0)
    assert duck.tables(target) == {"main.t"}


def test_service_file(shop, target, tmp_path):
    file = tmp_path / "services"
    file.write_text(f"[shop]\nhost=127.0.0.1\nport={shop.cluster.port}\nuser=postgres\ndbname={shop.name}\n")
    pg2duck("copy", "service=shop", target, env={"PGSERVICEFILE": str(file)}).expect(0)
    assert duck.tables(target) == {"main.t"}


def test_unix_socket(shop, target):
    pg2duck("copy", f"host={shop.cluster.directory} port={shop.cluster.port} user=postgres dbname={shop.name}",
            target).expect(0)
    assert duck.tables(target) == {"main.t"}


def test_a_relative_target_is_in_the_working_directory(shop, tmp_path):
    pg2duck("copy", shop.uri(), "here.duckdb", cwd=tmp_path).expect(0)
    assert duck.tables(tmp_path / "here.duckdb") == {"main.t"}
    assert [path.name for path in tmp_path.iterdir()] == ["here.duckdb"]


def test_a_read_only_source_is_enough(shop, target):
    shop.run(f"ALTER DATABASE {shop.name} SET default_transaction_read_only = on")
    pg2duck("copy", shop.uri(), target).expect(0)
    assert duck.tables(target) == {"main.t"}
    assert shop.sleep_out_sessions() == 0


def test_odd_settings_of_the_session_change_no_value(db, target):
    db.run("CREATE TABLE t AS SELECT '2024-02-29'::date AS d, 0.1::float8 AS f, '1 day 02:03'::interval AS i, "
           "'1 day 02:03'::interval::text AS plain, '[2024-01-02,2024-02-03)'::daterange AS r, 1.5::numeric AS n, "
           "point(0.1, 1e-5) AS p")
    for setting in ("datestyle = 'German, DMY'", "intervalstyle = 'sql_standard'", "timezone = 'Asia/Kolkata'",
                    "extra_float_digits = -15", "bytea_output = 'escape'", "client_encoding = 'LATIN1'",
                    "standard_conforming_strings = off", "search_path = ''"):
        db.run(f"ALTER DATABASE {db.name} SET {setting}")
    texts = [argument for name in "rnp" for argument in ("--column", f"t.{name}=varchar")]
    pg2duck("copy", db.uri(), target, *texts).expect(0)
    assert duck.rows(target, "SELECT d::VARCHAR, f, i::VARCHAR, r, n, p FROM t") == [
        ("2024-02-29", 0.1, "1 day 02:03:00", "[2024-01-02,2024-02-03)", "1.5", "(0.1,1e-05)")]
