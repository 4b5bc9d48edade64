"""A TCP proxy on loopback that cuts, stalls or delays what a server sends."""

import contextlib
import socket
import threading
import time


class Proxy:
    """Passes everything on until told otherwise. The fault counts bytes from the server over all connections."""

    def __init__(self, server_port: int):
        self._server_port = server_port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._lock = threading.Lock()
        self._pairs = []
        self._fault = None
        self._after = 0
        self._delay = 0.0
        self._left = None
        self.passed = 0
        self.tripped = threading.Event()
        self._closed = False
        threading.Thread(target=self._accept, daemon=True).start()

    def cut_after(self, count: int) -> "Proxy":
        """Closes the connection whose bytes reach `count`; later ones pass."""
        return self._set("cut", count)

    def cut_all_after(self, count: int) -> "Proxy":
        """Closes all connections then, and every later one at once."""
        return self._set("cut all", count)

    def stall_after(self, count: int) -> "Proxy":
        """Passes nothing more then, on any connection, and keeps them open."""
        return self._set("stall", count)

    def take_only(self, count: int) -> "Proxy":
        """Closes every connection after the next `count` at once."""
        self._left = count
        return self

    def delay(self, seconds: float) -> "Proxy":
        """Waits before each piece that it passes on."""
        self._delay = seconds
        return self

    def heal(self) -> None:
        """Later connections pass again."""
        self._fault = None
        self._left = None
        self.tripped.clear()

    def _set(self, fault: str, count: int) -> "Proxy":
        with self._lock:
            self._fault, self._after, self.passed = fault, count, 0
        return self

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            if (self._fault == "cut all" and self.tripped.is_set()) or self._left == 0:
                client.close()
                continue
            if self._left is not None:
                self._left -= 1
            try:
                server = socket.create_connection(("127.0.0.1", self._server_port))
            except OSError:
                client.close()
                continue
            with self._lock:
                self._pairs.append((client, server))
            threading.Thread(target=self._pump, args=(client, server, False), daemon=True).start()
            threading.Thread(target=self._pump, args=(server, client, True), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket, from_server: bool):
        with contextlib.suppress(OSError):
            while True:
                data = source.recv(16384)
                if not data:
                    break
                time.sleep(self._delay)
                if not self._may_pass(len(data), from_server):
                    break
                sink.sendall(data)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _may_pass(self, count: int, from_server: bool) -> bool:
        with self._lock:
            if from_server:
                self.passed += count
            reached = self._fault is not None and self.passed >= self._after
        if not reached:
            return True
        first = not self.tripped.is_set()
        self.tripped.set()
        if self._fault == "stall":
            while self._fault == "stall" and not self._closed:
                time.sleep(0.05)
            return False
        if self._fault == "cut all" and first:
            self._cut_everything()
        return self._fault == "cut" and not first

    def _cut_everything(self):
        with self._lock:
            pairs = list(self._pairs)
        for pair in pairs:
            for end in pair:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._closed = True
        self._listener.close()
        self._cut_everything()
