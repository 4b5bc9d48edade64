"""--compression: the values are the same whichever it is, the file is about as small as DuckDB makes it, and a repeated run
goes by what DuckDB chose before. --storage-version, on which the methods depend."""

import duckdb
import pytest

from support.program import copy, copy_well
from support.targets import duckdb_file as duck

ROWS = 150_000
# A table of every kind of column that is told how to be compressed, or must not be.
SHAPES = f"""
    CREATE TABLE shapes AS
    SELECT i AS id, 'value ' || i % 7 AS few, md5(i::text) AS hash, ('name ' || i % 5000)::varchar(20) AS some,
           CASE WHEN i % 50 = 0 THEN 'note ' || i END AS mostly_null, NULL::text AS null_only,
           jsonb_build_object('id', i, 'tags', ARRAY['a', 'b']) AS document, decode(md5(i::text), 'hex') AS bytes,
           (i % 1000)::numeric AS free, ARRAY['tag ' || i % 10] AS tags, i % 3 = 0 AS flag, i / 7.0::float8 AS ratio,
           CASE WHEN i % 100000 = 5 THEN repeat('long ', 4000) ELSE 'short ' || i END AS mixed
    FROM generate_series(1, {ROWS}) AS i"""
TEXT = ["few", "hash", "some", "mostly_null", "null_only", "document", "bytes", "mixed"]


@pytest.fixture(scope="module")
def database(cluster):
    database = cluster.create_database()
    database.run(SHAPES)
    database.run("ANALYZE shapes")
    yield database
    database.drop()


@pytest.fixture(scope="module")
def copies(database, tmp_path_factory):
    """{mode: (file, both runs)}: copied twice in each mode."""
    directory = tmp_path_factory.mktemp("compression")
    made = {}
    for mode in ("duckdb", "auto", "fast"):
        path = directory / f"{mode}.duckdb"
        made[mode] = path, [copy_well(database, path, "--compression", mode) for _ in range(2)]
    return made


def named(result, table: str = "shapes") -> dict[str, str]:
    """What the report says of columns that are told how to be compressed."""
    return {c["name"]: c["compression"] for c in result.table(table)["columns"] if c["compression"] != "duckdb"}


def methods(path, column: str, table: str = "shapes") -> set[str]:
    """How DuckDB has stored a column's segments. A short one at the end of a row group may be left as it is."""
    return {method for (method,) in duck.rows(path, f"SELECT DISTINCT compression FROM pragma_storage_info('{table}') "
                                                    f"WHERE column_name = '{column}' AND segment_type <> 'VALIDITY'")}


def block_bytes(path, table: str = "shapes") -> int:
    """What the table takes in the file: the file itself keeps room that tables before it have left."""
    return duck.value(path, f"SELECT count(DISTINCT block_id) FROM pragma_storage_info('{table}') WHERE block_id >= 0") * 2**18


@pytest.mark.parametrize("mode", ["auto", "fast"])
def test_values_are_the_same_whatever_the_compression(copies, mode):
    assert duck.fingerprint_of(copies[mode][0], "shapes") == duck.fingerprint_of(copies["duckdb"][0], "shapes")


def test_duckdb_names_nothing(copies):
    assert not any(named(run) for run in copies["duckdb"][1])


def test_auto_names_what_statistics_make_certain(copies):
    path, (first, _) = copies["auto"]
    assert named(first) == {"few": "dictionary", "hash": "fsst", "document": "fsst", "bytes": "fsst", "mixed": "fsst"}
    assert methods(path, "few") == {"Dictionary"} and methods(path, "hash") >= {"FSST"}
    # A value of 20,000 bytes stands in each row group, or in most of them: such a row group is not compressed by DuckDB either.
    assert methods(path, "mixed") <= {"FSST", "Uncompressed"}
    assert block_bytes(path) <= 1.15 * block_bytes(copies["duckdb"][0])


def test_auto_leaves_a_table_without_statistics_to_duckdb(db, target):
    db.run("CREATE TABLE fresh AS SELECT md5(i::text) AS hash FROM generate_series(1, 200000) AS i")
    assert not named(copy_well(db, target), "fresh")


def test_a_repeated_run_goes_by_what_duckdb_chose_before(db, target):
    db.run("CREATE TABLE fresh AS SELECT md5(i::text) AS hash, 'value ' || i % 7 AS few "
           "FROM generate_series(1, 200000) AS i")
    assert not named(copy_well(db, target, "--compression", "duckdb"), "fresh")
    plan, = copy(db, target, "--dry-run", "--json").expect(0).report["plan"]
    assert [c["compression"] for c in plan["columns"]] == ["fsst", "dictionary"]
    for _ in range(2):
        assert named(copy_well(db, target), "fresh") == {"hash": "fsst", "few": "dictionary"}
    assert not named(copy_well(db, target, "--compression", "duckdb"), "fresh")


def test_a_choice_that_has_become_wrong_is_left_to_duckdb_again(db, target):
    # Without autovacuum: its statistics would correct the choice, as the next test has it.
    db.run("CREATE TABLE fresh WITH (autovacuum_enabled = false) AS SELECT 'value ' || i % 7 AS v FROM generate_series(1, 200000) AS i")
    copy_well(db, target)
    db.run("UPDATE fresh SET v = md5(ctid::text)")
    # The dictionary of the run before is kept once, and seen to be bad.
    assert named(copy_well(db, target), "fresh") == {"v": "dictionary"}
    assert not named(copy_well(db, target), "fresh") and methods(target, "v", "fresh") >= {"FSST"}
    assert named(copy_well(db, target), "fresh") == {"v": "fsst"}


