"""Stage 7: an event loop from nothing: one call that waits for many events, and a callback for each."""

from __future__ import annotations

import socket
import sys
import time
import traceback
from bisect import bisect, insort
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from operator import itemgetter
from selectors import EVENT_READ, EVENT_WRITE, DefaultSelector

sys.path.append(f"{sys.path[0]}/../../exercises")  # so that this file runs by itself

Callback = Callable[[], object]


class MiniLoop:
    """Calls back: soon, which any thread may ask for, after a time, or whenever a socket is ready."""

    # TODO: some fifty lines in all. Begin with `call_soon` and `run_until`, then timers, then
    # sockets, then other threads. What may happen while you sleep, and who wakes you for it?

    def __init__(self) -> None:
        self._selector = DefaultSelector()

    def call_soon(self, callback: Callback) -> None:
        raise NotImplementedError("Stage 7: write call_soon, which remembers a callback.")

    def call_later(self, delay: float, callback: Callback) -> None:
        raise NotImplementedError("Stage 7: write call_later; `delay` is in seconds.")

    def add_reader(self, sock: socket.socket, callback: Callback) -> None:
        raise NotImplementedError("Stage 7: write add_reader, for a socket that can be read.")

    def remove_reader(self, sock: socket.socket) -> None:
        raise NotImplementedError("Stage 7: write remove_reader.")

    def add_writer(self, sock: socket.socket, callback: Callback) -> None:
        raise NotImplementedError("Stage 7: write add_writer, for a socket that can be written.")

    def remove_writer(self, sock: socket.socket) -> None:
        raise NotImplementedError("Stage 7: write remove_writer.")

    def run_until(self, condition: Callable[[], bool]) -> None:
        raise NotImplementedError("Stage 7: write run_until, which turns until condition() holds.")

    def stop(self) -> None:
        raise NotImplementedError("Stage 7: write stop, after which run_until returns.")


if __name__ == "__main__":
    from shop.sockets_by_hand import run_event_loop

    run_event_loop(MiniLoop)
