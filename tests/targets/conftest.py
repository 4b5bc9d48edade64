import pytest

from support.program import copy_well
from support.targets.kinds import KINDS, File, made

TABLES = """
CREATE SCHEMA sales;
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE TABLE orders (id bigint PRIMARY KEY, total numeric(12,2) NOT NULL, free numeric, note text, at timestamptz,
                     day date, tags text[], doc jsonb, feeling mood, flags bit(5), bytes bytea, uid uuid, took interval,
                     f double precision, nothing int, "Odd ""name" time, back interval, there timetz);
COMMENT ON TABLE orders IS 'it''s; "quoted"';
COMMENT ON COLUMN orders.note IS 'a note';
INSERT INTO orders
SELECT i, i / 7.0, i / 8.0, repeat('naïve ' || i || E'\\n''"', i % 9), '2024-02-29 12:00+00'::timestamptz + i * '1 minute'::interval,
       '2024-01-01'::date + i, ARRAY['a', NULL, 'long text in an array ' || i], jsonb_build_object('k', i, 'l', '[1, 2]'::jsonb),
       (ARRAY['sad', 'ok', 'happy'])[i % 3 + 1]::mood, (i % 32)::bit(5), decode(lpad(to_hex(i), 8, '0'), 'hex'),
       md5(i::text)::uuid, i * '1 day 2 seconds'::interval, i * 1.5e300, NULL, '12:00'::time,
       i * '-1 microsecond -1 month'::interval, ('10:00:00.123456+02:30'::timetz + i * '1 minute'::interval)
FROM generate_series(1, 6000) i;
CREATE TABLE empty (a int NOT NULL, b text);
CREATE TABLE sales.leads AS SELECT i AS id, 'lead ' || i AS name FROM generate_series(1, 3000) i;
CREATE TABLE sales."Weird ""table"".x" AS SELECT 1 AS "order", 'it''s' AS "se;lect";
CREATE TABLE money (id int, amount numeric(10,2));
INSERT INTO money SELECT i, i FROM generate_series(1, 100) i;
"""


@pytest.fixture(scope="session")
def template(cluster):
    database = cluster.create_database()
    database.run(TABLES)
    return database


@pytest.fixture
def source(template):
    """Tables of many types, of the test's own."""
    database = template.clone()
    yield database
    database.drop()


@pytest.fixture(params=KINDS, ids=[kind.name for kind in KINDS])
def place(request, cluster):
    """Each kind of target, empty."""
    with made(request.param, cluster) as place:
        yield place


@pytest.fixture(scope="session")
def in_a_file(template, tmp_path_factory):
    """What the same tables are in a DuckDB file; the other suites compare that with Postgres."""
    place = File(tmp_path_factory.mktemp("reference"))
    copy_well(template, place.argument)
    return place.content()
