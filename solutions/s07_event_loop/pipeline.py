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

    def __init__(self) -> None:
        self._soon: deque[Callback] = deque()
        self._timers: list[tuple[float, Callback]] = []
        self._handlers: dict[tuple[object, int], Callback | None] = {}
        self._selector = DefaultSelector()
        self._bell, self._ear = socket.socketpair()
        self._bell.setblocking(False)
        self.add_reader(self._ear, lambda: self._ear.recv(4096))

    def call_soon(self, callback: Callback) -> None:
        self._soon.append(callback)
        with suppress(BlockingIOError):  # it is full of rings already
            self._bell.send(b"!")

    def call_later(self, delay: float, callback: Callback) -> None:
        insort(self._timers, (time.monotonic() + delay, callback), key=itemgetter(0))

    def add_reader(self, sock: socket.socket, callback: Callback) -> None:
        self._listen(sock, EVENT_READ, callback)

    def remove_reader(self, sock: socket.socket) -> None:
        self._listen(sock, EVENT_READ, None)

    def add_writer(self, sock: socket.socket, callback: Callback) -> None:
        self._listen(sock, EVENT_WRITE, callback)

    def remove_writer(self, sock: socket.socket) -> None:
        self._listen(sock, EVENT_WRITE, None)

    def run_until(self, condition: Callable[[], bool]) -> None:
        self._stopped = False
        while not self._stopped and not condition():
            self._turn()

    def stop(self) -> None:
        self.call_soon(lambda: setattr(self, "_stopped", True))

    def _turn(self) -> None:
        patience = self._timers[0][0] - time.monotonic() if self._timers else None
        for key, ready in self._selector.select(0 if self._soon else patience):
            for event in (EVENT_READ, EVENT_WRITE):  # whoever was removed meanwhile is not called
                if callback := self._handlers.get((key.fileobj, event & ready)):
                    self._call(callback)
        for _ in range(bisect(self._timers, time.monotonic(), key=itemgetter(0))):
            self._call(self._timers.pop(0)[1])
        for _ in range(len(self._soon)):  # who asks in this turn comes in the next
            self._call(self._soon.popleft())

    def _call(self, callback: Callback) -> None:
        try:
            callback()
        except Exception:  # noqa: BLE001 - it is the callback's own, and the others go on
            traceback.print_exc()

    def _listen(self, sock: socket.socket, event: int, callback: Callback | None) -> None:
        self._handlers[sock, event] = callback
        with suppress(KeyError):
            self._selector.unregister(sock)
        if events := sum(e for e in (EVENT_READ, EVENT_WRITE) if self._handlers.get((sock, e))):
            self._selector.register(sock, events)


if __name__ == "__main__":
    from shop.sockets_by_hand import run_event_loop

    run_event_loop(MiniLoop)
