"""A login that the server refuses: which method, which pg_hba.conf line is missing."""

import re

import pytest

from support.program import copy, pg2duck
from support.targets import duckdb_file as duck

PASSWORD = "correct horse"


@pytest.fixture(params=["by_scram", "by_password"])
def role(request, cluster, db):
    cluster.create_role(request.param, f"PASSWORD '{PASSWORD}'")
    db.run("CREATE TABLE t AS SELECT 1 AS id; GRANT SELECT ON t TO PUBLIC")
    return request.param


def test_the_right_password_from_anywhere_works(db, role, target, tmp_path):
    passfile = tmp_path / "passfile"
    passfile.write_text(f"127.0.0.1:*:*:{role}:{PASSWORD}\n")
    passfile.chmod(0o600)
    copy(db.uri(role, password=PASSWORD), target).expect(0)
    copy(db.uri(role), target, env={"PGPASSWORD": PASSWORD}).expect(0)
    copy(db.uri(role), target, env={"PGPASSFILE": str(passfile)}).expect(0)
    copy(f"host=127.0.0.1 port={db.cluster.port} user={role} dbname={db.name} password='{PASSWORD}'", target).expect(0)


def test_a_wrong_password_names_user_and_method(db, role, target):
    result = copy(db.uri(role), target, env={"PGPASSWORD": "wrong"}).expect_error(1, role, "password").expect_hint()
    assert "28P01" in result.err and not target.exists()


def test_a_wrong_password_is_told_where_it_is_written(db, role, tmp_path):
    def wrong(*command, env=None):
        return pg2duck(*command, cwd=tmp_path, env=env).expect_error(1, "rejected the password").error

    port = db.cluster.port
    (tmp_path / ".dlt").mkdir()
    (tmp_path / ".dlt/config.toml").write_text('[sources.sql_database]\ntables = ["t"]\n')
    secrets = tmp_path / ".dlt/secrets.toml"
    secrets.write_text(f'[sources.sql_database.credentials]\ndrivername = "postgresql"\ndatabase = "{db.name}"\nhost = "127.0.0.1"\n'
                       f'port = {port}\nusername = "{role}"\npassword = "wrong"\n')
    secrets.chmod(0o600)
    sync = ("sync", "--target", "a.duckdb")
    assert "correct the password in .dlt/secrets.toml:7" in wrong(*sync)
    url = {"SOURCES__SQL_DATABASE__CREDENTIALS": db.uri(role, password="wrong")}
    assert "correct the password in SOURCES__SQL_DATABASE__CREDENTIALS" in wrong(*sync, env=url)
    file = tmp_path / "pg2duck.toml"
    for source, line in ((f'source = "{db.uri(role, password="wrong")}"', 1), (f'[source]\nurl = "{db.uri(role)}"\npassword = "wrong"', 3)):
        file.write_text(source)
        file.chmod(0o600)
        assert f"correct the password in pg2duck.toml:{line}" in wrong(*sync)
    assert "correct the password in PG2DUCK_SOURCE" in wrong(*sync, env={"PG2DUCK_SOURCE": db.uri(role, password="wrong")})
    # One that libpq finds is in no place of ours.
    file.write_text(f'source = "{db.uri(role)}"')
    assert "check PGPASSWORD" in wrong(*sync, env={"PGPASSWORD": "wrong"})


def test_the_method_is_named(db, cluster, target):
    cluster.create_role("by_scram", f"PASSWORD '{PASSWORD}'")
    copy(db.uri("by_scram"), target, env={"PGPASSWORD": "wrong"}).expect_error(1, "scram")


def test_no_password_says_how_to_give_one(db, role, target):
    copy(db.uri(role), target).expect_error(1, role).expect_hint("PGPASSWORD")


def test_md5_login_works(db, cluster, target):
    cluster.admin("SET password_encryption = 'md5'; CREATE ROLE by_md5 LOGIN PASSWORD 'five'")
    db.run("CREATE TABLE t (id int); GRANT SELECT ON t TO by_md5")
    copy(db.uri("by_md5", password="five"), target).expect(0)


def test_no_pg_hba_entry_prints_the_line_to_add(db, cluster, target):
    result = copy(db.uri("stranger", password="pass"), target).expect_error(1, "pg_hba.conf", "28000")
    line = re.search(r"(host\S* .*? scram-sha-256)", result.error)
    assert line and line[1] == f"host {db.name} stranger 127.0.0.1/32 scram-sha-256", result
    # The line does what it promises.
    db.run("CREATE TABLE t (id int); GRANT SELECT ON t TO stranger")
    cluster.create_role("stranger", "PASSWORD 'pass'")
    file = cluster.data / "pg_hba.conf"
    before = file.read_text()
    try:
        file.write_text(before + line[1] + "\n")
        cluster.reload()
        copy(db.uri("stranger", password="pass"), target).expect(0)
    finally:
        file.write_text(before)
        cluster.reload()
    assert duck.tables(target) == {"main.t"}


def test_a_role_that_may_not_log_in(db, cluster, target):
    cluster.create_role("reader", "NOLOGIN")
    try:
        copy(db.uri("reader"), target).expect_error(1, "reader")
    finally:
        cluster.create_role("reader", "LOGIN")
