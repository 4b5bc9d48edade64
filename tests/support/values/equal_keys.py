"""Keys that Postgres calls equal although they look different, in tables that are merged by every strategy."""

# A key, the same key in another form, and another key.
KEYS = {
    "citext": ("'Straße Ä'", "'STRAßE ä'", "'Strasse ä'"),
    "work_mail": ("'Bob@X'", "'bob@x'", "'bob@y'"),
    "citext[]": ("'{{A},{b}}'", "'{{a},{B}}'", "'{{A},{c}}'"),
    "pair": ("'(A,1.00)'", "'(a,1.0)'", "'(a,)'"),
    "pair[]": ("ARRAY['(A,1.0)'::pair, NULL]", "ARRAY['(a,1)'::pair, NULL]", "ARRAY['(a,1)'::pair]"),
    "jsonb": (r"""'{"1.0": [1.0, "1.0", -2.50e2], "q\"": "\\\" 3.00"}'""", r"""'{"1.0": [1.00, "1.0", -250], "q\"": "\\\" 3.00"}'""",
              r"""'{"1.0": [1.0, "1.00", -250], "q\"": "\\\" 3.00"}'"""),
    "jsonb[]": ("""'{"1.0",null}'""", """'{"1",null}'""", """'{"10",null}'"""),
    "numeric": ("'1.50'", "'1.5'", "'NaN'"),  # which makes text of it
    "numeric(40,2)": ("'100.00'", "'100'", "'1'"),
    "numeric[]": ("'{1.50,NaN}'", "'{1.5,NaN}'", "'{15,NaN}'"),
    "numrange": ("'[1.0,Infinity)'", "'[1.00,Infinity)'", "'[1.0,Infinity]'"),
    "nummultirange": ("'{[1.0,2.0),[NaN,)}'", "'{[1,2.00),[NaN,)}'", "'{[1,2.00]}'"),
    "interval": ("'1 mon'", "'30 days'", "'31 days'"),
    "interval second": ("'1 mon -1 day'", "'29 days'", "'1 mon'"),
    "interval[]": ("'{24:00:00}'", "'{1 day}'", "'{1 day 1 us}'"),
    "bpchar": ("'a'", "'a  '", "' a'"),
    "bpchar[]": ("ARRAY['a', 'b ']::bpchar[]", "ARRAY['a ', 'b']::bpchar[]", "ARRAY['a ', ' b']::bpchar[]"),
    "float8": ("'0'", "'-0'", "'NaN'"),
    "float4": ("'-0'", "'0'", "'NaN'"),
    "float8[]": ("'{-0,NaN}'", "'{0,NaN}'", "'{NaN,0}'"),
    "timetz": ("'10:00+02'", "'10:00:00+02'", "'08:00+00'"),
    "text": ("'a'", "'a'", "'A'"),
    "uuid": ("'00000000-0000-0000-0000-00000000000A'", "'{0000000000000000000000000000000a}'", "'00000000-0000-0000-0000-00000000000b'"),
    "inet": ("'10.0.0.1'", "'10.0.0.1/32'", "'10.0.0.1/8'"),
    "hstore": ("'a=>1,b=>2'", "'b=>2,a=>1'", "'a=>2,b=>1'"),
    "ltree": ("'a.b'", "'a.b'", "'a.B'"),
    "isbn": ("'0-393-04002-?'", "'039304002?'", "'1-85224-321-?'"),
    "json": ("'1.0'", "'1.0'", "'1.00'"),  # which Postgres does not compare
}

SETUP = """
CREATE EXTENSION citext; CREATE EXTENSION hstore; CREATE EXTENSION ltree; CREATE EXTENSION isn; CREATE EXTENSION cube; CREATE EXTENSION seg;
CREATE DOMAIN mail AS citext; CREATE DOMAIN work_mail AS mail;
CREATE TYPE pair AS (a citext, n numeric);
"""

STRATEGIES = {
    "upsert": "",
    "wider": "",  # the copy has a column that the source has lost: rows are updated in place
    "delete": 'strategy = "delete-insert"\n',
    "insert": 'strategy = "insert-only"\n',
    "versions": 'strategy = "scd2"\n',
    "newest": 'newest_by = "u"\n',
    "marked": 'hard_delete = "gone"\n',
}


def tables_of(strategy: str) -> dict:
    return {f"{strategy}_{number}": (kind, *forms) for number, (kind, forms) in enumerate(KEYS.items())}


def project(tables: dict) -> str:
    return "".join(f'[table.{table}]\nmode = "merge"\nkey = ["k"]\ncursor = "u"\n' + STRATEGIES[table.split("_")[0]] for table in tables)


def make(db, tables: dict):
    for table, (kind, first, _, other) in tables.items():
        db.run(f"CREATE TABLE {table} (k {kind}, v text, u int, gone bool, lost int);"
               f"INSERT INTO {table} VALUES ({first}::{kind}, 'old', 1, false), ({other}::{kind}, 'other', 1, false)")


def content(rows, table: str) -> list:
    if table.startswith("versions"):
        return rows(f"SELECT v, valid_to IS NULL FROM {table} ORDER BY ALL")
    return rows(f"SELECT v FROM {table} ORDER BY ALL")


def check(rows, tables: dict, second: str):
    """After the key has taken another form in the row that was `old`, with the value `second`."""
    for table in tables:
        expected = {"insert": [("old",), ("other",)], "marked": [("other",)],
                    "versions": [("old", False), ("other", True), (second, True)]}
        assert (table, tables[table][0], content(rows, table)) == (
            table, tables[table][0], sorted(expected.get(table.split("_")[0], [("other",), (second,)])))


def change(db, tables: dict):
    for table, (kind, _, again, _) in tables.items():
        if table.startswith("newest"):  # the same key twice among what is read
            db.run(f"INSERT INTO {table} VALUES ({again}::{kind}, 'new', 3, false); UPDATE {table} SET u = 2 WHERE v = 'old'")
        else:
            db.run(f"UPDATE {table} SET k = {again}::{kind}, v = 'new', u = 2, gone = true WHERE v = 'old'")
        if table.startswith("wider"):
            db.run(f"ALTER TABLE {table} DROP COLUMN lost")
