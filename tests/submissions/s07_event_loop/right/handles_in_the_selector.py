import heapq
import selectors
import socket
import sys
import time
from dataclasses import dataclass, field
from selectors import EVENT_READ, EVENT_WRITE


@dataclass(order=True)
class Handle:
    """Something that will be called, unless it is removed."""

    when: float
    number: int
    callback: object = field(compare=False)
    removed: bool = field(default=False, compare=False)

    def __call__(self):
        if self.removed:
            return
        try:
            self.callback()
        except Exception as error:
            print(f"{error!r} in a callback", file=sys.stderr)


class MiniLoop:
    """One queue of handles: sockets and timers only put theirs there."""

    def __init__(self):
        self.made = 0
        self.queue, self.heap = [], []
        self.selector = selectors.PollSelector()
        self.running = False
        self.ours, self.theirs = socket.socketpair()
        self.ours.setblocking(False)
        self.theirs.setblocking(False)
        self.selector.register(self.ours, EVENT_READ, {EVENT_READ: self.handle(self.hear)})

    def handle(self, callback, when=0.0):
        self.made += 1
        return Handle(when, self.made, callback)

    def hear(self):
        while True:
            try:
                self.ours.recv(64)
            except BlockingIOError:
                return

    def call_soon(self, callback):
        self.queue.append(self.handle(callback))
        self.wake()

    def wake(self):
        try:
            self.theirs.send(b"!")
        except BlockingIOError:
            pass

    def call_later(self, delay, callback):
        heapq.heappush(self.heap, self.handle(callback, time.monotonic() + delay))

    def add_reader(self, sock, callback):
        self.change(sock, EVENT_READ, callback)

    def add_writer(self, sock, callback):
        self.change(sock, EVENT_WRITE, callback)

    def remove_reader(self, sock):
        self.change(sock, EVENT_READ, None)

    def remove_writer(self, sock):
        self.change(sock, EVENT_WRITE, None)

    def change(self, sock, event, callback):
        try:
            handles = dict(self.selector.get_key(sock).data)
            self.selector.unregister(sock)
        except KeyError:
            handles = {}
        if event in handles:
            handles.pop(event).removed = True
        if callback:
            handles[event] = self.handle(callback)
        if handles:
            self.selector.register(sock, sum(handles), handles)

    def run_until(self, condition):
        self.running = True
        while self.running and not condition():
            self.wait()
            queue, self.queue[:] = list(self.queue), []
            for handle in queue:
                handle()

    def wait(self):
        pause = None
        if self.queue:
            pause = 0
        elif self.heap:
            pause = max(0, self.heap[0].when - time.monotonic())
        for key, events in self.selector.select(pause):
            self.queue += [handle for event, handle in key.data.items() if event & events]
        while self.heap and self.heap[0].when <= time.monotonic():
            self.queue.append(heapq.heappop(self.heap))

    def stop(self):
        self.running = False
        self.wake()
