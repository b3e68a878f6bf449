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
    read = [bytearray() for _ in socks]
    open_ = dict(enumerate(socks))
    polls = 0
    for sock in socks:
        sock.setblocking(False)
    while open_:
        for place, sock in list(open_.items()):
            polls += 1
            try:
                data = sock.recv(SIZE)
            except BlockingIOError:
                continue
            read[place] += data
            if not data:
                del open_[place]
    return [bytes(data) for data in read], polls


def read_all_ready(socks: Sequence[socket.socket]) -> list[bytes]:
    """Read each socket to its end, and sleep until one of them is ready.

    Returns:
        What each has sent, in the order of `socks`.
    """
    read = [bytearray() for _ in socks]
    with selectors.DefaultSelector() as selector:
        for number, sock in enumerate(socks):
            sock.setblocking(False)
            selector.register(sock, selectors.EVENT_READ, number)
        while selector.get_map():
            for key, _ in selector.select():
                place: int = key.data
                data = socks[place].recv(SIZE)
                read[place] += data
                if not data:
                    selector.unregister(key.fileobj)
    return [bytes(data) for data in read]


if __name__ == "__main__":
    from shop.sockets_by_hand import run_readiness

    run_readiness(read_all_polling, read_all_ready)
