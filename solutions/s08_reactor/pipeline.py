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


class Client:
    """A connection, and what is on the way from it and to it."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock, self.unread, self.unsent = sock, b"", memoryview(b"")
        sock.setblocking(False)


class Reactor:
    """Reads requests, has workers handle them, and writes the replies; both are lines."""

    def __init__(self, handler: Callable[[bytes], bytes], workers: int) -> None:
        self._handler, self._pool = handler, ThreadPoolExecutor(workers)
        self._room = 2 * workers  # for requests that are taken in and not answered
        self._stopping = False
        self._selector = selectors.DefaultSelector()
        self._clients: set[Client] = set()
        self._in_work: set[Client] = set()  # handled, or written to
        self._put_off: list[Client] = []  # until there is room
        self._handled: SimpleQueue[tuple[Client, Future[bytes]]] = SimpleQueue()
        self._bell, self._ear = socket.socketpair()  # rung by workers, heard by the loop

    def serve(self, listener: socket.socket) -> None:
        """Serve all who connect, until `stop`; no other thread touches their sockets."""
        listener.setblocking(False)
        self._selector.register(listener, selectors.EVENT_READ, self._accept)
        self._selector.register(self._ear, selectors.EVENT_READ, self._take_replies)
        while self._in_work or not self._stopping:
            for key, _ in self._selector.select():
                key.data(key.fileobj)
        for client in list(self._clients):
            self._close(client)
        self._pool.shutdown()
        for end in (self._selector, self._bell, self._ear):
            end.close()

    def stop(self) -> None:
        """From any thread: answer what was taken in, take in no more, and let `serve` return."""
        self._stopping = True
        self._bell.send(b"!")

    def _accept(self, listener: socket.socket) -> None:
        client = Client(listener.accept()[0])
        self._clients.add(client)
        self._next_request(client)

    def _next_request(self, client: Client) -> None:
        """Have the next request handled if it has come, otherwise read on; both if there is room."""
        request, newline, rest = client.unread.partition(b"\n")
        if self._room == 0 or self._stopping:
            self._put_off.append(client)
        elif newline:
            client.unread = rest
            self._room -= 1
            self._in_work.add(client)
            handling = self._pool.submit(self._handler, request)
            handling.add_done_callback(partial(self._ring, client))
        else:
            self._when(selectors.EVENT_READ, client, self._read)

    def _read(self, client: Client) -> None:
        if self._room and not self._stopping:
            data = client.sock.recv(65_536)
            if not data:
                return self._close(client)
            client.unread += data
        return self._next_request(client)

    def _ring(self, client: Client, handling: Future[bytes]) -> None:
        """Called by the worker that has handled a request."""
        self._handled.put((client, handling))
        self._bell.send(b"!")

    def _take_replies(self, ear: socket.socket) -> None:
        ear.recv(4096)
        while not self._handled.empty():
            client, handling = self._handled.get()
            self._room += 1
            if handling.exception():
                self._close(client)
            else:
                client.unsent = memoryview(handling.result() + b"\n")
                self._when(selectors.EVENT_WRITE, client, self._write)
        put_off, self._put_off = self._put_off, []
        for client in put_off:
            self._next_request(client)

    def _write(self, client: Client) -> None:
        client.unsent = client.unsent[client.sock.send(client.unsent) :]
        if client.unsent:
            self._when(selectors.EVENT_WRITE, client, self._write)
        else:
            self._in_work.remove(client)
            self._next_request(client)

    def _when(self, event: int, client: Client, act: Callable[[Client], None]) -> None:
        """Act once, when the client's socket is ready."""

        def ready(sock: socket.socket) -> None:
            self._selector.unregister(sock)
            try:
                act(client)
            except ConnectionError:
                self._close(client)

        self._selector.register(client.sock, event, ready)

    def _close(self, client: Client) -> None:
        self._in_work.discard(client)
        self._clients.discard(client)
        client.sock.close()


if __name__ == "__main__":
    from shop.loops_by_hand import run_reactor

    run_reactor(Reactor)
