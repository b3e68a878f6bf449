"""Stage 6: many sockets, one thread; once by asking again and again, once by being told."""

from __future__ import annotations

import selectors
import socket
import sys
from collections.abc import Sequence

sys.path.append(f"{sys.path[0]}/../../exercises")  # so that this file runs by itself

SIZE = 4096
"""Bytes that one `recv` takes, at most."""


def read_all_polling(socks: Sequence[socket.socket]) -> tuple[list[bytes], int]:
    """Read each socket to its end, asking all of them in turn.

    Returns:
        What each has sent, in the order of `socks`; how often a socket was asked.
    """
    # TODO: about twelve lines. What does `recv` do when nothing is there, and what does it give
    # when nothing will come any more?
    raise NotImplementedError("Stage 6: write read_all_polling, which asks and never waits.")


def read_all_ready(socks: Sequence[socket.socket]) -> list[bytes]:
    """Read each socket to its end, and sleep until one of them is ready.

    Returns:
        What each has sent, in the order of `socks`.
    """
    # TODO: about twelve lines. Who wakes you, and when do you stop listening to a socket?
    raise NotImplementedError("Stage 6: write read_all_ready, which sleeps in a selector.")


if __name__ == "__main__":
    from shop.sockets_by_hand import run_readiness

    run_readiness(read_all_polling, read_all_ready)
