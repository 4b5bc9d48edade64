"""A dlt project as it is: the two files of MotherDuck's guide, and what is said about keys that do nothing."""

import json
import pathlib
import shutil

import pytest

from support.dlt_project import PASSWORD, make_project
from support.program import pg2duck
from support.targets import duckdb_file as duck

TABLES = ["customer", "item", "web_site"]


@pytest.fixture(scope="module")
def shop(cluster):
    database = cluster.create_database()
    database.run("CREATE SCHEMA my_pg; CREATE TABLE my_pg.customer (id int PRIMARY KEY, name text); "
                 "INSERT INTO my_pg.customer SELECT n, 'n' || n FROM generate_series(1, 50) n; "
                 "CREATE TABLE my_pg.item (id int); INSERT INTO my_pg.item VALUES (1), (2); "
                 "CREATE TABLE my_pg.web_site (id int); CREATE TABLE public.customer (other int)")
    yield database
    database.drop()


@pytest.fixture
def project(tmp_path, shop):
    return make_project(tmp_path, shop)


def only(project: pathlib.Path, tables: list[str]) -> None:
    config = project / ".dlt/config.toml"
    text = config.read_text()
    start = text.index("tables = [")
    config.write_text(text[:start] + f"tables = {json.dumps(tables)}\n" + text[text.index("]\n", start) + 2:])


def explained(project, *options, env=None) -> dict:
    result = pg2duck("explain-config", "--json", *options, cwd=project, env=env).expect(0)
    assert PASSWORD not in result.out + result.err and "your_motherduck_token" not in result.out + result.err
    return {entry["name"]: (entry["value"], entry["from"]) for entry in json.loads(result.out)["settings"]}


def test_the_tables_of_the_guide_in_its_dataset(project):
    only(project, TABLES)
    result = pg2duck("sync", "--target", "shop.duckdb", "--json", cwd=project).expect(0)
    assert duck.tables(project / "shop.duckdb") == {f"pg2md_data.{table}" for table in TABLES}
    assert duck.column_types(project / "shop.duckdb", "customer", "pg2md_data") == {"id": "INTEGER", "name": "VARCHAR"}
    assert duck.value(project / "shop.duckdb", "SELECT count(*) FROM pg2md_data.customer") == 50
    assert duck.last_sync_time(project / "shop.duckdb", "pg2md_data")
    # Nothing of the guide is amiss, so nothing is said about it.
    assert "not used" not in result.err and "not known" not in result.err
    pg2duck("plan", "--target", "shop.duckdb", cwd=project).expect(0)


def test_every_key_of_the_guide_is_explained(project):
    found = explained(project, "--target", "shop.duckdb", "--dataset", "other", env={"EXTRACT__WORKERS": "3"})
    assert found["sources.sql_database.credentials.password"] == ("***", ".dlt/secrets.toml:6")
    assert found["sources.sql_database.schema"] == ("my_pg", ".dlt/config.toml:6")
    assert found["tables"][0].count(",") == 23
    assert found["jobs"] == ("3", "EXTRACT__WORKERS: workers")
    assert found["dataset"] == ("other", "--dataset")
    for name in ("runtime.log_level", "runtime.dlthub_telemetry", "data_writer.format", "normalize.workers",
                 "load.workers", "destination.motherduck.batch_size"):
        assert found[name][1].startswith(".dlt/config.toml:"), name
    # Six connections: five read, one holds the snapshot.
    assert explained(project, "--target", "shop.duckdb")["jobs"][0] == "5"


