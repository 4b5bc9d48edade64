"""The 24 tables of TPC-DS, and its 99 queries."""
import sys

import duckdb

from .dataset import EXTENSIONS, ROOT, Dataset

sys.path.insert(0, str(ROOT / "scripts"))
import tpcds_to_postgres  # noqa: E402

SCHEMA = "my_pg"
EXTENSION = EXTENSIONS / "tpcds.duckdb_extension"


class Tpcds(Dataset):
    name = "tpcds"
    variable = "SCALE"
    default_size = "1"

    def load(self, postgres):
        rows = tpcds_to_postgres.fill(SCHEMA, float(self.size))
        with postgres.cursor() as cursor:
            # Only of these tables: marks pages as visible to all, which autovacuum would have done by now.
            for table in rows:
                cursor.execute(f"VACUUM (ANALYZE) {SCHEMA}.{table}")
        return [(SCHEMA, table) for table in sorted(rows)]

    def unload(self, postgres):
        with postgres.cursor() as cursor:
            cursor.execute(f"DROP SCHEMA {SCHEMA} CASCADE")

    def write_reference(self, target):
        with duckdb.connect(str(target)) as duck:
            duck.execute(f"LOAD '{EXTENSION}'")
            # The generator appends row by row; the tables that are measured are written by CREATE TABLE AS, as anybody's are.
            duck.execute("ATTACH ':memory:' AS made")
            duck.execute("CALL dsdgen(sf = ?, catalog = 'made')", [float(self.size)])
            duck.execute(f"CREATE SCHEMA {SCHEMA}")
            for table in tpcds_to_postgres.PRIMARY_KEYS:
                duck.execute(f"CREATE TABLE {SCHEMA}.{table} AS SELECT * FROM made.{table}")

    def prepare_queries(self, duck):
        duck.execute(f"LOAD '{EXTENSION}'")
        duck.execute(f"SET search_path = '{SCHEMA}'")

    def queries(self):
        return {f"Q{number}": f"PRAGMA tpcds({number})" for number in range(1, 100)}
