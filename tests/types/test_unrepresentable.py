"""--unrepresentable: a value that its type cannot hold is an error with its place, or NULL and counted, or NULL and its
text beside it; every other value stays exact."""

import random
from decimal import Decimal

import pytest

from support.program import copy, copy_well
from support.setting import SEED
from support.targets import duckdb_file as duck

TOO_LATE = "294276-12-31 23:59:59.999999"
# What: (type, sound values, values that cannot be held, a word of the reason).
CASES = {
    "numeric": ("numeric(10,2)", ["1.50", "-99999999.99", "0.00"], ["NaN"], "NaN"),
    "wide numeric": ("numeric(38,4)", ["1.5000"], ["NaN"], "NaN"),
    "timestamp": ("timestamp", ["294247-01-10 04:00:54.775806", "infinity", "4713-01-01 00:00:00 BC"],
                  [TOO_LATE, "294247-01-10 04:00:54.775808"], "timestamp"),
    "timestamptz": ("timestamptz", ["2024-01-01 00:00:00+00", "-infinity"], [TOO_LATE + "+00"], "timestamp"),
    "varbit": ("varbit", ["1", "10101"], [""], "bit"),
    "array of numerics": ("numeric(5,2)[]", ["{1.50,NULL}", "{}"], ["{1.50,NaN}", "{NaN}"], "NaN"),
    "composite": ("pair", ['(1.50,"a, b")', "(,)"], ['(NaN,"a ""b""")'], "NaN"),
    "array of composites": ("pair[]", ['{"(1.50,x)",NULL}', "{}"], ['{"(1.50,x)","(NaN,y)"}'], "NaN"),
    "composite with arrays": ("bag", ["({1.50},{1})", "({},)"], ["({NaN},{1})", '({1.50},"{{1},{2}}")',
                                                                '([0:0]={1.50},)'], "NaN"),
    "range": ("tsrange", ['["2024-01-01 00:00:00",)', "empty"], [f'(,"{TOO_LATE}")'], "timestamp"),
    "domain": ("price", ["9.99"], ["NaN"], "NaN"),
    "array from index 0": ("int[]", ["{1,2}", "{NULL}", "{}"], ["[0:1]={1,2}", "[-5:-5]={7}", "[2:2]={1}"], "index"),
    "array of another depth": ("int[]", ["{1,2}", "{}"], ["{{1,2},{3,4}}", "{{{1}}}"], "dimensions"),
    "second dimension from 0": ("int[][]", ["{{1,2}}"], ["[1:1][0:1]={{1,2}}"], "index"),
    "nothing bad": ("numrange", ["[1.5,2.5)", "empty"], [], ""),
}
INFINITE_INTERVALS = ("interval", ["1 mon", "00:00:00"], ["infinity", "-infinity"], "interval")
TYPES = ("CREATE TYPE pair AS (n numeric(5,2), s text); CREATE TYPE bag AS (a numeric(5,2)[], b int[]); "
         "CREATE DOMAIN price AS numeric(6,2)")


def fill(db, kind: str, values: list, table: str = "t") -> None:
    db.run(f"CREATE TABLE {table} (id int, v {kind})")
    for number, value in enumerate(values):
        db.run(f"INSERT INTO {table} VALUES (%s, %s)", (number, value))


def case(cluster, what):
    if what == "interval" and cluster.version < 17:
        pytest.skip("infinite intervals came with Postgres 17")
    return {**CASES, "interval": INFINITE_INTERVALS}[what]


@pytest.fixture(scope="module")
def mixed(cluster, tmp_path_factory):
    """A table for each case: sound values, NULL and bad ones in turn; copied as NULL and as text."""
    database = cluster.create_database()
    database.run(TYPES)
    found = {"database": database}
    for number, what in enumerate([*CASES, *(["interval"] if cluster.version >= 17 else [])]):
        kind, good, bad, _ = case(cluster, what)
        values = [value for pair in zip(good * 3, [None] * 9, bad * 9 or good * 3) for value in pair] + good
        fill(database, kind, values, f"t{number}")
        found[what] = (f"t{number}", values, bad)
    for mode in ("null", "text"):
        found[mode + " target"] = tmp_path_factory.mktemp(mode) / "copy.duckdb"
        found[mode] = copy_well(database, found[mode + " target"], "--unrepresentable", mode)
    yield found
    database.drop()