def test_what_stands_in_the_way_of_a_newcomer(project):
    only(project, [])
    pg2duck("sync", "--target", "a.duckdb", cwd=project).expect_error(
        2, "no tables configured", "sources.sql_database.tables")
    config = project / ".dlt/config.toml"
    config.write_text(config.read_text().replace("tables = ", "tabels = "))
    pg2duck("sync", "--target", "a.duckdb", cwd=project).expect_error(2, "no tables configured").expect_hint(
        "sources.sql_database.tabels is not known", "did you mean tables?")
    config.write_text(config.read_text().replace("tabels = ", "tables = "))
    only(project, ["custmer"])
    pg2duck("sync", "--target", "a.duckdb", cwd=project).expect_error(2, "no table matches", "my_pg.customer")
    only(project, TABLES)
    # A list of tables does not make every line as long as it is.
    shown = pg2duck("explain-config", "--target", "a.duckdb", cwd=project).expect(0).out
    assert max(map(len, shown.splitlines())) < 200 and all(f'"{table}"' in shown for table in TABLES)
    (project / ".dlt/config.toml").write_text((project / ".dlt/config.toml").read_text() +
                                              "\n[extrct]\nworkers = 3\n[load.x]\ny = 1\n")
    shutil.copy(project / ".dlt/secrets.toml", project / "secrets")
    (project / ".dlt/secrets.toml").chmod(0o644)
    done = pg2duck("sync", "--target", "a.duckdb", cwd=project).expect(0)
    assert "extrct.workers is not known and has no effect; did you mean extract?" in done.err
    assert "chmod 600 '.dlt/secrets.toml'" in done.err
    (project / ".dlt/secrets.toml").unlink()
    pg2duck("sync", "--target", "a.duckdb", cwd=project).expect_error(
        2, "no credentials for Postgres", "SOURCES__SQL_DATABASE__CREDENTIALS")
    # A file of our own goes before a dlt project, and says so.
    (project / "pg2duck.toml").write_text("target = \"b.duckdb\"\n")
    assert "the dlt project in .dlt is not" in pg2duck("explain-config", cwd=project).expect(0).out


def test_the_environment_and_urls(project, shop):
    only(project, ["nothing"])
    env = {"SOURCES__SQL_DATABASE__CREDENTIALS": shop.uri(password=PASSWORD), "SOURCES__SQL_DATABASE__TABLES": '["item"]'}
    pg2duck("sync", "--target", "a.duckdb", cwd=project, env=env).expect(0)
    assert duck.tables(project / "a.duckdb") == {"pg2md_data.item"}
    # The pipeline's own keys go before the environment.
    with open(project / ".dlt/secrets.toml", "a", encoding="utf-8") as file:
        file.write("\n[pg2md.sources.sql_database]\nschema = \"public\"\n[mine.sources.sql_database]\nschema = \"my_pg\"\n")
    env = {"SOURCES__SQL_DATABASE__TABLES": '["customer"]', "SOURCES__SQL_DATABASE__SCHEMA": "nowhere"}
    pg2duck("sync", "--target", "b.duckdb", cwd=project, env=env).expect(0)
    assert duck.column_types(project / "b.duckdb", "customer", "pg2md_data") == {"other": "INTEGER"}
    pg2duck("sync", "--target", "c.duckdb", "--pipeline", "mine", cwd=project, env=env).expect(0)
    assert duck.value(project / "c.duckdb", "SELECT count(*) FROM pg2md_data.customer") == 50


def test_an_append_of_all_rows_and_a_section_of_no_table_are_told(project):
    only(project, ["customer"])
    with (project / ".dlt/config.toml").open("a") as config:
        config.write('\n[sources.sql_database.customer]\nwrite_disposition = "append"\n'
                     '[sources.sql_database.custmer]\nwrite_disposition = "merge"\n')
    for rows in (50, 100):
        result = pg2duck("sync", "--target", "shop.duckdb", "--json", cwd=project).expect(0)
        assert duck.value(project / "shop.duckdb", "SELECT count(*) FROM pg2md_data.customer") == rows
        [warning] = json.loads(result.out)["tables"][0]["warnings"]
        assert "an append without a cursor adds all rows" in warning and "incremental.cursor_path" in warning
        assert "sources.sql_database.custmer has no effect: tables names no such table; did you mean customer?" in result.err
