"""pg2duck.toml: init writes one, plan shows it, sync carries it out, explain-config tells where each value comes from."""

import json
import re

import pytest

from support.program import configure, pg2duck
from support.targets import duckdb_file as duck

PASSWORD = "correct-horse-battery"


@pytest.fixture(scope="module")
def shop(cluster):
    database = cluster.create_database()
    database.run("CREATE TABLE orders (id int PRIMARY KEY, total numeric, note text); "
                 "INSERT INTO orders SELECT n, n * 1.5, 'n' || n FROM generate_series(1, 50) n; "
                 "CREATE TABLE customers (id int PRIMARY KEY, name text, nan numeric(4,1)); "
                 "INSERT INTO customers VALUES (1, 'a', 'NaN'), (2, 'b', 1); "
                 "CREATE SCHEMA sales; CREATE TABLE sales.\"Odd Name\" (x int)")
    yield database
    database.drop()


def settings(directory, *options, env=None) -> dict:
    result = pg2duck("explain-config", "--json", *options, cwd=directory, env=env).expect(0)
    return {entry["name"]: (entry["value"], entry["from"]) for entry in json.loads(result.out)["settings"]}


def test_what_init_writes_is_what_sync_copies(shop, tmp_path):
    env = {"PGPASSWORD": PASSWORD}
    uri = shop.uri(password=PASSWORD)
    written = pg2duck("init", uri, "shop.duckdb", "--exclude", "sales.*", cwd=tmp_path).expect(0)
    assert PASSWORD not in (tmp_path / "pg2duck.toml").read_text() + written.out + written.err
    pg2duck("init", uri, "shop.duckdb", cwd=tmp_path).expect_error(2, "pg2duck.toml is there already", "--force")
    assert pg2duck("init", uri, "shop.duckdb", "--exclude", "sales.*", "--output", "-", cwd=tmp_path).out == (
        tmp_path / "pg2duck.toml").read_text()

    pg2duck("sync", cwd=tmp_path).expect_error(2, "PGPASSWORD is not set")
    planned = pg2duck("plan", "--json", cwd=tmp_path, env=env).expect(0).report
    assert {entry["table"] for entry in planned["plan"]} == {"orders", "customers"}
    assert not (tmp_path / "shop.duckdb").exists()
    # NaN has no place in DECIMAL(4,1): the file's setting is needed, uncommented as a user would.
    pg2duck("sync", cwd=tmp_path, env=env).expect_error(1, "customers", "nan", "NaN")
    text = (tmp_path / "pg2duck.toml").read_text()
    text = re.sub(r'^# (unrepresentable = "null")', r"\1", text, flags=re.MULTILINE)
    (tmp_path / "pg2duck.toml").write_text(text)
    pg2duck("sync", cwd=tmp_path, env=env).expect(0)
    assert duck.tables(tmp_path / "shop.duckdb") == {"main.orders", "main.customers"}
    assert duck.rows(tmp_path / "shop.duckdb", "SELECT nan FROM customers ORDER BY id") == [(None,), (1,)]