@pytest.fixture(scope="module")
def sound_alone(mixed, tmp_path_factory):
    """The same tables without their bad values."""
    target = tmp_path_factory.mktemp("sound") / "copy.duckdb"
    filters = []
    for table, values, bad in (found for found in mixed.values() if isinstance(found, tuple)):
        ids = [str(number) for number, value in enumerate(values) if value not in bad]
        filters += ["--where", f"{table}=id IN ({', '.join(ids)})"]
    copy_well(mixed["database"], target, *filters)
    return target


@pytest.fixture(scope="module")
def refusals(cluster, tmp_path_factory):
    """A table for each case with one bad value, and the report of a run that skips all of them."""
    database = cluster.create_database()
    database.run(TYPES + "; CREATE TABLE good (id int)")
    places = {}
    for number, what in enumerate([*CASES, *(["interval"] if cluster.version >= 17 else [])]):
        kind, good, bad, _ = case(cluster, what)
        if bad:
            fill(database, kind, [*good, None, bad[0], *good], f"t{number}")
            places[what] = (f"t{number}", f"(0,{len(good) + 2})")
    target = tmp_path_factory.mktemp("refusals") / "copy.duckdb"
    result = copy(database, target, "--on-error", "skip", "--json").expect(3)
    yield result, places, target
    database.drop()


@pytest.mark.parametrize("what", [*CASES, "interval"])
def test_error_names_table_column_ctid_value_and_a_way_on(cluster, refusals, what):
    _, _, bad, reason = case(cluster, what)
    if not bad:
        pytest.skip("nothing of it cannot be held")
    result, places, target = refusals
    table, ctid = places[what]
    error = result.table(table)["error"]
    assert error["kind"] == "unrepresentable"
    assert error["context"] == [f"table public.{table}", "column v", f"ctid {ctid}"]
    assert reason in error["message"] and (not bad[0] or f"(the value is {bad[0]})" in error["message"])
    for text in (f"--column 'public.{table}.v=unrepresentable null'", "unrepresentable text", "varchar", "--exclude"):
        assert text in error["hint"]
    refused = [entry for entry in result.report["refused"] if entry["table"] == table]
    assert refused == [{"schema": "public", "table": table, "column": "v", "ctid": ctid, "reason": error["message"]}]
    assert duck.tables(target) == {"main.good"}


def test_an_error_ends_the_run_and_nothing_is_published(db, target):
    fill(db, "numeric(4,1)", ["1.5", "NaN"])
    db.run("CREATE TABLE good (id int)")
    copy(db, target).expect_error(1, "public.t", "column v", "(0,2)", "NaN").expect_hint("unrepresentable null")
    assert duck.tables(target) == set()


@pytest.mark.parametrize("what", [*CASES, "interval"])
def test_null_takes_the_place_of_what_cannot_be_held_only(cluster, mixed, what):
    case(cluster, what)
    table, values, bad = mixed[what]
    nulls = [(number,) for number, value in enumerate(values) if value is None or value in bad]
    for mode in ("null target", "text target"):
        assert duck.rows(mixed[mode], f"SELECT id FROM {table} WHERE v IS NULL ORDER BY id") == nulls


@pytest.mark.parametrize("what", [*CASES, "interval"])
def test_what_can_be_held_is_the_same_with_and_without_bad_values(cluster, mixed, sound_alone, what):
    case(cluster, what)
    table, values, bad = mixed[what]
    alone = duck.rows(sound_alone, f"SELECT id, v::VARCHAR FROM {table} ORDER BY id")
    assert [id_ for id_, _ in alone] == [number for number, value in enumerate(values) if value not in bad]
    for mode in ("null target", "text target"):
        among = duck.rows(mixed[mode], f"SELECT id, v::VARCHAR FROM {table} WHERE id IN (SELECT unnest("
                                       f"{[id_ for id_, _ in alone]})) ORDER BY id")
        assert among == alone
        assert duck.column_types(mixed[mode], table)["v"] == duck.column_types(sound_alone, table)["v"]


@pytest.mark.parametrize("what", [*CASES, "interval"])
def test_text_stands_beside_what_cannot_be_held_only(cluster, mixed, what):
    case(cluster, what)
    table, values, bad = mixed[what]
    if not bad and "v__text" not in duck.column_types(mixed["text target"], table):
        return
    expected = [(number, value if value in bad else None) for number, value in enumerate(values)]
    assert duck.rows(mixed["text target"], f"SELECT id, v__text FROM {table} ORDER BY id") == expected
    assert list(duck.column_types(mixed["text target"], table)) == ["id", "v", "v__text"]
    assert duck.column_types(mixed["text target"], table)["v__text"] == "VARCHAR"


