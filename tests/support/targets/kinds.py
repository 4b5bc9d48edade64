"""The kinds of places that pg2duck copies into, and how an empty one is made."""

import contextlib
import pathlib
import tempfile

from support.servers.cluster import fast_directory
from support.targets.databases import File, FileLikeMotherduck, Lake, LakeInPostgres, Memory, Quack, QuackLikeMotherduck
from support.targets.parquet import Parquet, ParquetInAzure, ParquetInGoogleCloud, ParquetInObjectStore, ParquetInR2


@contextlib.contextmanager
def made(kind, cluster=None):
    """A place of this kind, empty, in a directory of its own."""
    with tempfile.TemporaryDirectory(prefix="pg2duck_target_", dir=fast_directory()) as directory:
        place = kind(pathlib.Path(directory), cluster)
        try:
            yield place
        finally:
            place.close()


KINDS = [File, Memory, FileLikeMotherduck, Quack, QuackLikeMotherduck, Lake, LakeInPostgres, Parquet, ParquetInObjectStore]
OBJECT_STORES = [ParquetInObjectStore, ParquetInGoogleCloud, ParquetInR2, ParquetInAzure]
