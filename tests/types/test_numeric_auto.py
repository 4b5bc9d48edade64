"""Types that depend on values: numeric without a bound, and the depth of arrays. Chosen from the values, mended when a
late one does not fit, and remembered."""

import duckdb
import pytest

from support.program import copy, copy_well
from support.targets import duckdb_file as duck


def column_type(target, column: str = "n", table: str = "t") -> str:
    return duck.column_types(target, table)[column]


def texts(target, expression: str = "n::VARCHAR") -> list:
    return [text for (text,) in duck.rows(target, f"SELECT {expression} FROM t ORDER BY id")]


def fill(db, *values: str, kind: str = "numeric") -> None:
    db.run(f"CREATE TABLE t (id serial, n {kind})")
    add(db, *values)


def add(db, *values: str) -> None:
    for value in values:
        db.run("INSERT INTO t (n) VALUES (%s)", (value,))


def planned_type(db, target, column: str = "n", *options) -> str:
    plan = copy(db, target, "--dry-run", "--json", *options).expect(0).report["plan"]
    return {c["name"]: c["target_type"] for c in plan[0]["columns"]}[column]


NINES = "9" * 38
CHOICES = {
    "money": (["1.50", "-2.25", "100"], "DECIMAL(38,2)"),
    "whole numbers": (["1", "-20000000000000000000000000000000000000", NINES], "DECIMAL(38,0)"),
    "as many as there are": (["12345678901234567890.123456789012345678"], "DECIMAL(38,18)"),
    "only a fraction": (["0." + "9" * 38, "-0." + "0" * 37 + "1"], "DECIMAL(38,38)"),
    "zeros at the end are kept while there is room": (["1.5000", "2"], "DECIMAL(38,4)"),
    "zeros at the end do not count when there is none": ([NINES + ".000"], "DECIMAL(38,0)"),
    "exponents": (["1e20", "1e-10"], "DECIMAL(38,10)"),
    "39 digits": (["1" + "0" * 38], "VARCHAR"),
    "39 digits of both kinds": ([NINES, "0.1"], "VARCHAR"),
    "39 digits after the point": (["0." + "0" * 38 + "1"], "VARCHAR"),
    "NaN": (["1.50", "NaN"], "VARCHAR"),
    "infinity": (["1.50", "Infinity", "-Infinity"], "VARCHAR"),
    "no rows": ([], "DECIMAL(38,9)"),
    "NULL only": ([None, None], "DECIMAL(38,9)"),
    "zero": (["0", "0.000"], "DECIMAL(38,3)"),
}


@pytest.fixture(scope="module")
def chosen(cluster, tmp_path_factory):
    """A table for each choice, and its copy."""
    database = cluster.create_database()
    for number, (values, _) in enumerate(CHOICES.values()):
        database.run(f"CREATE TABLE t{number} (id serial, n numeric)")
        for value in values:
            if cluster.version >= 14 or "Infinity" not in str(value):
                database.run(f"INSERT INTO t{number} (n) VALUES (%s)", (value,))
    target = tmp_path_factory.mktemp("chosen") / "chosen.duckdb"
    copy_well(database, target)
    yield database, target
    database.drop()


@pytest.mark.parametrize("what", CHOICES)
def test_the_type_is_chosen_by_the_values(cluster, chosen, what):
    if what == "infinity" and cluster.version < 14:
        pytest.skip("infinite numerics came with Postgres 14")
    database, target = chosen
    number = list(CHOICES).index(what)
    target_type = CHOICES[what][1]
    assert column_type(target, table=f"t{number}") == target_type
    cast = "n::text" if target_type == "VARCHAR" else f"n::numeric({target_type[8:-1]})::text"
    # DuckDB leaves out a zero before the point when there is no room for it.
    leading = "regexp_replace(n::VARCHAR, '^(-?)[.]', '\\1' || '0.')"
    assert duck.rows(target, f"SELECT id, {leading} FROM t{number} ORDER BY id") == database.run(
        f"SELECT id, {cast} FROM t{number} ORDER BY id")


