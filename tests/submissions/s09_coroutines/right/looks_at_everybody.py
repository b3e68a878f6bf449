# style: no queues at all: one dictionary of who waits for what, looked through in each round
from dataclasses import dataclass


class Cancelled(BaseException):
    pass


@dataclass(frozen=True)
class Sleep:
    seconds: float

    def __await__(self):
        return (yield self)


@dataclass(frozen=True)
class Readable:
    sock: object

    def __await__(self):
        return (yield self)


@dataclass(frozen=True)
class Join:
    task: object

    def __await__(self):
        return (yield self)


sleep, readable, join = Sleep, Readable, Join


class Task:
    def __init__(self, routine, now):
        self.routine = routine
        self.waits_for = Sleep(0)
        self.due = now
        self.error = None  # to be thrown into it
        self.ended = False
        self.result = None
        self.failure = None

    def cancel(self):
        if not self.ended:
            self.error = Cancelled()


class Scheduler:
    def __init__(self, clock, select):
        self.clock = clock
        self.select = select
        self.tasks = {}

    def spawn(self, routine):
        task = Task(routine, self.clock())
        self.tasks[task] = None
        return task

    def run(self):
        while self.tasks:
            now = self.clock()
            ready = [task for task in self.tasks if self._can_go_on(task, now)]
            dues = [task.due for task in self.tasks if isinstance(task.waits_for, Sleep)]
            readers = {t.waits_for.sock: t for t in self.tasks if isinstance(t.waits_for, Readable)}
            if not (ready or dues or readers):
                raise RuntimeError("everybody joins somebody")
            if ready and not readers:
                found = ()
            else:
                timeout = 0 if ready else min(dues) - now if dues else None
                found = self.select(list(readers), [], [], timeout)[0]
            chosen = {*ready, *(readers[sock] for sock in found)}
            for task in sorted((task for task in self.tasks if task in chosen), key=self._since):
                self._step(task)

    def _since(self, task):
        return task.due if isinstance(task.waits_for, Sleep) else self.clock()

    @staticmethod
    def _can_go_on(task, now):
        if task.error is not None:
            return True
        match task.waits_for:
            case Sleep():
                return task.due <= now
            case Join(other):
                return other.ended
            case _:
                return False

    def _step(self, task):
        del self.tasks[task]
        self.tasks[task] = None  # behind those who have had no turn
        request, error, value = task.waits_for, task.error, None
        task.error = None
        if isinstance(request, Join) and error is None:
            error, value = request.task.failure, request.task.result
        try:
            task.waits_for = task.routine.send(value) if error is None else task.routine.throw(error)
        except StopIteration as stop:
            self._end(task, stop.value, None)
        except (Exception, Cancelled) as failure:
            self._end(task, None, failure)
        else:
            if isinstance(task.waits_for, Sleep):
                task.due = self.clock() + task.waits_for.seconds

    def _end(self, task, result, failure):
        del self.tasks[task]
        task.ended, task.result, task.failure = True, result, failure
