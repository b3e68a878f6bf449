# style: a class with two methods
from enum import Enum


class Asking:
    def __init__(self, call_soon, on_done, on_error):
        self.call_soon = call_soon
        self.on_done = on_done
        self.on_error = on_error
        self.over = False

    def done(self, value):
        self.settle(self.on_done, value)

    def failed(self, error):
        self.settle(self.on_error, error)

    def settle(self, callback, value):
        if self.over:
            return
        self.over = True
        self.call_soon(callback, value)


def always_later(call_soon, fn):
    def later(on_done, on_error):
        asking = Asking(call_soon, on_done, on_error)
        try:
            fn(asking.done, asking.failed)
        except Exception as error:
            asking.failed(error)

    return later


class Kind(str, Enum):
    SYNC = "sync"
    ASYNC = "async"
    BOTH = "both"


def classify(fn):
    at_once = 0
    for _ in range(10):
        told = answers_at_once(fn)
        at_once += told
    kind = {0: Kind.ASYNC, 10: Kind.SYNC}.get(at_once, Kind.BOTH)
    return kind.value


def answers_at_once(fn):
    came = []
    fn(lambda _: came.append(1), lambda _: came.append(1))
    return bool(came)
