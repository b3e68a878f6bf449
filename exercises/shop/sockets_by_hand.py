"""Run the stages on sockets by hand, in real time: who sleeps, who computes, how often somebody is woken."""

from __future__ import annotations

import itertools
import resource
import socket
import threading
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from .in_memory import Diary, say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

PAUSE = 0.1
"""Seconds between two words of the other side."""
WORDS = (b"user", b"orders", b"details", b"payment")
"""What the other side sends: one word on each socket, the last socket first."""


def run_readiness(
    read_all_polling: Callable[[Sequence[socket.socket]], tuple[list[bytes], int]],
    read_all_ready: Callable[[Sequence[socket.socket]], list[bytes]],
) -> None:
    """Stage 6: four ways to read the same sockets, and what each costs."""
    ways: dict[str, Callable[[Sequence[socket.socket]], object]] = {
        "synchronous, blocking: recv, one after the other": one_after_the_other,
        "synchronous, non-blocking: read_all_polling": lambda socks: read_all_polling(socks)[0],
        "asynchronous, blocking: a thread for each, which calls back": one_thread_each,
        "asynchronous, non-blocking: read_all_ready": read_all_ready,
    }
    for title, way in ways.items():
        say(f"\n{title}")
        try:
            measure(way)
        except NotImplementedError as error:
            say(f"  Still to do. {error}")


def run_event_loop(mini_loop: Callable[[], Any]) -> None:
    """Stage 7: two timers, a socket on which somebody answers, a broken callback and another thread."""
    diary = Diary()
    say("a timer after 300 ms and one after 100, a word after 200, a thread after 400")
    ours, theirs = socket.socketpair()
    others = [
        threading.Timer(2 * PAUSE, theirs.sendall, (b"paid",)),
        threading.Timer(4 * PAUSE, lambda: loop.call_soon(lambda: over.append("from a thread"))),
    ]
    over: list[str] = []
    with ours, theirs:
        try:
            loop = mini_loop()
            loop.call_soon(lambda: 1 // 0)
            loop.call_later(3 * PAUSE, lambda: diary.note("the timer of 300 ms"))
            loop.call_later(PAUSE, lambda: diary.note("the timer of 100 ms"))
            loop.add_reader(ours, lambda: diary.note(f"the socket says {ours.recv(100)!r}"))
            for other in others:
                other.start()
            loop.run_until(lambda: bool(over))
            diary.note(f"it is over: {over[0]}")
        except NotImplementedError as error:
            say(f"\nStill to do. {error}")


def measure(way: Callable[[Sequence[socket.socket]], object]) -> None:
    """Let the other side talk, and count what reading takes meanwhile."""
    with ExitStack() as stack:
        pairs = [socket.socketpair() for _ in WORDS]
        for sock in itertools.chain(*pairs):
            stack.enter_context(sock)
        other = threading.Thread(target=talk, args=([theirs for theirs, _ in pairs],), daemon=True)
        before, began = resource.getrusage(resource.RUSAGE_SELF), time.monotonic()
        other.start()
        try:
            got = way([ours for _, ours in pairs])
        finally:
            other.join()
        took, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_SELF)
        computed = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        woken = after.ru_nvcsw - before.ru_nvcsw
    say(f"  read {got}")
    say(
        f"  in {1000 * took:.0f} ms: {1000 * computed:.0f} ms of computing, {woken} wake-ups in all"
    )


def talk(socks: Sequence[socket.socket]) -> None:
    """Send a word on each socket, the last one first, and say that nothing more comes."""
    for sock, word in zip(reversed(socks), reversed(WORDS), strict=True):
        time.sleep(PAUSE)
        sock.sendall(word)
        sock.shutdown(socket.SHUT_WR)


def one_after_the_other(socks: Sequence[socket.socket]) -> list[bytes]:
    """Stand still at each socket until it has ended."""
    return [read_to_its_end(sock) for sock in socks]


def one_thread_each(socks: Sequence[socket.socket]) -> dict[int, bytes]:
    """Have a thread stand still at each socket; its caller goes on, and is called back."""
    heard: dict[int, bytes] = {}

    def on_done(place: int, data: bytes) -> None:
        heard[place] = data

    def read(place: int, sock: socket.socket) -> None:
        on_done(place, read_to_its_end(sock))

    threads = [threading.Thread(target=read, args=pair) for pair in enumerate(socks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return heard


def read_to_its_end(sock: socket.socket) -> bytes:
    """What comes until the other side has nothing more to send."""
    return b"".join(iter(lambda: sock.recv(100), b""))
