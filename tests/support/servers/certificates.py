"""Self-signed certificates for a server that speaks TLS."""

import pathlib
import subprocess

from support.servers.cluster import Cluster, hand_over


def make_certificate(directory: pathlib.Path, name: str) -> tuple[pathlib.Path, pathlib.Path]:
    """@return the key and the certificate, made for the host `name`"""
    key, certificate = directory / "server.key", directory / "server.crt"
    subprocess.run(["openssl", "req", "-new", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
                    f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}", "-keyout", str(key), "-out",
                    str(certificate)], check=True, capture_output=True)
    key.chmod(0o600)
    return key, certificate


def give_certificate(cluster: Cluster, name: str) -> pathlib.Path:
    """Makes a certificate for the host `name` in the data directory. @return the certificate, as clients read it"""
    key, certificate = make_certificate(cluster.data, name)
    hand_over(key)
    hand_over(certificate)
    copy = cluster.directory / "root.crt"
    copy.write_bytes(certificate.read_bytes())
    copy.chmod(0o644)
    return copy
