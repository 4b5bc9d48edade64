"""A server that speaks Azure Blob Storage, checks signatures, and keeps its blobs in memory: Azurite."""

import atexit
import base64
import email.utils
import functools
import hashlib
import hmac
import shutil
import socket
import subprocess
import time
import urllib.request

import pytest

from support.servers.cluster import clean_environment, free_port
from support.servers.object_store import BUCKET
from support.setting import DEPS, PATIENCE

PROGRAM = DEPS / "azurite/node_modules/azurite/dist/src/blob/main.js"


class AzureStore:
    def __init__(self):
        self.port = free_port()
        self.account, self.secret = "shopaccount", base64.b64encode(b"canary of a key").decode()
        self.url = f"http://127.0.0.1:{self.port}/{self.account}"
        self.connection_string = f"AccountName={self.account};AccountKey={self.secret};BlobEndpoint={self.url}"
        self.environment = {"AZURE_STORAGE_ACCOUNT": self.account, "AZURE_STORAGE_KEY": self.secret,
                            "AZURE_STORAGE_SERVICE_ENDPOINT": self.url}
        self.process = None

    def start(self) -> "AzureStore":
        # The extension may ask by a newer version of the interface than this server knows.
        self.process = subprocess.Popen(
            ["node", PROGRAM, "--inMemoryPersistence", "--blobPort", str(self.port), "--silent", "--skipApiVersionCheck"],
            env={**clean_environment(), "AZURITE_ACCOUNTS": f"{self.account}:{self.secret}"},
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                break
            except OSError:
                assert self.process.poll() is None and time.monotonic() < deadline, "Azurite does not start"
                time.sleep(0.02)
        self._create_container(BUCKET)
        return self

    def _create_container(self, name: str) -> None:
        headers = {"x-ms-date": email.utils.formatdate(usegmt=True), "x-ms-version": "2021-08-06", "Content-Length": "0"}
        signed = "PUT" + "\n" * 12 + "".join(f"{key}:{headers[key]}\n" for key in ("x-ms-date", "x-ms-version"))
        signed += f"/{self.account}/{self.account}/{name}\nrestype:container"
        signature = hmac.new(base64.b64decode(self.secret), signed.encode(), hashlib.sha256).digest()
        headers["Authorization"] = f"SharedKey {self.account}:{base64.b64encode(signature).decode()}"
        request = urllib.request.Request(f"{self.url}/{name}?restype=container", method="PUT", headers=headers)
        urllib.request.urlopen(request).close()

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


@functools.cache
def azure_store() -> AzureStore:
    """One for all tests of a suite."""
    if not PROGRAM.exists() or not shutil.which("node"):
        pytest.skip("Azurite is not installed: scripts/bootstrap azure")
    store = AzureStore().start()
    atexit.register(store.stop)
    return store
