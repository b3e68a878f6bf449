"""What is measured, in which order, and how much of it this machine bears."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SERVERS = ("processes", "threads", "loop", "reactor", "coroutines")
"""The architectures, by the names of their functions without `serve_`."""
WORKS = ("waits", "computes")
"""The handlers: one waits for the card network, one keeps a processor busy."""
CONNECTIONS = (50, 500, 2000)
MOST_CONNECTIONS = 2000
MOST_COMPUTING = 500
"""Clients at a time whose requests compute: more of them would only queue for longer."""
ROUNDS = 3
REQUESTS = {"waits": 1500, "computes": 500}
"""Answers in a round; each connection gets one at least."""
MOST_EACH = 30
"""Answers for each of the clients that are there at a time, at most."""
PER_CONNECTION = 10
"""Requests that a client sends on one connection, before another client comes in its place."""
FILES_EACH = 4
"""Descriptors of a server for each connection: itself, its card network, and a worker's call that it is done."""
FILES_BESIDE = 100
"""Descriptors beside those."""


HELD = 500
"""Clients that are held at the same time, to see what they cost: up to as many processes."""


class Cell(msgspec.Struct, frozen=True):
    """One server under one load."""

    server: str
    work: str
    connections: int

    @property
    def requests(self) -> int:
        """As many as the plan wants; fewer of a few clients, and one for each of many."""
        return max(min(REQUESTS[self.work], MOST_EACH * self.connections), self.connections)


def affordable(connections: Sequence[int], files: int) -> tuple[int, ...]:
    """As many of each as a process with so many descriptors can hold, in order, without repeats.

    Args:
        connections: Asked for, each >= 1.
        files: RLIMIT_NOFILE.
    """
    most = max(1, (files - FILES_BESIDE) // FILES_EACH)
    return tuple(sorted({min(number, most) for number in connections}))


def in_turns(
    servers: Sequence[str], works: Sequence[str], connections: Sequence[int], turn: int
) -> Iterator[Cell]:
    """One round: under each load all servers one after the other, and in each round another one is first.

    So what else the machine does meets them alike.
    """
    first = turn % len(servers) if servers else 0
    order = [*servers[first:], *servers[:first]]
    for work in works:
        most = MOST_COMPUTING if work == "computes" else MOST_CONNECTIONS
        for number in sorted({min(number, most) for number in connections}):
            yield from (Cell(server, work, number) for server in order)
