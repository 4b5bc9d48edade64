"""Tables of every shape arrive whole."""

import pytest

from support.program import copy, copy_well
from support.targets import duckdb_file as duck


def test_an_empty_table_has_its_columns_and_no_rows(db, target):
    db.run("CREATE TABLE t (id bigint NOT NULL, name text)")
    result = copy_well(db, target)
    assert duck.column_types(target, "t") == {"id": "BIGINT", "name": "VARCHAR"}
    assert duck.value(target, "SELECT count(*) FROM t") == 0
    assert (result.table("t")["source_rows"], result.table("t")["target_rows"]) == (0, 0)


def test_a_table_that_was_never_analysed_is_copied_whole(db, target):
    db.run("CREATE TABLE t WITH (autovacuum_enabled = false) AS SELECT i AS id, repeat('x', 100) AS v "
           "FROM generate_series(1, 50000) i")
    assert db.value("SELECT relpages FROM pg_class WHERE relname = 't'") == 0
    copy_well(db, target)
    assert duck.rows(target, "SELECT count(*), count(DISTINCT id), sum(id) FROM t") == [(50000, 50000, 1250025000)]


def test_a_table_whose_statistics_are_stale_is_copied_whole(db, target):
    db.run("CREATE TABLE t WITH (autovacuum_enabled = false) AS SELECT 1 AS id; ANALYZE t; "
           "INSERT INTO t SELECT generate_series(2, 60000)")
    copy_well(db, target)
    assert duck.value(target, "SELECT count(DISTINCT id) FROM t") == 60000


def test_dead_rows_are_not_copied(db, target):
    db.run("CREATE TABLE t AS SELECT generate_series(1, 10000) AS id; DELETE FROM t WHERE id % 2 = 0; "
           "UPDATE t SET id = id + 100000 WHERE id % 3 = 0")
    expected = db.run("SELECT count(*), sum(id)::bigint FROM t")
    copy_well(db, target)
    assert duck.rows(target, "SELECT count(*), sum(id)::BIGINT FROM t") == expected


def test_a_table_without_columns_keeps_its_number_of_rows(db, target):
    db.run("CREATE TABLE t (); INSERT INTO t SELECT FROM generate_series(1, 3000)")
    result = copy_well(db, target)
    assert duck.rows(target, "SELECT count(*), count(_pg2duck_no_columns) FROM t") == [(3000, 0)]
    assert list(duck.column_types(target, "t")) == ["_pg2duck_no_columns"]
    assert any("no columns" in warning for warning in result.table("t")["warnings"])
    assert "_pg2duck_no_columns" in copy(db, target).expect(0).out


def test_1600_columns(db, target):
    columns = [f"c{i}" for i in range(1600)]
    db.run(f"CREATE TABLE t ({', '.join(c + ' int' for c in columns)}); INSERT INTO t SELECT "
           f"{', '.join('i + ' + c[1:] if int(c[1:]) % 7 else 'NULL' for c in columns)} FROM generate_series(1, 300) i")
    copy_well(db, target)
    assert list(duck.column_types(target, "t")) == columns
    assert sorted(duck.rows(target, "SELECT * FROM t")) == db.run("SELECT * FROM t ORDER BY c1")


def test_dropped_columns_are_not_there(db, target):
    db.run("CREATE TABLE t (a int, b text, c int); INSERT INTO t VALUES (1, 'gone', 3); ALTER TABLE t DROP COLUMN b; "
           "ALTER TABLE t ADD COLUMN d text DEFAULT 'new'")
    copy_well(db, target)
    assert duck.rows(target, "SELECT * FROM t") == [(1, 3, "new")]
    assert list(duck.column_types(target, "t")) == ["a", "c", "d"]


def test_generated_and_identity_columns_are_copied_as_values(db, target):
    db.run("CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY, a int, "
           "doubled int GENERATED ALWAYS AS (a * 2) STORED); INSERT INTO t (a) SELECT generate_series(1, 1000)")
    copy_well(db, target)
    assert sorted(duck.rows(target, "SELECT id, a, doubled FROM t")) == db.run("SELECT * FROM t ORDER BY id")


def test_an_unlogged_table_is_copied(db, target):
    db.run("CREATE UNLOGGED TABLE t AS SELECT generate_series(1, 100) AS id")
    copy_well(db, target)
    assert duck.value(target, "SELECT sum(id) FROM t") == 5050


def test_a_temporary_table_of_somebody_else_is_left_out(db, target):
    db.run("CREATE TABLE t (id int)")
    other = db.connect()
    other.cursor().execute("CREATE TEMPORARY TABLE theirs (id int)")
    copy_well(db, target)
    assert duck.tables(target) == {"main.t"}
    other.close()


def test_a_partitioned_table_is_one_table(db, target):
    db.run("""CREATE TABLE sales (id int, region text, amount int) PARTITION BY LIST (region);
        CREATE TABLE sales_eu PARTITION OF sales FOR VALUES IN ('eu') PARTITION BY RANGE (id);
        CREATE TABLE sales_eu_low PARTITION OF sales_eu FOR VALUES FROM (0) TO (500);
        -- A partition with another order of columns, and a dropped one.
        CREATE TABLE sales_eu_high (gone int, amount int, region text, id int);
        ALTER TABLE sales_eu_high DROP COLUMN gone;
        ALTER TABLE sales_eu ATTACH PARTITION sales_eu_high FOR VALUES FROM (500) TO (100000);
        CREATE TABLE sales_us PARTITION OF sales FOR VALUES IN ('us');
        CREATE TABLE sales_rest PARTITION OF sales DEFAULT;
        INSERT INTO sales SELECT i, (ARRAY['eu', 'us', 'jp', NULL])[i % 4 + 1], i * 7
            FROM generate_series(1, 20000) i""")
    result = copy_well(db, target)
    assert duck.tables(target) == {"main.sales"}
    order = "ORDER BY id"
    assert duck.rows(target, f"SELECT * FROM sales {order}") == db.run(f"SELECT * FROM sales {order}")
    assert result.table("sales")["source_rows"] == 20000


