"""What the comparison asks of a dataset."""
import os
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXTENSIONS = ROOT / "build/deps/extensions"


class Dataset:
    name = ""  # as DATASET= selects it
    variable = ""  # the environment variable that holds its size, or several sizes separated by commas
    default_size = ""

    def __init__(self, size):
        self.size = size
        self.label = f"{self.name} {self.variable}={size}"

    @classmethod
    def of_all_sizes(cls):
        return [cls(size.strip()) for size in (os.environ.get(cls.variable) or cls.default_size).split(",")]

    def load(self, postgres):
        """Makes the tables in Postgres; returns (schema, table) of each."""
        raise NotImplementedError

    def unload(self, postgres):
        raise NotImplementedError

    def write_reference(self, target):
        """Writes the same tables to a new DuckDB file with nothing but DuckDB, in the order of the source's rows."""
        raise NotImplementedError

    def prepare_queries(self, duck):
        """Makes an open copy ready for the queries."""

    def queries(self):
        """{name: SQL}"""
        raise NotImplementedError
