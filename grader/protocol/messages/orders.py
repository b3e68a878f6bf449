"""What the judge says to the child.

The child's loop alternates between steps and idleness. Each `Deliver` names the `Idle` that it answers and is void for
any other, so an order can never meet a loop that has gone on meanwhile.
"""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from grader.protocol.deeds import Deed  # noqa: TC001 - as below
from grader.protocol.messages.message import Message
from grader.protocol.values import Given, Value  # noqa: TC001 - msgspec reads the annotations


class Signature(msgspec.Struct, frozen=True):
    """A callable that the submission must define.

    Attributes:
        name: Of the function, class, or method (`Checkout.checkout`).
        parameters: Positional arguments that the judge passes.
        keywords: Keyword arguments that the judge may pass.
    """

    name: str
    parameters: tuple[str, ...]
    keywords: tuple[str, ...] = ()


ASYNCIO, TRIO = BACKENDS = "asyncio", "trio"
"""What may run a submission."""


class Load(Message, frozen=True):
    """Import the submission.

    Attributes:
        path: The judge's copy of the file; for the child by its name, in the folder in which it works.
        services: Face of the services, "callbacks" or "coroutines".
        ends_by: How an operation ends: "callbacks", "future" or "coroutine".
        desk: Class that is entered once and owns the operations; None for module functions.
        max_parallel: Limit of the blocking SDK; 0 if there is none.
        default_threads: Size of the loop's default executor; 0 leaves it alone.
        plain: Refuse `async def` and `await`.
        sockets: The submission works on real sockets, in real time, in threads of its own.
        processes: As many as it may have at a time beside its first one.
        code: What another child has made of this very file, if one has; else the child compiles it.
        backend: What runs it, one of `BACKENDS`; on trio its functions are coroutines of the module.
    """

    path: str
    services: str
    ends_by: str
    signatures: tuple[Signature, ...]
    desk: str | None = None
    max_parallel: int = 0
    default_threads: int = 0
    plain: bool = False
    code: bytes = b""
    backend: str = ASYNCIO
    sockets: bool = False
    processes: int = 0


class Start(Message, frozen=True):
    """Call one of the submission's functions."""

    operation: int
    what: str
    arguments: tuple[Value, ...] = ()
    keywords: dict[str, Value] = {}  # noqa: RUF012 - msgspec gives each message its own
    request_id: str = "-"
    scoped: bool = False
    """Run it inside an anyio cancel scope of its own."""
    prompt: bool = False
    """From now on a service may answer before a call returns, so each call waits for the judge's word."""
    caller_raises: bool = False
    """The caller's own callbacks raise when they are called."""
    goes_on: float = 0.0
    """Virtual seconds for which the task that awaited it goes on with something else."""


class Apply(Message, frozen=True):
    """Call one of the submission's functions with callables; the operation ends with what it gives.

    Attributes:
        askings: Operations, too: what it gives is a function, and each of them calls that with callbacks of its own.
        prompt: As in `Start`.
        caller_raises: As in `Start`.
    """

    operation: int
    what: str
    given: tuple[Given, ...]
    askings: tuple[int, ...] = ()
    prompt: bool = False
    caller_raises: bool = False


class OpenStream(Message, frozen=True):
    """Call a function that takes a source of ids and gives an async iterator; the operation ends when it is there.

    Attributes:
        source: Number of the source, which `next_user` reads.
        limit: As the function is given it.
    """

    operation: int
    what: str
    source: int
    limit: int


class Pull(Message, frozen=True):
    """Ask a stream for its next item; `stream` is the operation that opened it."""

    operation: int
    stream: int


class CloseStream(Message, frozen=True):
    """Close a stream; the operation ends when it is closed."""

    operation: int
    stream: int


class OpenDesk(Message, frozen=True):
    """Enter a desk; the operation ends when it is open.

    Attributes:
        max_parallel: Limit of its SDK.
    """

    operation: int
    max_parallel: int


class CloseDesk(Message, frozen=True):
    """Leave the desk; the operation ends when it is closed.

    Attributes:
        raises: The body of the `async with` raises.
    """

    operation: int
    raises: bool = False


class Read(Message, frozen=True):
    """Give the value of a module constant; None if it is not defined."""

    operation: int
    name: str


class UseExecutor(Message, frozen=True):
    """Run something trivial in the loop's default executor."""

    operation: int


class Answer(Message, frozen=True):
    """What a service call comes to: "done", "error" or "raises" (before it returns)."""

    call: int
    kind: str
    value: Value = None


class Cancel(Message, frozen=True):
    """Cancel an operation, natively or by its anyio scope."""

    operation: int
    scope: bool = False


class Ping(Message, frozen=True):
    """Ask the loop itself to answer, through its ready queue."""


class AskTasks(Message, frozen=True):
    """Ask what each task waits for."""


class AskBlocked(Message, frozen=True):
    """Ask what the detector has found so far."""


class Finish(Message, frozen=True):
    """Close the loop and say what is left."""


class Lend(Message, frozen=True):
    """Take so many descriptors from the side wire, as sockets with these numbers."""

    numbers: tuple[int, ...]


class Invoke(Message, frozen=True):
    """Make a call that may block; the operation ends with what it gives.

    Attributes:
        thread: Which of the program's threads makes it, from 1; it is started when it is first named.
    """

    operation: int
    thread: int
    deed: Deed


class Reply(Message, frozen=True):
    """What a call of a given callable waits for.

    Attributes:
        call: As in `Reported`.
        times: How often the value, if that is bytes, stands in what the call gives.
    """

    call: int
    value: Value = None
    times: int = 1


class AskLines(Message, frozen=True):
    """Ask where the program's threads stand."""


class Dismiss(Message, frozen=True):
    """Let the program's threads end when their calls have."""


Item: TypeAlias = (
    Start
    | Apply
    | OpenStream
    | Pull
    | CloseStream
    | OpenDesk
    | CloseDesk
    | Read
    | UseExecutor
    | Answer
    | Cancel
    | Ping
    | AskTasks
    | AskBlocked
    | Finish
    | Lend
    | Invoke
    | Reply
    | AskLines
    | Dismiss
)


class Deliver(Message, frozen=True):
    """Orders for an idle loop, and the time that it shall be.

    Attributes:
        number: Counts deliveries; the child reports the last one that it took.
        idle: The idleness that this answers.
        now: Virtual seconds.
    """

    number: int
    idle: int
    now: float
    items: tuple[Item, ...] = ()


ToChild: TypeAlias = Load | Deliver | Answer