def test_a_partitioned_table_without_partitions_is_empty(db, target):
    db.run("CREATE TABLE sales (id int) PARTITION BY RANGE (id)")
    copy_well(db, target)
    assert duck.value(target, "SELECT count(*) FROM sales") == 0


def test_a_partition_is_copied_alone_when_it_is_named(db, target):
    db.run("CREATE TABLE sales (id int) PARTITION BY RANGE (id); "
           "CREATE TABLE low PARTITION OF sales FOR VALUES FROM (0) TO (10); "
           "CREATE TABLE high PARTITION OF sales FOR VALUES FROM (10) TO (20); "
           "INSERT INTO sales SELECT generate_series(0, 19)")
    copy_well(db, target, "--tables", "low")
    assert duck.tables(target) == {"main.low"}
    assert duck.value(target, "SELECT count(*) FROM low") == 10


def test_an_inherited_parent_equals_select_star_from_it(db, target):
    db.run("CREATE TABLE parent (id int, v text); CREATE TABLE child (extra int) INHERITS (parent); "
           "CREATE TABLE grandchild () INHERITS (child); INSERT INTO parent VALUES (1, 'parent'); "
           "INSERT INTO child VALUES (2, 'child', 20); INSERT INTO grandchild VALUES (3, 'grandchild', 30)")
    copy_well(db, target)
    for table in ("parent", "child", "grandchild"):
        assert duck.rows(target, f"SELECT * FROM {table} ORDER BY id") == db.run(f"SELECT * FROM {table} ORDER BY id")


def test_views_come_by_name_or_with_views(db, tmp_path):
    db.run("CREATE TABLE t AS SELECT generate_series(1, 10) AS id; CREATE VIEW evens AS SELECT id FROM t "
           "WHERE id % 2 = 0; CREATE MATERIALIZED VIEW odds AS SELECT id FROM t WHERE id % 2 = 1")
    copy_well(db, tmp_path / "default.duckdb")
    assert duck.tables(tmp_path / "default.duckdb") == {"main.t"}
    copy_well(db, tmp_path / "named.duckdb", "--tables", "evens,odds")
    assert duck.rows(tmp_path / "named.duckdb", "SELECT (SELECT sum(id) FROM evens), (SELECT sum(id) FROM odds)") == [
        (30, 25)]
    copy_well(db, tmp_path / "views.duckdb", "--views")
    assert duck.tables(tmp_path / "views.duckdb") == {"main.t", "main.evens", "main.odds"}
    copy_well(db, tmp_path / "pattern.duckdb", "--views", "--tables", "public.e*")
    assert duck.tables(tmp_path / "pattern.duckdb") == {"main.evens"}


def test_a_pattern_that_matches_only_views_says_how_to_take_them(db, target):
    db.run("CREATE TABLE t (id int); CREATE VIEW report_a AS SELECT 1 AS x")
    copy(db, target, "--tables", "report_*").expect_error(2, "report_*").expect_hint("--views")


def test_a_materialized_view_without_data_is_an_error_that_names_it(db, target):
    db.run("CREATE MATERIALIZED VIEW m AS SELECT 1 AS x WITH NO DATA")
    copy(db, target, "--tables", "m").expect_error(1, "m", "populated")


@pytest.fixture
def with_foreign_table(db):
    db.run(f"""CREATE EXTENSION postgres_fdw; CREATE TABLE t AS SELECT generate_series(1, 500) AS id;
        CREATE SERVER itself FOREIGN DATA WRAPPER postgres_fdw
            OPTIONS (host '127.0.0.1', port '{db.cluster.port}', dbname '{db.name}');
        CREATE USER MAPPING FOR postgres SERVER itself OPTIONS (user 'postgres');
        CREATE FOREIGN TABLE far (id int) SERVER itself OPTIONS (table_name 't')""")
    return db


def test_a_foreign_table_is_left_out_unless_named(with_foreign_table, target, tmp_path):
    copy_well(with_foreign_table, target)
    assert duck.tables(target) == {"main.t"}
    result = copy_well(with_foreign_table, tmp_path / "named.duckdb", "--tables", "far")
    assert duck.value(tmp_path / "named.duckdb", "SELECT sum(id) FROM far") == 125250
    assert any("snapshot" in warning for warning in result.table("far")["warnings"])


def test_tables_of_an_extension_are_left_out_unless_named(db, target, tmp_path):
    db.run("CREATE EXTENSION earthdistance CASCADE; CREATE TABLE t (id int); CREATE TABLE owned (id int); "
           "INSERT INTO owned VALUES (1); ALTER EXTENSION cube ADD TABLE owned")
    copy_well(db, target)
    assert duck.tables(target) == {"main.t"}
    copy_well(db, tmp_path / "named.duckdb", "--tables", "public.owned")
    assert duck.tables(tmp_path / "named.duckdb") == {"main.owned"}


def test_a_system_table_is_copied_when_named_with_its_schema(db, target):
    db.run("CREATE TABLE t (id int)")
    copy_well(db, target, "--tables", "pg_catalog.pg_namespace", "--dataset", "catalog")
    assert set(duck.rows(target, "SELECT nspname FROM catalog.pg_namespace")) == set(
        db.run("SELECT nspname FROM pg_namespace"))


def test_a_database_without_tables_says_so(db, target):
    copy(db, target).expect_error(2, "no table")
    assert not target.exists() or duck.tables(target) == set()
