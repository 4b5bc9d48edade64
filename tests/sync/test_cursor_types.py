"""Cursors of types that Postgres sorts otherwise than by their text: of extensions, of other schemas, with a collation."""

from support.program import configure, pg2duck, sync
from support.targets import duckdb_file as duck

# Values of each type; which order they have is asked of Postgres.
CONTRIB = {
    "citext": ("'c'", "'D'", "'d'", "'E'", "'ß'"),
    "ltree": ("'b'", "'b.a'", "'b_1'", "'c'"),
    "ean13": ("'978-0-393-04002-?'", "'978-0-11-000533-?'", "'220-0-11-000533-?'"),
    "isbn": ("'0-393-04002-?'", "'1-85224-321-?'", "'0-11-000533-?'"),
    "isbn13": ("'978-0-393-04002-?'", "'978-0-11-000533-?'"),
    "issn": ("'1436-452?'", "'0378-595?'"),
    "issn13": ("'977-1436-452-00-?'", "'977-0378-595-00-?'"),
    "ismn": ("'979-0-060-11561-?'", "'979-0-2600-0043-?'"),
    "ismn13": ("'979-0-060-11561-?'", "'979-0-2600-0043-?'"),
    "upc": ("'22035648348?'", "'03600029145?'"),
    "cube": ("'(9)'", "'(10)'", "'(1,2),(3,4)'", "'(-1)'"),
    "seg": ("'9'", "'10'", "'1.5 .. 20'", "'<2'"),
    "hstore": ("'b=>1'", "'a=>1,b=>2'", "'c=>NULL'"),
}

# Another type for each, with its operators in another schema: numbers that grow backwards, an enum by its labels, words by their length.
OWN = """
CREATE SCHEMA "Odd ""place";
SET search_path = "Odd ""place", public;
CREATE TYPE backwards;
CREATE FUNCTION b_in(cstring) RETURNS backwards LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
CREATE FUNCTION b_out(backwards) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
CREATE TYPE backwards (INPUT = b_in, OUTPUT = b_out, INTERNALLENGTH = 4, PASSEDBYVALUE);
CREATE FUNCTION b_lt(backwards, backwards) RETURNS bool LANGUAGE internal IMMUTABLE STRICT AS 'int4gt';
CREATE FUNCTION b_le(backwards, backwards) RETURNS bool LANGUAGE internal IMMUTABLE STRICT AS 'int4ge';
CREATE FUNCTION b_eq(backwards, backwards) RETURNS bool LANGUAGE internal IMMUTABLE STRICT AS 'int4eq';
CREATE FUNCTION b_ge(backwards, backwards) RETURNS bool LANGUAGE internal IMMUTABLE STRICT AS 'int4le';
CREATE FUNCTION b_gt(backwards, backwards) RETURNS bool LANGUAGE internal IMMUTABLE STRICT AS 'int4lt';
CREATE FUNCTION b_cmp(a backwards, b backwards) RETURNS int LANGUAGE plpgsql IMMUTABLE STRICT SET search_path FROM CURRENT AS
  'BEGIN RETURN CASE WHEN b_lt(a, b) THEN -1 WHEN b_eq(a, b) THEN 0 ELSE 1 END; END';
CREATE OPERATOR <# (LEFTARG = backwards, RIGHTARG = backwards, FUNCTION = b_lt);
CREATE OPERATOR <=# (LEFTARG = backwards, RIGHTARG = backwards, FUNCTION = b_le);
CREATE OPERATOR =# (LEFTARG = backwards, RIGHTARG = backwards, FUNCTION = b_eq);
CREATE OPERATOR >=# (LEFTARG = backwards, RIGHTARG = backwards, FUNCTION = b_ge);
CREATE OPERATOR ># (LEFTARG = backwards, RIGHTARG = backwards, FUNCTION = b_gt);
CREATE OPERATOR CLASS backwards_ops DEFAULT FOR TYPE backwards USING btree AS
  OPERATOR 1 <#, OPERATOR 2 <=#, OPERATOR 3 =#, OPERATOR 4 >=#, OPERATOR 5 >#, FUNCTION 1 b_cmp(backwards, backwards);
CREATE TYPE size AS ENUM ('b', 'a', 'c');
CREATE FUNCTION s_cmp(a size, b size) RETURNS int LANGUAGE sql IMMUTABLE STRICT AS
  'SELECT pg_catalog.btint4cmp(ascii(a::text), ascii(b::text))';
CREATE FUNCTION s_lt(a size, b size) RETURNS bool LANGUAGE sql IMMUTABLE STRICT AS 'SELECT ascii(a::text) < ascii(b::text)';
CREATE FUNCTION s_le(a size, b size) RETURNS bool LANGUAGE sql IMMUTABLE STRICT AS 'SELECT ascii(a::text) <= ascii(b::text)';
CREATE FUNCTION s_eq(a size, b size) RETURNS bool LANGUAGE sql IMMUTABLE STRICT AS 'SELECT ascii(a::text) = ascii(b::text)';
CREATE FUNCTION s_ge(a size, b size) RETURNS bool LANGUAGE sql IMMUTABLE STRICT AS 'SELECT ascii(a::text) >= ascii(b::text)';
CREATE FUNCTION s_gt(a size, b size) RETURNS bool LANGUAGE sql IMMUTABLE STRICT AS 'SELECT ascii(a::text) > ascii(b::text)';
CREATE OPERATOR < (LEFTARG = size, RIGHTARG = size, FUNCTION = s_lt);
CREATE OPERATOR <= (LEFTARG = size, RIGHTARG = size, FUNCTION = s_le);
CREATE OPERATOR = (LEFTARG = size, RIGHTARG = size, FUNCTION = s_eq);
CREATE OPERATOR >= (LEFTARG = size, RIGHTARG = size, FUNCTION = s_ge);
CREATE OPERATOR > (LEFTARG = size, RIGHTARG = size, FUNCTION = s_gt);
CREATE OPERATOR CLASS size_ops DEFAULT FOR TYPE size USING btree AS
  OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 s_cmp(size, size);
CREATE DOMAIN nearby AS backwards;
CREATE TYPE pair AS (a public.citext, b int);
RESET search_path;
CREATE DOMAIN mail AS citext;
CREATE DOMAIN work_mail AS mail;
CREATE DOMAIN tree_path AS ltree;
CREATE DOMAIN plain AS text COLLATE "C";
"""
OTHERS = {
    '"Odd ""place".backwards': ("9", "10", "1", "2"),
    '"Odd ""place".nearby': ("9", "10", "1", "2"),
    '"Odd ""place".size': ("'b'", "'a'", "'c'"),
    '"Odd ""place".pair': ("'(c,1)'", "'(D,1)'", "'(E,)'"),
    "work_mail": CONTRIB["citext"],
    "tree_path": CONTRIB["ltree"],
    "citext[]": ("'{c}'", "'{D}'", "'{d,e}'"),
    'text COLLATE "en-x-icu"': ("'c'", "'D'", "'d'", "'e'"),
    'plain COLLATE "en-x-icu"': ("'c'", "'D'", "'d'", "'e'"),
    'plain COLLATE "default"': ("'c'", "'D'", "'d'", "'e'"),
    "plain": ("'c'", "'D'", "'d'", "'e'"),
}


