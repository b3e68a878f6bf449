"""Run the stages that build a loop of their own by hand, in real time and on real sockets, and see what happens."""

from __future__ import annotations

import select
import socket
import threading
import time
from typing import TYPE_CHECKING, Any

from .by_hand import open_diary
from .in_memory import LATENCY, say

if TYPE_CHECKING:
    from collections.abc import Callable, Generator


def run_coroutines(
    scheduler_class: Callable[..., Any],
    sleep: Callable[[float], Any],
    readable: Callable[[socket.socket], Any],
    join: Callable[[Any], Any],
) -> None:
    """Stage 9: two that sleep, one that reads what the second sends, one that joins all and is an `async def`."""
    diary = open_diary("a sleeper, a writer and a reader, joined by an async def")
    ours, theirs = socket.socketpair()

    def sleeper() -> Generator[Any, Any, str]:
        yield sleep(3 * LATENCY)
        diary.note("the sleeper wakes up")
        return "slept"

    def writer() -> Generator[Any, Any, str]:
        yield sleep(LATENCY)
        diary.note(f"the writer sends {theirs.send(b'good morning')} bytes")
        return "sent"

    def reader() -> Generator[Any, Any, str]:
        yield readable(ours)
        diary.note("the reader has something to read")
        return ours.recv(100).decode()

    async def parent() -> None:
        for task in [scheduler.spawn(routine()) for routine in (sleeper, writer, reader)]:
            diary.note(f"the parent hears {await join(task)!r}")

    scheduler = scheduler_class(time.monotonic, select.select)
    routine = parent()
    try:
        scheduler.spawn(routine)
        scheduler.run()
    except NotImplementedError as error:
        say(f"\nStill to do. {error}")
    finally:
        routine.close()
        ours.close()
        theirs.close()


def run_reactor(reactor_class: Callable[..., Any]) -> None:
    """Stage 8: two clients whose handlers are slow, and one whose handler is quick, with two workers."""
    diary = open_diary("three clients, two workers; a request for coffee takes its time")
    listener = socket.create_server(("127.0.0.1", 0))

    def handler(request: bytes) -> bytes:
        diary.note(f"{threading.current_thread().name} handles {request.decode()!r}")
        time.sleep(4 * LATENCY if b"coffee" in request else 0)
        return request.upper()

    def client(request: bytes) -> None:
        with socket.create_connection(listener.getsockname()) as connection:
            connection.sendall(request + b"\n")
            diary.note(f"a client hears {connection.recv(100).decode().strip()!r}")

    try:
        reactor = reactor_class(handler, 2)
        serving = threading.Thread(target=reactor.serve, args=(listener,), daemon=True)
        requests = (b"a coffee", b"a water", b"another coffee", b"another water")
        clients = [threading.Thread(target=client, args=(request,)) for request in requests]
        for thread in (serving, *clients):
            thread.start()
        for thread in clients:
            thread.join()
        reactor.stop()
        serving.join()
        diary.note("the reactor has stopped")
    except NotImplementedError as error:
        say(f"\nStill to do. {error}")
    finally:
        listener.close()
