"""The handler that a server is given: the judge sees what it sends, in whichever process it runs.

A request is a line, its first word says what is wanted of the card network:

    pay TOKEN               a receipt at once
    hold GATE TOKEN         a receipt when the judge has given one on this gate, which is sent the token first
    busy GATE TOKEN         a receipt, computing until there is something on the gate
    fail NAME               an exception of that name
"""

from __future__ import annotations

import select
from typing import TYPE_CHECKING

import shop
from grader.protocol.deeds import receipt

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence
    from socket import socket

RECEIPT = 100
"""Bytes, at most."""
STRETCH = 200_000
"""Steps of computing between two looks at a gate, some 10 ms: looking lets other threads go on."""
ERRORS = {"PaymentDeclined": shop.PaymentDeclined, "KeyError": KeyError}


def desk(key: bytes, gates: Sequence[socket]) -> Callable[[bytes], Generator[socket, None, bytes]]:
    """Make the handler."""

    def handler(line: bytes) -> Generator[socket, None, bytes]:
        what, *words, token = line.split()
        if what == b"fail":
            raise ERRORS[token.decode()]
        if what == b"hold":
            gate = gates[int(words[0])]
            gate.send(token)
            yield gate
            return b"paid " + gate.recv(RECEIPT)
        if what == b"busy":
            gates[int(words[0])].send(token)
            _compute(gates[int(words[0])])
        return b"paid " + receipt(key, token)

    return handler


def _compute(gate: socket) -> None:
    poll = select.poll()
    poll.register(gate, select.POLLIN)
    while not poll.poll(0):
        for number in range(STRETCH):
            _ = number * number
