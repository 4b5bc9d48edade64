"""Copies tables the way people script it with DuckDB's postgres extension: one CREATE OR REPLACE TABLE after the other.

duckdb_script.py EXTENSION_FILE SOURCE TARGET SCHEMA.TABLE...
"""
import sys

import duckdb

extension, source, target, *tables = sys.argv[1:]
duck = duckdb.connect(target)
duck.execute(f"LOAD '{extension}'")
duck.execute(f"ATTACH '{source}' AS pg (TYPE postgres, READ_ONLY)")
for name in tables:
    schema, table = name.split(".")
    copied_schema = "main" if schema == "public" else schema
    duck.execute(f"CREATE SCHEMA IF NOT EXISTS {copied_schema}")
    duck.execute(f"CREATE OR REPLACE TABLE {copied_schema}.{table} AS SELECT * FROM pg.{schema}.{table}")
duck.execute("CREATE OR REPLACE TABLE last_sync_time AS SELECT current_timestamp AS last_sync_time")
duck.close()
