"""A private PgBouncer in front of a cluster."""

import contextlib
import pathlib
import shutil
import socket
import subprocess
import tempfile

from support.servers.cluster import Cluster, free_port, hand_over, run_as_server
from support.setting import eventually


def program() -> str | None:
    return shutil.which("pgbouncer", path="/usr/sbin:/usr/bin:/usr/local/bin")


@contextlib.contextmanager
def pgbouncer(cluster: Cluster, pool_mode: str = "transaction"):
    """@return the port"""
    directory = pathlib.Path(tempfile.mkdtemp(prefix="pg2duck_pgbouncer_"))
    directory.chmod(0o755)
    port = free_port()
    (directory / "users").write_text('"postgres" ""\n')
    (directory / "pgbouncer.ini").write_text(
        f"[databases]\n* = host=127.0.0.1 port={cluster.port} user=postgres\n"
        f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\nauth_type = any\n"
        f"auth_file = {directory}/users\npool_mode = {pool_mode}\ndefault_pool_size = 20\nmax_client_conn = 100\n"
        f"logfile = {directory}/log\n")
    for path in (directory, directory / "users", directory / "pgbouncer.ini"):
        hand_over(path)
    process = subprocess.Popen([program(), str(directory / "pgbouncer.ini")], cwd=directory, stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **run_as_server())

    def answers() -> bool:
        assert process.poll() is None, (directory / "log").read_text()
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), 1).close()
            return True
        return False

    try:
        eventually(answers, "PgBouncer to answer")
        yield port
    finally:
        process.kill()
        process.wait()
        shutil.rmtree(directory, ignore_errors=True)
