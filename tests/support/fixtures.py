"""Fixtures that both suites use; each conftest.py imports them."""

import pytest

from support.servers.cluster import Cluster
from support.setting import PROGRAM, SEED


def pytest_report_header(config):
    return f"pg2duck: {PROGRAM}, seed {SEED} (PG2DUCK_TEST_SEED)"


@pytest.fixture(scope="session", autouse=True)
def program_is_there():
    assert PROGRAM.exists(), f"{PROGRAM} is not there; build it first, or set PG2DUCK"


@pytest.fixture(scope="session")
def cluster():
    """The suite's server. Tests make databases in it and leave its settings alone."""
    cluster = Cluster()
    try:
        yield cluster.start()
    finally:
        cluster.remove()


@pytest.fixture
def db(cluster):
    """An empty database of the test's own."""
    database = cluster.create_database()
    yield database
    database.drop()


@pytest.fixture
def target(tmp_path):
    """Path of a DuckDB file that does not exist yet."""
    return tmp_path / "copy.duckdb"
