"""A server that speaks S3, checks signatures, and keeps its objects as files: rclone's."""

import atexit
import functools
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time

from support.servers.cluster import clean_environment, fast_directory, free_port
from support.setting import PATIENCE

BUCKET = "bucket"


class ObjectStore:
    def __init__(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="pg2duck_s3_", dir=fast_directory()))
        (self.root / BUCKET).mkdir()
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.key, self.secret = "AKIDTEST", "canary/secret+key"
        self.environment = {"AWS_ACCESS_KEY_ID": self.key, "AWS_SECRET_ACCESS_KEY": self.secret,
                            "AWS_REGION": "us-east-1", "AWS_ENDPOINT_URL": self.url}
        self.process = None

    def start(self) -> "ObjectStore":
        program = pathlib.Path(sys.executable).with_name("rclone")
        self.process = subprocess.Popen(
            [program, "serve", "s3", self.root, "--addr", f"127.0.0.1:{self.port}", "--config", "/dev/null",
             "--auth-key", f"{self.key},{self.secret}", "--log-level", "ERROR"],
            env=clean_environment(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return self
            except OSError:
                assert self.process.poll() is None and time.monotonic() < deadline, "the object store does not start"
                time.sleep(0.02)

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.root)


@functools.cache
def object_store() -> ObjectStore:
    """One for all tests of a suite."""
    store = ObjectStore().start()
    atexit.register(store.remove)
    return store
