"""A scheduler of the submission's in the judge's time: its clock, its select, and the coroutines that it runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import msgspec

from grader.judge import facts
from grader.judge.findings import Broken
from grader.judge.sockets.given import Given
from grader.judge.sockets.moments import Moment, comparable, is_told, story
from grader.language import say
from grader.protocol.deeds import Act, Clock, Deed, Last, Routine, Select, TaskOf
from grader.protocol.values import Raised
from grader.results import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.judge.sockets.calls import Call
    from grader.judge.sockets.given import Told
    from grader.judge.sockets.program import Program
    from grader.judge.sockets.wires import Wire

VAIN = 100
"""Calls of `select` in a row after which nobody went on and no time passed: it only looks again and again."""


@dataclass(eq=False, repr=False)
class Script(Given):
    """A coroutine of the judge's."""

    routine: Routine = field(default_factory=lambda: Routine(0))

    def packed(self) -> Routine:
        """As it crosses."""
        return self.routine

    def hear(self, told: Told) -> None:
        """Keep a moment."""
        what, value = told.arguments
        if not is_told(what, value):
            raise ValueError(f"a coroutine that tells {what!r}")
        super().hear(told)

    def then(self, *acts: Act) -> None:
        """It does more; to be said before it is spawned."""
        self.routine = msgspec.structs.replace(self.routine, acts=(*self.routine.acts, *acts))


@dataclass(eq=False, repr=False)
class Looking(Given):
    """The `select` that a scheduler is given.

    Attributes:
        asking: Its calls that wait for an answer; others only look.
    """

    asking: list[Told] = field(default_factory=list["Told"])

    def packed(self) -> Select:
        """As it crosses."""
        return Select(self.number)

    def hear(self, told: Told) -> None:
        """Keep a call: numbers of sockets, a timeout, and whether it waits."""
        numbers, _, waits = told.arguments
        known = cast("list[object]", numbers) if isinstance(numbers, list) else [None]
        if not all(type(number) is int for number in known):
            raise ValueError("a select without sockets")
        super().hear(told)
        if waits:
            self.asking.append(told)


class Arrival(NamedTuple):
    """What the judge sends, and when."""

    when: float
    wire: Wire
    data: bytes


