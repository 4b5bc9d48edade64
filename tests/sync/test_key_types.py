"""Keys that Postgres calls equal although they look different: one row stays one row, by every strategy, whatever its key's form."""

import pytest

from support.program import configure, pg2duck, sync
from support.targets import duckdb_file as duck
from support.values.equal_keys import SETUP, STRATEGIES, change, check, content, make, project, tables_of

@pytest.fixture
def unicode_db(cluster):
    """A database whose letters have two cases beyond ASCII."""
    database = cluster.create_database("TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'")
    database.run(SETUP)
    yield database
    database.drop()


def test_a_key_in_another_form_is_the_same_key(unicode_db, tmp_path):
    tables = {table: forms for strategy in STRATEGIES for table, forms in tables_of(strategy).items()}
    make(unicode_db, tables)
    configure(tmp_path, unicode_db, project(tables))
    rows = lambda sql: duck.rows(tmp_path / "copy.duckdb", sql)
    sync(tmp_path)
    change(unicode_db, tables)
    for options in ([], ["--reconcile"]):
        sync(tmp_path, *options)
        check(rows, tables, "new")
    for table, (kind, _, again, _) in tables.items():  # the form that is there now, too
        if not table.startswith(("insert", "marked", "versions")) and kind in ("citext", "jsonb", "work_mail"):
            (form,) = unicode_db.run(f"SELECT {again}::{kind}::text")
            assert form in duck.rows(tmp_path / "copy.duckdb", f"SELECT k::VARCHAR FROM {table}"), table


def test_reconcile_fetches_what_is_missed_and_deletes_what_is_gone_by_any_form_of_a_key(unicode_db, tmp_path):
    tables = tables_of("upsert")
    make(unicode_db, tables)
    for table in tables:
        unicode_db.run(f"UPDATE {table} SET u = 9 WHERE v = 'other'")
    configure(tmp_path, unicode_db, project(tables))
    sync(tmp_path)
    for table, (kind, _, again, _) in tables.items():  # beside the cursor
        unicode_db.run(f"UPDATE {table} SET k = {again}::{kind}, v = 'unseen' WHERE v = 'old'; DELETE FROM {table} WHERE v = 'other'")
    sync(tmp_path, "--reconcile")
    for table in tables:
        assert (table, content(lambda sql: duck.rows(tmp_path / "copy.duckdb", sql), table)) == (table, [("old",)])


def test_a_key_twice_in_two_forms_is_refused(unicode_db, tmp_path):
    unicode_db.run("CREATE TABLE t (k citext, u int); INSERT INTO t VALUES ('Ä', 1), ('ä', 2)")
    configure(tmp_path, unicode_db, '[table.t]\nmode = "merge"\nkey = ["k"]\n')
    pg2duck("sync", cwd=tmp_path).expect_error(2, "key (k) is not unique: 1 of its values")


def test_keys_of_which_only_postgres_knows_which_are_equal_are_refused(unicode_db, tmp_path):
    unicode_db.run("CREATE COLLATION anycase (provider = icu, locale = 'und-u-ks-level2', deterministic = false);"
                   "CREATE TYPE named AS (n text COLLATE anycase); CREATE TYPE names AS RANGE (subtype = text, collation = anycase);"
                   "CREATE DOMAIN any_text AS text COLLATE anycase;"
                   "CREATE TABLE t (a text COLLATE anycase, b named, c names, d any_text, e cube, f float8, g interval, h numeric(50,2), i seg[])")
    for column, why in (("a", "its collation is not deterministic"), ("b", "its collation is not deterministic"),
                        ("c", "its collation is not deterministic"), ("d", "its collation is not deterministic"),
                        ("e", "its type cube does not say whether"), ("i", "its type seg does not say whether"),
                        ("f=varchar", "its type float8 calls values equal whose texts differ"), ("g=varchar", "its type interval calls"),
                        ("h=double", "it is cast to DOUBLE, which may make one value of several")):
        configure(tmp_path, unicode_db, f'[table.t]\nmode = "merge"\nkey = ["{column[0]}"]\n')
        rule = ["--column", f"public.t.{column}"] if "=" in column else []
        pg2duck("plan", *rule, cwd=tmp_path).expect_error(2, f"table public.t: rows cannot be told apart by {column[0]}: {why}").expect_hint(
            "name other columns in key", 'mode = "replace"')


def test_citext_is_refused_where_letters_have_no_lower_case_of_their_own(cluster, tmp_path):
    database = cluster.create_database("TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C' LOCALE_PROVIDER icu ICU_LOCALE 'und'")
    database.run("CREATE EXTENSION citext; CREATE TABLE t (k citext PRIMARY KEY)")
    configure(tmp_path, database, '[table.t]\nmode = "merge"\n')
    pg2duck("plan", cwd=tmp_path).expect_error(2, "rows cannot be told apart by k", "not made letter by letter in this database")
    database.drop()