def many(db, late: str, rows: int = 5000, at: int = 4000, pad: int = 0) -> None:
    """Rows with numbers of two digits after the point, and a late one that is something else."""
    db.run("CREATE TABLE t (id int, n numeric, pad text); ALTER TABLE t ALTER pad SET STORAGE PLAIN; "
           f"INSERT INTO t SELECT i, CASE WHEN i = {at} THEN '{late}'::numeric ELSE i * 0.01 END, repeat('x', {pad}) "
           f"FROM generate_series(1, {rows}) i")


@pytest.mark.parametrize("late, target_type", [("1.23456", "DECIMAL(38,5)"), ("1" + "0" * 36, "VARCHAR"),
                                               ("NaN", "VARCHAR"), ("1.500000", "DECIMAL(38,2)"),
                                               (NINES[:36], "DECIMAL(38,2)")])
def test_a_late_value_that_does_not_fit_loads_the_table_again(db, target, late, target_type):
    many(db, late)
    result = copy_well(db, target)
    assert column_type(target) == target_type
    reloaded = target_type != "DECIMAL(38,2)"
    assert ("loaded again" in result.err) == reloaded, result
    if reloaded:
        assert f"n: {target_type} instead of DECIMAL(38,2)" in result.err, result
    table = result.table("t")
    assert table["rows"] == 5000 and table["source_rows"] == 5000
    assert {c["name"]: c["target_type"] for c in table["columns"]}["n"] == target_type
    shown = "n::VARCHAR" if target_type == "VARCHAR" else "(n::numeric(38,5))::VARCHAR"
    wanted = "n::text" if target_type == "VARCHAR" else "(n::numeric(38,5))::text"
    if late != NINES[:36]:
        assert duck.rows(target, f"SELECT id, {shown} FROM t ORDER BY id") == db.run(
            f"SELECT id, {wanted} FROM t ORDER BY id")
    else:
        assert duck.value(target, "SELECT n::VARCHAR FROM t WHERE id = 4000") == late + ".00"


@pytest.mark.parametrize("late, target_type", [("1.23456", "DECIMAL(38,5)"), ("NaN", "VARCHAR")])
def test_a_late_value_in_a_table_of_several_ranges(db, target, late, target_type):
    many(db, late, 24000, 20000, 1500)
    assert copy(db, target, "--dry-run", "--json", "--jobs", "3").expect(0).report["plan"][0]["ranges"] > 1
    result = copy_well(db, target, "--jobs", "3")
    assert result.err.count("loaded again") == 1 and column_type(target) == target_type
    assert duck.rows(target, "SELECT count(*), count(DISTINCT id), count(n) FROM t") == [(24000, 24000, 24000)]
    assert result.table("t")["rows"] == 24000
    assert duck.value(target, "SELECT n::VARCHAR FROM t WHERE id = 20000") == late
    assert duck.value(target, "SELECT n::DECIMAL(38,2)::VARCHAR FROM t WHERE id = 23999") == "239.99"
    assert not duck.leftovers(target)


def test_two_columns_that_do_not_fit_are_mended_at_once(db, target):
    db.run("CREATE TABLE t AS SELECT i AS id, CASE WHEN i = 3000 THEN 0.123 ELSE 1 END AS n, "
           "CASE WHEN i = 4000 THEN '{1,NaN}'::numeric[] ELSE '{1.5}' END AS a, "
           "CASE WHEN i = 4500 THEN '{{1}}'::int[] END AS g FROM generate_series(1, 5000) i")
    result = copy_well(db, target)
    assert duck.column_types(target, "t") == {"id": "INTEGER", "n": "DECIMAL(38,3)", "a": "VARCHAR[]",
                                              "g": "INTEGER[][]"}
    assert result.err.count("loaded again") == 3, result
    assert duck.rows(target, "SELECT count(*), count(n), count(a), count(g) FROM t") == [(5000, 5000, 5000, 1)]


def test_the_notice_stands_in_the_json_log_too(db, target):
    many(db, "1.23456")
    result = copy(db, target, "--log-format", "json").expect(0)
    assert any("loaded again" in line and "DECIMAL(38,5)" in line for line in result.err.splitlines()), result


