"""The 24 tables of TPC-DS: checksums that Postgres and DuckDB compute, each with its own SQL, agree."""

import shutil
import subprocess
import sys

import duckdb
import pytest

from support.dlt_project import make_project
from support.program import copy_well, pg2duck
from support.servers.cluster import clean_environment
from support.setting import ROOT
from support.targets import duckdb_file as duck

sys.path.insert(0, str(ROOT / "scripts"))

from tpcds_to_postgres import PRIMARY_KEYS  # noqa: E402

SCRIPT = ROOT / "scripts/tpcds_to_postgres.py"
SCHEMA = "my_pg"
TABLES = sorted(PRIMARY_KEYS)
# 60 bits of the MD5 of each text, added up: the order of the rows does not matter, every value does. Both sides print
# integers, decimals, dates and text alike; char(n) loses its padding in Postgres's cast to text, and in the copy.
IN_POSTGRES = "sum(('x' || md5({}))::bit(60)::bigint)::text"
IN_DUCKDB = "sum(('0x' || substr(md5({}), 1, 15))::BIGINT)::VARCHAR"
WHOLE_ROW = "all columns of a row"


def checksums(run, table: str, columns: list[str], form: str) -> dict[str, tuple]:
    """Rows; for each column its values that are not NULL and their checksum; a checksum of whole rows."""
    text = {column: f'"{column}"::varchar' for column in columns}
    text[WHOLE_ROW] = " || '|' || ".join(f"coalesce({text[column]}, 'NULL')" for column in columns)
    sql = ", ".join(f"count({value}), {form.format(value)}" for value in text.values())
    row, = run(f"SELECT count(*), {sql} FROM {SCHEMA}.{table}")
    found = {"rows": row[0]}
    for number, name in enumerate(text):
        found[name] = tuple(row[1 + 2 * number:3 + 2 * number])
    return found


@pytest.fixture(scope="module")
def copied(cluster, tmp_path_factory):
    database = cluster.create_database()
    environment = {**clean_environment(), "PGHOST": "127.0.0.1", "PGPORT": str(cluster.port), "PGUSER": "postgres",
                   "PGDATABASE": database.name}
    subprocess.run([sys.executable, str(SCRIPT), "--schema", SCHEMA, "--scale", "0.01", "--quiet"], env=environment,
                   check=True)
    target = tmp_path_factory.mktemp("tpcds") / "tpcds.duckdb"
    result = copy_well(database, target, "--tables", f"{SCHEMA}.*")
    yield database, target, result
    database.drop()


@pytest.fixture(scope="module")
def columns(copied):
    """{table: names of its columns}, by Postgres."""
    found = copied[0].run("SELECT table_name, array_agg(column_name::text ORDER BY ordinal_position) "
                          f"FROM information_schema.columns WHERE table_schema = '{SCHEMA}' GROUP BY 1")
    return dict(found)


def test_all_24_tables_are_there_with_their_columns(copied, columns):
    _, target, result = copied
    assert len(TABLES) == 24 and sorted(columns) == TABLES
    assert duck.tables(target) == {f"{SCHEMA}.{table}" for table in TABLES}
    for table in TABLES:
        assert list(duck.column_types(target, table, SCHEMA)) == columns[table]
    assert {t["table"] for t in result.report["tables"] if t["status"] == "published"} == set(TABLES)


@pytest.mark.parametrize("table", TABLES)
def test_rows_and_the_checksum_of_every_column_agree(copied, columns, table):
    database, target, result = copied
    expected = checksums(database.run, table, columns[table], IN_POSTGRES)
    assert expected["rows"] > 0
    assert checksums(lambda sql: duck.rows(target, sql), table, columns[table], IN_DUCKDB) == expected
    assert result.table(f"{SCHEMA}.{table}")["rows"] == expected["rows"]


def test_the_dlt_project_of_the_guide_copies_the_same(copied, tmp_path):
    database, target, _ = copied
    project = make_project(tmp_path, database)
    pg2duck("sync", "--target", "guide.duckdb", cwd=project).expect(0)
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{target}' AS copied (READ_ONLY); ATTACH '{project / 'guide.duckdb'}' AS guide (READ_ONLY)")
        assert duck.tables(project / "guide.duckdb") == {f"pg2md_data.{table}" for table in TABLES}
        for table in TABLES:
            one, other = f"(FROM copied.{SCHEMA}.{table})", f"(FROM guide.pg2md_data.{table})"
            assert connection.execute(f"SELECT (SELECT count(*) FROM ({one} EXCEPT ALL {other})), "
                                      f"(SELECT count(*) FROM ({other} EXCEPT ALL {one})), "
                                      f"(SELECT count(*) > 0 FROM {other})").fetchone() == (0, 0, True), table


# Wrong in one value, in a NULL, in the last digit of a decimal, in a blank, by a day, in a row too few, in two values
# that changed places.
@pytest.mark.parametrize("table, spoil, differs", [
    ("web_returns", "UPDATE {t} SET wr_return_quantity = wr_return_quantity + 1 WHERE {one}",
     {"wr_return_quantity", WHOLE_ROW}),
    ("web_returns", "UPDATE {t} SET wr_return_quantity = NULL WHERE {one}", {"wr_return_quantity", WHOLE_ROW}),
    ("web_returns", "UPDATE {t} SET wr_return_amt = wr_return_amt + 0.01 WHERE {one}", {"wr_return_amt", WHOLE_ROW}),
    ("customer", "UPDATE {t} SET c_login = concat(c_login, ' ') WHERE {one}", {"c_login", WHOLE_ROW}),
    ("item", "UPDATE {t} SET i_rec_start_date = i_rec_start_date + 1 WHERE {one}", {"i_rec_start_date", WHOLE_ROW}),
    ("reason", "DELETE FROM {t} WHERE {one}", {"rows", "r_reason_sk", "r_reason_id", "r_reason_desc", WHOLE_ROW}),
    ("item", "UPDATE {t} SET i_item_id = (SELECT i_item_id FROM {t} o WHERE o.i_item_sk = 5 - {t}.i_item_sk) "
     "WHERE i_item_sk IN (1, 4)", {WHOLE_ROW}),
], ids=["value", "NULL", "last digit", "blank", "date", "row", "two values exchanged"])
def test_a_wrong_copy_is_noticed(copied, columns, tmp_path, table, spoil, differs):
    database, target, _ = copied
    wrong = tmp_path / "wrong.duckdb"
    shutil.copy(target, wrong)
    with duckdb.connect(str(wrong)) as connection:
        connection.execute(f"USE {SCHEMA}")
        changed = connection.execute(spoil.format(t=table, one=f"rowid = (SELECT min(rowid) FROM {table})"))
        assert changed.fetchone()[0] in (1, 2)
    expected = checksums(database.run, table, columns[table], IN_POSTGRES)
    got = checksums(lambda sql: duck.rows(wrong, sql), table, columns[table], IN_DUCKDB)
    assert {name for name in expected if got[name] != expected[name]} == differs
