"""A link that delays IP packets and loses some of them, between a network namespace and the servers of this machine.

Two namespaces are joined by a tun device at each end. A program that is run in the near one finds the servers at
127.0.0.1, as it would find them here, but its packets go over the link: what is lost is sent again by the kernels' TCP.
Needs root and /dev/net/tun; no netem."""

import asyncio
import contextlib
import ctypes
import fcntl
import multiprocessing
import os
import pathlib
import random
import shutil
import socket
import struct
import subprocess
import sys

CLONE_NEWNET = 0x40000000
TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 0x0001, 0x1000
NEAR, FAR = "10.213.7.1", "10.213.7.2"

# For pytest.mark.skipif.
IMPOSSIBLE = os.geteuid() != 0 or not os.path.exists("/dev/net/tun") or not all(map(shutil.which, ("ip", "nsenter")))
WHY = "a link with loss needs root, /dev/net/tun, ip and nsenter"


def check(result: int) -> None:
    if result != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


class Ends:
    """The devices of both ends, the near namespace, and sockets that listen in the far one."""

    def __init__(self, ports):
        libc = ctypes.CDLL(None, use_errno=True)
        home = os.open("/proc/self/ns/net", os.O_RDONLY)
        try:
            check(libc.unshare(CLONE_NEWNET))
            self.namespace = os.open("/proc/self/ns/net", os.O_RDONLY)
            # Loopback stays down here, so that 127.0.0.1 is not this namespace's own.
            self.near = self._device(NEAR, FAR)
            self._ip("route", "add", "127.0.0.1/32", "dev", "lossy", "src", NEAR)
            check(libc.unshare(CLONE_NEWNET))
            self.far = self._device(FAR, NEAR)
            self._ip("link", "set", "lo", "up")
            self.listeners = {port: socket.create_server(("127.0.0.1", port)) for port in ports}
        finally:
            check(libc.setns(home, CLONE_NEWNET))

    def _device(self, own: str, other: str) -> int:
        device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH22x", b"lossy", IFF_TUN | IFF_NO_PI))
        self._ip("addr", "add", own, "peer", other, "dev", "lossy")
        self._ip("link", "set", "lossy", "up")
        # Else packets from and to 127.0.0.1 are dropped here.
        pathlib.Path("/proc/sys/net/ipv4/conf/lossy/route_localnet").write_text("1")
        return device

    @staticmethod
    def _ip(*arguments: str) -> None:
        subprocess.run(["ip", *arguments], check=True)


async def carry(reader, writer) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


async def serve(ends: Ends, delay: float, loss: float, seed, state) -> None:
    loop = asyncio.get_running_loop()
    dice = random.Random(seed)

    def pass_on(source: int, sink: int) -> None:
        with contextlib.suppress(BlockingIOError):
            while packet := os.read(source, 65536):
                if state["gone"].value or dice.random() < loss:
                    state["lost"].value += 1
                else:
                    state["passed"].value += 1
                    loop.call_later(delay, os.write, sink, packet)

    loop.add_reader(ends.near, pass_on, ends.near, ends.far)
    loop.add_reader(ends.far, pass_on, ends.far, ends.near)

    def to_server(port: int):
        async def accept(client_reader, client_writer) -> None:
            server_reader, server_writer = await asyncio.open_connection("127.0.0.1", port)
            await asyncio.gather(carry(client_reader, server_writer), carry(server_reader, client_writer))
        return accept

    servers = [await asyncio.start_server(to_server(port), sock=listener) for port, listener in ends.listeners.items()]
    await asyncio.gather(*(server.serve_forever() for server in servers))


def in_process(ports, delay: float, loss: float, seed, state, ready) -> None:
    ends = Ends(ports)
    ready.send(ends.namespace)
    sys.stderr = open(os.devnull, "w")  # What is under way when a side goes away is of no interest.
    asyncio.run(serve(ends, delay, loss, seed, state))


class LossyLink:
    def __init__(self, namespace: str, state: dict):
        self.program = shutil.which("nsenter")
        self._namespace, self._state = namespace, state

    def arguments(self, program, *arguments) -> list:
        """For `self.program`, which runs the other at the near end."""
        return [f"--net={self._namespace}", program, *arguments]

    def vanish(self) -> None:
        """Loses every packet from now on."""
        self._state["gone"].value = 1

    @property
    def lost(self) -> int:
        return self._state["lost"].value

    @property
    def passed(self) -> int:
        return self._state["passed"].value


@contextlib.contextmanager
def lossy_link(ports, round_trip: float, loss: float, seed):
    """The near end of a link to the servers at `ports` of 127.0.0.1, which loses the share `loss` of the packets."""
    mine, its = multiprocessing.Pipe()
    state = {name: multiprocessing.Value("Q", 0, lock=False) for name in ("gone", "lost", "passed")}
    process = multiprocessing.get_context("fork").Process(
        target=in_process, args=(ports, round_trip / 2, loss, seed, state, its), daemon=True)
    process.start()
    try:
        assert mine.poll(20), "the link does not come up"
        yield LossyLink(f"/proc/{process.pid}/fd/{mine.recv()}", state)
    finally:
        process.kill()
        process.join()