def test_unrepresentable_null_keeps_a_decimal_beside_nan(db, target):
    fill(db, "1.50", "NaN", None, "2.5")
    result = copy_well(db, target, "--unrepresentable", "null")
    assert column_type(target) == "DECIMAL(38,2)" and texts(target) == ["1.50", None, None, "2.50"]
    assert result.table("t")["columns"][1]["unrepresentable"] == 1
    copy_well(db, target, "--unrepresentable", "text")
    assert texts(target, "n__text") == [None, "NaN", None, None]


def test_unrepresentable_null_with_a_late_nan_and_a_late_fraction(db, target):
    db.run("CREATE TABLE t AS SELECT i AS id, CASE i WHEN 3000 THEN 'NaN' WHEN 4000 THEN 0.12345 ELSE 1.5 END::numeric "
           "AS n FROM generate_series(1, 5000) i")
    result = copy_well(db, target, "--unrepresentable", "text")
    assert column_type(target) == "DECIMAL(38,5)"
    assert result.table("t")["columns"][1]["unrepresentable"] == 1
    assert duck.rows(target, "SELECT id, n__text FROM t WHERE n IS NULL") == [(3000, "NaN")]
    assert duck.value(target, "SELECT count(n__text) FROM t") == 1


def test_39_digits_are_text_with_every_policy(db, target):
    """Nothing is lost that could be kept: digits are no reason for NULL."""
    fill(db, "1.50", "1" + "0" * 38 + ".25")
    result = copy_well(db, target, "--unrepresentable", "null")
    assert column_type(target) == "VARCHAR" and texts(target) == ["1.50", "1" + "0" * 38 + ".25"]
    assert result.table("t")["columns"][1]["unrepresentable"] == 0


def test_a_type_is_remembered_and_never_gets_narrower(db, target):
    fill(db, "1.1234")
    copy_well(db, target)
    assert column_type(target) == "DECIMAL(38,4)"
    db.run("UPDATE t SET n = 2.5")
    assert planned_type(db, target) == "DECIMAL(38,4)"
    result = copy_well(db, target)
    assert column_type(target) == "DECIMAL(38,4)" and texts(target) == ["2.5000"] and "loaded again" not in result.err
    add(db, "0.123456")
    result = copy_well(db, target)
    assert column_type(target) == "DECIMAL(38,6)" and "DECIMAL(38,6) instead of DECIMAL(38,4)" in result.err
    assert planned_type(db, target) == "DECIMAL(38,6)"
    add(db, "NaN")
    copy_well(db, target)
    assert column_type(target) == "VARCHAR" and texts(target) == ["2.5", "0.123456", "NaN"]
    db.run("DELETE FROM t WHERE n = 'NaN'")
    assert planned_type(db, target) == "VARCHAR"
    copy_well(db, target)
    assert column_type(target) == "VARCHAR" and texts(target) == ["2.5", "0.123456"]


@pytest.mark.parametrize("nothing", [[], [None]])
def test_a_guess_does_not_get_narrower_either(db, target, nothing):
    fill(db, *nothing)
    copy_well(db, target)
    assert column_type(target) == "DECIMAL(38,9)"
    add(db, "1.50")
    found = []
    for _ in range(3):
        copy_well(db, target)
        found.append(column_type(target))
    scales = [int(kind[len("DECIMAL(38,"):-1]) for kind in found]
    assert scales == sorted(scales), found


def test_a_failed_run_teaches_nothing_and_breaks_nothing(db, target):
    fill(db, "1.50")
    db.run("CREATE TABLE u (v numeric(4,1))")
    copy_well(db, target)
    add(db, "0.12345")
    db.run("INSERT INTO u VALUES ('NaN')")
    copy(db, target).expect(1)
    assert planned_type(db, target) == "DECIMAL(38,2)" and column_type(target) == "DECIMAL(38,2)"
    db.run("DELETE FROM u")
    copy_well(db, target)
    assert column_type(target) == "DECIMAL(38,5)"


