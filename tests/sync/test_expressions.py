"""Values that an expression of DuckDB transforms on their way into the target."""

import hashlib

import pytest

from support import program
from support.program import pg2duck, sync
from support.targets import duckdb_file as duck

CANARY = "canary-7f3a@example.com"


def configure(directory, database, columns: str, section: str = "", top: str = "") -> None:
    (directory / "pg2duck.toml").write_text(
        f'source = "{database.uri()}"\ntarget = "copy.duckdb"\n{top}\n[table."public.users"]\n{section}\n'
        f'[table."public.users".columns]\n{columns}\n')


@pytest.fixture(scope="module")
def users(cluster):
    database = cluster.create_database()
    database.run(f"CREATE TABLE users (id int PRIMARY KEY, email text NOT NULL, \"Born\" date, amount numeric, ssn text); "
                 f"INSERT INTO users VALUES (1, '{CANARY}', '1990-05-17', 1.5, '{CANARY}'), (2, 'b@c.de', NULL, 12.25, 'x')")
    yield database
    database.drop()


def test_what_is_stored_is_what_the_expression_gives(users, tmp_path):
    configure(tmp_path, users, """email = { expression = "sha256(lower(email) || ', ' || id)", rename = "hash" }
'"Born"'.expression = "date_trunc('year', \\"Born\\")::DATE -- to the year"
amount = { type = "double", expression = "round(amount)" }
ssn = "exclude"
""")
    log = tmp_path / "sql"
    report = sync(tmp_path, "--preview", "2", env={"PG2DUCK_SQL_LOG": str(log)})
    first = hashlib.sha256(f"{CANARY}, 1".encode()).hexdigest()
    rows = duck.rows(tmp_path / "copy.duckdb", 'SELECT id, hash, "Born"::VARCHAR, amount FROM users ORDER BY id')
    assert rows[0] == (1, first, "1990-01-01", 2.0) and rows[1][2:] == (None, 12.0)
    assert duck.column_types(tmp_path / "copy.duckdb", "users") == {
        "id": "INTEGER", "hash": "VARCHAR", "Born": "DATE", "amount": "DOUBLE"}
    assert report["tables"][0]["rows"] == 2
    columns = {column["name"]: column for column in report["tables"][0]["columns"]}
    assert columns["hash"]["expression"] == "sha256(lower(email) || ', ' || id)" and columns["id"]["expression"] is None
    # The value itself is nowhere: not in the file, the log, the report or its preview.
    assert not duck.holds_bytes(tmp_path / "copy.duckdb", CANARY.encode())
    assert CANARY not in log.read_text() and CANARY not in str(report) and "(not shown)" in str(report)
    shown = pg2duck("plan", cwd=tmp_path).expect(0).out
    assert "sha256(lower(email)" in shown
    assert "sha256(lower(email)" in pg2duck("explain-config", cwd=tmp_path).expect(0).out


@pytest.mark.parametrize("column, texts", [
    ('email.expression = "sha256(emial)"', ("column email", "expression sha256(emial)", "emial", '"id", "email"')),
    ('email.expression = "sha256(ssn)"\nssn = "exclude"', ("column email", "ssn")),
    ('email.expression = "max(email)"', ("column email", "aggregate")),
    ('email.expression = "unnest([1, 2])"', ("column email", "UNNEST")),
    ('email.expression = "email, id"', ("more than one expression",)),
    ('email.expression = "1) AS x, (2"', ("column email",)),
    ('email.expression = "1; DROP TABLE x"', ("column email", "syntax error")),
    ('email = { expression = "email", unrepresentable = "text" }', ("would stand beside",)),
    ('email.expression = ""', ("email", "expression")),
    ('id.expression = "id + 1"', ("key names column id, of which an expression makes something else",)),
], ids=lambda value: value if isinstance(value, str) else "")
def test_what_is_wrong_is_said_before_a_row_is_read(users, tmp_path, column, texts):
    configure(tmp_path, users, column, 'mode = "merge"')
    pg2duck("plan", cwd=tmp_path).expect_error(2, *texts)


