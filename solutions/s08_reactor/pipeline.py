"""Stage 8: a reactor. One thread has the sockets and waits for no handler; workers have the handlers."""

import socket
import sys
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from selectors import EVENT_READ, EVENT_WRITE, DefaultSelector

sys.path.append(f"{sys.path[0]}/../../exercises")  # so that this file runs by itself


class Reactor:
    """Reads requests, has workers handle them, and writes the replies; both are lines."""

    def __init__(self, handler: Callable[[bytes], bytes], workers: int) -> None:
        self._handler, self._pool = handler, ThreadPoolExecutor(workers)
        self._room, self._stopping = 2 * workers, False  # room for requests without a reply
        self._unread: dict[socket.socket, bytes] = {}  # of each client
        self._put_off: deque[socket.socket] = deque()  # until there is room
        self._in_work: set[socket.socket] = set()  # handled, or written to
        self._handled: deque[tuple[socket.socket, Future[bytes]]] = deque()
        self._selector = DefaultSelector()
        self._bell, self._ear = socket.socketpair()  # rung by workers, heard by the loop

    def serve(self, listener: socket.socket) -> None:
        listener.setblocking(False)
        self._when(EVENT_READ, listener, self._accept)
        self._when(EVENT_READ, self._ear, self._take_replies)
        with self._pool, self._selector:
            while self._in_work or not self._stopping:
                for key, _ in self._selector.select():
                    act, sock = self._selector.unregister(key.fileobj).data  # each waits once
                    try:
                        act(sock)
                    except ConnectionError:
                        self._close(sock)
        for sock in (*self._unread, self._bell, self._ear):
            sock.close()

    def stop(self) -> None:
        self._stopping = True
        self._bell.send(b"!")

    def _accept(self, listener: socket.socket) -> None:
        self._when(EVENT_READ, listener, self._accept)
        client, _ = listener.accept()
        client.setblocking(False)
        self._unread[client] = b""
        self._next_request(client)

    def _next_request(self, client: socket.socket) -> None:
        request, newline, rest = self._unread[client].partition(b"\n")
        if self._room == 0 or self._stopping:
            self._put_off.append(client)
        elif newline:
            self._unread[client] = rest
            self._room -= 1
            self._in_work.add(client)
            handling = self._pool.submit(self._handler, request)
            handling.add_done_callback(partial(self._ring, client))
        else:
            self._when(EVENT_READ, client, self._read)

    def _read(self, client: socket.socket) -> None:
        if self._room and not self._stopping:
            if not (data := client.recv(65_536)):
                return self._close(client)
            self._unread[client] += data
        return self._next_request(client)

    def _ring(self, client: socket.socket, handling: Future[bytes]) -> None:  # in the worker
        self._handled.append((client, handling))
        self._bell.send(b"!")

    def _take_replies(self, ear: socket.socket) -> None:
        self._when(EVENT_READ, ear, self._take_replies)
        ear.recv(4096)
        while self._handled:
            client, handling = self._handled.popleft()
            self._room += 1
            if handling.exception():
                self._close(client)
            else:
                self._when(EVENT_WRITE, client, partial(self._write, handling.result() + b"\n"))
        for _ in range(len(self._put_off)):
            self._next_request(self._put_off.popleft())

    def _write(self, reply: bytes, client: socket.socket) -> None:
        if unsent := reply[client.send(reply) :]:
            self._when(EVENT_WRITE, client, partial(self._write, unsent))
        else:
            self._in_work.remove(client)
            self._next_request(client)

    def _when(self, event: int, sock: socket.socket, act: Callable[[socket.socket], None]) -> None:
        self._selector.register(sock, event, (act, sock))

    def _close(self, client: socket.socket) -> None:
        self._in_work.discard(client)
        del self._unread[client]
        client.close()


if __name__ == "__main__":
    from shop.loops_by_hand import run_reactor

    run_reactor(Reactor)
