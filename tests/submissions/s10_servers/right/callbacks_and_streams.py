# style: select() and locks, callbacks in a class, workers on a queue, asyncio's streams
import asyncio
import collections
import os
import queue
import select
import selectors
import socket
import threading

from shop import ShopError

HOLDING, COMPUTING, ALONGSIDE = "loop", "processes", "reactor"


def answer(handler, line):
    work = handler(line)
    try:
        while True:
            select.select([next(work)], [], [])
    except StopIteration as done:
        return done.value + b"\n"
    except (ShopError, Exception) as error:
        return b"error " + type(error).__name__.encode() + b"\n"


def talk(connection, handler, stop):
    pending = b""
    try:
        while True:
            ready, _, _ = select.select([connection, stop], [], [])
            if stop in ready:
                break
            data = connection.recv(4096)
            if not data:
                break
            pending += data
            while b"\n" in pending:
                line, pending = pending.split(b"\n", 1)
                connection.sendall(answer(handler, line))
    except OSError:
        pass
    finally:
        connection.close()


def serve_processes(listener, handler, stop):
    children = 0
    while True:
        ready, _, _ = select.select([listener, stop], [], [])
        if stop in ready:
            break
        connection, _ = listener.accept()
        connection.setblocking(True)
        if os.fork() == 0:
            talk(connection, handler, stop)
            os._exit(0)
        connection.close()
        children += 1
        while children and os.waitpid(-1, os.WNOHANG)[0]:
            children -= 1
    while children:
        os.wait()
        children -= 1


def serve_threads(listener, handler, stop):
    threads = []
    while True:
        ready, _, _ = select.select([listener, stop], [], [])
        if stop in ready:
            break
        connection, _ = listener.accept()
        connection.setblocking(True)
        threads = [thread for thread in threads if thread.is_alive()]
        threads.append(threading.Thread(target=talk, args=(connection, handler, stop)))
        threads[-1].start()
    for thread in threads:
        thread.join()


class Connection:
    def __init__(self, sock, server):
        sock.setblocking(False)
        self.sock, self.server = sock, server
        self.inbox, self.outbox = bytearray(), bytearray()
        self.lines = collections.deque()
        self.busy = self.ended = self.watched = False
        self.update()

    def on_ready(self):
        try:
            if self.outbox:
                del self.outbox[: self.sock.send(self.outbox)]
            else:
                data = self.sock.recv(4096)
                self.ended = not data
                self.inbox += data
                *lines, rest = bytes(self.inbox).split(b"\n")
                self.lines.extend(lines)
                self.inbox = bytearray(rest)
        except BlockingIOError:
            pass
        except OSError:
            self.outbox.clear()
            self.lines.clear()
            self.ended = True
        self.update()

    def reply(self, data):
        self.busy = False
        self.outbox += data
        self.update()

    def update(self):
        if not self.busy and not self.outbox and self.lines:
            self.busy = True
            self.server.begin(self.lines.popleft(), self.reply)
            return self.watch(0)
        if self.outbox:
            return self.watch(selectors.EVENT_WRITE)
        if self.busy:
            return self.watch(0)
        if self.ended or self.server.stopping:
            self.watch(0)
            self.server.connections.discard(self)
            self.sock.close()
            return None
        return self.watch(selectors.EVENT_READ)

    def watch(self, events):
        selector = self.server.selector
        if self.watched:
            selector.unregister(self.sock)
        if events:
            selector.register(self.sock, events, self.on_ready)
        self.watched = bool(events)


class Reactor:
    def __init__(self, listener, handler, stop):
        self.selector = selectors.DefaultSelector()
        self.handler, self.listener, self.stop = handler, listener, stop
        self.connections, self.stopping = set(), False
        self.soon = collections.deque()
        self.woken, self.waker = socket.socketpair()
        for sock, callback in ((listener, self.accept), (stop, self.end), (self.woken, self.wake)):
            self.selector.register(sock, selectors.EVENT_READ, callback)

    def accept(self):
        try:
            connection, _ = self.listener.accept()
        except BlockingIOError:
            return
        self.connections.add(Connection(connection, self))

    def end(self):
        self.stopping = True
        self.selector.unregister(self.listener)
        self.selector.unregister(self.stop)
        for connection in list(self.connections):
            connection.update()

    def wake(self):
        self.woken.recv(4096)

    def call_soon(self, callback):
        self.soon.append(callback)
        self.waker.send(b".")

    def begin(self, line, reply):
        self.go_on(self.handler(line), reply)

    def go_on(self, work, reply):
        try:
            gate = next(work)
        except StopIteration as done:
            data = done.value + b"\n"
            self.call_soon(lambda: reply(data))
        except Exception as error:
            data = f"error {type(error).__name__}\n".encode()
            self.call_soon(lambda: reply(data))
        else:

            def resume():
                self.selector.unregister(gate)
                self.go_on(work, reply)

            self.selector.register(gate, selectors.EVENT_READ, resume)

    def run(self):
        while self.connections or not self.stopping:
            for key, _ in self.selector.select():
                if key.fileobj in self.selector.get_map():
                    key.data()
            while self.soon:
                self.soon.popleft()()
        self.finish()
        for thing in (self.selector, self.woken, self.waker):
            thing.close()

    def finish(self):
        """Nobody rings any more."""


class WorkerReactor(Reactor):
    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.jobs = queue.Queue()
        self.workers = [threading.Thread(target=self.work) for _ in range(6)]
        for worker in self.workers:
            worker.start()

    def begin(self, line, reply):
        self.jobs.put((line, reply))

    def work(self):
        while (job := self.jobs.get()) is not None:
            line, reply = job
            data = answer(self.handler, line)
            self.call_soon(lambda reply=reply, data=data: reply(data))

    def finish(self):
        for _ in self.workers:
            self.jobs.put(None)
        for worker in self.workers:
            worker.join()


def serve_loop(listener, handler, stop):
    Reactor(listener, handler, stop).run()


def serve_reactor(listener, handler, stop):
    WorkerReactor(listener, handler, stop).run()


def serve_coroutines(listener, handler, stop):
    asyncio.run(main(listener, handler, stop))


async def readable(sock):
    loop = asyncio.get_running_loop()
    future = loop.create_future()
    loop.add_reader(sock, lambda: future.done() or future.set_result(None))
    await future
    loop.remove_reader(sock)


async def main(listener, handler, stop):
    tasks, readers = set(), set()

    async def converse(reader, writer):
        tasks.add(asyncio.current_task())
        readers.add(reader)
        try:
            while (line := await reader.readline()).endswith(b"\n"):
                work = handler(line[:-1])
                try:
                    while True:
                        await readable(next(work))
                except StopIteration as done:
                    reply = done.value
                except Exception as error:
                    reply = f"error {type(error).__name__}".encode()
                writer.write(reply + b"\n")
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            readers.discard(reader)
            tasks.discard(asyncio.current_task())
            writer.close()

    server = await asyncio.start_server(converse, sock=listener)
    await readable(stop)
    server.close()
    for reader in readers:
        reader.feed_eof()
    while tasks:
        await asyncio.wait(tasks)