def test_sections_patterns_and_what_overrides_them(shop, tmp_path):
    password = tmp_path / "password"
    password.write_text(PASSWORD + "\n")
    password.chmod(0o600)
    (tmp_path / "elsewhere.toml").write_text(f"""
target = "shop.duckdb"
tables = ["public.*"]
dataset = "${{DATASET}}"
jobs = 1

[source]
url = "{shop.uri()}"
password_file = "password"

[table."*"]
primary_keys = true

[table.customers]
unrepresentable = "text"

[table."public.orders"]
primary_keys = false
where = "id <= 10"
columns.total = "decimal(10,2)"
columns.note = "exclude"
""")
    env = {"DATASET": "replica", "PG2DUCK_JOBS": "2"}
    config = ("--config", tmp_path / "elsewhere.toml")
    # From another directory: what the file names is beside it.
    away = tmp_path / "away"
    away.mkdir()
    pg2duck("sync", *config, cwd=away, env=env).expect(0)
    target = tmp_path / "shop.duckdb"
    assert duck.column_types(target, "orders", "replica") == {"id": "INTEGER", "total": "DECIMAL(10,2)"}
    assert duck.value(target, "SELECT count(*) FROM replica.orders") == 10
    assert duck.value(target, "SELECT nan__text FROM replica.customers WHERE id = 1") == "NaN"
    keys = "SELECT table_name FROM duckdb_constraints() WHERE constraint_type = 'PRIMARY KEY' AND NOT starts_with(schema_name, '_')"
    assert duck.rows(target, keys) == [("customers",)]

    # What the command line or a variable says for all goes over the sections.
    over = {**env, "PG2DUCK_UNREPRESENTABLE": "null", "PG2DUCK_READ": "copy"}
    pg2duck("sync", *config, "--no-primary-keys", cwd=away, env=over).expect(0)
    assert duck.rows(target, keys) == []
    assert duck.rows(target, "SELECT nan FROM replica.customers ORDER BY id") == [(None,), (1,)]
    assert "nan__text" not in duck.column_types(target, "customers", "replica")
    found = settings(away, *config, "--no-primary-keys", env=over)
    assert found["unrepresentable"] == ("null", "PG2DUCK_UNREPRESENTABLE")
    assert not any("primary_keys" in name and "[" in name for name in found) and ".*=unrepresentable" not in str(found)
    found = settings(away, *config, "--tables", "customers", "--no-primary-keys", env=env)
    assert found["jobs"] == ("2", "PG2DUCK_JOBS")
    assert found["tables"] == ("customers", "--tables")
    assert found["primary_keys"] == ("false", "--no-primary-keys")
    assert found["dataset"] == ("replica", f"{tmp_path}/elsewhere.toml:4")
    assert found["source.password_file"] == ("***", f"{tmp_path}/elsewhere.toml:9")
    assert found["compression"] == ("auto", "default")
    # The rules for orders do not stand in the way of a run without it; a mistyped one stands in the way of every run.
    pg2duck("sync", *config, "--tables", "customers", cwd=away, env=env).expect(0)
    text = (tmp_path / "elsewhere.toml").read_text()
    (tmp_path / "elsewhere.toml").write_text(text.replace("public.orders\"]", "public.order\"]"))
    pg2duck("sync", *config, cwd=away, env=env).expect_error(2, "public.order")

    password.chmod(0o644)
    pg2duck("sync", *config, cwd=away, env=env).expect_error(2, "elsewhere.toml:9:1", "mode 0644", f"chmod 600 '{password}'")


def test_messages_for_newcomers(tmp_path):
    pg2duck("sync", cwd=tmp_path).expect_error(2, "there is no pg2duck.toml", "pg2duck init SOURCE TARGET")
    (tmp_path / "pg2duck.toml").write_text("source = \"service=shop\"\n")
    pg2duck("sync", cwd=tmp_path).expect_error(2, "no target", "--target")
    (tmp_path / "pg2duck.toml").write_text("target = \"a.duckdb\"\nmax-rate = \"1MB\"\n")
    pg2duck("sync", cwd=tmp_path).expect_error(2, "pg2duck.toml:2:1: unknown key max-rate", "did you mean max_rate?")
    (tmp_path / "pg2duck.toml").write_text(f"target = \"a.duckdb\"\nsource = \"postgresql://me:{PASSWORD}@db/shop\"\n")
    (tmp_path / "pg2duck.toml").chmod(0o644)
    refused = pg2duck("sync", cwd=tmp_path).expect_error(2, "pg2duck.toml:2:1", "others can read it", "chmod 600")
    assert PASSWORD not in refused.err
    (tmp_path / "pg2duck.toml").chmod(0o600)
    assert settings(tmp_path)["source"] == ("postgresql://me:***@db/shop", "pg2duck.toml:2")


@pytest.mark.parametrize("section, texts", [
    ('[table.ordrs]\nmode = "append"', ('[table."ordrs"] matches none', "did you mean public.orders")),
    ('[table.orders]\ncolumns.totl = "varchar"', ("orders.totl", "nearest: orders.total")),
], ids=["table", "column"])
def test_what_is_misspelt_in_a_section_gets_the_nearest_name(shop, tmp_path, section, texts):
    configure(tmp_path, shop, section)
    pg2duck("plan", cwd=tmp_path).expect_error(2, *texts)