@pytest.mark.parametrize("what", [*CASES, "interval"])
@pytest.mark.parametrize("mode", ["null", "text"])
def test_counts_are_in_the_report_and_in_the_ledger(cluster, mixed, what, mode):
    case(cluster, what)
    table, values, bad = mixed[what]
    count = sum(value in bad for value in values)
    columns = {column["name"]: column for column in mixed[mode].table(table)["columns"]}
    assert columns["v"]["unrepresentable"] == count and columns["id"]["unrepresentable"] == 0
    ledger = duck.rows(mixed[mode + " target"], 'SELECT "column", unrepresentable FROM _pg2duck.columns '
                                                f"WHERE \"table\" = '{table}' AND \"column\" IN ('id', 'v') ORDER BY 1")
    assert ledger == [("id", 0), ("v", count)]


def test_the_text_report_counts_too(db, target):
    fill(db, "numeric(4,1)", ["1.5", "NaN", "NaN"])
    out = copy(db, target, "--unrepresentable", "null").expect(0).out
    assert "public.t" in out and "column v: 2 values that DECIMAL(4,1) cannot hold are NULL" in out
    db.run("DELETE FROM t WHERE v = 'NaN' AND id = 2")
    assert "1 value that" in copy(db, target, "--unrepresentable", "null").expect(0).out
    db.run("DELETE FROM t WHERE v = 'NaN'")
    assert "cannot hold" not in copy(db, target, "--unrepresentable", "null").expect(0).out
    assert duck.rows(target, "SELECT unrepresentable FROM _pg2duck.columns WHERE \"column\" = 'v'") == [(0,)]


def test_one_column_has_its_own_policy(db, target):
    db.run("CREATE TABLE t (a numeric(4,1), b numeric(4,1), c numeric(4,1)); INSERT INTO t VALUES ('NaN', 'NaN', 1)")
    copy_well(db, target, "--unrepresentable", "null", "--column", "t.b=unrepresentable text", "--column",
              "t.c=unrepresentable error")
    assert list(duck.column_types(target, "t")) == ["a", "b", "b__text", "c"]
    assert duck.rows(target, "SELECT * FROM t") == [(None, None, "NaN", Decimal("1.0"))]
    db.run("UPDATE t SET c = 'NaN'")
    copy(db, target, "--unrepresentable", "null", "--column", "t.c=unrepresentable error").expect_error(1, "column c")
    copy(db, target, "--column", "t.a=unrepresentable null").expect_error(1, "column b")


def test_a_side_column_follows_the_new_name(db, target):
    fill(db, "numeric(4,1)", ["NaN"])
    copy_well(db, target, "--column", "t.v=rename w, unrepresentable text")
    assert duck.rows(target, "SELECT w, w__text FROM t") == [(None, "NaN")]


@pytest.mark.parametrize("other", ["v__text", "V__TEXT"])
def test_a_side_column_with_a_name_that_is_taken_is_an_error(db, target, other):
    db.run(f'CREATE TABLE t (v numeric(4,1), "{other}" int)')
    copy(db, target, "--unrepresentable", "text").expect_error(2, "public.t", "v__text").expect_hint("rename")
    copy_well(db, target, "--unrepresentable", "text", "--column", f't."{other}"=rename other')
    assert list(duck.column_types(target, "t")) == ["v", "v__text", "other"]


def test_columns_that_can_hold_everything_are_left_alone(db, target):
    db.run("CREATE TYPE mood AS ENUM ('fine'); CREATE TABLE t (id int NOT NULL, s text NOT NULL, d date NOT NULL, "
           "f float8 NOT NULL, m mood NOT NULL, n numeric(5,2) NOT NULL)")
    db.run("INSERT INTO t VALUES (1, '', 'infinity', 'NaN', 'fine', 1.5)")
    copy_well(db, target, "--unrepresentable", "text")
    assert list(duck.column_types(target, "t")) == ["id", "s", "d", "f", "m", "n", "n__text"]
    sql = "SELECT column_name FROM duckdb_columns() WHERE table_name = 't' AND is_nullable ORDER BY column_index"
    assert duck.rows(target, sql) == [("n",), ("n__text",)]


