"""One large table of the shape of TPC-H's lineitem."""
import os
import subprocess

import duckdb

from .dataset import EXTENSIONS, ROOT, Dataset


class Lineitem(Dataset):
    name = "lineitem"
    variable = "ROWS"
    default_size = "6000000"

    def load(self, postgres):
        script = ROOT / "bench/datasets/lineitem.sql"
        subprocess.run(["psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-v", f"rows={int(self.size)}", "-f", script], check=True)
        return [("public", "lineitem")]

    def unload(self, postgres):
        with postgres.cursor() as cursor:
            cursor.execute("DROP TABLE lineitem")

    def write_reference(self, target):
        # One thread keeps the order of the rows.
        with duckdb.connect(str(target), config={"threads": 1}) as duck:
            duck.execute(f"LOAD '{EXTENSIONS / 'postgres_scanner.duckdb_extension'}'")
            duck.execute(f"ATTACH 'dbname={os.environ['PGDATABASE']}' AS pg (TYPE postgres, READ_ONLY)")
            duck.execute("CREATE TABLE lineitem AS SELECT * FROM pg.public.lineitem")

    def queries(self):
        return {
            # TPC-H's pricing summary and revenue forecast, and two searches in text.
            "Q1": """SELECT l_returnflag, l_linestatus, sum(l_quantity), sum(l_extendedprice),
                            sum(l_extendedprice * (1 - l_discount)), sum(l_extendedprice * (1 - l_discount) * (1 + l_tax)),
                            avg(l_quantity), avg(l_extendedprice), avg(l_discount), count(*)
                     FROM lineitem WHERE l_shipdate <= DATE '1998-09-02' GROUP BY ALL ORDER BY ALL""",
            "Q6": """SELECT sum(l_extendedprice * l_discount) FROM lineitem
                     WHERE l_shipdate >= DATE '1994-01-01' AND l_shipdate < DATE '1995-01-01'
                       AND l_discount BETWEEN 0.05 AND 0.07 AND l_quantity < 24""",
            "part of a text": "SELECT count(*), min(l_orderkey) FROM lineitem WHERE l_comment LIKE '%beef%'",
            "groups of texts": """SELECT l_shipmode, l_shipinstruct, count(*), max(l_comment) FROM lineitem
                                  WHERE l_shipinstruct LIKE 'DELIVER%' GROUP BY ALL ORDER BY ALL""",
        }
