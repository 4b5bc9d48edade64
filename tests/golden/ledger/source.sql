-- The source of the recorded ledgers: 24 tables of the kinds that a ledger tells apart. `-- step NAME` begins what happened
-- before the next run; tests/support/golden/recorded_ledger.py plays them.
-- step begin
CREATE SCHEMA sales;
CREATE TYPE mood AS ENUM ('sad', 'ok');
-- replaced
CREATE TABLE customers (id int PRIMARY KEY, name text NOT NULL, email varchar(80));
INSERT INTO customers SELECT i, 'Customer ' || i, 'c' || i || '@example.com' FROM generate_series(1, 5) i;
CREATE TABLE measurements (id int, reading numeric, spread numeric);
INSERT INTO measurements VALUES (1, 1.25, 1e-9), (2, 12345678.5, NULL);
CREATE TABLE wide (id int, v numeric);
INSERT INTO wide VALUES (1, 1.12345678901234567890123456789012345678901), (2, 123456789012345678901234567890);
CREATE TABLE matrices (id int, grid int[], tags text[]);
INSERT INTO matrices VALUES (1, '{{1,2},{3,4}}', '{a,NULL}'), (2, NULL, '{}');
CREATE TABLE moods (id int NOT NULL, feeling mood);
INSERT INTO moods VALUES (1, 'sad'), (2, 'ok'), (3, NULL);
CREATE TABLE "Odd ""name" ("Order" int, "it's" text);
INSERT INTO "Odd ""name" VALUES (1, 'it''s; "quoted" naïve 漢');
CREATE TABLE prices (id int, amount numeric(10,2));
INSERT INTO prices VALUES (1, 9.95), (2, 'NaN'), (3, 'NaN');
CREATE TABLE nothing (a int NOT NULL, b text);
CREATE TABLE shapeless ();
CREATE TABLE events (id int, day date) PARTITION BY RANGE (day);
CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE events_2 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
INSERT INTO events VALUES (1, '2024-05-05'), (2, '2025-05-05');
CREATE TABLE sales.regions (id int, name text);
INSERT INTO sales.regions SELECT i, 'region ' || i FROM generate_series(1, 4) i;
CREATE TABLE sales.quotas (region int, quota numeric(5,2));
INSERT INTO sales.quotas VALUES (1, 10), (2, 20.25);
CREATE TABLE documents (id int, doc jsonb, size numeric(4,1));
INSERT INTO documents VALUES (1, '{"a": [1, 2]}', 1.5), (2, NULL, 'NaN');
CREATE TABLE renamed (id int, "desc" text);
INSERT INTO renamed VALUES (1, 'by a rule');
CREATE TABLE passing (id int);
INSERT INTO passing VALUES (1);
-- appended
CREATE TABLE log (id int, line text);
INSERT INTO log SELECT i, 'line ' || i FROM generate_series(1, 6) i;
CREATE TABLE sales.clicks (at timestamptz, page text);
INSERT INTO sales.clicks SELECT '2025-01-01 00:00+00'::timestamptz + i * '1 hour'::interval, 'p' || i FROM generate_series(1, 6) i;
-- merged
CREATE TABLE orders (id bigint PRIMARY KEY, total numeric(12,2) NOT NULL, free numeric, updated_at timestamp);
INSERT INTO orders SELECT i, i / 4.0, i / 8.0, '2025-01-01'::timestamp + i * '1 day'::interval FROM generate_series(1, 6) i;
CREATE TABLE sales.items (order_id bigint, line smallint, seq bigint, name varchar(20), PRIMARY KEY (order_id, line));
INSERT INTO sales.items SELECT i, 1, i, 'item ' || i FROM generate_series(1, 6) i;
CREATE TABLE stock (id int PRIMARY KEY, amount int);
INSERT INTO stock VALUES (1, 10), (2, 20);
CREATE TABLE tickets (id int PRIMARY KEY, note text, deleted boolean, seq int);
INSERT INTO tickets VALUES (1, 'one', false, 1), (2, 'two', false, 2);
CREATE TABLE moves (id int PRIMARY KEY, old text, note text);
INSERT INTO moves VALUES (1, 'a', 'one'), (2, 'b', 'two');
-- versions
CREATE TABLE members (id int PRIMARY KEY, name text);
INSERT INTO members VALUES (1, 'Ann'), (2, 'Bob');
CREATE TABLE sales.contracts (id int PRIMARY KEY, rate numeric(6,3), seq int);
INSERT INTO sales.contracts VALUES (1, 1.5, 1), (2, 2.5, 2);
-- step change
INSERT INTO customers VALUES (6, 'Customer 6', NULL);
INSERT INTO log VALUES (7, 'line 7');
INSERT INTO sales.clicks VALUES ('2025-01-02 00:00+00', 'p99');
UPDATE orders SET total = total + 1, updated_at = '2025-02-01' WHERE id = 2;
INSERT INTO orders VALUES (7, 7, 0.0000001, '2025-02-02');
UPDATE sales.items SET name = 'changed', seq = 10 WHERE order_id = 1;
UPDATE stock SET amount = 11 WHERE id = 1;
UPDATE tickets SET deleted = true, seq = 3 WHERE id = 1;
UPDATE moves SET note = 'two, moved' WHERE id = 2;
UPDATE members SET name = 'Anna' WHERE id = 1;
UPDATE sales.contracts SET rate = 1.75, seq = 3 WHERE id = 1;
DELETE FROM measurements WHERE id = 1;
-- step alter
ALTER TABLE orders RENAME COLUMN total TO sum;
ALTER TABLE orders ADD COLUMN note text;
ALTER TABLE sales.items ALTER name TYPE varchar(40);
ALTER TABLE sales.items ALTER line TYPE int;
ALTER TABLE moves DROP COLUMN old;
ALTER TABLE customers DROP COLUMN email;
ALTER TABLE customers ADD COLUMN email varchar(90) NOT NULL DEFAULT 'x@example.com';
ALTER TABLE stock ALTER amount SET NOT NULL;
INSERT INTO orders VALUES (8, 8, 8, '2025-03-01', 'new');
DROP TABLE passing;
DROP TABLE sales.regions;
CREATE TABLE sales.regions (name text, id bigint);
INSERT INTO sales.regions VALUES ('anew', 1);
INSERT INTO sales.quotas VALUES (3, 'NaN');