def test_not_null_columns_may_hold_null_then(db, target):
    db.run("CREATE TABLE t (n numeric(5,2) NOT NULL, a int[] NOT NULL); "
           "INSERT INTO t VALUES ('NaN', '[0:0]={1}'), (1, '{1}')")
    copy_well(db, target, "--unrepresentable", "null")
    assert duck.rows(target, "SELECT count(*), count(n), count(a) FROM t") == [(2, 1, 1)]
    db.run("DELETE FROM t WHERE n = 'NaN'")
    copy_well(db, target)
    sql = "SELECT is_nullable FROM duckdb_columns() WHERE table_name = 't' ORDER BY column_index"
    assert duck.rows(target, sql) == [(False,), (False,)]


def test_a_null_in_a_primary_key_is_a_plain_error(db, target):
    db.run("CREATE TABLE t (n numeric(5,2) PRIMARY KEY); INSERT INTO t VALUES ('NaN'), (1)")
    result = copy(db, target, "--primary-keys", "--unrepresentable", "null").expect_error(1, "public.t")
    assert "NOT VALID" not in result.error, "Postgres has no NULL there; the hint sends the reader the wrong way"


@pytest.mark.parametrize("mode", ["null", "text"])
def test_many_bad_values_among_lists_and_nulls_leave_the_others_exact(db, target, mode):
    """Thousands of rows, so that bad values stand at every place of a batch, in several nested columns at once."""
    dice = random.Random(SEED)
    # An element that is NULL gives a pair of NULLs here.
    entries = {'"(1.25,\\"{x,NULL}\\")"': ["1.25", "[x, NULL]"], '"(,{})"': [None, "[]"], "NULL": [None, None]}
    db.run("CREATE TYPE entry AS (n numeric(5,2), tags text[]); "
           "CREATE TABLE t (id int, a numeric(5,2)[], b entry[], g int[][])")
    rows = []
    for number in range(6000):
        bad = [dice.random() < (0.5 if 2000 < number < 4000 else 0.01) for _ in range(3)]
        a = [dice.choice(["NULL", "1.25", "-9.50"]) for _ in range(dice.randrange(5))] + (["NaN"] if bad[0] else [])
        b = [dice.choice(list(entries)) for _ in range(dice.randrange(4))]
        b += ['"(NaN,{y})"'] if bad[1] else []
        g = "{1,2}" if bad[2] else dice.choice(["{{1,2},{3,NULL}}", "{{7}}", "{}"])
        dice.shuffle(a)
        dice.shuffle(b)
        rows.append([None if dice.random() < 0.1 else value
                     for value in ("{" + ",".join(a) + "}", "{" + ",".join(b) + "}", g)])
    literals = ", ".join("(%d, %s)" % (number, ", ".join("NULL" if value is None else f"'{value}'" for value in row))
                         for number, row in enumerate(rows))
    db.run(f"INSERT INTO t VALUES {literals}")
    copy_well(db, target, "--unrepresentable", mode)
    got = duck.rows(target, "SELECT a::VARCHAR[], list_transform(b, lambda e: [e.n::VARCHAR, e.tags::VARCHAR]), "
                            "g::VARCHAR FROM t ORDER BY id")
    for row, found in zip(rows, got, strict=True):
        a, b, g = row
        expected_a = None if a is None or "NaN" in a else [None if e == "NULL" else e for e in a[1:-1].split(",") if e]
        parts = [] if b is None or b == "{}" else split_outside_quotes(b[1:-1])
        expected_b = None if b is None or "NaN" in b else [entries[part] for part in parts]
        expected_g = {"{{1,2},{3,NULL}}": "[[1, 2], [3, NULL]]", "{{7}}": "[[7]]", "{}": "[]"}.get(g)
        assert found == (expected_a, expected_b, expected_g), row
    if mode == "text":
        for index, column in enumerate("abg"):
            texts = duck.rows(target, f"SELECT {column}__text FROM t ORDER BY id")
            bad = [row[index] if row[index] and (("NaN" in row[index]) if column != "g" else row[index] == "{1,2}")
                   else None for row in rows]
            assert [text for (text,) in texts] == bad


def split_outside_quotes(text: str) -> list[str]:
    parts, quoted, escaped = [""], False, False
    for character in text:
        if character == "," and not quoted:
            parts.append("")
            continue
        parts[-1] += character
        quoted = quoted != (character == '"' and not escaped)
        escaped = character == "\\" and not escaped
    return parts


