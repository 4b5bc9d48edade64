import pytest

from support.network.proxy import Proxy
from support.program import copy_well
from support.servers.cluster import Cluster

# Roles that need a password; any other role that is not trusted has no pg_hba.conf entry.
PASSWORD_RULES = [f"host all {role} 127.0.0.1/32 {method}" for role, method in
                  (("by_scram", "scram-sha-256"), ("by_md5", "md5"), ("by_password", "password"))]


@pytest.fixture(scope="session")
def cluster():
    """The suite's server. Tests make databases in it and leave its settings alone."""
    cluster = Cluster(PASSWORD_RULES)
    try:
        cluster.start()
        for role in ("copier", "reader", "restricted", "impatient", "by_scram", "by_password", "stranger"):
            cluster.create_role(role)
        yield cluster
    finally:
        cluster.remove()


@pytest.fixture
def proxy(cluster):
    proxy = Proxy(cluster.port)
    yield proxy
    proxy.close()


@pytest.fixture(scope="session")
def shop_template(cluster, tmp_path_factory):
    template = cluster.create_database()
    template.run("CREATE TABLE orders AS SELECT i AS id, repeat(md5(i::text), 3) AS note "
                 "FROM generate_series(1, 30000) i; CREATE TABLE few AS SELECT 1 AS id; CREATE SCHEMA sales; "
                 "CREATE TABLE sales.leads AS SELECT i AS id FROM generate_series(1, 1000) i")
    template.finished_copy = tmp_path_factory.mktemp("shop") / "shop.duckdb"
    copy_well(template, template.finished_copy)
    return template


@pytest.fixture
def shop(shop_template):
    """A few tables of some megabytes in all."""
    database = shop_template.clone()
    yield database
    database.drop()


@pytest.fixture
def slow(shop):
    """The same with a view that takes minutes to read: time to do something in the middle."""
    shop.run("CREATE VIEW slow AS SELECT i AS id, repeat('x', 2000) AS pad, pg_sleep(0.05)::text AS s "
             "FROM generate_series(1, 100000) i")
    return shop


@pytest.fixture
def slow_options():
    return "--tables", "orders,few,slow,leads"


@pytest.fixture
def until_reading(slow):
    """A function that waits until a run reads the slow view."""
    return lambda run: slow.wait_for(
        "SELECT count(*) > 0 FROM pg_stat_activity WHERE application_name = 'pg2duck' AND state = 'active' "
        "AND query LIKE 'COPY%slow%' AND datname = current_database()", "pg2duck to read the slow view",
        meanwhile=run.expect_alive)