def test_statistics_correct_a_choice_that_has_become_wrong_at_once(db, target):
    db.run("CREATE TABLE fresh AS SELECT 'value ' || i % 7 AS v FROM generate_series(1, 200000) AS i")
    copy_well(db, target)
    db.run("UPDATE fresh SET v = md5(ctid::text)")
    db.run("ANALYZE fresh")
    assert not named(copy_well(db, target), "fresh") and methods(target, "v", "fresh") >= {"FSST"}


def test_what_fast_has_left_uncompressed_is_not_learned(db, target):
    db.run("CREATE TABLE fresh AS SELECT md5(i::text) AS hash FROM generate_series(1, 200000) AS i")
    assert named(copy_well(db, target, "--compression", "fast"), "fresh") == {"hash": "uncompressed"}
    assert methods(target, "hash", "fresh") == {"Uncompressed"}
    assert not named(copy_well(db, target), "fresh") and methods(target, "hash", "fresh") >= {"FSST"}


def test_fast_leaves_text_uncompressed_and_numbers_to_duckdb(copies):
    path, (first, _) = copies["fast"]
    assert set(named(first)) == set(TEXT)
    assert methods(path, "hash") == {"Uncompressed"} and methods(path, "id") == {"BitPacking"}


@pytest.mark.parametrize("mode", ["auto", "duckdb", "fast"])
def test_a_file_of_a_later_storage_version_takes_every_mode(database, target, mode):
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{target}' AS made (STORAGE_VERSION 'latest')")
        connection.execute("CREATE TABLE made.mine (i INTEGER)")
    result = copy_well(database, target, "--compression", mode)
    assert bool(named(result)) == (mode == "fast")
    assert duck.value(target, "SELECT count(*) FROM shapes") == ROWS


def test_a_column_that_changes_its_type_for_its_values_is_not_named(db, target):
    db.run("CREATE TABLE late (id int, n numeric)")
    db.run("INSERT INTO late SELECT i, i FROM generate_series(1, 200000) AS i")
    db.run("ANALYZE late")
    for value, kind in [("1", "DECIMAL"), ("'NaN'", "VARCHAR"), ("1", "VARCHAR")]:
        db.run(f"UPDATE late SET n = {value} WHERE id = 200000")
        for mode in ("auto", "fast"):
            assert not named(copy_well(db, target, "--compression", mode), "late")
            assert duck.column_types(target, "late")["n"].startswith(kind) or kind == "VARCHAR"


def test_tables_of_any_name_are_copied_again(db, target):
    quoted = ['"say ""hi"""', '"it\'s, a.name"', '"übung"']
    for name in quoted:
        db.run(f"CREATE SCHEMA {name}; CREATE TABLE {name}.{name} AS SELECT md5(i::text) AS v, i AS {name} "
               "FROM generate_series(1, 130000) AS i")
    for _ in range(2):
        copy_well(db, target)
    for name in quoted:
        assert duck.value(target, f"SELECT count(DISTINCT v) FROM {name}.{name}") == 130_000


def test_a_limited_copy_is_left_to_duckdb(database, target):
    assert not named(copy_well(database, target, "--limit", "1000"))


def test_a_mode_that_is_none_is_refused(db, target):
    copy(db, target, "--compression", "best").expect_error(2, "--compression", "best", "auto, duckdb or fast")
    assert not target.exists()


def test_a_storage_version_is_given_and_raised_and_never_lowered(db, target):
    db.run("CREATE TABLE fresh AS SELECT i, i::text AS t FROM generate_series(1, 1000) AS i")
    versions = []
    for option in ((), ("--storage-version", "v1.2.0"), ("--storage-version", "v1.4.0"), ()):
        copy_well(db, target, *option)
        versions.append(duck.value(target, "SELECT tags['storage_version'] FROM duckdb_databases() WHERE NOT internal"))
        assert duck.value(target, "SELECT sum(i) FROM fresh WHERE t = i::VARCHAR") == 500500
    assert versions == ["v1.0.0+", "v1.2.0+", "v1.4.0+", "v1.4.0+"]
    before = duck.fingerprint(target)
    for option in ((), ("--dry-run",)):
        copy(db, target, "--storage-version", "v1.2.0", *option).expect_error(2, "cannot be lowered").expect_hint("leave --storage-version out")
        for place in (target, target.with_name("new.duckdb")):
            copy(db, place, "--storage-version", "1.4", *option).expect_error(2, "no such storage version", "v1.3.2").expect_hint("v1.4.0")
    copy(db, target, "--storage-version", "latest", "--dry-run").expect(0)
    assert duck.value(target, "SELECT tags['storage_version'] FROM duckdb_databases() WHERE NOT internal") == versions[-1]
    assert duck.fingerprint(target) == before


@pytest.mark.parametrize("kind", ["ducklake:{}.ducklake", "parquet:{}", "quack:127.0.0.1:1"])
def test_only_a_file_has_a_storage_version(db, target, kind):
    db.run("CREATE TABLE fresh (i int)")
    copy(db, kind.format(target), "--storage-version", "v1.4.0").expect_error(2, "that is a DuckDB file").expect_hint("leave")
