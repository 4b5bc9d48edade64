"""--column: which columns arrive, under which names, and what of several rules wins; what cannot be is said first."""

import pytest

from support.program import copy, copy_well
from support.targets import duckdb_file as duck


def test_excluded_columns_are_neither_there_nor_read(db, target):
    db.make_t("name text, password text", "(1, 'ann', 'secret')")
    copy_well(db, target, "--column", "*.*.password=exclude")
    assert list(duck.column_types(target, "t")) == ["id", "name"]
    assert not duck.holds_bytes(target, b"secret")


def test_an_excluded_column_stays_out_when_a_later_rule_is_about_something_else(db, target):
    db.make_t("password text, n numeric", "(1, 'secret', 1.5)")
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
    db.make_t("a int, b int")
    options = [option for rule in rules for option in ("--column", rule)]
    copy(db, target, *options).expect_error(2, "public.t").expect_hint("rename")


def test_a_rename_by_a_pattern_is_refused(db, target):
    db.make_t("a int")
    copy(db, target, "--column", "t.*=rename b").expect_error(2, "rename", "pattern")
    assert not target.exists()


def test_a_type_by_pattern_is_about_the_columns_that_can_become_it(db, target):
    db.run("CREATE TYPE mood AS ENUM ('fine')")
    db.make_t("m mood, n numeric, x text", "(1, 'fine', 1.5, 'x')")
    copy_well(db, target, "--column", "*.*.*=enum")
    assert duck.column_types(target, "t") == {"id": "INTEGER", "m": "ENUM('fine')", "n": "DECIMAL(38,1)",
                                              "x": "VARCHAR"}


def test_later_rules_win_setting_by_setting(db, target):
    db.make_t("a numeric, b numeric", "(1, 1.5, 'NaN')")
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
    db.make_t("amount int")
    copy(db, target, "--column", rule).expect_error(2, rule, "matches no column").expect_hint(near)
    assert not target.exists() or duck.tables(target) == set()


def test_a_rule_for_a_table_that_is_not_copied_matches_nothing(db, target):
    db.make_t("v int")
    db.run("CREATE TABLE u (v int)")
    copy(db, target, "--tables", "u", "--column", "t.v=varchar").expect_error(2, "t.v", "matches no column")


def test_a_wrong_rule_is_named_though_later_ones_were_not_looked_at(db, target):
    db.make_t("a int, b text")
    copy(db, target, "--column", "t.a=enum", "--column", "t.b=varchar").expect_error(2, "column a", "not an enum")
    copy(db, target, "--column", "t.a=enum", "--where", "t=id > 1").expect_error(2, "column a", "not an enum")


def test_a_conflict_in_the_target_is_named_though_there_are_rules(db, target):
    db.make_t("v int", "(1, 2)")
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
    db.make_t("v int", "(1, 2)")
    db.run("CREATE TABLE u (id int)")
    copy(db, target, "--column", "t.*=exclude").expect_error(2, "public.t", "left out").expect_hint("--exclude")
    result = copy(db, target, "--column", "t.*=exclude", "--on-error", "skip", "--json").expect(3).report
    assert [(r["table"]) for r in result["refused"]] == ["t"] and duck.tables(target) == {"main.u"}
