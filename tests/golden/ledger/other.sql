-- A second source of the same target, into a schema of its own.
CREATE TABLE customers (id int PRIMARY KEY, name text);
INSERT INTO customers VALUES (1, 'of the other source');
CREATE TABLE amounts (id int, v numeric);
INSERT INTO amounts VALUES (1, 0.5), (2, 1e-12);
