import os
import select
import threading
import time


class MiniLoop:
    """On `select` itself; a pipe wakes it, and only when another thread asks."""

    def __init__(self):
        self._lock = threading.Lock()
        self._queue, self._timers = [], []
        self._handlers = {"r": {}, "w": {}}
        self._ear, self._bell = os.pipe()
        os.set_blocking(self._bell, False)
        self._runner = None
        self._halt = False

    def call_soon(self, callback):
        with self._lock:
            self._queue.append(callback)
        if threading.current_thread() is not self._runner:
            self._wake()

    def _wake(self):
        try:
            os.write(self._bell, b".")
        except BlockingIOError:
            pass

    def call_later(self, delay, callback):
        self._timers.append((time.monotonic() + delay, callback))
        self._timers.sort(key=lambda timer: timer[0])

    def add_reader(self, sock, callback):
        self._handlers["r"][sock] = callback

    def remove_reader(self, sock):
        self._handlers["r"].pop(sock, None)

    def add_writer(self, sock, callback):
        self._handlers["w"][sock] = callback

    def remove_writer(self, sock):
        self._handlers["w"].pop(sock, None)

    def run_until(self, condition):
        self._runner = threading.current_thread()
        self._halt = False
        while not (self._halt or condition()):
            self._once()

    def stop(self):
        self._halt = True
        self._wake()

    def _once(self):
        self._wait()
        with self._lock:
            queue, self._queue = self._queue, []
        for callback in queue:
            self._safely(callback)
        while self._timers and self._timers[0][0] <= time.monotonic():
            self._safely(self._timers.pop(0)[1])

    def _wait(self):
        pause = None
        if self._timers:
            pause = max(0.0, self._timers[0][0] - time.monotonic())
        if self._queue:
            pause = 0
        readers, writers = self._handlers["r"], self._handlers["w"]
        can_read, can_write, _ = select.select([self._ear, *readers], list(writers), [], pause)
        for sock in can_read:
            if sock == self._ear:
                os.read(self._ear, 4096)
            elif sock in readers:
                self._safely(readers[sock])
        for sock in can_write:
            if sock in writers:
                self._safely(writers[sock])

    @staticmethod
    def _safely(callback):
        try:
            callback()
        except Exception as error:
            print("a callback raised", repr(error))
