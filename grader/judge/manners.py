"""What a child may say next: each message in its turn, no answer without a question, and not without end.

The child's own code never breaks these rules. Whoever does, speaks past it on the wire; what it says is of no use, and
the check ends at once.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from grader.judge.facts import PROBLEMS
from grader.protocol.messages import (
    MACHINE,
    Abandoned,
    AskBlocked,
    AskLines,
    AskTasks,
    Awake,
    Blocked,
    Call,
    CalledBack,
    Closed,
    Compiled,
    Deliver,
    Did,
    Ended,
    Entered,
    Finish,
    Idle,
    Lines,
    Loaded,
    Note,
    Ping,
    Pong,
    Reported,
    Started,
    Tasks,
)
from grader.protocol.values import check_depth

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from grader.protocol.messages import Item, ToJudge

MESSAGES = 100_000
"""In one check; 1,000 concurrent checkouts take some 10,000."""
NOTES = 5_000
"""The same of those that are kept word for word; 1,000 checkouts that each go wrong in three ways make 3,000."""
ANSWERS: Mapping[type[object], tuple[type[object], ...]] = {
    Ping: (Pong,),
    AskTasks: (Tasks,),
    AskBlocked: (Blocked,),
    AskLines: (Lines,),
    Finish: (Blocked, Closed),
}
"""What each order lets the child say, once."""
KINDS = {"structure", "crash", MACHINE}
"""Kinds of problems that keep a submission from being judged."""
FROM_THREADS = (Note, Call, CalledBack)
"""What a thread may still say when the loop is closed."""
FROM_PROGRAMS = (*FROM_THREADS, Entered, Reported, Did, Ended)
"""The same where a submission is called in threads of its own."""


class Unmannerly(ValueError):
    """A message that cannot be."""


class Manners:
    """The state of a talk, as far as it says what may come.

    Args:
        steps: The services that this check has.
        sockets: The submission is called in threads of its own.
    """

    def __init__(self, steps: frozenset[str], *, sockets: bool = False) -> None:
        self._steps = steps
        self._late = FROM_PROGRAMS if sockets else FROM_THREADS
        self._sockets = sockets
        self._entered: set[int] = set()
        self._reported: set[int] = set()
        self._did: set[int] = set()
        self._messages = 0
        self._notes = 0
        self._asked: Counter[type[object]] = Counter()
        self._delivered = 0
        self._accepted = 0
        self._idles = 0
        self._is_idle = False
        self._is_loaded = self._is_closed = False
        self._calls: set[int] = set()
        self._abandoned: set[int] = set()
        self._started: set[int] = set()
        self._ended: set[int] = set()

    # ---- the judge's side

    def asked(self, items: Iterable[Item]) -> None:
        """The judge wants an answer to these."""
        for item in items:
            self._asked.update(ANSWERS.get(type(item), ()))

    def allow(self, step: str) -> None:
        """From now on there is one service more."""
        self._steps |= {step}

    def delivered(self, delivery: Deliver) -> None:
        """The judge has sent this."""
        self._delivered = delivery.number

    # ---- the child's side

    def hear(self, message: ToJudge) -> None:
        """Take note of a message.

        Raises:
            Unmannerly: It is not its turn.
            msgspec.ValidationError: It carries a value that no child makes.
        """
        self._messages += 1
        if self._messages > MESSAGES:
            raise Unmannerly(f"more than {MESSAGES:,} messages")
        self._in_turn(message)
        self._count_note(message)
        match message:
            case Call():
                self._called(message)
            case Idle():
                self._idle(message)
            case Awake():
                _demand(self._is_idle, message)
                self._is_idle = False
            case CalledBack(_, _, value) | Note(error=value):
                check_depth(value)
            case Pong() | Tasks() | Blocked() | Closed() | Lines():
                self._answered(message)
            case Entered() | Reported() | Did():
                self._of_a_program(message)
            case _:
                self._hear_once(message)

    def _count_note(self, message: ToJudge) -> None:
        self._notes += isinstance(message, Note)
        if self._notes > NOTES:
            raise Unmannerly(f"more than {NOTES:,} notes")

    def _hear_once(self, message: ToJudge) -> None:
        """What is said of each operation, call or submission at most once."""
        match message:
            case Started(number):
                _new(number, self._started, message)
            case Ended(number, _, value):
                _new(number, self._ended, message)
                check_depth(value)
            case Abandoned(number):
                _demand(number in self._calls, message)
                _new(number, self._abandoned, message)
            case Loaded(problem=problem):
                known = problem is None or (problem.kind in KINDS and problem.what in PROBLEMS)
                _demand(known, message)
                self._is_loaded = True
                self._is_closed = problem is not None
            case _:
                pass

    def _of_a_program(self, message: Entered | Reported | Did) -> None:
        _demand(self._sockets, message)
        match message:
            case Entered(operation):
                _new(operation, self._entered, message)
            case Reported(call, arguments=value):
                _new(call, self._reported, message)
                check_depth(value)
            case Did(call, value):
                _demand(call in self._reported, message)
                _new(call, self._did, message)
                check_depth(value)

    def _in_turn(self, message: ToJudge) -> None:
        """First of all it is compiled and loaded, or not; what threads find may be noted at any time."""
        if isinstance(message, Compiled):  # before anything of the submission runs
            _demand(self._messages == 1, message)
        elif isinstance(message, Loaded):
            _demand(not self._is_loaded, message)
        elif not isinstance(message, Note):
            _demand(self._is_loaded, message)
            _demand(not self._is_closed or isinstance(message, self._late), message)

    def _called(self, call: Call) -> None:
        _demand(call.step in self._steps, call)
        _new(call.call, self._calls, call)
        check_depth(call.argument)

    def _idle(self, idle: Idle) -> None:
        """Counted one by one; after another only if something woke the loop in between."""
        _demand(idle.number == self._idles + 1, idle)
        _demand(self._accepted <= idle.accepted <= self._delivered, idle)
        _demand(not self._is_idle or idle.accepted > self._accepted, idle)
        self._idles, self._accepted, self._is_idle = idle.number, idle.accepted, True

    def _answered(self, message: Pong | Tasks | Blocked | Closed | Lines) -> None:
        _demand(self._asked[type(message)] > 0, message)
        self._asked[type(message)] -= 1
        self._is_closed = self._is_closed or isinstance(message, Closed)


def _new(number: int, known: set[int], message: ToJudge) -> None:
    _demand(number not in known, message)
    known.add(number)


def _demand(holds: object, message: ToJudge) -> None:
    if not holds:
        raise Unmannerly(f"{type(message).__name__} out of turn")