def make_tables(db) -> dict:
    """A table for each type and mode: its name, and the literals of its rows in the order of the cursor."""
    db.run("".join(f"CREATE EXTENSION {name};" for name in ("citext", "ltree", "isn", "cube", "seg", "hstore")) + OWN)
    tables = {}
    for number, (kind, values) in enumerate({**CONTRIB, **OTHERS}.items()):
        bare = kind.split(" COLLATE")[0]
        db.run(f"CREATE TABLE one (v text, u {kind})")
        for value in values:
            quoted = value if value.startswith("'") else f"'{value}'"
            db.run(f"INSERT INTO one VALUES (%s, {quoted}::{bare})", (f"{quoted}::{bare}",))
        ordered = [row for (row,) in db.run("SELECT v FROM one ORDER BY u")]
        db.run("DROP TABLE one")
        for mode in ("merge", "append"):
            tables[f"{mode}_{number}"] = ordered
            db.run(f"CREATE TABLE {mode}_{number} (id int PRIMARY KEY, u {kind})")
    return tables


def test_a_cursor_is_followed_in_the_order_of_its_own_type(db, tmp_path):
    tables = make_tables(db)
    configure(tmp_path, db, "".join(f'[table.{table}]\nmode = "{table.split("_")[0]}"\ncursor = "u"\n' for table in tables))
    for number in range(max(map(len, tables.values()))):
        for table, values in tables.items():
            if number < len(values):
                db.run(f"INSERT INTO {table} SELECT {number}, {values[number]}")
        sync(tmp_path)
        marks = dict(duck.rows(tmp_path / "copy.duckdb", 'SELECT "table", value FROM _pg2duck.cursors'))
        for table, values in tables.items():
            (greatest,) = db.run(f"SELECT u::text FROM {table} ORDER BY {table}.u DESC LIMIT 1")
            assert (table, marks[table]) == (table, greatest[0])
            ids = duck.rows(tmp_path / "copy.duckdb", f"SELECT id FROM {table} ORDER BY id")
            assert (table, ids) == (table, [(n,) for n in range(min(number + 1, len(values)))])


def test_what_postgres_cannot_sort_is_no_cursor(db, tmp_path):
    db.run("CREATE TYPE word; CREATE FUNCTION word_in(cstring) RETURNS word LANGUAGE internal IMMUTABLE STRICT AS 'textin';"
           "CREATE FUNCTION word_out(word) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';"
           "CREATE TYPE word (INPUT = word_in, OUTPUT = word_out, STORAGE = extended);"
           "CREATE CAST (word AS text) WITHOUT FUNCTION AS IMPLICIT;"
           "CREATE TABLE t (id int PRIMARY KEY, u json, w point)")
    for cursor, kind in (("u", "json"), ("w", "point")):
        configure(tmp_path, db, f'[table.t]\nmode = "merge"\ncursor = "{cursor}"\n')
        pg2duck("sync", cwd=tmp_path).expect_error(
            2, f"cursor {cursor} is of type {kind}, which Postgres cannot sort: it has no default btree operator class").expect_hint(
                "take another cursor")
