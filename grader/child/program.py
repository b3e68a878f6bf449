"""A submission that may block: its calls are made in threads of their own, on sockets that the judge has lent.

The judge is the client at the other ends. The loop of this process only carries its orders.
"""

from __future__ import annotations

import functools
import itertools
import os
import queue
import socket
import sys
import threading
from collections import Counter
from typing import TYPE_CHECKING, Any, cast

from grader.child.desk import desk
from grader.child.places import SUBMISSION, calling_line, raising_line
from grader.child.routines import Routines
from grader.child.watched import watched
from grader.protocol.deeds import (
    Asking,
    Callback,
    Clock,
    Deed,
    Desk,
    Endpoint,
    Endpoints,
    Last,
    Result,
    Routine,
    Select,
    TaskOf,
    Until,
    Watched,
)
from grader.protocol.messages import (
    AskLines,
    Did,
    Dismiss,
    Ended,
    Entered,
    Invoke,
    Lend,
    Lines,
    Reply,
    Reported,
)
from grader.protocol.values import CallersBug, Listed, Raised, Value, pack, pack_error, unpack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import FrameType, ModuleType

    from grader.child.channel import Channel

Queue = queue.SimpleQueue[Invoke | None]
STRAY = 4
"""Exit status of a process that a submission forked, and that returned from what the judge had called."""
TOGETHER = 250
"""Descriptors that cross in one message, at most; the kernel's own bound is 253."""


