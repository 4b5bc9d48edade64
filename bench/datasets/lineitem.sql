-- A table of the shape of TPC-H's lineitem: 16 columns of its types and about its widths. psql -v rows=6000000 -f lineitem.sql
-- Values are spread by multiplicative hashing, so that every run and every server makes the same rows.
CREATE TABLE lineitem (
    l_orderkey      bigint        NOT NULL,
    l_partkey       bigint        NOT NULL,
    l_suppkey       bigint        NOT NULL,
    l_linenumber    integer       NOT NULL,
    l_quantity      numeric(15,2) NOT NULL,
    l_extendedprice numeric(15,2) NOT NULL,
    l_discount      numeric(15,2) NOT NULL,
    l_tax           numeric(15,2) NOT NULL,
    l_returnflag    char(1)       NOT NULL,
    l_linestatus    char(1)       NOT NULL,
    l_shipdate      date          NOT NULL,
    l_commitdate    date          NOT NULL,
    l_receiptdate   date          NOT NULL,
    l_shipinstruct  char(25)      NOT NULL,
    l_shipmode      char(10)      NOT NULL,
    l_comment       varchar(44)   NOT NULL
);

INSERT INTO lineitem
SELECT n / 4 + 1,
       h1 % 200000 + 1,
       h2 % 10000 + 1,
       n % 4 + 1,
       h1 % 50 + 1,
       (h2 % 10400000 + 90000) / 100.0,
       h1 / 64 % 11 / 100.0,
       h2 / 64 % 9 / 100.0,
       CASE WHEN shipped < 1260 THEN substr('AR', h1 % 2 + 1, 1) ELSE 'N' END,
       CASE WHEN shipped < 1260 THEN 'F' ELSE 'O' END,
       date '1992-01-02' + shipped,
       date '1992-01-02' + shipped + h1 % 120 - 60,
       date '1992-01-02' + shipped + h2 % 30 + 1,
       (ARRAY['COLLECT COD', 'DELIVER IN PERSON', 'NONE', 'TAKE BACK RETURN'])[h1 / 8 % 4 + 1],
       (ARRAY['AIR', 'FOB', 'MAIL', 'RAIL', 'REG AIR', 'SHIP', 'TRUCK'])[h2 / 8 % 7 + 1],
       substr(md5(n::text) || md5(h1::text), 1, 10 + h1 / 16 % 34)
FROM generate_series(0, :rows - 1) AS n,
     LATERAL (SELECT (n * 2654435761 % 2147483647)::integer AS h1,
                     (n * 2246822519 % 2147483629)::integer AS h2) AS hashed,
     LATERAL (SELECT h2 / 4 % 2526 AS shipped) AS dates;

-- As autovacuum leaves a table on a living server: pages known to be visible to all, rows not frozen.
VACUUM (ANALYZE) lineitem;
