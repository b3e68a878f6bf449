# expect: failed test_thousand_on_one_thread
# expect: passed test_sleepers_wake_in_time
# expect: passed test_join_gives_what_came_of_it
# mistake: runs each step in a thread of its own
# kind: behaviour|stuck
import heapq
import threading
from collections import deque


class Cancelled(BaseException):
    pass


class Request:
    def __init__(self, verb, what):
        self.verb = verb
        self.what = what

    def __await__(self):
        answer = yield self
        return answer


def sleep(seconds):
    return Request("sleep", seconds)


def readable(sock):
    return Request("readable", sock)


def join(task):
    return Request("join", task)


class Task:
    def __init__(self, scheduler, routine):
        self.scheduler = scheduler
        self.routine = routine
        self.ticket = 0
        self.ended = False
        self.value = None
        self.error = None
        self.joiners = []

    def cancel(self):
        if not self.ended:
            self.scheduler.wake(self, error=Cancelled())


class Scheduler:
    def __init__(self, clock, select):
        self.clock = clock
        self.select = select
        self.ready = deque()
        self.timers = []
        self.readers = {}
        self.alive = 0
        self.count = 0

    def spawn(self, routine):
        task = Task(self, routine)
        self.alive += 1
        self.wake(task)
        return task

    def run(self):
        while self.alive:
            self.look()
            for _ in range(len(self.ready)):
                task, ticket, value, error = self.ready.popleft()
                if ticket == task.ticket and not task.ended:
                    thread = threading.Thread(target=self.step, args=(task, value, error))
                    thread.start()
                    thread.join()

    def wake(self, task, value=None, error=None):
        task.ticket += 1
        self.ready.append((task, task.ticket, value, error))

    def timeout(self):
        while self.timers and self.timers[0][3] != self.timers[0][2].ticket:
            heapq.heappop(self.timers)
        if self.ready:
            return 0
        if self.timers:
            return max(0, self.timers[0][0] - self.clock())
        if not self.readers:
            raise RuntimeError("nobody can go on any more")
        return None

    def look(self):
        self.readers = {
            sock: (task, ticket)
            for sock, (task, ticket) in self.readers.items()
            if ticket == task.ticket
        }
        timeout = self.timeout()
        found, _, _ = self.select(list(self.readers), [], [], timeout)
        for sock in found:
            task, ticket = self.readers.pop(sock)
            self.wake(task)
        now = self.clock()
        while self.timers and self.timers[0][0] <= now:
            _, _, task, ticket = heapq.heappop(self.timers)
            if ticket == task.ticket:
                self.wake(task)

    def step(self, task, value, error):
        ticket = task.ticket
        try:
            if error is None:
                request = task.routine.send(value)
            else:
                request = task.routine.throw(error)
        except StopIteration as stop:
            self.end(task, value=stop.value)
        except (Exception, Cancelled) as raised:
            self.end(task, error=raised)
        else:
            if ticket == task.ticket:
                self.begin(task, request)

    def end(self, task, value=None, error=None):
        task.ended = True
        task.value = value
        task.error = error
        self.alive -= 1
        for joiner, ticket in task.joiners:
            if ticket == joiner.ticket:
                self.wake(joiner, value, error)

    def begin(self, task, request):
        what = request.what
        if request.verb == "sleep":
            self.count += 1
            timer = (self.clock() + what, self.count, task, task.ticket)
            heapq.heappush(self.timers, timer)
        elif request.verb == "readable":
            self.readers[what] = (task, task.ticket)
        elif what.ended:
            self.wake(task, what.value, what.error)
        else:
            what.joiners.append((task, task.ticket))
