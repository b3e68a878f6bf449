"""What the judge has done to a submission's own objects: calls, with plain values and with what it lends or gives."""

from __future__ import annotations

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


Argument: TypeAlias = Value | Endpoint | Endpoints | Result | Until | Callback
"""What a call may be given."""


class Deed(msgspec.Struct, frozen=True, omit_defaults=True):
    """One call.

    Attributes:
        what: Name of a function or a method.
        of: Whose method it is; None for what the submission itself defines.
    """

    what: str
    arguments: tuple[Argument, ...] = ()
    of: Endpoint | Result | None = None
