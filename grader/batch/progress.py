"""How far a batch is: counted always, shown on a terminal."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from rich.console import Console


class Tally:
    """Counts the submissions of a run.

    Attributes:
        kept: Those that needed no grading.
        done: Those that were graded.
        lost: Those that failed to grade.
    """

    def __init__(self, changed: Callable[[Tally], None] = lambda _: None) -> None:
        """Begin at nothing; `changed` is called after each."""
        self.kept = self.done = self.lost = 0
        self._changed = changed

    def known(self) -> None:
        """A submission needs no grading."""
        self.kept += 1
        self._changed(self)

    def graded(self) -> None:
        """A submission was graded."""
        self.done += 1
        self._changed(self)

    def failed(self) -> None:
        """A submission failed to grade."""
        self.lost += 1
        self._changed(self)

    @property
    def seen(self) -> int:
        """All of them."""
        return self.kept + self.done + self.lost


@contextmanager
def watching(console: Console, total: int) -> Generator[Tally]:
    """Count, and where the console is a terminal show what is done, what failed, the rate and the time left."""
    if not console.is_terminal:
        yield Tally()
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[told]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        bar = progress.add_task("grading", total=total, told="")
        began = time.monotonic()

        def show(tally: Tally) -> None:
            rate = tally.done * 60 / max(time.monotonic() - began, 0.001)
            told = f"{tally.lost} failed to grade, {rate:.0f} a minute"
            progress.update(bar, completed=tally.seen, told=told)

        yield Tally(show)