def test_a_value_that_fails_is_not_shown(users, tmp_path):
    configure(tmp_path, users, 'email.expression = "CAST(email AS INTEGER)"')
    failed = pg2duck("sync", cwd=tmp_path).expect_error(1, "table public.users", "column email: CAST(email AS INTEGER)",
                                                        "Conversion error", "TRY(")
    configure(tmp_path, users, 'amount = { type = "decimal(3,2)", expression = "amount" }')
    refused = pg2duck("sync", cwd=tmp_path).expect_error(1, "column amount", "not shown", "DECIMAL(3,2)")
    for result in (failed, refused):
        assert CANARY not in result.out + result.err and "12.25" not in result.err
    assert not duck.holds_bytes(tmp_path / "copy.duckdb", CANARY.encode())
    configure(tmp_path, users, 'email.expression = "TRY(CAST(email AS INTEGER))"')
    sync(tmp_path)
    assert duck.rows(tmp_path / "copy.duckdb", "SELECT count(*), count(email) FROM users") == [(2, 0)]


def test_rows_that_stay_must_be_made_by_the_same_expression(users, tmp_path):
    configure(tmp_path, users, 'email.expression = "sha256(email)"\nssn = "exclude"', 'mode = "merge"\ncursor = "id"')
    sync(tmp_path)
    report = sync(tmp_path)
    assert report["tables"][0]["mode"] == "merge" and report["tables"][0]["rows"] == 1
    configure(tmp_path, users, 'email.expression = "md5(email)"\nssn = "exclude"', 'mode = "merge"\ncursor = "id"')
    pg2duck("sync", cwd=tmp_path).expect_error(2, "another expression made the values of column email", "--full")
    sync(tmp_path, "--full")
    expected = hashlib.md5(CANARY.encode()).hexdigest()
    assert duck.rows(tmp_path / "copy.duckdb", "SELECT email FROM users WHERE id = 1") == [(expected,)]


@pytest.mark.parametrize("expression", ["random()", "CASE WHEN id > 0 THEN now() END", "uuid()::VARCHAR || email"])
def test_what_is_new_in_each_run_tells_no_rows_apart(db, tmp_path, expression):
    for table in ("log", "users"):
        db.run(f"CREATE TABLE {table} (id int PRIMARY KEY, email text, note text, now int); "
               f"INSERT INTO {table} SELECT n, 'e', 'n', n FROM generate_series(1, 3) n")
    program.configure(
        tmp_path, db, f'[table.log]\nmode = "append"\ncursor = "id"\n'
        f'[table.log.columns]\nemail.expression = "{expression}"\n[table.users]\nmode = "merge"\nstrategy = "scd2"\n'
        f'[table.users.columns]\nemail.expression = "{expression}"\nnote.expression = "now || note"\n')
    sync(tmp_path)
    first = duck.rows(tmp_path / "copy.duckdb", "SELECT CAST(COLUMNS(*) AS VARCHAR) FROM log ORDER BY id")
    sync(tmp_path)
    assert duck.rows(tmp_path / "copy.duckdb", "SELECT CAST(COLUMNS(*) AS VARCHAR) FROM log ORDER BY id") == first
    assert duck.rows(tmp_path / "copy.duckdb", "SELECT count(*) FROM users") == [(3,)]
    # What is told apart by, is.
    db.run("UPDATE users SET now = 7 WHERE id = 1; INSERT INTO log VALUES (4, 'e', 'n', 4)")
    sync(tmp_path)
    assert duck.rows(tmp_path / "copy.duckdb", "SELECT note FROM users WHERE id = 1 ORDER BY valid_from") == [("1n",), ("7n",)]
    assert duck.rows(tmp_path / "copy.duckdb", "SELECT count(*) FROM users") == [(4,)]
    assert duck.rows(tmp_path / "copy.duckdb", "SELECT count(*) FROM log") == [(4,)]
