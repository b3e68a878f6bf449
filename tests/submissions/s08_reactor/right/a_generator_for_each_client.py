# style: each client is a generator that yields what it waits for: ("read", …), ("write", …), or a request
import select
import socket
import threading
from collections import deque


class Reactor:
    def __init__(self, handler, workers):
        self.handler = handler
        self.limit = workers
        self.lock = threading.Condition()
        self.jobs = deque()
        self.answers = deque()
        self.ring, self.heard = socket.socketpair()
        self.reading = {}
        self.writing = {}
        self.ready = deque()
        self.parked = deque()
        self.alive = {}
        self.at_work = 0
        self.stopping = False
        self.ended = False

    # ---- the loop

    def serve(self, listener):
        listener.setblocking(False)
        workers = [threading.Thread(target=self.work, daemon=True) for _ in range(self.limit)]
        [worker.start() for worker in workers]
        while not self.stopping or self.at_work or self.writing:
            reads = [listener, self.heard, *self.reading]
            found, writable, _ = select.select(reads, list(self.writing), [])
            for sock in found:
                if sock is listener:
                    self.greet(*listener.accept())
                elif sock is self.heard:
                    self.hear()
                else:
                    self.ready.append(self.reading.pop(sock))
            self.ready.extend(self.writing.pop(sock) for sock in writable)
            while self.ready:
                self.step(self.ready.popleft())
        with self.lock:
            self.ended = True
            self.lock.notify_all()
        [worker.join() for worker in workers]
        for sock in [*self.alive.values(), self.ring, self.heard]:
            sock.close()

    def stop(self):
        self.stopping = True
        self.ring.send(b".")

    def greet(self, sock, address):
        sock.setblocking(False)
        talk = self.talk(sock)
        self.alive[talk] = sock
        self.ready.append(talk)

    def hear(self):
        self.heard.recv(4096)
        while self.answers:
            talk, answer = self.answers.popleft()
            self.at_work -= 1
            self.step(talk, answer)
        self.ready.extend(self.parked)
        self.parked.clear()

    def step(self, talk, answer=None):
        try:
            what, value = talk.send(answer)
        except (StopIteration, OSError):
            self.alive.pop(talk).close()
            return
        if what == "read":
            self.reading[value] = talk
        elif what == "write":
            self.writing[value] = talk
        elif what == "room":
            self.parked.append(talk)
        else:
            self.at_work += 1
            with self.lock:
                self.jobs.append((talk, value))
                self.lock.notify()

    # ---- a client

    def talk(self, sock):
        buffer = bytearray()
        while True:
            while b"\n" not in buffer:
                yield "read", sock
                yield from self.room()
                data = sock.recv(100)
                if not data:
                    return
                buffer += data
            yield from self.room()
            request, _, rest = bytes(buffer).partition(b"\n")
            buffer[:] = rest
            reply = yield "job", request
            if reply is None:
                return
            left = memoryview(reply + b"\n")
            while left:
                yield "write", sock
                left = left[sock.send(left) :]

    def room(self):
        while self.stopping or self.at_work >= 2 * self.limit:
            yield "room", None

    # ---- workers

    def work(self):
        while True:
            with self.lock:
                self.lock.wait_for(lambda: self.jobs or self.ended)
                if not self.jobs:
                    return
                talk, request = self.jobs.popleft()
            try:
                answer = self.handler(request)
            except Exception:
                answer = None
            self.answers.append((talk, answer))
            self.ring.send(b".")
