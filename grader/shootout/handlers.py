"""The two handlers: one waits for the card network, the other computes its receipt."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from socket import socket

    from shop.requests import Handler, Work

TURNS = 20_000
"""Steps of a computation: a millisecond or so."""
AMOUNTS = 16
"""Different amounts that are computed with."""
RECEIPT = 64
"""Bytes of the card network's answer, at most."""


def handler_of(work: str, gates: Sequence[socket]) -> Handler:
    """The handler of a kind of work.

    Args:
        work: "waits" or "computes".
        gates: Connections to the card network, one for each client.
    """

    def waits(line: bytes) -> Work:
        _, client, amount = line.split()
        gate = gates[int(client)]
        gate.send(amount)
        yield gate
        return b"paid " + gate.recv(RECEIPT)

    def computes(line: bytes) -> Work:
        yield from ()
        return b"paid %d" % receipt(int(line.split()[2]))

    return waits if work == "waits" else computes


def receipt(amount: int) -> int:
    """A number that takes a while, all of it in Python (Lehmer's generator)."""
    number = amount + 1
    for _ in range(TURNS):
        number = number * 48_271 % 2_147_483_647
    return number
