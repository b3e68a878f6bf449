"""What a service says to one call, and a source of ids that a program reads one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import msgspec

if TYPE_CHECKING:
    from collections.abc import Sequence

SOURCE = "next_user"
"""What reads a source; no step of a checkout."""
ReplyKind: TypeAlias = Literal["done", "error", "raises"]


class Reply(msgspec.Struct, frozen=True):
    """One answer of a service.

    Attributes:
        kind: "done", "error", or "raises" (out of the call itself).
        after: Virtual seconds from the call; None: before the call returns.
    """

    kind: ReplyKind
    value: Any
    after: float | None


class Source:
    """Ids that a program reads one by one.

    Attributes:
        read: How many were.
    """

    def __init__(self, ids: Sequence[int], pace: float, failure: Exception | None) -> None:
        self._ids = ids
        self._pace = pace
        self._failure = failure
        self.read = 0

    def next(self) -> Reply:
        """The next id; where there is none its failure, once, and then None."""
        if self.read == len(self._ids):
            failure, self._failure = self._failure, None
            return Reply("error" if failure else "done", failure, self._pace)
        self.read += 1
        return Reply("done", self._ids[self.read - 1], self._pace)
