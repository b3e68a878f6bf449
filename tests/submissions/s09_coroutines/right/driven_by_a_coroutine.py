# style: the scheduler's own loop is a generator, too, and joining is a future underneath
import bisect


class Cancelled(BaseException):
    pass


class Future:
    """A value to come, with callbacks; no loop."""

    def __init__(self):
        self.done = False
        self.callbacks = []

    def set(self, value=None, error=None):
        if not self.done:
            self.done, self.value, self.error = True, value, error
            for callback in list(self.callbacks):
                callback()

    def forget(self, callback):
        if callback in self.callbacks:
            self.callbacks.remove(callback)


class Request:
    def __init__(self, **what):
        self.what = what

    def __await__(self):
        return (yield self)


def sleep(seconds):
    return Request(sleep=seconds)


def readable(sock):
    return Request(readable=sock)


def join(task):
    return Request(join=task)


class Task(Future):
    def __init__(self, scheduler, routine):
        super().__init__()
        self.scheduler = scheduler
        self.routine = routine
        self.waiting = None
        self.queued = None
        self.cancelled = None

    def cancel(self):
        if not self.done:
            self.cancelled = Cancelled()
            self.wake()

    def wait_for(self, future):
        if future.done:
            self.go_on_with = future
            self.queue()
        else:
            self.waiting = future
            future.callbacks.append(self.wake)

    def wake(self):
        if self.waiting is not None:
            self.waiting.forget(self.wake)
            self.go_on_with, self.waiting = self.waiting, None
        self.queue()

    def queue(self):
        if not self.queued:
            self.queued = True
            self.scheduler.ready.append(self)

    def step(self):
        self.queued = False
        error, self.cancelled = self.cancelled, None
        future, self.go_on_with = self.go_on_with, None
        value = None
        if error is None and future is not None:
            value, error = future.value, future.error
        try:
            if error is not None:
                request = self.routine.throw(error)
            else:
                request = self.routine.send(value)
        except StopIteration as stop:
            self.set(stop.value)
        except Exception as failure:
            self.set(error=failure)
        except Cancelled as failure:
            self.set(error=failure)
        else:
            if not self.queued:
                self.wait_for(self.scheduler.future(**request.what))

    go_on_with = None


class Scheduler:
    def __init__(self, clock, select):
        self.clock = clock
        self.select = select
        self.ready = []
        self.alive = []
        self.timers = []
        self.readers = {}

    def spawn(self, routine):
        task = Task(self, routine)
        self.alive.append(task)
        task.queue()
        return task

    def future(self, sleep=None, readable=None, join=None):
        if join is not None:
            return join
        future = Future()
        if readable is not None:
            self.readers[readable] = future
        else:
            bisect.insort(self.timers, (self.clock() + sleep, future), key=lambda timer: timer[0])
        return future

    def run(self):
        for timeout in self.rounds():
            wanted = [sock for sock, future in self.readers.items() if future.callbacks]
            if timeout is None and not wanted:
                raise RuntimeError("a deadlock")
            found = self.select(wanted, [], [], timeout)[0]
            for sock in found:
                self.readers.pop(sock).set()
            now = self.clock()
            while self.timers and self.timers[0][0] <= now:
                self.timers.pop(0)[1].set()

    def rounds(self):
        while self.alive:
            self.timers = [timer for timer in self.timers if timer[1].callbacks]
            if self.ready:
                yield 0.0
            elif self.timers:
                yield max(0.0, self.timers[0][0] - self.clock())
            else:
                yield None
            turn, self.ready = self.ready, []
            for task in turn:
                task.step()
            self.alive = [task for task in self.alive if not task.done]
