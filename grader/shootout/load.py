"""The load: all clients in one process of its own, on one selector, and the card network beside them.

python -m grader.shootout.load SOCKET
"""

from __future__ import annotations

import heapq
import random
import socket
import statistics
import sys
import time
from contextlib import suppress
from selectors import EVENT_READ, DefaultSelector
from typing import TYPE_CHECKING

from grader.shootout.arena import raise_files
from grader.shootout.handlers import AMOUNTS, RECEIPT, receipt
from grader.shootout.orders import Held, Line, Send, Sent

if TYPE_CHECKING:
    from collections.abc import Callable

RIGHT = {amount: b"paid %d\n" % receipt(amount) for amount in range(AMOUNTS)}
"""What the computing handler has to answer."""
REPLY = 4096
CONNECTS = 5.0
"""Seconds within which the kernel has to take a connection."""


def main() -> None:
    """Put on loads until the referee has gone."""
    line = Line(socket.socket(fileno=int(sys.argv[1])))
    raise_files()
    with suppress(EOFError):
        while True:
            order = line.hear(Send)
            gates = line.take(order.connections if order.work == "waits" else 0)
            line.say(Load(order, [socket.socket(fileno=gate) for gate in gates], line).put_on())


class Client:
    """One customer after another, each with a connection of his own; one request at a time."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.connection: socket.socket | None = None
        self.left = 0
        self.began = 0.0
        self.expected = b""
        self.heard = b""


class Load:
    """One load on one server."""

    def __init__(self, order: Send, gates: list[socket.socket], line: Line) -> None:
        self._order = order
        self._gates = gates
        self._line = line
        self._selector = DefaultSelector()
        self._clients = [Client(number) for number in range(order.connections)]
        self._due: list[tuple[float, int, bytes]] = []
        self._to_send = order.requests
        self._took: list[float] = []
        self._wrong = self._lost = 0
        self._over = False

    def put_on(self) -> Sent:
        """Put it on, and say what came of it."""
        self._selector.register(self._line.socket, EVENT_READ, self._leave_all)
        for client, gate in zip(self._clients, self._gates, strict=False):
            gate.setblocking(False)
            self._selector.register(gate, EVENT_READ, self._asked(client, gate))
        began, computed = time.perf_counter(), time.process_time()
        for client in self._clients:
            self._arrive(client)
        while not self._over and len(self._took) + self._wrong + self._lost < self._order.requests:
            self._turn(began + self._order.patience)
        seconds = time.perf_counter() - began
        if self._order.hold and not self._over:
            self._line.say(Held())
            while not self._over:
                self._turn(began + self._order.patience)
        busy = (time.process_time() - computed) / seconds
        self._close()
        return self._sent(seconds, busy)

    def _sent(self, seconds: float, busy: float) -> Sent:
        took = sorted(self._took) or [0.0]
        late = took[min(len(took) - 1, len(took) * 99 // 100)]
        right = len(self._took)
        return Sent(seconds, statistics.median(took), late, right, self._wrong, self._lost, busy)

    def _close(self) -> None:
        for client in self._clients:
            if client.connection:
                client.connection.close()
        for gate in self._gates:
            gate.close()
        self._selector.close()

    def _leave_all(self) -> None:
        self._over = True  # what was said is skipped by whoever hears the next order

    def _turn(self, deadline: float) -> None:
        now = time.perf_counter()
        until = min(deadline, self._due[0][0]) if self._due else deadline
        for key, _ in self._selector.select(max(0.0, until - now)):
            key.data()
        now = time.perf_counter()
        self._over = self._over or now >= deadline
        while self._due and self._due[0][0] <= now:
            _, number, answer = heapq.heappop(self._due)
            with suppress(OSError):  # the server has gone
                self._gates[number].send(answer)

    # ---- customers

    def _arrive(self, client: Client) -> None:
        if self._to_send <= 0:
            return
        client.left, client.heard, client.began = self._order.each, b"", time.perf_counter()
        try:
            client.connection = socket.create_connection(
                ("127.0.0.1", self._order.port), timeout=CONNECTS
            )
        except OSError:
            self._lost += 1
            return
        client.connection.setblocking(False)
        self._selector.register(client.connection, EVENT_READ, lambda: self._hear(client))
        self._ask(client)

    def _ask(self, client: Client) -> None:
        assert client.connection
        self._to_send -= 1
        client.left -= 1
        amount = random.randrange(AMOUNTS)  # noqa: S311 - no secret
        client.expected = RIGHT[amount]
        with suppress(ConnectionError):  # it is heard of when it is read
            client.connection.send(b"pay %d %d\n" % (client.number, amount))

    def _hear(self, client: Client) -> None:
        assert client.connection
        try:
            data = client.connection.recv(REPLY)
        except ConnectionError:
            data = b""
        client.heard += data
        if not data:
            self._lost += 1
            self._leave(client)
        elif client.heard.endswith(b"\n"):
            self._judge(client)

    def _judge(self, client: Client) -> None:
        now = time.perf_counter()
        if client.heard == client.expected:
            self._took.append(now - client.began)
        else:
            self._wrong += 1
        client.heard, client.began = b"", now
        if self._order.hold:
            return
        if client.left and self._to_send > 0:
            self._ask(client)
        else:
            self._leave(client)

    def _leave(self, client: Client) -> None:
        assert client.connection
        self._selector.unregister(client.connection)
        client.connection.close()
        client.connection = None
        self._arrive(client)

    # ---- the card network

    def _asked(self, client: Client, gate: socket.socket) -> Callable[[], None]:
        def asked() -> None:
            if not gate.recv(RECEIPT):
                self._selector.unregister(gate)
                return
            answer = b"%032x" % random.getrandbits(128)
            client.expected = b"paid " + answer + b"\n"
            due = time.perf_counter() + self._order.delay
            heapq.heappush(self._due, (due, client.number, answer))

        return asked


if __name__ == "__main__":
    main()
