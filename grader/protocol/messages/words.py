"""What the child says to the judge."""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from grader.protocol.messages.message import Message
from grader.protocol.values import Raised, Value  # noqa: TC001 - msgspec reads the annotations

MACHINE = "machine"
"""A kind of problem that is nobody's fault."""


class Problem(msgspec.Struct, frozen=True):
    """Why a submission cannot be judged.

    Attributes:
        kind: A kind of finding, or `MACHINE`.
        what: The child's word for it, which the judge puts into a sentence.
        detail: What Python, or the machine, said of it; a list of arguments.
        name: Of the function that it is about.
    """

    kind: str
    what: str
    line: int | None = None
    detail: str = ""
    name: str = ""


class Compiled(Message, frozen=True):
    """The submission's code, marshalled; empty if that is large.

    Said by every child that has to compile, before the submission runs: so it is our own compiler's word.
    """

    code: bytes


class Loaded(Message, frozen=True):
    """The submission is imported, or why not.

    Attributes:
        loop: Native id of the loop's thread.
        lines: Where the functions of the contract are defined, by their names, in its order.
    """

    loop: int = 0
    lines: dict[str, int] = msgspec.field(default_factory=dict[str, int])
    problem: Problem | None = None


class Call(Message, frozen=True):
    """The submission calls a service.

    Attributes:
        thread: Native id of the calling thread.
        line: Of the submission, where the call was made.
        waits: The child waits for a frame of `Answer` before the call returns.
    """

    call: int
    step: str
    argument: Value
    request_id: str
    thread: int
    line: int | None = None
    waits: bool = False


class Abandoned(Message, frozen=True):
    """An awaited call was cancelled."""

    call: int


class Started(Message, frozen=True):
    """An operation was called and came back: "pending", "done", "raised" or the type of what came."""

    operation: int
    how: str
    line: int | None = None


class Ended(Message, frozen=True):
    """An operation ended: "value", "error" or "cancelled"."""

    operation: int
    how: str
    value: Value = None


class CalledBack(Message, frozen=True):
    """The submission called `on_done` or `on_error` of its caller."""

    operation: int
    which: str
    value: Value
    thread: int
    line: int | None = None


class Idle(Message, frozen=True):
    """The loop has nothing to do until `timer` (virtual seconds), or for ever.

    Attributes:
        accepted: Number of the last delivery that was taken.
        turns: Turns of the loop since the idleness before.
        alone: The process has no other thread; believed only where the judge cannot look for itself.
    """

    number: int
    timer: float | None
    accepted: int
    turns: int = 0
    alone: bool = False


class Awake(Message, frozen=True):
    """A thread has woken the loop: the last `Idle` no longer holds."""


class Pong(Message, frozen=True):
    """The loop answered a `Ping`."""


class TaskState(msgspec.Struct, frozen=True):
    """A task that is not done, and where it stands."""

    name: str
    line: int | None


class Tasks(Message, frozen=True):
    """Answer to `AskTasks`."""

    tasks: tuple[TaskState, ...]


class Note(Message, frozen=True):
    """Something that only the child can see; it may fail a check, never pass one."""

    kind: str
    text: str
    line: int | None = None
    error: Raised | None = None


class BlockedLine(msgspec.Struct, frozen=True):
    """One line that held the loop.

    Attributes:
        cause: "waits" or "computes".
        seconds: The longest that it held the loop.
        times: In how many steps.
        line: Of the submission, if it is at fault.
    """

    cause: str
    seconds: float
    times: int
    line: int | None
    call: str


class Blocked(Message, frozen=True):
    """What the detector has found.

    Attributes:
        intact: Nobody has taken it off, and it saw the loop turn.
        inconclusive: A step was slow on a machine too busy to say by whose doing.
    """

    lines: tuple[BlockedLine, ...] = ()
    intact: bool = True
    inconclusive: bool = False


class Closed(Message, frozen=True):
    """The loop is closed; names of the submission's threads that are left."""

    threads: tuple[str, ...] = ()


class Entered(Message, frozen=True):
    """A thread of the program begins an operation; `thread` is its native id."""

    operation: int
    thread: int


class Reported(Message, frozen=True):
    """The submission calls a callback that it was given.

    Attributes:
        call: Counts all such calls.
        thread: Native id of the calling thread.
    """

    call: int
    callback: int
    thread: int
    arguments: Value = None
    line: int | None = None


class Did(Message, frozen=True):
    """What the acts of a callback's plan gave, in one of its calls."""

    call: int
    values: Value


class Lines(Message, frozen=True):
    """Answer to `AskLines`: lines of the submission."""

    lines: tuple[int, ...]


ToJudge: TypeAlias = (
    Compiled
    | Loaded
    | Call
    | Abandoned
    | Started
    | Ended
    | CalledBack
    | Idle
    | Awake
    | Pong
    | Tasks
    | Note
    | Blocked
    | Closed
    | Entered
    | Reported
    | Did
    | Lines
)
