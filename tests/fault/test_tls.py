"""TLS required, refused, and with a certificate nobody vouches for."""

import pytest

from support.program import copy
from support.servers.certificates import give_certificate, make_certificate
from support.servers.cluster import Cluster


@pytest.fixture(scope="module")
def tls():
    cluster = Cluster(["hostssl all only_tls 127.0.0.1/32 trust"], {"ssl": "on"})
    try:
        cluster.certificate = give_certificate(cluster, "db.example.com")
        cluster.start()
        cluster.create_role("only_tls")
        database = cluster.create_database()
        database.run("CREATE TABLE t AS SELECT generate_series(1, 1000) AS id; GRANT SELECT ON t TO only_tls")
        yield database
    finally:
        cluster.remove()


@pytest.mark.parametrize("mode", ["allow", "prefer", "require"])
def test_tls_is_used_where_the_server_wants_it(tls, target, mode):
    copy(tls.uri("only_tls", sslmode=mode), target).expect(0)


def test_a_server_that_requires_tls_prints_the_line_for_a_login_without(tls, target):
    copy(tls.uri("only_tls", sslmode="disable"), target).expect_error(1, "pg_hba.conf", "encryption").expect_hint(
        f"host {tls.name} only_tls 127.0.0.1/32")


def test_a_server_without_tls_refuses_who_requires_it(db, target):
    copy(db.uri(sslmode="require"), target).expect_error(1, "TLS", "sslmode").expect_hint("sslmode")


def test_the_right_root_certificate_is_trusted(tls, target):
    copy(tls.uri("only_tls", sslmode="verify-ca", sslrootcert=tls.cluster.certificate), target).expect(0)


def test_another_root_certificate_is_not_trusted(tls, target, tmp_path):
    _, certificate = make_certificate(tmp_path, "db.example.com")
    copy(tls.uri("only_tls", sslmode="verify-ca", sslrootcert=certificate), target).expect_error(
        1, "certificate").expect_hint("sslrootcert")


def test_a_certificate_of_another_host_is_refused(tls, target):
    copy(tls.uri("only_tls", sslmode="verify-full", sslrootcert=tls.cluster.certificate), target).expect_error(
        1, "certificate").expect_hint()


def test_a_missing_root_certificate_is_said(tls, target, tmp_path):
    copy(tls.uri("only_tls", sslmode="verify-full", sslrootcert=tmp_path / "none.crt"), target).expect_error(
        1, "certificate").expect_hint("sslrootcert")