def test_what_was_known_of_another_type_does_no_harm(db, target):
    fill(db, "1.50")
    copy_well(db, target)
    for kind, literal, target_type, expected in [
            ("numeric[]", "'{{1.5}}'", "DECIMAL(38,1)[][]", "[[1.5]]"), ("int[]", "'{1}'", "INTEGER[]", "[1]"),
            ("numeric", "'NaN'", "VARCHAR", "NaN"), ("text[]", "'{a}'", "VARCHAR[]", "[a]"),
            ("numrange", "'[0.125,)'", None, None), ("numeric", "2.25", None, None)]:
        db.run(f"ALTER TABLE t DROP n; ALTER TABLE t ADD n {kind}; UPDATE t SET n = {literal}")
        copy_well(db, target)
        if target_type:
            assert column_type(target) == target_type and texts(target) == [expected]
    assert texts(target, "n::DECIMAL(38,2)::VARCHAR") == ["2.25"]


def test_the_memory_follows_renames_and_datasets(db, target):
    fill(db, "1.1234")
    options = ["--dataset", "shop", "--column", "t.n=rename amount"]
    copy_well(db, target, *options)
    db.run("UPDATE t SET n = 2.5")
    copy_well(db, target, *options)
    assert duck.column_types(target, "t", "shop")["amount"] == "DECIMAL(38,4)"
    assert duck.value(target, "SELECT profile IS NOT NULL FROM _pg2duck.columns WHERE \"column\" = 'amount'")


def test_a_ledger_that_cannot_be_read_is_only_a_hint_lost(db, target):
    fill(db, "1.1234")
    copy_well(db, target)
    for profile in ("nonsense", "1 2", "1 -5 99 99 0 7 9 -1 0", ""):
        with duckdb.connect(str(target)) as connection:
            connection.execute("UPDATE _pg2duck.columns SET profile = ?", [profile])
        copy_well(db, target)
        assert texts(target, "n::DECIMAL(38,4)::VARCHAR") == ["1.1234"]


INSIDE = [  # type, value, target type
    ("numeric[]", "'{1.5,NULL}'", "DECIMAL(38,1)[]"), ("numeric[]", "'{1.5,NaN}'", "VARCHAR[]"),
    ("numeric[]", "'{{1.5},{2}}'", "DECIMAL(38,1)[][]"), ("numeric[][]", "'{NaN}'", "VARCHAR[]"),
    ("pair", "ROW(1.25, '{1.5}')", "STRUCT(a DECIMAL(38,2), b DECIMAL(38,1)[])"),
    ("pair", "ROW('NaN', '{{1}}')", "STRUCT(a VARCHAR, b DECIMAL(38,0)[][])"),
    ("pair[]", "ARRAY[ROW(1.25, NULL)::pair, NULL]", "STRUCT(a DECIMAL(38,2), b DECIMAL(38,9)[])[]"),
    ("numrange", "'[1.5,2.25)'",
     "STRUCT(lower DECIMAL(38,2), upper DECIMAL(38,2), lower_inc BOOLEAN, upper_inc BOOLEAN, empty BOOLEAN)"),
    ("numrange", "'[1.5,NaN]'",
     "STRUCT(lower VARCHAR, upper VARCHAR, lower_inc BOOLEAN, upper_inc BOOLEAN, empty BOOLEAN)"),
    ("free", "0.125", "DECIMAL(38,3)"), ("numeric(50,3)", "1.5", "DECIMAL(38,3)"),
    ("numeric(50,3)", "'NaN'", "VARCHAR"),
    ("int[]", "'{{1,2},{3,4}}'", "INTEGER[][]"), ("int[][]", "'{1,2}'", "INTEGER[]"),
    ("int[][][]", "'{}'", "INTEGER[][][]"),
    ("text[][]", "'{{{a}}}'", "VARCHAR[][][]"), ("grid", "'{{1}}'", "INTEGER[][]"), ("grid", "'{1}'", "INTEGER[]"),
    ("int[]", "'{{{{{{1}}}}}}'", "INTEGER[][][][][][]"),
]


