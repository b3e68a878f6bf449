"""Stage 8: a reactor. One thread has the sockets and waits for no handler; workers have the handlers."""

from __future__ import annotations

import selectors
import socket
import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from queue import SimpleQueue

sys.path.append(f"{sys.path[0]}/../../exercises")  # so that this file runs by itself


class Reactor:
    """Reads requests, has workers handle them, and writes the replies; both are lines.

    Args:
        handler: Gives the reply to a request, both without the newline. It may block, and raise.
        workers: Threads in which it is called. No more than twice as many requests are taken in
            and not answered.
    """

    def __init__(self, handler: Callable[[bytes], bytes], workers: int) -> None:
        # TODO: a pool, a selector, and something by which a worker wakes up the loop; ten lines.
        raise NotImplementedError("Stage 8: write Reactor, a loop with workers.")

    def serve(self, listener: socket.socket) -> None:
        """Serve all who connect, until `stop`; no other thread touches their sockets.

        Args:
            listener: Listens already, and stays open.
        """
        # TODO: accept, read, hand over, take replies, write: a short method for each, about 60
        # lines. Who waits when a client does not read its reply?

    def stop(self) -> None:
        """From any thread: answer what was taken in, take in no more, and let `serve` return."""
        # TODO: two lines. What wakes up a loop that sleeps in its selector?


if __name__ == "__main__":
    from shop.loops_by_hand import run_reactor

    run_reactor(Reactor)
