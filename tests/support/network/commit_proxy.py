"""A TCP proxy that does something once, when a client sends a certain text."""

import contextlib
import socket
import threading


class CommitProxy:
    """Passes everything on until a client's bytes hold `needle`; then, once, what the test has set:

    before(): is called, and the request is not passed on; its connection is closed.
    after(): the request is passed on, `after` is called when the server's reply has begun, which is not passed on.
    only: the request and its reply are passed on, and later connections are refused."""

    def __init__(self, server_port: int, needle: bytes, before=None, after=None, only=False):
        self._server_port = server_port
        self._needle = needle
        self._before = before
        self._after = after
        self._only = only
        self.tripped = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(("127.0.0.1", self._server_port))
            except OSError:
                client.close()
                continue
            state = threading.Event()  # The reply that comes next is the one to be lost.
            threading.Thread(target=self._from_client, args=(client, server, state), daemon=True).start()
            threading.Thread(target=self._from_server, args=(server, client, state), daemon=True).start()

    def _from_client(self, client: socket.socket, server: socket.socket, state: threading.Event) -> None:
        seen = b""
        with contextlib.suppress(OSError):
            while data := client.recv(1 << 16):
                seen = (seen + data)[-(1 << 17):]
                if self._needle in seen and not self.tripped.is_set():
                    self.tripped.set()
                    seen = b""
                    if self._before:
                        self._before()
                        break
                    if self._only:
                        self.close()
                    else:
                        state.set()
                server.sendall(data)
        self._close(client, server)

    def _from_server(self, server: socket.socket, client: socket.socket, state: threading.Event) -> None:
        with contextlib.suppress(OSError):
            while data := server.recv(1 << 16):
                if state.is_set():
                    self._after()
                    break
                client.sendall(data)
        self._close(client, server)

    @staticmethod
    def _close(*ends: socket.socket) -> None:
        for end in ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # Wakes the thread that accepts.
        self._listener.close()
