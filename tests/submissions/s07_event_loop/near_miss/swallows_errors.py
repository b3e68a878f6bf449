# expect: failed test_errors_do_not_stop_it
# expect: passed test_calls_soon_in_order
# expect: passed test_timers_in_order
# expect: passed test_calls_readers_when_there_is_something
# expect: passed test_carries_a_crowd
# expect: passed test_another_thread_wakes_it
# mistake: nobody hears of what a callback raised
# kind: behaviour
import collections
import heapq
import itertools
import selectors
import socket
import time
import traceback


class MiniLoop:
    def __init__(self):
        self.selector = selectors.DefaultSelector()
        self.soon = collections.deque()
        self.timers, self.count = [], itertools.count()
        self.readers, self.writers = {}, {}
        self.stopping = False
        self.ear, self.bell = socket.socketpair()
        self.bell.setblocking(False)
        self.add_reader(self.ear, lambda: self.ear.recv(1000))

    def call_soon(self, callback):
        self.soon.append(callback)
        self.ring()

    def ring(self):
        try:
            self.bell.send(b"x")
        except BlockingIOError:
            pass

    def call_later(self, delay, callback):
        heapq.heappush(self.timers, (time.monotonic() + delay, next(self.count), callback))

    def add_reader(self, sock, callback):
        self.readers[sock] = callback
        self.register(sock)

    def remove_reader(self, sock):
        del self.readers[sock]
        self.register(sock)

    def add_writer(self, sock, callback):
        self.writers[sock] = callback
        self.register(sock)

    def remove_writer(self, sock):
        del self.writers[sock]
        self.register(sock)

    def register(self, sock):
        events = 0
        if sock in self.readers:
            events |= selectors.EVENT_READ
        if sock in self.writers:
            events |= selectors.EVENT_WRITE
        if sock in self.selector.get_map():
            self.selector.unregister(sock)
        if events:
            self.selector.register(sock, events)

    def run_until(self, condition):
        self.stopping = False
        while not condition() and not self.stopping:
            self.turn()

    def stop(self):
        self.stopping = True
        self.ring()

    def turn(self):
        for key, events in self.selector.select(self.timeout()):
            if events & selectors.EVENT_READ:
                self.run(self.readers.get(key.fileobj))
            if events & selectors.EVENT_WRITE:
                self.run(self.writers.get(key.fileobj))
        now = time.monotonic()
        while self.timers and self.timers[0][0] <= now:
            self.run(heapq.heappop(self.timers)[2])
        for _ in range(len(self.soon)):
            self.run(self.soon.popleft())

    def timeout(self):
        if self.soon:
            return 0
        if self.timers:
            return max(0, self.timers[0][0] - time.monotonic())
        return None

    def run(self, callback):
        try:
            if callback:
                callback()
        except Exception:
            pass
