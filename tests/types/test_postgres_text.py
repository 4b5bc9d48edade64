"""The parsers of support/postgres_text.py read what Postgres prints, whatever is in it."""

import random

import pytest

from support.setting import SEED
from support.values import postgres_text as pg

NASTY = ["", " ", "NULL", "null", "a", 'q"q', "b\\s", "{", "}", ",", ";", "(", ")", "[", "]", "'", "empty", "\n", "\t",
         "ü漢🦆", '""', "\\\\", '\\"', "=>", "a b", "{1,2}", "(1,)"]


@pytest.mark.parametrize("text, elements, bounds", [
    ("{}", [], []),
    ("{1,NULL,3}", ["1", None, "3"], []),
    ('{"NULL","a,b","q\\"q","b\\\\s",""}', ["NULL", "a,b", 'q"q', "b\\s", ""], []),
    ("{{1,2},{3,4}}", [["1", "2"], ["3", "4"]], []),
    ("[0:1]={1,2}", ["1", "2"], [0]),
    ("[-1:-1][2:3]={{1,2}}", [["1", "2"]], [-1, 2]),
])
def test_arrays(text, elements, bounds):
    assert pg.parse_array(text) == (elements, bounds)


def test_arrays_of_boxes_have_another_delimiter():
    assert pg.parse_array("{(1,1),(0,0);(2,2),(1,1)}", ";") == (["(1,1),(0,0)", "(2,2),(1,1)"], [])


@pytest.mark.parametrize("text, fields", [
    ("(1,)", ["1", None]), ('("",)', ["", None]), ("(,)", [None, None]), ("()", [None]),
    ('("a ""b""","x\\\\y")', ['a "b"', "x\\y"]), ('("(1,2)",z)', ["(1,2)", "z"]),
])
def test_rows(text, fields):
    assert pg.parse_row(text) == fields


def test_ranges():
    one_to_five = {"lower": "1", "upper": "5", "lower_inc": True, "upper_inc": False, "empty": False}
    assert pg.parse_range("[1,5)") == one_to_five
    assert pg.parse_range("empty")["empty"] is True
    assert pg.parse_range('(,"a "" \\\\ ]"]') == {"lower": None, "upper": 'a " \\ ]', "lower_inc": False,
                                                   "upper_inc": True, "empty": False}
    assert pg.parse_range('["",z)')["lower"] == ""
    assert pg.parse_multirange("{[1,5),[7,)}") == [one_to_five, {**one_to_five, "lower": "7", "upper": None}]
    assert pg.parse_multirange("{}") == []


def test_hstore():
    assert pg.parse_hstore('"a"=>"1", "b"=>NULL, "c, \\"d\\""=>"NULL"') == {"a": "1", "b": None, 'c, "d"': "NULL"}
    assert pg.parse_hstore("") == {}


@pytest.mark.parametrize("text, parts", [
    ("00:00:00", (0, 0, 0)), ("1 year 2 mons 3 days 04:05:06.789", (14, 3, 14706789000)),
    ("-1 years -2 mons +1 day -00:00:01.5", (-14, 1, -1500000)), ("1 mon", (1, 0, 0)),
    ("-2562047788:00:54.775807", (0, 0, -9223372036854775807)),
])
def test_intervals(text, parts):
    assert pg.parse_interval(text) == parts


def test_numbers_of_shapes():
    assert pg.parse_numbers("<(1.5,-2e-05),3>") == [1.5, -2e-05, 3.0]
    assert pg.parse_numbers("((-Infinity,1e+300),(0,7))") == [float("-inf"), 1e300, 0.0, 7.0]


def test_what_postgres_prints_is_read_back(db):
    """Postgres reads what the quoting functions write, and the parsers read what Postgres prints of it."""
    dice = random.Random(SEED)
    db.run("CREATE EXTENSION hstore; CREATE TYPE pair AS (a text, b text); "
           "CREATE TYPE words AS RANGE (subtype = text, collation = \"C\")")
    connection = db.connect()
    cursor = connection.cursor()
    for _ in range(200):
        texts = [dice.choice([None, *NASTY, dice.choice(NASTY) + dice.choice(NASTY)]) for _ in range(4)]
        array = "{{" + ",".join(map(pg.quote_element, texts)) + "}}"
        row = "(" + ",".join(map(pg.quote_field, texts[:2])) + ")"
        bounds = sorted(text for text in texts[2:] if text is not None)
        span = "[" + ",".join(map(pg.quote_field, bounds)) + "]" if len(bounds) == 2 else "empty"
        cursor.execute("SELECT %s::text[]::text, %s::pair::text, %s::words::text, "
                       "hstore(ARRAY['k', '\"', ', ', '=>'], %s)::text", (array, row, span, texts))
        printed = cursor.fetchone()
        assert pg.parse_array(printed[0]) == ([texts], [])
        assert pg.parse_row(printed[1]) == texts[:2]
        assert [pg.parse_range(printed[2])[bound] for bound in ("lower", "upper")] == (bounds if len(bounds) == 2
                                                                                     else [None, None])
        assert pg.parse_hstore(printed[3]) == dict(zip(["k", '"', ", ", "=>"], texts))
    connection.close()