def test_arrays_of_mixed_depth(db, target):
    values = ["{1}", "{{1,2}}", "{}", None, "{2,3}", "{{{1}}}"]
    fill(db, "int[]", values)
    copy(db, target).expect_error(1, "column v", "dimensions")
    result = copy_well(db, target, "--unrepresentable", "text")
    assert duck.rows(target, "SELECT v, v__text FROM t ORDER BY id") == [
        ([1], None), (None, "{{1,2}}"), ([], None), (None, None), ([2, 3], None), (None, "{{{1}}}")]
    assert result.table("t")["columns"][1]["unrepresentable"] == 2
    copy_well(db, target, "--unrepresentable", "text")
    assert duck.rows(target, "SELECT id FROM t WHERE v__text IS NOT NULL ORDER BY id") == [(1,), (5,)]


@pytest.mark.parametrize("mode", ["null", "text"])
def test_a_table_of_several_ranges_counts_all_of_its_values(db, target, mode):
    db.run("CREATE TABLE t (id int, n numeric(8,2), pad text); ALTER TABLE t ALTER pad SET STORAGE PLAIN; "
           "INSERT INTO t SELECT i, CASE WHEN i % 1000 = 0 THEN 'NaN'::numeric ELSE i END, repeat('x', 1500) "
           "FROM generate_series(1, 24000) i")
    result = copy_well(db, target, "--unrepresentable", mode, "--jobs", "3")
    assert result.table("t")["columns"][1]["unrepresentable"] == 24
    assert duck.rows(target, "SELECT count(*), count(n), sum(n)::BIGINT FROM t") == db.run(
        "SELECT count(*), count(*) FILTER (WHERE n <> 'NaN'), (sum(n) FILTER (WHERE n <> 'NaN'))::bigint FROM t")
    if mode == "text":
        assert duck.rows(target, "SELECT count(n__text), bool_and(id % 1000 = 0 AND n IS NULL) FROM t "
                                 "WHERE n__text IS NOT NULL") == [(24, True)]


def test_skip_leaves_out_the_table_and_says_where(db, target):
    fill(db, "numeric(4,1)", ["1", "NaN"], "bad")
    fill(db, "int[]", ["[0:0]={1}"], "worse")
    fill(db, "int", ["1"], "good")
    result = copy(db, target, "--on-error", "skip", "--json").expect(3)
    assert duck.tables(target) == {"main.good"} and result.report["status"] == "partial"
    refused = {entry["table"]: entry for entry in result.report["refused"]}
    assert {table: (r["schema"], r["column"], r["ctid"]) for table, r in refused.items()} == {
        "bad": ("public", "v", "(0,2)"), "worse": ("public", "v", "(0,1)")}
    assert "NaN" in refused["bad"]["reason"] and "index 0" in refused["worse"]["reason"]
    assert all(set(entry) == {"schema", "table", "column", "ctid", "reason"} for entry in refused.values())


def test_a_long_value_is_named_by_its_beginning(db, target):
    fill(db, "numeric(4,1)[]", ["{" + "1.5," * 100000 + "NaN}"])
    result = copy(db, target).expect_error(1, "column v", "{1.5,1.5")
    assert len(result.err) < 5000
    copy_well(db, target, "--unrepresentable", "text")
    assert duck.value(target, "SELECT length(v__text) FROM t") == 400005


@pytest.mark.parametrize("mode", ["error", "null", "text"])
def test_the_longest_interval_of_all_is_no_infinity_before_postgres_17(cluster, db, target, mode):
    if cluster.version >= 17:
        pytest.skip("from Postgres 17 on it is infinity")
    fill(db, "interval", ["2147483647 mons 2147483647 days 2562047788:00:54.775807"])
    copy_well(db, target, "--unrepresentable", mode)
    assert duck.rows(target, "SELECT datepart('year', v) * 12 + datepart('month', v), datepart('day', v), "
                             "datepart('hour', v) FROM t") == [(2**31 - 1, 2**31 - 1, 2562047788)]


@pytest.mark.parametrize("mode", ["", "nul", "NULL", "skip"])
def test_a_policy_that_does_not_exist_is_refused(tmp_path, mode):
    copy("postgresql://127.0.0.1:1/x", tmp_path / "x.duckdb", "--unrepresentable", mode).expect_error(
        2, "--unrepresentable")
    assert not list(tmp_path.iterdir())
