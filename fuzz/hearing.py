"""Whatever messages come, in whatever order, they are heard, or the check ends as tampered with."""

from __future__ import annotations

import random
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from fuzz.choices import Choices
from grader.judge.findings import Broken
from grader.judge.kernel import PortableKernel
from grader.judge.manners import Manners
from grader.judge.operations import Operation
from grader.judge.session.hearing import Hearing
from grader.protocol.messages import AskBlocked, Deliver, Finish, Loaded, Ping, ToJudge
from grader.world import STEPS, World

if TYPE_CHECKING:
    from collections.abc import Iterator

KINDS = ToJudge.__args__  # type: ignore[attr-defined]


class Recorded:
    """A link that has received all already."""

    def __init__(self, said: list[Any]) -> None:
        self._said = said

    def received(self) -> Iterator[tuple[Any, int]]:
        """Each once."""
        while self._said:
            yield self._said.pop(0), 0

    def send_frame(self, messages: list[Any]) -> None:
        """Answers are not listened to."""


def main(data: bytes) -> None:
    """A judge that has asked for everything once, and hears anything."""
    choices = Choices(data)
    hearing = listening()
    said = [Loaded(1), *(choices.struct(choices.one_of(KINDS)) for _ in choices.some(20))]
    hearing.link = Recorded(said)  # type: ignore[assignment]
    with suppress(Broken):
        hearing.hear_all()
    for operation in hearing.operations.values():
        with suppress(ValueError):
            hearing.value_of(operation)


def listening() -> Hearing:
    """With two operations under way, of one customer and of two."""
    hearing = Hearing(World(random.Random(1)))  # noqa: S311 - repeatable
    hearing.kernel = PortableKernel()
    hearing.manners = Manners(frozenset(STEPS))
    hearing.manners.asked([Ping(), AskBlocked(), Finish()])
    hearing.manners.delivered(Deliver(3, 1, 1.0))
    customers = [hearing.world.add() for _ in range(2)]
    hearing.operations[1] = Operation(1, "checkout", (customers[0],), batch=False, began=0)
    hearing.operations[2] = Operation(2, "checkout_many", tuple(customers), batch=True, began=0)
    return hearing
