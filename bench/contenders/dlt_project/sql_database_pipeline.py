"""A dlt project that replaces tables in a DuckDB file: sql_database_pipeline.py DATASET TABLE...

Credentials, the source's schema and the file come from dlt's environment variables; everything else from .dlt/config.toml.
"""
import sys

import dlt
from dlt.sources.sql_database import sql_database

dataset, *tables = sys.argv[1:]

# Without the guard, worker processes that import this file would each run it again.
if __name__ == "__main__":
    pipeline = dlt.pipeline(pipeline_name="replica", destination="duckdb", dataset_name=dataset)
    source = sql_database(backend="connectorx").parallelize().with_resources(*tables)
    pipeline.run(source, write_disposition="replace").raise_on_failed_jobs()