class Coroutines:
    """What a check does with a scheduler.

    Attributes:
        now: The judge's time, in seconds.
    """

    def __init__(self, program: Program) -> None:
        self.now = 0.0
        self._program = program
        self._select = program.adopt(Looking(program.number(), "select"))
        self._answered: list[tuple[int, float]] = []
        self._arrivals: list[Arrival] = []
        self._wires: dict[int, Wire] = {}
        self._scheduler: Call

    async def open(self) -> None:
        """Have the submission make its scheduler."""
        self._scheduler = await self._program.call("Scheduler", Clock(), self._select)

    # ---- what coroutines do

    def coroutine(self, name: str, *acts: Act, cleanup: Iterable[Act] = (), **how: Any) -> Script:  # noqa: ANN401 - see `Routine`
        """A coroutine that does this, and tells whenever it goes on."""
        number = self._program.number()
        routine = Routine(number, acts, cleanup=tuple(cleanup), **how)
        return self._program.adopt(Script(number, name, routine=routine))

    @staticmethod
    def sleep(seconds: float) -> Act:
        """Wait so long."""
        return Act(Deed("sleep", (seconds,)), waits=True)

    def readable(self, wire: Wire) -> Act:
        """Wait until there is something to read."""
        self._wires[wire.number] = wire
        return Act(self._program.deed("readable", wire), waits=True)

    @staticmethod
    def join(script: Script | None = None) -> Act:
        """Wait for the end of another; of the one that was spawned last, if none is named."""
        return Act(Deed("join", (Last() if script is None else TaskOf(script.number),)), waits=True)

    def receive(self, wire: Wire) -> Act:
        """Read what is there."""
        return Act(self._program.deed("recv", 100, of=wire))

    def cancel(self, script: Script) -> Act:
        """Cancel another."""
        return Act(Deed("cancel", of=TaskOf(script.number)))

    def spawn(self, script: Script, times: int = 1) -> Act:
        """Spawn others."""
        return Act(self._program.deed("spawn", script, of=self._scheduler), times=times)

    # ---- what the judge does

    async def wire(self) -> Wire:
        """Lend the coroutines a socket, from which nothing can be read as yet."""
        return await self._program.wire(blocking=False)

    async def begin(self, *scripts: Script) -> None:
        """Spawn these, one after the other, before anything runs."""
        for script in scripts:
            await self._program.call("spawn", script, of=self._scheduler)

    def send(self, when: float, wire: Wire, data: bytes) -> None:
        """Send something at a certain time; at once, if that is now."""
        self._arrivals = sorted([*self._arrivals, Arrival(when, wire, data)], key=lambda a: a.when)
        self._send_what_is_due()

    async def run(self) -> Call:
        """Run the scheduler, and answer each `select`, until it returns or raises.

        Raises:
            Broken: It does not, or looks again and again.
        """
        running = await self._program.begin("run", of=self._scheduler)
        text = say("{run} does not return", run=running)
        while not running.done:
            moved = partial(self._has_moved, running, len(self._program.told))
            await self._program.wait_until(moved, text)
            if self._asked():
                await self._answer(self._select.asking[len(self._answered)])
        return running

    async def run_all(self) -> None:
        """Run the scheduler until all have ended."""
        (await self.run()).must_give_something()

    def _has_moved(self, running: Call, heard: int) -> bool:
        """Whether there is news of it: each one shows that it is not waited for in vain."""
        return running.done or self._asked() or len(self._program.told) > heard

    def _asked(self) -> bool:
        return len(self._answered) < len(self._select.asking)

    async def _answer(self, told: Told) -> None:
        numbers, timeout, _ = told.arguments
        self._must_not_look_for_ever(told)
        if not any(self._wires[number].unread() for number in numbers if number in self._wires):
            self._let_time_pass(told, timeout)
        self._answered.append((told.place, self.now))
        await self._program.answer(told, self.now)

    def _let_time_pass(self, told: Told, timeout: object) -> None:
        until = self.now + timeout if isinstance(timeout, int | float) else float("inf")
        if self._arrivals and self._arrivals[0].when <= until:
            self.now = max(self.now, self._arrivals[0].when)
            self._send_what_is_due()
        elif until == float("inf"):
            text = say("select is to sleep for ever, and nothing will come")
            raise Broken(Kind.STUCK, text, told.line)
        else:
            self.now = until

    def _send_what_is_due(self) -> None:
        while self._arrivals and self._arrivals[0].when <= self.now:
            _, wire, data = self._arrivals.pop(0)
            wire.put(data)

    # ---- what must have come of it

    def must_tell(self, script: Script, *moments: Moment) -> None:
        """This is what the coroutine has told."""
        got = [self._moment(told) for told in script.calls]
        if [comparable(moment) for moment in got] != [comparable(moment) for moment in moments]:
            text = say(
                "{coroutine} {got}; it should be: {wanted}",
                coroutine=script.name,
                got=story(got),
                wanted=story(moments),
            )
            raise Broken(Kind.BEHAVIOUR, text, script.line)

    def must_go_on_in_order(self, *wanted: Script) -> None:
        """This is the order in which they took their steps."""
        got = [given for given in self._program.told if given is not self._select]
        if got != list(wanted):
            text = say(
                "the coroutines took their steps in the order {got}; it should be: {wanted}",
                got=_names(got),
                wanted=_names(wanted),
            )
            raise Broken(Kind.BEHAVIOUR, text, got[-1].line if got else None)

    def must_come_first(self, first: Script, *others: Script) -> None:
        """It has told all that it had to tell before these had their last word."""
        for other in others:
            if not (first.calls and other.calls and first.calls[-1].place < other.calls[-1].place):
                text = say(
                    "{other} took its last step before {coroutine} did",
                    other=other,
                    coroutine=first,
                )
                raise Broken(Kind.BEHAVIOUR, text, other.line)

    def must_say_that_nobody_can_go_on(self, running: Call) -> None:
        """`run` raised RuntimeError."""
        raised = running.value
        if not (isinstance(raised, Raised) and raised.is_a("RuntimeError")):
            text = say(
                "those who are left wait for each other, and {run} gave {got}, not RuntimeError",
                run=running,
                got=facts.value(raised),
            )
            raise Broken(Kind.BEHAVIOUR, text, self._select.line)

    def must_not_have_looked_in_vain(self) -> None:
        """Whenever `select` returned, somebody went on."""
        vain = self._vain_looks()
        if vain:
            text = say(
                "select was called {count} times, and {vain} times it slept and nobody went on after it",
                count=len(self._select.calls),
                vain=len(vain),
            )
            raise Broken(Kind.BLOCKING, text, vain[0].line)

    def must_have_looked_at_most(self, times: int) -> None:
        """So often was `select` called in all."""
        if len(self._select.calls) > times:
            text = say(
                "select was called {count} times, where {times} are enough",
                count=len(self._select.calls),
                times=times,
            )
            raise Broken(Kind.BEHAVIOUR, text, self._select.line)

    def must_have_run_on_one_thread(self) -> None:
        """All steps were taken by the thread that called `run`."""
        threads = {told.thread for given in self._program.told for told in given.calls}
        if len(threads) > 1:
            text = say("the coroutines ran on {count} threads", count=len(threads))
            raise Broken(Kind.BEHAVIOUR, text, self._program.told[-1].line)

    def must_end_at(self, when: float) -> None:
        """The last sleep ended then."""
        if self.now != when:
            text = say(
                "all is over at {wanted:g} s, and it sleeps until {got:g} s",
                wanted=when,
                got=self.now,
            )
            raise Broken(Kind.BEHAVIOUR, text, self._select.line)

    # ---- within

    def _moment(self, told: Told) -> Moment:
        what, value = told.arguments
        return Moment(self._time_at(told.place), what, value)

    def _time_at(self, place: int) -> float:
        return max((now for asked, now in self._answered if asked < place), default=0.0)

    def _vain_looks(self) -> list[Told]:
        """Sleeps that were followed by another one, and by no step before; to poll in between does no harm."""
        calls = enumerate(self._select.calls)
        sleeps = [(number, call) for number, call in calls if call.arguments[1] != 0]
        return [
            call
            for (number, call), (next_number, after) in pairwise(sleeps)
            if after.place - call.place == next_number - number
        ]

    def _must_not_look_for_ever(self, told: Told) -> None:
        row = self._answered[-VAIN:]
        if len(row) == VAIN and row[0] == (told.place - VAIN, self.now):
            text = say("select was called {count} times in a row, and nobody went on", count=VAIN)
            raise Broken(Kind.BLOCKING, text, told.line)


def _names(scripts: Iterable[Given]) -> str:
    names = [script.name for script in scripts]
    return " ".join([*names[:30], "..."] if len(names) > 30 else names) or "-"
