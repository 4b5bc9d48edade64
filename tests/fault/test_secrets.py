"""A password is in no output, no ledger, no file, no command line and no core."""

import pathlib
import secrets
import urllib.parse

import pytest

from support.program import Running, copy
from support.targets import duckdb_file as duck

ROLE = "by_scram"
WAYS = ["URI", "key=value", "PGPASSWORD"]


@pytest.fixture
def canary(cluster):
    """A password that occurs nowhere else, with characters that must be escaped in a URI."""
    password = f"canary-{secrets.token_hex(8)}@/:?#'\\ %ü"
    cluster.create_role(ROLE)
    connection = cluster.connect("postgres")
    connection.cursor().execute(f"ALTER ROLE {ROLE} PASSWORD %s", (password,))
    connection.close()
    return password


def grant_everything(db) -> None:
    db.run(f"GRANT USAGE ON SCHEMA sales TO {ROLE}; GRANT SELECT ON ALL TABLES IN SCHEMA public, sales TO {ROLE}")


@pytest.fixture
def kiosk(db, canary):
    """Tables of a few rows; what matters here is the way in."""
    db.run("CREATE TABLE orders AS SELECT i AS id, 'note ' || i AS note FROM generate_series(1, 10) i; "
           "CREATE TABLE few AS SELECT 1 AS id; CREATE SCHEMA sales; CREATE TABLE sales.leads AS SELECT 1 AS id")
    grant_everything(db)
    return db


def forms(password: str) -> list[bytes]:
    """The password, as escaped in a URI, and its most telling piece."""
    piece = password.split("@")[0]
    return [password.encode(), urllib.parse.quote(password, safe="").encode(), piece.encode()]


def source(db, password: str, way: str) -> tuple[str, dict]:
    """@return connection string, environment"""
    escaped = password.replace("\\", "\\\\").replace("'", "\\'")
    plain = f"host=127.0.0.1 port={db.cluster.port} user={ROLE} dbname={db.name}"
    ways = {
        "URI": (db.uri(ROLE, password=password), {}),
        "key=value": (f"{plain} password='{escaped}'", {}),
        "PGPASSWORD": (db.uri(ROLE), {"PGPASSWORD": password}),
    }
    return ways[way]


def expect_silence(result, password: str, target) -> None:
    for needle in forms(password):
        text = needle.decode()
        assert text not in result.out and text not in result.err, result
        assert not duck.holds_bytes(target, needle), needle


@pytest.mark.parametrize("options", [[], ["--json", "--verbose"], ["--log-format", "json", "--verbose"],
                                     ["--dry-run"], ["--preview", "2"]], ids=" ".join)
@pytest.mark.parametrize("way", WAYS)
def test_not_in_what_a_good_run_leaves(kiosk, canary, target, way, options):
    uri, environment = source(kiosk, canary, way)
    expect_silence(copy(uri, target, *options, env=environment).expect(0), canary, target)


@pytest.mark.parametrize("way", WAYS)
def test_not_in_what_a_failed_run_leaves(kiosk, canary, target, way):
    uri, environment = source(kiosk, canary, way)
    for options in (["--tables", "nothing"], ["--json", "--verbose", "--tables", "nothing"]):
        expect_silence(copy(uri, target, *options, env=environment).expect(2), canary, target)
    kiosk.run(f"CREATE TABLE bad (n numeric(3,1)); INSERT INTO bad VALUES ('NaN'); GRANT SELECT ON bad TO {ROLE}")
    for options in ([], ["--json"], ["--on-error", "skip"]):
        result = copy(uri, target, *options, env=environment)
        assert result.code in (1, 3), result
        expect_silence(result, canary, target)


@pytest.mark.parametrize("way", WAYS)
def test_not_in_the_answer_to_a_wrong_password(kiosk, canary, target, way):
    wrong = canary + "x"
    uri, environment = source(kiosk, wrong, way)
    expect_silence(copy(uri, target, "--verbose", env=environment).expect(1), canary, target)


@pytest.mark.parametrize("spoil", [lambda uri: uri.replace("127.0.0.1", "127.0.0.1:"), lambda uri: uri + "?nonsense=1",
                                   lambda uri: uri.replace("postgresql://", "postgres//:"), lambda uri: uri + "%zz",
                                   lambda uri: uri.replace("%40", "@").replace("%2F", "/"),
                                   lambda uri: uri.replace("%", "")],
                         ids=["empty port", "unknown option", "broken scheme", "broken escape", "raw characters",
                              "without escapes"])
def test_not_in_the_answer_to_a_broken_connection_string(kiosk, canary, target, spoil):
    uri = spoil(kiosk.uri(ROLE, password=canary))
    for arguments in (["copy", uri, str(target)], ["copy", str(target), uri], ["copy", uri], ["copy", uri, uri], [uri],
                      ["copy", uri, str(target), "--tables", uri], ["copy", uri, str(target), uri]):
        result = Running(arguments).finish()
        piece = canary.split("@")[0]
        assert piece not in result.out + result.err, result


@pytest.mark.parametrize("way", WAYS)
def test_not_on_the_command_line_and_no_core_while_it_runs(slow, slow_options, until_reading, canary, target, way):
    grant_everything(slow)
    uri, environment = source(slow, canary, way)
    run = Running(["copy", uri, target, *slow_options], env=environment)
    until_reading(run)
    line = run.command_line()
    limits = pathlib.Path(f"/proc/{run.pid}/limits").read_text()
    activity = str(slow.run("SELECT * FROM pg_stat_activity WHERE application_name = 'pg2duck'"))
    run.process.terminate()
    result = run.finish()
    assert result.code == 143 and b"pg2duck" in line
    for needle in forms(canary):
        assert needle not in line and needle.decode() not in activity
    core = next(row for row in limits.splitlines() if row.startswith("Max core file size"))
    assert core.split()[4:6] == ["0", "0"], core
    expect_silence(result, canary, target)
