# expect: failed test_threads
# expect: failed test_held_connection_stops_nobody
# expect: passed test_processes
# mistake: the thread is joined at once: one client is served at a time
# kind: stuck
import asyncio
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from selectors import EVENT_READ, EVENT_WRITE, DefaultSelector
from socket import socket, socketpair
from threading import Thread
from weakref import WeakSet

from shop.requests import Handler, Work, finish, step
from shop.sockets import Door, arrivals, readable, ready, send

CHUNK, WORKERS = 65_536, 8
HOLDING, COMPUTING, ALONGSIDE = "coroutines", "processes", "reactor"


def converse(connection: socket, handler: Handler, stop: socket) -> None:
    """Answer one client, line by line, until one side has had enough."""
    rest = b""
    with connection, suppress(ConnectionError):
        while stop not in readable(connection, stop) and (data := connection.recv(CHUNK)):
            *lines, rest = (rest + data).split(b"\n")
            for work in map(handler, lines):
                connection.sendall(finish(work) + b"\n")


def serve_processes(listener: socket, handler: Handler, stop: socket) -> None:
    """Fork a process for each connection."""
    children: set[int] = set()
    for connection in arrivals(listener, stop):
        with connection:
            if (child := os.fork()) == 0:
                try:
                    converse(connection, handler, stop)
                finally:
                    os._exit(0)  # and not back into the loop, as a second server
        children = {child, *(pid for pid in children if os.waitpid(pid, os.WNOHANG)[0] == 0)}
    for child in children:
        os.waitpid(child, 0)


def serve_threads(listener: socket, handler: Handler, stop: socket) -> None:
    """Start a thread for each connection."""
    threads = WeakSet[Thread]()  # forgets those that have ended
    for connection in arrivals(listener, stop):
        thread = Thread(target=converse, args=(connection, handler, stop))
        threads.add(thread)
        thread.start()
        thread.join()
    for thread in list(threads):
        thread.join()


def conversation(connection: socket, handler: Handler) -> Iterator[tuple[socket, int]]:
    """`converse`, but it gives what it would wait for, and is resumed when that is ready."""
    rest = b""
    with connection, suppress(ConnectionError):
        yield connection, EVENT_READ
        while data := connection.recv(CHUNK):
            *lines, rest = (rest + data).split(b"\n")
            for work in map(handler, lines):
                while isinstance(reply := step(work), socket):
                    yield reply, EVENT_READ
                reply += b"\n"
                while reply := send(connection, reply):
                    yield connection, EVENT_WRITE
            yield connection, EVENT_READ


def serve_loop(listener: socket, handler: Handler, stop: socket) -> None:
    """Resume on one thread whoever waits for something that is ready."""
    door = Door(listener)

    def resume(waiting: Iterator[tuple[socket, int]]) -> None:
        with suppress(StopIteration):
            selector.register(*next(waiting), waiting)

    def welcome() -> Iterator[tuple[socket, int]]:
        while True:
            yield listener, EVENT_READ
            for connection in door.arrivals():
                resume(conversation(connection, handler))

    with DefaultSelector() as selector:
        resume(welcome())
        selector.register(stop, EVENT_READ, iter(()))
        while selector.get_map():
            for key, _ in selector.select():
                selector.unregister(key.fileobj)
                resume(key.data)
            if stop not in selector.get_map() and listener in selector.get_map():
                selector.unregister(listener)
                door.hang_up()


def serve_reactor(listener: socket, handler: Handler, stop: socket) -> None:
    """Turn the same loop, and hand each request over to a worker."""

    def hand_over(line: bytes) -> Work:
        woken, waker = socketpair()
        with woken, waker:
            done = workers.submit(finish, handler(line))
            done.add_done_callback(lambda _: waker.send(b"\0"))
            yield woken
            return done.result()

    with ThreadPoolExecutor(WORKERS) as workers:
        serve_loop(listener, hand_over, stop)


def serve_coroutines(listener: socket, handler: Handler, stop: socket) -> None:
    """Start a task for each connection."""
    door = Door(listener)

    async def talk(connection: socket) -> None:
        """`converse`, with an `await` wherever that waits."""
        loop, rest = asyncio.get_running_loop(), b""
        with connection, suppress(ConnectionError):
            while data := await loop.sock_recv(connection, CHUNK):
                *lines, rest = (rest + data).split(b"\n")
                for work in map(handler, lines):
                    while isinstance(reply := step(work), socket):
                        await ready(reply)
                    await loop.sock_sendall(connection, reply + b"\n")

    def welcome(clients: asyncio.TaskGroup) -> None:
        for connection in door.arrivals():
            clients.create_task(talk(connection))

    async def serve() -> None:
        loop = asyncio.get_running_loop()
        async with asyncio.TaskGroup() as clients:
            loop.add_reader(listener, welcome, clients)
            await ready(stop)
            loop.remove_reader(listener)
            door.hang_up()

    asyncio.run(serve())
