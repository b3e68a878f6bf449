"""What the shop was asked, as bars: from a call to its answer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from grader.timeline.picture import Bar, Mark, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.results import Event
    from grader.timeline.clock import Axis
    from grader.timeline.recording import Recording

ENDS = frozenset({"answered", "raised", "abandoned"})


def call_bars(recording: Recording, line: Axis, length: float) -> dict[int, tuple[Event, Bar]]:
    """Number of each call to the call and its bar; one that nobody answered runs on to the end."""
    ends = _ends(recording)
    bars: dict[int, tuple[Event, Bar]] = {}
    for place, event in enumerate(recording.events):
        if event.what == "called":
            begin, end = line.of_event(place), ends.get(event.number)
            bar = Bar(begin, length, "service", event.subject, "open", event.line)
            if end is not None:
                bar = _answered(bar, line.of_event(end), recording.events[end])
            bars[event.number] = event, replace(bar, wrong=bar.wrong or event.wrong)
    return bars


def _answered(bar: Bar, until: float, end: Event) -> Bar:
    return replace(bar, end=until, outcome=_outcome(end), text=end.text, wrong=end.wrong)


def call_marks(recording: Recording, line: Axis, user: int) -> Iterator[Mark]:
    """What befell the calls of a user besides an answer: a second one, or a refusal."""
    ends = set(_ends(recording).values())
    for place, event in enumerate(recording.events):
        if event.user != user:
            continue
        at = line.of_event(place)
        if event.what == "misused":
            yield Mark(at, "misused", event.subject, event.line, event.text, event.wrong)
        elif event.what in ENDS and place not in ends:
            yield Mark(at, "again", event.subject, event.line, event.text, event.wrong)


def _ends(recording: Recording) -> dict[int, int]:
    """Number of each call to the place of its first end."""
    ends: dict[int, int] = {}
    for place, event in enumerate(recording.events):
        if event.what in ENDS:
            ends.setdefault(event.number, place)
    return ends


def _outcome(end: Event) -> Outcome:
    if end.what == "abandoned":
        return "cancelled"
    return "failed" if end.failed else "done"