class Program:
    """What the judge has done to the submission's objects, and what these call back.

    Args:
        side: The wire on which descriptors come.
    """

    def __init__(self, channel: Channel, side: socket.socket, module: ModuleType) -> None:
        self._channel = channel
        self._side = side
        self._module = module
        self._sockets: dict[int, socket.socket] = {}
        self._results: dict[int, Any] = {}
        self._queues: dict[int, Queue] = {}
        self._threads: list[threading.Thread] = []
        self._callbacks: dict[int, Callable[..., Any]] = {}
        self._calls: Counter[int] = Counter()
        self._number = itertools.count(1)
        self._answers: dict[int, queue.SimpleQueue[Reply]] = {}
        self._routines = Routines(self, module)
        self._tasks: dict[int, Any] = {}

    def take(self, item: Lend | Invoke | Reply | AskLines | Dismiss) -> None:
        """Carry out one order, without waiting for anything."""
        match item:
            case Lend(numbers):
                self._sockets.update(zip(numbers, self._receive(len(numbers)), strict=True))
            case Invoke():
                self._queue(item.thread).put(item)
            case Reply(call):
                self._answers.pop(call).put(item)
            case AskLines():
                self._channel.post(Lines(tuple(self._lines())))
            case Dismiss():
                for waiting in self._queues.values():
                    waiting.put(None)

    # ---- threads

    def _queue(self, number: int) -> Queue:
        if number not in self._queues:
            orders = self._queues[number] = Queue()
            name = f"program-{number}"
            thread = threading.Thread(target=self._work, args=(orders,), name=name, daemon=True)
            self._threads.append(thread)
            thread.start()
        return self._queues[number]

    def _work(self, orders: Queue) -> None:
        while (order := orders.get()) is not None:
            self._invoke(order)

    def _invoke(self, order: Invoke) -> None:
        home = os.getpid()
        self._channel.flush(Entered(order.operation, threading.get_native_id()))
        try:
            value = self.do(order.deed)
            if os.getpid() != home:  # it has forked, and has come back twice
                os._exit(STRAY)
        except BaseException as error:  # noqa: BLE001 - the submission may raise anything
            if os.getpid() != home:
                os._exit(STRAY)
            raised = pack_error(error, line=raising_line(error))
            self._channel.flush(Ended(order.operation, "error", raised))
        else:
            self._results[order.operation] = value
            self._channel.flush(Ended(order.operation, "value", _packed(value)))

    def _lines(self) -> Iterable[int]:
        """Where the threads stand that are inside the submission."""
        frames = sys._current_frames()  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - the documented way to look at other threads
        for thread in self._threads:
            line = _line(frames.get(thread.ident or 0))
            if line is not None:
                yield line

    # ---- calls

    def do(self, deed: Deed, last: object = None) -> Any:  # noqa: ANN401 - whatever the submission gives
        """Make one call; `last` is what the act before it gave."""
        owner = self._module if deed.of is None else self._argument(deed.of, last)
        arguments = [self._argument(value, last) for value in deed.arguments]
        given = getattr(owner, deed.what)(*arguments)
        for argument in deed.arguments:
            if isinstance(argument, Routine):
                self._tasks[argument.number] = given
        return given

    def _argument(self, value: Any, last: object = None) -> Any:  # noqa: ANN401 - an `Argument`, and what it stands for
        match value:
            case Endpoint(number):
                return self._sockets[number]
            case Endpoints(numbers):
                return [self._sockets[number] for number in numbers]
            case Result(operation):
                return self._results[operation]
            case Until(callback, calls):
                return lambda: self._calls[callback] >= calls
            case Callback(number):
                if number not in self._callbacks:
                    self._callbacks[number] = self._callback(value)
                return self._callbacks[number]
            case _:
                return self._of_routines(value, last)

    def _of_routines(self, value: Any, last: object) -> Any:  # noqa: ANN401 - as above
        match value:
            case Last() | TaskOf():
                return last if isinstance(value, Last) else self._tasks[value.number]
            case Watched(number, callback):
                return watched(self._sockets[number], functools.partial(self.tell, callback))
            case Asking(number):
                return functools.partial(self._asked, number)
            case Routine():
                return self._routines.make(value, last)
            case _:
                return self._of_the_judge(value)

    def _of_the_judge(self, value: Any) -> Any:  # noqa: ANN401 - as above
        match value:
            case Clock():
                return self._routines.clock
            case Select(number):
                return functools.partial(self._routines.select, number)
            case Desk(key, gates):
                return desk(key, [self._sockets[number] for number in gates])
            case _:
                return unpack(value)

    def _callback(self, given: Callback) -> Callable[..., Any]:
        def call_back(*arguments: object) -> Any:  # noqa: ANN401 - what the judge wants it to give
            self._calls[given.number] += 1
            call = next(self._number)
            if not given.quiet:
                thread, line = threading.get_native_id(), calling_line()
                told = Reported(call, given.number, thread, _packed(arguments), line)
                self._channel.flush(told)
            values = tuple(map(self._act, given.plan))
            if values and not given.quiet:
                self._channel.flush(Did(call, Listed(values)))
            if given.raises:
                raise CallersBug("the callback raised")
            return unpack(given.gives)

        return call_back

    def tell(self, number: int, arguments: Value) -> None:
        """Tell the judge of a call of what he has given."""
        self._report(next(self._number), number, arguments)

    def ask(self, number: int, arguments: Value) -> Any:  # noqa: ANN401 - whatever the judge answers
        """Tell the judge of a call, and wait for his answer."""
        call = next(self._number)
        answers = self._answers[call] = queue.SimpleQueue[Reply]()
        self._report(call, number, arguments)
        answer = answers.get()
        if isinstance(answer.value, Raised):
            raise CallersBug(answer.value.text)
        value = unpack(answer.value)
        return value * answer.times if isinstance(value, bytes) else value

    def _asked(self, number: int, *arguments: object) -> Any:  # noqa: ANN401 - as above
        return self.ask(number, _packed(arguments))

    def _report(self, call: int, number: int, arguments: Value) -> None:
        self._calls[number] += 1
        thread, line = threading.get_native_id(), calling_line()
        self._channel.flush(Reported(call, number, thread, arguments, line))

    def number_of(self, sock: object) -> int:
        """Of a socket that was lent; 0 for another."""
        return next((number for number, lent in self._sockets.items() if lent is sock), 0)

    def _act(self, deed: Deed) -> Value:
        try:
            return _packed(self.do(deed))
        except Exception as error:  # noqa: BLE001 - the submission may raise anything
            return pack_error(error, line=raising_line(error))

    # ---- sockets

    def _receive(self, count: int) -> list[socket.socket]:
        """Take descriptors, which have been sent before the order was."""
        found: list[int] = []
        while len(found) < count:
            _, more, _, _ = socket.recv_fds(self._side, 1, TOGETHER)
            found += more
        return [socket.socket(fileno=descriptor) for descriptor in found]


def _packed(value: object) -> Value:
    """A tuple as a list: it may hold one."""
    if type(value) is tuple:
        return Listed(tuple(map(pack, cast("tuple[object, ...]", value))))
    return pack(value)


def _line(frame: FrameType | None) -> int | None:
    while frame is not None:
        if frame.f_code.co_filename == SUBMISSION:
            return frame.f_lineno
        frame = frame.f_back
    return None
