"""A link with latency in front of a server on loopback: a process that passes everything on, later.

Kernels that know netem do it better, for root; this works everywhere."""

import asyncio
import contextlib
import multiprocessing
import os
import sys

# Linux lets one connection have about so much under way (net.ipv4.tcp_rmem).
WINDOW = 6 << 20
PIECE = 256 << 10


async def carry(reader, writer, seconds: float) -> None:
    """Writes what it reads, each piece `seconds` after it came, and no more than a window of it between."""
    loop = asyncio.get_running_loop()
    pieces, room = asyncio.Queue(), asyncio.Semaphore(WINDOW // PIECE)

    async def read() -> None:
        piece = b"begin"
        while piece:
            await room.acquire()
            try:
                piece = await reader.read(PIECE)
            except OSError:
                piece = b""
            pieces.put_nowait((loop.time() + seconds, piece))

    reading = loop.create_task(read())
    with contextlib.suppress(OSError):
        while True:
            due, piece = await pieces.get()
            await asyncio.sleep(due - loop.time())
            if not piece:
                break
            writer.write(piece)
            await writer.drain()
            room.release()
    reading.cancel()
    writer.close()


async def serve(server_port: int, round_trip: float, ready) -> None:
    async def accept(client_reader, client_writer) -> None:
        server_reader, server_writer = await asyncio.open_connection("127.0.0.1", server_port)
        # The handshake of a new connection is a round trip too.
        await asyncio.sleep(round_trip)
        await asyncio.gather(carry(client_reader, server_writer, round_trip / 2),
                             carry(server_reader, client_writer, round_trip / 2))

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    ready.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()


def in_process(server_port: int, round_trip: float, ready) -> None:
    sys.stderr = open(os.devnull, "w")  # What is under way when a side goes away is of no interest.
    asyncio.run(serve(server_port, round_trip, ready))


@contextlib.contextmanager
def slow_link(server_port: int, round_trip: float):
    """The port from which it is `round_trip` seconds to the server at `server_port` and back."""
    mine, its = multiprocessing.Pipe()
    process = multiprocessing.get_context("fork").Process(target=in_process, args=(server_port, round_trip, its), daemon=True)
    process.start()
    try:
        yield mine.recv()
    finally:
        process.kill()
        process.join()
