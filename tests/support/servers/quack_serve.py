"""Serves a DuckDB file by quack until it is killed: quack_serve.py FILE PORT, the token in $PG2DUCK_QUACK_TOKEN.

A process of its own: one that holds server and client hangs at its end (DuckDB 1.5.5)."""

import os
import pathlib
import sys
import threading

import duckdb

directory = pathlib.Path(os.environ["PG2DUCK_EXTENSION_DIRECTORY"])
connection = duckdb.connect(sys.argv[1], config={"threads": 2})
# The server too needs httpfs, or answers every request with 500.
for name in ("httpfs", "quack"):
    connection.execute(f"LOAD '{directory / name}.duckdb_extension'")
connection.execute(f"CALL quack_serve('quack:localhost:{sys.argv[2]}', token => $1)",
                   [os.environ["PG2DUCK_QUACK_TOKEN"]])
print("serving", flush=True)
threading.Event().wait()
