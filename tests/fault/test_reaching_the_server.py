"""A server that cannot be reached, or is none: exit 1, what failed, what to do."""

import socket
import threading

import pytest

from support.network.proxy import Proxy
from support.program import copy
from support.servers.cluster import free_port


def test_wrong_port_says_that_nothing_listens_there(db, target):
    port = free_port()
    copy(db.uri(port=port), target).expect_error(1, f"127.0.0.1:{port}", "refused").expect_hint()
    assert not target.exists()


def test_unknown_host_is_named(target):
    copy("postgresql://postgres@no-such-host.invalid/x", target).expect_error(1, "no-such-host.invalid").expect_hint()


def test_unreachable_host_ends_after_connect_timeout(target):
    # Linux would try for two minutes.
    result = copy("postgresql://postgres@203.0.113.1:5432/x?connect_timeout=2", target, seconds=100)
    result.expect_error(1, "203.0.113.1").expect_hint()


def test_no_such_database_is_named(db, target):
    result = copy(db.uri().replace(db.name, "no_such_database"), target)
    result.expect_error(1, "no_such_database", "3D000").expect_hint()
    assert not target.exists()


def test_no_such_socket(target, tmp_path):
    copy(f"host={tmp_path} user=postgres dbname=x", target).expect_error(1, str(tmp_path)).expect_hint()


@pytest.fixture
def stranger_server():
    """Answers every connection with what is given, then closes, or stays silent."""
    listener = socket.create_server(("127.0.0.1", 0))
    kept = []

    def serve(answer: bytes | None):
        def accept():
            while True:
                try:
                    client, _ = listener.accept()
                except OSError:
                    return
                kept.append(client)
                if answer is not None:
                    client.recv(100)
                    client.sendall(answer)
                    client.close()
        threading.Thread(target=accept, daemon=True).start()
        return listener.getsockname()[1]

    yield serve
    listener.close()


def test_a_server_that_is_not_postgres(stranger_server, target):
    port = stranger_server(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    copy(f"postgresql://postgres@127.0.0.1:{port}/x", target).expect_error(1, f"127.0.0.1:{port}").expect_hint()


def test_a_server_that_never_answers_ends_after_connect_timeout(stranger_server, target):
    port = stranger_server(None)
    result = copy(f"postgresql://postgres@127.0.0.1:{port}/x?connect_timeout=2", target)
    result.expect_error(1, "no answer").expect_hint()


def test_a_connection_cut_during_the_login(proxy, db, target):
    proxy.cut_all_after(1)
    copy(db.uri(port=proxy.port), target).expect_error(1, "closed the connection").expect_hint()


def test_the_first_host_that_answers_is_used(db, target):
    proxy = Proxy(db.cluster.port)
    db.run("CREATE TABLE t (id int)")
    copy(f"host=127.0.0.1,127.0.0.1 port={free_port()},{proxy.port} user=postgres dbname={db.name}", target).expect(0)
    proxy.close()
