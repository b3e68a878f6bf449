"""What the judge has done to a submission's own objects: calls, with plain values and with what it lends or gives."""

from __future__ import annotations

import hashlib
from typing import TypeAlias

import msgspec

from grader.protocol.values import Shape, Value


class Endpoint(Shape, frozen=True):
    """A socket that the judge has lent, by its number."""

    number: int


class Endpoints(Shape, frozen=True):
    """A list of such sockets."""

    numbers: tuple[int, ...]


class Result(Shape, frozen=True):
    """What an earlier operation gave."""

    operation: int


class Until(Shape, frozen=True):
    """A callable without arguments: true as soon as a callback has been called so often."""

    callback: int
    calls: int


class Callback(Shape, frozen=True):
    """A callable of the child's own, which is given to the submission. The judge is told of each of its calls.

    It is the same callable whenever it is given; only the first time counts what it is to do.

    Attributes:
        plan: What it does in each call, one after the other; what an act raises is told and goes no further.
        gives: What it returns.
        raises: It raises `CallersBug` instead.
    """

    number: int
    plan: tuple[Deed, ...] = ()
    gives: Value = None
    raises: bool = False
    quiet: bool = False
    """Its calls are counted, and not told."""


class Asking(Shape, frozen=True):
    """A callable whose every call waits for the judge, and gives what he answers."""

    number: int


class Watched(Shape, frozen=True):
    """A socket that the judge has lent; he is told once of each thread that accepts, reads or writes there.

    Attributes:
        callback: The number under which he hears of it.
    """

    number: int
    callback: int


class Clock(Shape, frozen=True):
    """A callable that tells the judge's time."""


class Select(Shape, frozen=True):
    """As `select.select`, but that the judge says when it returns, and to which time the clock goes meanwhile."""

    number: int


class Last(Shape, frozen=True):
    """What the act before gave; before the first, what the one gave that came before the routine was made."""


class TaskOf(Shape, frozen=True):
    """What the submission gave for the routine of this number when it was given it."""

    number: int


class Act(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a routine does next.

    Attributes:
        waits: It is a request for the scheduler, and what comes back is what it gives.
        times: How often.
    """

    deed: Deed
    waits: bool = False
    times: int = 1


class Routine(Shape, frozen=True):
    """A generator of the child's own, which is given to a scheduler. The judge is told whenever it goes on.

    Attributes:
        gives: What it returns; otherwise what its last act gave.
        raises: It raises `CallersBug` with this text in the end.
        cleanup: What it does when it is cancelled.
        survives: It returns after that, as if nothing had been.
        awaits: It is an `async def`, which awaits its requests.
    """

    number: int
    acts: tuple[Act, ...] = ()
    gives: Value = None
    raises: str = ""
    cleanup: tuple[Act, ...] = ()
    survives: bool = False
    awaits: bool = False


class Desk(Shape, frozen=True):
    """A handler of requests for a server, which asks nothing of this process but these sockets; see `child/desk.py`.

    Attributes:
        key: Drawn by the judge: without it nobody knows a receipt.
        gates: Numbers of lent sockets on which it waits.
    """

    key: bytes
    gates: tuple[int, ...]


Argument: TypeAlias = (
    Value
    | Endpoint
    | Endpoints
    | Result
    | Until
    | Callback
    | Asking
    | Watched
    | Clock
    | Select
    | Last
    | TaskOf
    | Routine
    | Desk
)
"""What a call may be given."""


class Deed(msgspec.Struct, frozen=True, omit_defaults=True):
    """One call.

    Attributes:
        what: Name of a function or a method.
        of: Whose method it is; None for what the submission itself defines.
    """

    what: str
    arguments: tuple[Argument, ...] = ()
    of: Endpoint | Result | TaskOf | Last | None = None


def receipt(key: bytes, token: bytes) -> bytes:
    """What a desk gives for a token."""
    return hashlib.blake2b(token, key=key, digest_size=10).hexdigest().encode()
