"""What the detector has to say: frozen values, and the book that folds repeats of one line."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import Enum

from .hints import hint_for


class Cause(Enum):
    """Why the loop did not turn."""

    WAITS = "waits"
    COMPUTES = "computes"


class Guarantees(Enum):
    """What a report rests on: all the kernel tells, or only what any platform tells."""

    FULL = "full"
    PORTABLE = "portable"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line that blocked the loop.

    Attributes:
        file: Absolute name of the file; None if nothing tells it.
        line: Its line, from 1; None if nothing tells it.
        call: The call on that line, in full; None if the line computes by itself.
        cause: Whether it waits or computes.
        seconds: The longest that it held the loop.
        times: In how many steps it did.
    """

    file: str | None
    line: int | None
    call: str | None
    cause: Cause
    seconds: float
    times: int = 1

    @property
    def hint(self) -> str:
        """One thing to try, naming the replacement where there is one."""
        return hint_for(self.call, computes=self.cause is Cause.COMPUTES)

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.file else "an unknown line"
        what = self.call or "the code"
        often = f", {self.times} times" if self.times > 1 else ""
        return f"{what} at {place} held the loop for {self.seconds * 1000:.0f} ms{often}"


@dataclass(frozen=True, slots=True)
class KeptOut:
    """A stall without a line at fault: a thread held the GIL in C and kept the loop away."""

    thread: str
    seconds: float

    def __str__(self) -> str:
        late = f"{self.seconds * 1000:.0f} ms"
        return f"the loop waited {late} for the GIL, taken most of the time by {self.thread!r}"


@dataclass(frozen=True, slots=True)
class Report:
    """All that one watch has seen.

    Attributes:
        blocked: The lines that blocked the loop, in the order in which they first did.
        kept_out: Stalls that no line of the loop is to blame for.
        inconclusive: Whether a step was slow on a machine too busy to say by whose doing, and
            nothing was found.
        intact: Whether the watch lasted to its end, and saw the loop turn. If not, to have found
            nothing means nothing.
        guarantees: What the report rests on.
    """

    blocked: tuple[Finding, ...] = ()
    kept_out: tuple[KeptOut, ...] = ()
    inconclusive: bool = False
    intact: bool = True
    guarantees: Guarantees = Guarantees.FULL


_Line = tuple[str | None, int | None]


@dataclass
class Book:
    """Collects findings. One line gives one finding, however often it blocks."""

    _entries: dict[_Line, Finding] = field(default_factory=dict[_Line, Finding])
    _last_step: dict[_Line, tuple[int, float]] = field(
        default_factory=dict[_Line, tuple[int, float]]
    )

    def add(self, finding: Finding, step: int) -> None:
        """Enter a call of the step that began at `step`, judged by its arguments.

        The waits of one step add up: a hundred short ones are a long one.
        """
        self._enter(finding, step, self._so_far(finding, step) + finding.seconds)

    def add_step(self, finding: Finding, step: int) -> None:
        """Enter what a whole step was found to be; calls judged before are a part of it."""
        self._enter(finding, step, max(self._so_far(finding, step), finding.seconds))

    def __iter__(self) -> Iterator[Finding]:
        return iter(self._entries.values())

    def _so_far(self, finding: Finding, step: int) -> float:
        last, seconds = self._last_step.get((finding.file, finding.line), (0, 0.0))
        return seconds if last == step else 0.0

    def _enter(self, finding: Finding, step: int, seconds: float) -> None:
        key = finding.file, finding.line
        known = self._entries.get(key, replace(finding, times=0))
        again = self._last_step.get(key, (0, 0.0))[0] != step
        self._last_step[key] = step, seconds
        self._entries[key] = replace(
            known,
            seconds=max(known.seconds, seconds),
            call=known.call or finding.call,
            times=known.times + again,
        )