@pytest.fixture(scope="module")
def inside(cluster, tmp_path_factory):
    """A table with a column for each of them."""
    database = cluster.create_database()
    columns = ", ".join(f"c{number} {kind}" for number, (kind, _, _) in enumerate(INSIDE))
    values = ", ".join(value for _, value, _ in INSIDE)
    database.run("CREATE TYPE pair AS (a numeric, b numeric[]); CREATE DOMAIN free AS numeric; "
                 "CREATE DOMAIN grid AS int[][]; "
                 f"CREATE TABLE t ({columns}); INSERT INTO t VALUES ({values}); INSERT INTO t DEFAULT VALUES")
    target = tmp_path_factory.mktemp("inside") / "inside.duckdb"
    copy_well(database, target)
    yield target
    database.drop()


@pytest.mark.parametrize("number", range(len(INSIDE)), ids=lambda number: " ".join(INSIDE[number][:2]))
def test_numerics_and_arrays_inside_other_types(inside, number):
    assert column_type(inside, f"c{number}") == INSIDE[number][2]
    assert duck.rows(inside, f"SELECT c{number} IS NULL FROM t") == [(False,), (True,)]


@pytest.mark.parametrize("number, target_type", [("0.1234567890123", "DECIMAL(38,13)[][]"), ("NaN", "VARCHAR[][]"),
                                                 ("1" + "0" * 38, "VARCHAR[][]")])
@pytest.mark.parametrize("policy", ["error", "null"])
def test_numbers_in_late_arrays_of_another_depth_are_measured_too(db, target, number, target_type, policy):
    """Both the depth and the digits are news, in the same value."""
    db.run("CREATE TABLE t AS SELECT i AS id, CASE WHEN i <= 1500 THEN '{}'::numeric[] ELSE "
           f"'{{{{{number}}}}}' END AS n FROM generate_series(1, 2000) i")
    result = copy_well(db, target, "--unrepresentable", policy)
    if number == "NaN" and policy == "null":
        assert result.table("t")["columns"][1]["unrepresentable"] == 500
        return
    assert column_type(target) == target_type
    assert duck.rows(target, "SELECT DISTINCT n[1][1]::VARCHAR FROM t WHERE id > 1500") == [(number,)]


def test_arrays_keep_their_depth_through_create_table_as(db, target):
    db.run("CREATE TABLE origin (id int, n int[][]); INSERT INTO origin VALUES (1, '{{1,2}}'), (2, '{}'), (3, NULL); "
           "CREATE TABLE t AS TABLE origin; CREATE VIEW v AS SELECT id, n || ARRAY[[7,8]] AS n FROM origin")
    copy_well(db, target, "--tables", "t,v")
    assert column_type(target) == column_type(target, table="v") == "INTEGER[][]"
    assert texts(target, "n") == [[[1, 2]], [], None]


def test_a_late_array_of_another_depth(db, target):
    db.run("CREATE TABLE t AS SELECT i AS id, CASE WHEN i < 3000 THEN '{}'::int[] ELSE ARRAY[[i, i]] END AS n "
           "FROM generate_series(1, 5000) i")
    result = copy_well(db, target)
    assert column_type(target) == "INTEGER[][]" and "loaded again" in result.err
    sql = "SELECT count(*) FROM t WHERE n = CASE WHEN id < 3000 THEN [] ELSE [[id, id]] END"
    assert duck.value(target, sql) == 5000


@pytest.mark.parametrize("declared, first, second", [("int[]", "{1}", "{{1}}"), ("int[]", "{{1}}", "{1}"),
                                                     ("int[][]", "{{1}}", "{1}"), ("int[][]", "{1}", "{{{1}}}")])
def test_all_arrays_may_change_their_depth_between_runs(db, target, declared, first, second):
    """What is remembered is how deep arrays were; it must not refuse a table whose arrays all have one depth."""
    fill(db, first, kind=declared)
    for value in (first, second, first, second):
        db.run("UPDATE t SET n = %s", (value,))
        copy_well(db, target)
        depth = value.count("{")
        assert column_type(target) == "INTEGER" + "[]" * depth
