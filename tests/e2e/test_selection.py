"""Which tables are copied, and what they are called in the target."""

import duckdb
import pytest

from support.program import copy, copy_well
from support.targets import duckdb_file as duck

TABLES = ["public.orders", "public.order_lines", "public.customers", 'public."Odd.Name"', "sales.orders", "sales.leads",
          "sales.a1", "sales.a2", "sales.a33"]


@pytest.fixture(scope="module")
def shop(cluster):
    database = cluster.create_database()
    database.run("CREATE SCHEMA sales; " + "; ".join(f"CREATE TABLE {name} (id int)" for name in TABLES))
    yield database
    database.drop()


@pytest.mark.parametrize("options, expected", [
    (["--tables", "public.*"], {"main.orders", "main.order_lines", "main.customers", "main.Odd.Name"}),
    (["--tables", "orders"], {"main.orders", "sales.orders"}),
    (["--tables", "sales.orders"], {"sales.orders"}),
    (["--tables", "sales.a?"], {"sales.a1", "sales.a2"}),
    (["--tables", "sales.a*"], {"sales.a1", "sales.a2", "sales.a33"}),
    (["--tables", "*.order*"], {"main.orders", "main.order_lines", "sales.orders"}),
    (["--tables", "ORDERS"], {"main.orders", "sales.orders"}),
    (["--tables", '"Odd.Name"'], {"main.Odd.Name"}),
    (["--tables", "public.customers,sales.leads"], {"main.customers", "sales.leads"}),
    (["--tables", "customers", "--tables", " leads "], {"main.customers", "sales.leads"}),
    (["--tables", "*", "--exclude", "public.*"], {"sales.orders", "sales.leads", "sales.a1", "sales.a2", "sales.a33"}),
    (["--exclude", "sales.*,order_lines,orders"], {"main.customers", "main.Odd.Name"}),
])
def test_patterns_choose_tables(shop, target, options, expected):
    copy_well(shop, target, *options)
    assert duck.tables(target) == expected


@pytest.mark.parametrize("pattern, near", [("ordres", "orders"), ("public.custommers", "public.customers"),
                                           ("sale.leads", "sales.leads")])
def test_a_name_that_matches_nothing_lists_near_names(shop, target, pattern, near):
    copy(shop, target, "--tables", f"customers,{pattern}").expect_error(2, pattern).expect_hint(near)
    assert not target.exists()


@pytest.mark.parametrize("options", [["--tables", "nothing_like_*"], ["--exclude", "no_such_table"],
                                     ["--tables", "a.b.c"], ["--tables", '"open'],
                                     ["--tables", "orders", "--exclude", "orders"]])
def test_a_wrong_choice_is_a_configuration_error(shop, target, options):
    copy(shop, target, *options).expect_error(2)
    assert not target.exists()


def test_dataset_puts_every_schema_into_one(shop, target):
    result = copy_well(shop, target, "--dataset", "My Replica", "--exclude", "public.orders")
    assert duck.tables(target) == {f"My Replica.{name}" for name in
                                   ("order_lines", "customers", "Odd.Name", "orders", "leads", "a1", "a2", "a33")}
    assert {t["target_schema"] for t in result.report["tables"]} == {"My Replica"}
    assert duck.last_sync_time(target, "My Replica") is not None


def test_dataset_in_which_two_tables_meet_is_an_error_that_names_both(shop, target):
    copy(shop, target, "--dataset", "one").expect_error(2, "public.orders", "sales.orders")


def test_the_report_gives_both_names(shop, target):
    result = copy_well(shop, target, "--tables", "public.customers,sales.leads")
    names = {(t["schema"], t["table"], t["target_schema"], t["target_table"]) for t in result.report["tables"]}
    assert names == {("public", "customers", "main", "customers"), ("sales", "leads", "sales", "leads")}


def test_other_tables_in_the_target_stay(shop, target):
    copy_well(shop, target, "--tables", "customers")
    copy_well(shop, target, "--tables", "leads")
    assert duck.tables(target) == {"main.customers", "sales.leads"}


def test_tables_of_the_user_in_the_target_stay(shop, target):
    with duckdb.connect(str(target)) as connection:
        connection.execute("CREATE SCHEMA own; CREATE TABLE own.notes AS SELECT 'mine' AS note")
    copy_well(shop, target)
    assert duck.rows(target, "SELECT note FROM own.notes") == [("mine",)]


def test_many_tables_with_few_connections(db, target):
    db.run("; ".join(f"CREATE TABLE t{i} AS SELECT generate_series(1, {i * 10}) AS id" for i in range(1, 121)))
    result = copy_well(db, target, "--jobs", "1")
    assert {t["table"]: t["rows"] for t in result.report["tables"]} == {f"t{i}": i * 10 for i in range(1, 121)}
