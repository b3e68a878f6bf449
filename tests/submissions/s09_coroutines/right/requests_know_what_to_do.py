# style: no match, no if: each request registers itself, and gives back how it is withdrawn
import heapq
import itertools


class Cancelled(BaseException):
    pass


class Request:
    def __await__(self):
        return (yield self)


class sleep(Request):
    def __init__(self, seconds):
        self.seconds = seconds

    def begin(self, scheduler, task):
        return scheduler.at(scheduler.clock() + self.seconds, task.succeed)


class readable(Request):
    def __init__(self, sock):
        self.sock = sock

    def begin(self, scheduler, task):
        scheduler.readers[self.sock] = lambda: task.succeed(self.sock)
        return lambda: scheduler.readers.pop(self.sock)


class join(Request):
    def __init__(self, task):
        self.task = task

    def begin(self, scheduler, task):
        return self.task.add_callback(task)


class Task:
    def __init__(self, scheduler, routine):
        self.scheduler = scheduler
        self.routine = routine
        self.withdraw = None
        self.callbacks = {}
        self.next = (routine.send, None)
        self.over = None

    def cancel(self):
        if self.over is None:
            self._schedule(self.routine.throw, Cancelled())

    def succeed(self, value=None):
        self._schedule(self.routine.send, value)

    def fail(self, error):
        self._schedule(self.routine.throw, error)

    def add_callback(self, joiner):
        if self.over is not None:
            self._tell(joiner)
            return None
        self.callbacks[joiner] = True
        return lambda: self.callbacks.pop(joiner)

    def _tell(self, joiner):
        kind, value = self.over
        (joiner.succeed if kind == "value" else joiner.fail)(value)

    def _schedule(self, how, value):
        if self.withdraw is not None:
            self.withdraw()
            self.withdraw = None
        if self.next is None:
            self.scheduler.ready.append(self)
        self.next = (how, value)

    def step(self):
        how, value = self.next
        self.next = None
        try:
            request = how(value)
        except StopIteration as stop:
            self._end("value", stop.value)
        except BaseException as error:
            self._end("error", error)
        else:
            if self.next is None:
                self.withdraw = request.begin(self.scheduler, self)

    def _end(self, *over):
        self.over = over
        self.scheduler.tasks.remove(self)
        callbacks, self.callbacks = self.callbacks, {}
        for joiner in callbacks:
            joiner.withdraw = None
            self._tell(joiner)


class Timer:
    def __init__(self, when, number, callback):
        self.key = when, number
        self.when = when
        self.callback = callback
        self.void = False

    def __lt__(self, other):
        return self.key < other.key

    def cancel(self):
        self.void = True


class Scheduler:
    def __init__(self, clock, select):
        self.clock = clock
        self.select = select
        self.numbers = itertools.count()
        self.ready = []
        self.timers = []
        self.readers = {}
        self.tasks = set()

    def at(self, when, callback):
        timer = Timer(when, next(self.numbers), callback)
        heapq.heappush(self.timers, timer)
        return timer.cancel

    def spawn(self, routine):
        task = Task(self, routine)
        self.tasks.add(task)
        self.ready.append(task)
        return task

    def run(self):
        while self.tasks:
            if not self.ready:
                self.wait()
            else:
                self.poll()
            turn, self.ready = self.ready, []
            for task in turn:
                task.step()

    def wait(self):
        while self.timers and self.timers[0].void:
            heapq.heappop(self.timers)
        if not self.timers and not self.readers:
            raise RuntimeError("deadlock")
        timeout = max(0, self.timers[0].when - self.clock()) if self.timers else None
        self.serve(self.select(list(self.readers), [], [], timeout)[0])

    def poll(self):
        self.serve(self.select(list(self.readers), [], [], 0)[0] if self.readers else ())

    def serve(self, found):
        for sock in found:
            self.readers[sock]()
        now = self.clock()
        while self.timers and self.timers[0].when <= now:
            timer = heapq.heappop(self.timers)
            if not timer.void:
                timer.callback()
