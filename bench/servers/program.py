"""The reference loop and coroutines of stage 10, beside asyncio's own streams and its protocols, for one referee."""

from __future__ import annotations

import asyncio
import runpy
from contextlib import suppress
from pathlib import Path
from socket import socket
from typing import TYPE_CHECKING

from shop.requests import step
from shop.sockets import ready

if TYPE_CHECKING:
    from shop.requests import Handler

BACKLOG = 4096
"""asyncio listens once more: with its usual 100 the kernel would turn away most of 500 clients who come at once."""
REFERENCE = runpy.run_path(
    str(Path(__file__).parents[2] / "solutions/s10_servers/pipeline.py"), run_name="pipeline"
)
serve_loop, serve_coroutines = REFERENCE["serve_loop"], REFERENCE["serve_coroutines"]


def serve_streams(listener: socket, handler: Handler, stop: socket) -> None:
    """The way of asyncio's documentation: `start_server`, a reader and a writer for each connection."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while (line := await reader.readline()).endswith(b"\n"):
                writer.write(await _answer(handler, line[:-1]))
                await writer.drain()
        writer.close()

    async def serve() -> None:
        server = await asyncio.start_server(talk, sock=listener, backlog=BACKLOG)
        await ready(stop)
        server.close()

    asyncio.run(serve())


def serve_protocols(listener: socket, handler: Handler, stop: socket) -> None:
    """What lies below: a protocol, and a task for each packet."""

    class Desk(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            self.transport, self.rest = transport, b""

        def data_received(self, data: bytes) -> None:
            *lines, self.rest = (self.rest + data).split(b"\n")
            self.task = asyncio.get_running_loop().create_task(self.answer(lines))

        async def answer(self, lines: list[bytes]) -> None:
            for line in lines:
                self.transport.write(await _answer(handler, line))  # type: ignore[attr-defined]  # a stream's

    async def serve() -> None:
        server = await asyncio.get_running_loop().create_server(
            Desk, sock=listener, backlog=BACKLOG
        )
        await ready(stop)
        server.close()

    asyncio.run(serve())


async def _answer(handler: Handler, line: bytes) -> bytes:
    work = handler(line)
    while isinstance(reply := step(work), socket):
        await ready(reply)
    return reply + b"\n"
