"""--column, --where and --numeric: columns and rows arrive as they were asked for, and what cannot be is said first."""

import pytest

import target as duck
from program import copy, copy_well

# A value of each type, as Postgres's own output function prints it.
PRINTED = {
    "inet": ("'10.0.0.1/32'", "10.0.0.1"), "cidr": ("'10.0.0.0/8'", "10.0.0.0/8"), "boolean": ("true", "t"),
    "char(5)": ("'ab'", "ab   "), "regclass": ("'pg_class'", "pg_class"), "pg_lsn": ("'0/16B3748'", "0/16B3748"),
    "xid8": ("'42'", "42"), "bit(3)": ("B'101'", "101"), "varbit": ("B''", ""), "bytea": (r"'\x00ff'", r"\x00ff"),
    "int[]": ("'[0:1]={1,NULL}'", "[0:1]={1,NULL}"), "numeric(5,2)": ("'NaN'", "NaN"), "numeric": ("1.10", "1.10"),
    "int4range": ("'[1,5]'", "[1,6)"), "point": ("'(1.5,-2)'", "(1.5,-2)"), "money": ("1234.5", "$1,234.50"),
    "timestamp": ("'294276-12-31 23:59:59'", "294276-12-31 23:59:59"), "interval": ("'1 mon -1 day'", "1 mon -1 days"),
    "timestamptz": ("'2024-01-01 12:00+02'", "2024-01-01 10:00:00+00"), "date": ("'0044-03-15 BC'", "0044-03-15 BC"),
    "double precision": ("0.1", "0.1"), "real": ("0.1", "0.1"), "jsonb": ("'{\"b\":1,\"a\":[]}'", '{"a": [], "b": 1}'),
    "uuid": ("'A0EEBC999C0B4EF8BB6D6BB9BD380A11'", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
    "tsvector": ("'b:2A a'", "'a' 'b':2A"), "pair": ("ROW(1, 'a \"b\"')", '(1,"a ""b""")'), "mood": ("'fine'", "fine"),
    "pair[]": ("ARRAY[ROW(1, 'x')::pair]", '{"(1,x)"}'),
    "score": ("7", "7"), "aclitem": ("'=r/postgres'", "=r/postgres"),
}
CASTS = [  # source type, literal, wanted, target type, value in DuckDB
    ("integer", "7", "bigint", "BIGINT", "7"), ("bigint", "-7", "smallint", "SMALLINT", "-7"),
    ("text", "'12'", "integer", "INTEGER", "12"), ("text", "'t'", "boolean", "BOOLEAN", "true"),
    ("timestamp", "'2024-02-29 13:00'", "date", "DATE", "2024-02-29"), ("text", "'1.5'", "double", "DOUBLE", "1.5"),
    ("double precision", "1.5", "real", "FLOAT", "1.5"), ("timestamp", "'2024-01-01'", "time", "TIME", "00:00:00"),
    ("timestamptz", "'2024-01-01 01:00+01'", "timestamp", "TIMESTAMP", "2024-01-01 00:00:00"),
    ("timestamp", "'2024-01-01'", "timestamptz", "TIMESTAMP WITH TIME ZONE", "2024-01-01 00:00:00+00"),
    ("text", "'A0EEBC999C0B4EF8BB6D6BB9BD380A11'", "uuid", "UUID", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
    ("text", "'{\"a\":  1}'", "json", "JSON", '{"a":  1}'), ("time", "'01:02:03'", "interval", "INTERVAL", "01:02:03"),
    ("text", r"'\x6162'", "blob", "BLOB", "ab"), ("numeric", "2.5", "integer", "INTEGER", "3"),
    ("text", "'1.5'", "decimal(4,2)", "DECIMAL(4,2)", "1.50"),
    ("money", "12.5", "decimal(10,2)", "DECIMAL(10,2)", "12.50"),
]


def table(db, definition: str, rows: str = "") -> None:
    """Table t with an id and what `definition` says, and `rows` for it."""
    db.run(f"CREATE TABLE t (id int, {definition})" + (f"; INSERT INTO t VALUES {rows}" if rows else ""))


@pytest.fixture(scope="module")
def printed(cluster, tmp_path_factory):
    database = cluster.create_database()
    database.run("CREATE TYPE pair AS (a int, b text); CREATE TYPE mood AS ENUM ('fine'); CREATE DOMAIN score AS int")
    columns = ", ".join(f"c{number} {kind}" for number, kind in enumerate(PRINTED))
    database.run(f"CREATE TABLE t ({columns}); INSERT INTO t VALUES ({', '.join(v for v, _ in PRINTED.values())}); "
                 "INSERT INTO t DEFAULT VALUES")
    target = tmp_path_factory.mktemp("printed") / "printed.duckdb"
    copy_well(database, target, "--column", "*.*.*=varchar")
    yield target
    database.drop()


@pytest.mark.parametrize("kind", PRINTED)
def test_varchar_is_the_text_that_postgres_prints(printed, kind):
    column = f"c{list(PRINTED).index(kind)}"
    assert duck.rows(printed, f"SELECT {column} FROM t") == [(PRINTED[kind][1],), (None,)]
    assert duck.column_types(printed, "t")[column] == "VARCHAR"


@pytest.fixture(scope="module")
def casts(cluster, tmp_path_factory):
    database = cluster.create_database()
    columns = ", ".join(f"c{number} {kind}" for number, (kind, *_) in enumerate(CASTS))
    values = ", ".join(literal for _, literal, *_ in CASTS)
    database.run(f"CREATE TABLE t ({columns}); INSERT INTO t VALUES ({values}); "
                 "INSERT INTO t DEFAULT VALUES")
    target = tmp_path_factory.mktemp("casts") / "casts.duckdb"
    rules = [option for number, cast in enumerate(CASTS) for option in ("--column", f"public.t.c{number}={cast[2]}")]
    copy_well(database, target, *rules)
    yield target
    database.drop()


@pytest.mark.parametrize("number", range(len(CASTS)), ids=lambda number: f"{CASTS[number][0]} to {CASTS[number][2]}")
def test_a_cast_is_carried_out_by_postgres(casts, number):
    _, _, _, target_type, expected = CASTS[number]
    assert duck.rows(casts, f"SELECT c{number}::VARCHAR FROM t") == [(expected,), (None,)]
    assert duck.column_types(casts, "t")[f"c{number}"] == target_type


@pytest.mark.parametrize("kind, literal", [("numeric", "1.234"), ("numeric(10,3)", "-0.001"), ("integer", "1000"),
                                           ("text", "'0.005'"), ("numeric", "'NaN'"), ("numeric", "1e30")])
def test_decimal_is_exact_or_refused(db, target, kind, literal):
    table(db, f"v {kind}", f"(1, '9'), (2, {literal})")
    result = copy(db, target, "--column", "t.v=decimal(5,2)", "--json")
    result.expect_error(1, "public.t", "column v", "(0,2)", "DECIMAL(5,2)")
    assert result.report["error"]["kind"] == "unrepresentable"
    copy_well(db, target, "--column", "t.v=decimal(5,2), unrepresentable null")
    assert duck.rows(target, "SELECT v::VARCHAR FROM t ORDER BY id") == [("9.00",), (None,)]


def test_a_double_is_no_decimal_when_postgres_would_round_it(db, target):
    table(db, "v double precision", "(1, 0.30000000000000004)")
    result = copy(db, target, "--column", "t.v=decimal(38,20)")
    if result.code == 0:
        assert duck.value(target, "SELECT v::VARCHAR FROM t") != "0.30000000000000000000", "rounded without a word"
    else:
        result.expect_error(result.code, "column v")


def test_a_value_that_cannot_be_cast_fails_with_the_words_of_postgres(db, target):
    table(db, "v text", "(1, '5'), (2, 'five')")
    result = copy(db, target, "--column", "t.v=integer", "--json").expect(1)
    assert "five" in result.report["error"]["message"] and result.report["error"]["sqlstate"] == "22P02"
    assert duck.tables(target) == set()


@pytest.mark.parametrize("kind, rule, why", [
    ("int", "enum", "not an enum"), ("text", "auto", "not numeric"), ("point", "integer", "point"),
    ("int[]", "bigint", "integer[]"), ("uuid", "timestamp", "uuid"),
])
def test_a_type_that_the_column_cannot_become_is_refused_before_anything_is_read(db, target, kind, rule, why):
    table(db, f"v {kind}")
    copy(db, target, "--column", f"t.v={rule}").expect_error(2, "public.t", why).expect_hint()
    assert not target.exists() or duck.tables(target) == set()


def test_enum_keeps_the_order_of_its_labels(db, target):
    db.run("CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy', 'it''s'); CREATE DOMAIN feeling AS mood")
    table(db, "v mood, d feeling, a mood[]", "(1, 'happy', 'sad', '{ok,NULL}'), (2, 'it''s', NULL, '{}')")
    copy_well(db, target, "--column", "t.v=enum", "--column", "t.d=enum", "--column", "t.a=enum")
    labels = "ENUM('sad', 'ok', 'happy', 'it''s')"
    types = duck.column_types(target, "t")
    assert (types["v"], types["d"], types["a"]) == (labels, labels, labels + "[]")
    assert duck.rows(target, "SELECT v::VARCHAR, d::VARCHAR, a::VARCHAR[] FROM t ORDER BY v") == [
        ("happy", "sad", ["ok", None]), ("it's", None, [])]


def test_auto_brings_back_the_default_for_one_column(db, target):
    table(db, "a numeric, b numeric", "(1, 1.5, 2.5)")
    copy_well(db, target, "--numeric", "varchar", "--column", "t.b=auto")
    types = duck.column_types(target, "t")
    assert (types["a"], types["b"]) == ("VARCHAR", "DECIMAL(38,1)")


def test_excluded_columns_are_neither_there_nor_read(db, target):
    table(db, "name text, password text", "(1, 'ann', 'secret')")
    copy_well(db, target, "--column", "*.*.password=exclude")
    assert list(duck.column_types(target, "t")) == ["id", "name"]
    assert not duck.holds_bytes(target, b"secret")


def test_an_excluded_column_stays_out_when_a_later_rule_is_about_something_else(db, target):
    table(db, "password text, n numeric", "(1, 'secret', 1.5)")
    copy_well(db, target, "--column", "*.*.password=exclude", "--column", "public.*.*=unrepresentable null")
    assert list(duck.column_types(target, "t")) == ["id", "n"]
    copy_well(db, target, "--column", "t.*=exclude", "--column", "t.n=include")
    assert list(duck.column_types(target, "t")) == ["n"]


def test_rename_gives_the_name_and_keeps_place_comment_and_key(db, target):
    db.run("CREATE TABLE t (a int PRIMARY KEY, b int NOT NULL, c int); COMMENT ON COLUMN t.a IS 'the key'; "
           "INSERT INTO t VALUES (1, 2, 3)")
    copy_well(db, target, "--primary-keys", "--column", "t.a=rename \"New, Name\"", "--column", "t.b=rename c",
              "--column", "t.c=rename b")
    assert list(duck.column_types(target, "t")) == ["New, Name", "c", "b"]
    assert duck.rows(target, 'SELECT "New, Name", c, b FROM t') == [(1, 2, 3)]
    assert duck.value(target, "SELECT comment FROM duckdb_columns() WHERE column_name = 'New, Name'") == "the key"
    assert duck.value(target, "SELECT constraint_column_names FROM duckdb_constraints() WHERE table_name = 't' "
                              "AND constraint_type = 'PRIMARY KEY'") == ["New, Name"]


@pytest.mark.parametrize("rules", [["t.a=rename B"], ["t.a=rename id"], ["t.a=rename x", "t.b=rename X"]])
def test_a_rename_onto_another_column_is_refused(db, target, rules):
    table(db, "a int, b int")
    options = [option for rule in rules for option in ("--column", rule)]
    copy(db, target, *options).expect_error(2, "public.t").expect_hint("rename")


def test_a_rename_by_a_pattern_is_refused(db, target):
    table(db, "a int")
    copy(db, target, "--column", "t.*=rename b").expect_error(2, "rename", "pattern")
    assert not target.exists()


def test_a_type_by_pattern_is_about_the_columns_that_can_become_it(db, target):
    db.run("CREATE TYPE mood AS ENUM ('fine')")
    table(db, "m mood, n numeric, x text", "(1, 'fine', 1.5, 'x')")
    copy_well(db, target, "--column", "*.*.*=enum")
    assert duck.column_types(target, "t") == {"id": "INTEGER", "m": "ENUM('fine')", "n": "DECIMAL(38,1)",
                                              "x": "VARCHAR"}


def test_later_rules_win_setting_by_setting(db, target):
    table(db, "a numeric, b numeric", "(1, 1.5, 'NaN')")
    copy_well(db, target, "--column", "public.t.*=varchar, unrepresentable null", "--column", "t.b=decimal(6,2)",
              "--column", "t.a=rename first", "--column", "t.a=rename last")
    assert duck.column_types(target, "t") == {"id": "VARCHAR", "last": "VARCHAR", "b": "DECIMAL(6,2)"}
    assert duck.rows(target, "SELECT last, b FROM t") == [("1.5", None)]


@pytest.mark.parametrize("pattern, chosen", [
    ("*.*.v", {"public.t.v", "public.u.v", "other.t.v"}), ("t.v", {"public.t.v", "other.t.v"}),
    ("public.*.v", {"public.t.v", "public.u.v"}), ("public.t.?", {"public.t.v", "public.t.w"}),
    ("T.V", {"public.t.v", "other.t.v"}), ('public.t."V"', {"public.t.V"}), ('"public"."t"."v"', {"public.t.v"}),
])
def test_patterns_choose_columns_as_they_choose_tables(db, target, pattern, chosen):
    db.run('CREATE SCHEMA other; CREATE TABLE public.t (v int, w int); CREATE TABLE public.u (v int); '
           'CREATE TABLE other.t (v int)')
    if '"V"' in pattern:
        db.run('ALTER TABLE public.t DROP v; ALTER TABLE public.t ADD "V" int')
    plan = copy(db, target, "--dry-run", "--json", "--column", f"{pattern}=varchar").expect(0).report["plan"]
    assert {f"{t['schema']}.{t['table']}.{c['name']}" for t in plan for c in t["columns"]
            if c["target_type"] == "VARCHAR"} == chosen


@pytest.mark.parametrize("rule, texts", [
    ("t.v=varcar", ["varcar", "decimal(p,s)"]), ("t.v=decimal(39,2)", ["decimal(39,2)"]),
    ("t.v=decimal(5,6)", ["(5,6)"]),
    ("t.v=decimal", ["decimal"]), ("t.v=", ["t.v="]), ("t.v", ["="]),
    ("v=varchar", ["which table"]), ("=varchar", ["="]),
    ("t.v=rename", ["rename"]), ("t.v=unrepresentable maybe", ["error, null or text"]),
    ("t.v=varchar,", ["t.v=varchar,"]),
    ("t.v=exclude, varchar", ["left out"]), ("t.v=exclude now", ["exclude now"]), ("a.b.c.v=varchar", ["a.b.c"]),
    ("t.v=varchar;drop", ["varchar;drop"]), ('t."v=varchar', ["="]),
])
def test_a_rule_that_cannot_be_read_is_refused_before_anything_else(tmp_path, rule, texts):
    result = copy("postgresql://127.0.0.1:1/nothing", tmp_path / "copy.duckdb", "--column", rule)
    result.expect_error(2, *texts).expect_hint()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("rule, near", [("t.amuont=varchar", "amount"), ("public.tt.amount=exclude", "amount"),
                                        ('t."Amount"=varchar', "amount"), ("nothing.*=varchar", "")])
def test_a_rule_that_matches_nothing_names_what_is_near(db, target, rule, near):
    table(db, "amount int")
    copy(db, target, "--column", rule).expect_error(2, rule, "matches no column").expect_hint(near)
    assert not target.exists() or duck.tables(target) == set()


def test_a_rule_for_a_table_that_is_not_copied_matches_nothing(db, target):
    table(db, "v int")
    db.run("CREATE TABLE u (v int)")
    copy(db, target, "--tables", "u", "--column", "t.v=varchar").expect_error(2, "t.v", "matches no column")


def test_a_wrong_rule_is_named_though_later_ones_were_not_looked_at(db, target):
    table(db, "a int, b text")
    copy(db, target, "--column", "t.a=enum", "--column", "t.b=varchar").expect_error(2, "column a", "not an enum")
    copy(db, target, "--column", "t.a=enum", "--where", "t=id > 1").expect_error(2, "column a", "not an enum")


def test_a_conflict_in_the_target_is_named_though_there_are_rules(db, target):
    table(db, "v int", "(1, 2)")
    copy_well(db, target)
    copy(db, target, "--limit", "1", "--column", "t.v=varchar").expect_error(1, "limited").expect_hint("--force")


def test_a_primary_key_that_lost_a_column_is_not_carried_over(db, target):
    db.run("CREATE TABLE t (a int, b int, v text, PRIMARY KEY (a, b)); INSERT INTO t VALUES (1, 1, 'x'), (1, 2, 'y')")
    result = copy_well(db, target, "--primary-keys", "--column", "t.b=exclude")
    assert any("primary key" in warning and "b" in warning for warning in result.table("t")["warnings"])
    assert duck.rows(target, "SELECT count(*) FROM t") == [(2,)]
    assert duck.rows(target, "SELECT 1 FROM duckdb_constraints() WHERE table_name = 't' "
                             "AND constraint_type = 'PRIMARY KEY'") == []


def test_a_table_without_any_column_left_is_refused(db, target):
    table(db, "v int", "(1, 2)")
    db.run("CREATE TABLE u (id int)")
    copy(db, target, "--column", "t.*=exclude").expect_error(2, "public.t", "left out").expect_hint("--exclude")
    result = copy(db, target, "--column", "t.*=exclude", "--on-error", "skip", "--json").expect(3).report
    assert [(r["table"]) for r in result["refused"]] == ["t"] and duck.tables(target) == {"main.u"}


def test_where_copies_these_rows_only_and_says_so(db, target):
    table(db, "v int", "(1, 10), (2, NULL), (3, 30), (4, 40)")
    db.run("CREATE TABLE u (id int); INSERT INTO u VALUES (1)")
    result = copy_well(db, target, "--where", "public.t=v > 20 AND id < 4")
    assert duck.rows(target, "SELECT id, v FROM t") == [(3, 30)] and duck.rows(target, "SELECT id FROM u") == [(1,)]
    assert result.table("public.t")["source_rows"] == 1
    assert any("v > 20" in warning for warning in result.table("public.t")["warnings"])
    assert "v > 20" in copy(db, target, "--where", "t=v > 20", "--dry-run").expect(0).out


@pytest.mark.parametrize("condition, expected", [
    ("id = 1 OR id = 3", [1, 3]), ("id = 2 -- the second", [2]), ("id IN (SELECT max(id) FROM public.t)", [3]),
    ("note = 'a = b, (c'", [2]), ("note ~ '^\\(' /* brackets */", [3]), ("false", []), ("\n id < 3\n", [1, 2]),
    ("ctid = '(0,2)'", [2]), ("'x=y' = 'x=y' AND id = 1", [1]), ("t.id = 3", [3]), ("t IS NOT NULL AND id > 2", [3]),
])
def test_a_condition_is_any_sql(db, target, condition, expected):
    table(db, "note text", "(1, ''), (2, 'a = b, (c'), (3, '(')")
    copy_well(db, target, "--where", f"t={condition}")
    assert duck.rows(target, "SELECT id FROM t ORDER BY id") == [(id_,) for id_ in expected]


@pytest.fixture(scope="module")
def wide(cluster):
    """A table that is read in several ranges."""
    database = cluster.create_database()
    database.run("CREATE TABLE t (id int, v int, pad text); ALTER TABLE t ALTER pad SET STORAGE PLAIN; "
                 "INSERT INTO t SELECT i, i % 10, repeat('x', 1500) FROM generate_series(1, 24000) i")
    yield database
    database.drop()


def test_where_on_a_table_of_several_ranges(wide, target):
    plan = copy(wide, target, "--dry-run", "--json", "--jobs", "3").expect(0).report["plan"]
    assert plan[0]["ranges"] > 1
    copy_well(wide, target, "--jobs", "3", "--where", "t=v = 3 OR id > 23990 -- the last")
    assert duck.rows(target, "SELECT count(*), count(DISTINCT id), sum(id) FROM t") == wide.run(
        "SELECT count(*), count(DISTINCT id), sum(id)::int FROM t WHERE v = 3 OR id > 23990")


def test_a_condition_cannot_leave_its_brackets(wide, target):
    result = copy(wide, target, "--jobs", "3", "--where", "t=id > 23990) OR (id < 3")
    if result.code == 0:
        assert duck.rows(target, "SELECT count(*) - count(DISTINCT id) FROM t") == [(0,)], "rows came more than once"
    else:
        result.expect_error(2, "public.t")


def test_where_on_a_partitioned_table_may_use_its_name(db, target):
    db.run("CREATE TABLE p (id int) PARTITION BY RANGE (id); "
           "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (5); "
           "CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (5) TO (10); INSERT INTO p SELECT generate_series(0, 9)")
    copy_well(db, target, "--where", "p=id % 2 = 0")
    assert duck.rows(target, "SELECT id FROM p ORDER BY id") == [(0,), (2,), (4,), (6,), (8,)]
    copy_well(db, target, "--where", "p=p.id > 7")
    assert duck.rows(target, "SELECT id FROM p ORDER BY id") == [(8,), (9,)]


def test_where_with_limit_and_preview(db, target):
    table(db, "v int")
    db.run("INSERT INTO t SELECT i, i FROM generate_series(1, 100) i")
    result = copy_well(db, target, "--where", "t=v > 90", "--limit", "3", "--preview", "2")
    assert duck.value(target, "SELECT count(*) FROM t WHERE v > 90") == 3
    preview = result.table("t")["preview"]
    assert preview["source"] == preview["target"] and all(int(row[1]) > 90 for row in preview["source"])


@pytest.mark.parametrize("condition, texts", [
    ("nothing > 1", ["nothing", "42703"]), ("id >", ["syntax"]), ("id", ["boolean"]),
    ("my_function(id)", ["my_function"]),
    ("id > 1; DROP TABLE t", ["syntax"]), ("1 = 1)", ["syntax"]), ("id > 'x'", ["22P02"]),
])
def test_bad_sql_exits_with_2_before_anything_is_written(db, target, condition, texts):
    table(db, "v int", "(1, 2)")
    copy_well(db, target)
    before = duck.fingerprint(target)
    copy(db, target, "--where", f"t={condition}").expect_error(2, "public.t", *texts).expect_hint("--where")
    assert duck.fingerprint(target) == before and db.value("SELECT count(*) FROM t") == 1


def test_bad_sql_of_one_table_can_be_skipped(db, target):
    table(db, "v int", "(1, 2)")
    db.run("CREATE TABLE u (id int)")
    result = copy(db, target, "--where", "t=nothing", "--on-error", "skip", "--json").expect(3).report
    assert [r["table"] for r in result["refused"]] == ["t"] and duck.tables(target) == {"main.u"}


@pytest.mark.parametrize("text, texts", [("x=id > 1", ["x=id > 1", "matches none"]), ("t", ["TABLE=CONDITION"]),
                                         ("t=", ["TABLE=CONDITION"]), ("=id > 1", ["empty"])])
def test_a_filter_that_filters_nothing_is_refused(db, target, text, texts):
    table(db, "v int")
    copy(db, target, "--where", text).expect_error(2, *texts).expect_hint()
    assert not target.exists() or duck.tables(target) == set()


def test_a_place_in_a_filtered_table_is_the_right_one(db, target):
    """The bad row is found again by its number: that must not depend on how Postgres looks for few rows."""
    table(db, "k int, n numeric(8,2), pad text")
    db.run("INSERT INTO t SELECT i, (i * 7919) % 20000, CASE WHEN i = 3 THEN 'NaN'::numeric ELSE i END, "
           "repeat('x', 300) FROM generate_series(1, 20000) i; CREATE INDEX ON t (k); ANALYZE t")
    result = copy(db, target, "--where", "t=k BETWEEN 3732 AND 3782").expect_error(1, "public.t", "column n", "(0,3)")
    assert "the value is NaN" in result.error, result


@pytest.mark.parametrize("mode, target_type, value", [
    ("auto", "DECIMAL(38,2)", "1.50"), ("varchar", "VARCHAR", "1.50"), ("double", "DOUBLE", "1.5"),
    ("decimal(10,3)", "DECIMAL(10,3)", "1.500"), ("DECIMAL(10, 3)", "DECIMAL(10,3)", "1.500"),
])
def test_numeric_modes(db, target, mode, target_type, value):
    db.run("CREATE TYPE pair AS (n numeric)")
    table(db, "n numeric, a numeric[], c pair, bounded numeric(5,1), wide numeric(50,2)",
          "(1, 1.50, '{1.50,NULL}', ROW(1.50), 2.5, 1.50), (2, NULL, NULL, NULL, NULL, NULL)")
    copy_well(db, target, "--numeric", mode)
    assert duck.column_types(target, "t") == {
        "id": "INTEGER", "n": target_type, "a": target_type + "[]", "c": f"STRUCT(n {target_type})",
        "bounded": "DECIMAL(5,1)", "wide": target_type}
    assert duck.rows(target, "SELECT n::VARCHAR, a::VARCHAR[], c.n::VARCHAR, wide::VARCHAR FROM t ORDER BY id") == [
        (value, [value, None], value, value), (None, None, None, None)]


@pytest.mark.parametrize("mode", ["", "float", "decimal", "decimal(39,0)", "decimal(3,4)", "decimal(5,2", "varchar(5)"])
def test_a_numeric_mode_that_does_not_exist_is_refused(tmp_path, mode):
    copy("postgresql://127.0.0.1:1/x", tmp_path / "x.duckdb", "--numeric", mode).expect_error(2, "--numeric")
    assert not list(tmp_path.iterdir())


def test_numeric_decimal_refuses_what_does_not_fit(db, target):
    table(db, "n numeric", "(1, 1.5), (2, 1.2345)")
    copy(db, target, "--numeric", "decimal(10,2)").expect_error(1, "column n", "(0,2)", "1.2345").expect_hint("varchar")
    copy_well(db, target, "--numeric", "decimal(10,2)", "--unrepresentable", "text")
    assert duck.rows(target, "SELECT n::VARCHAR, n__text FROM t ORDER BY id") == [("1.50", None), (None, "1.2345")]


def test_numeric_double_is_rounded_by_postgres(db, target):
    table(db, "n numeric", "(1, 0.1), (2, 'NaN'), (3, 12345678901234567890), (4, 1e-300)")
    copy_well(db, target, "--numeric", "double")
    assert duck.rows(target, "SELECT n::VARCHAR FROM t ORDER BY id") == [
        ("0.1",), ("nan",), ("1.2345678901234567e+19",), ("1e-300",)]
