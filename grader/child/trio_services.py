"""The shop as trio's tasks see it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import trio

from grader.child.places import calling_line, origin
from grader.child.services import PayingCoroutineServices
from grader.protocol.messages import Abandoned, Answer
from grader.protocol.values import Raised, unpack, unpack_error

if TYPE_CHECKING:
    from grader.child.channel import Channel


class TrioServices(PayingCoroutineServices):
    """Each call is a checkpoint of trio's, and cancellable there."""

    def __init__(self, channel: Channel) -> None:
        super().__init__(channel)
        self._open: dict[int, tuple[trio.Event, list[Answer]]] = {}

    def answer(self, answer: Answer) -> None:
        """Wake the task that waits for it, if trio still runs."""
        if waiting := self._open.pop(answer.call, None):
            answered, answers = waiting
            answers.append(answer)
            answered.set()

    def forget(self) -> None:
        """Let go of all that waits."""
        self._open.clear()

    def _line(self) -> int | None:
        return calling_line() or origin(trio.lowlevel.current_task().coro)

    async def _ask(self, step: str, argument: object) -> Any:  # noqa: ANN401 - whatever the judge answers
        self._stay_home(step)
        call = self._call(step, argument)
        answered, answers = self._open[call.call] = trio.Event(), []
        self._channel.post(call)
        try:
            await answered.wait()
        except trio.Cancelled:
            self._channel.post(Abandoned(call.call))
            raise
        value = answers[0].value
        if isinstance(value, Raised):
            raise unpack_error(value)
        return unpack(value)
