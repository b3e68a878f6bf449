"""What the judge asked of the submission, as bars, and how its callers heard of the end, as marks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.timeline.picture import Bar, Mark, MarkKind, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.results import Event
    from grader.timeline.clock import Axis
    from grader.timeline.recording import Operation, Recording

ENDS = frozenset({"ended", "told"})


def operation_bar(
    operation: Operation, recording: Recording, line: Axis, length: float
) -> Bar | None:
    """The bar of one operation; None for one of no customer that was over at once."""
    own = list(_events(operation, recording))
    end = next(((place, event) for place, event in own if event.what in ENDS), None)
    begin = min(line.of_beginning(operation.place), length)
    until = length if end is None else max(begin, line.of_event(end[0]))
    if not operation.customers and end is not None and _at_once(operation, end[0], recording):
        return None
    outcome: Outcome = "open" if end is None else _outcome(end[1])
    text = "" if end is None else end[1].text
    started = next((event.line for _, event in own if event.what == "started"), None)
    wrong = end is not None and end[1].wrong
    return Bar(begin, until, "operation", operation.what, outcome, started, text, wrong=wrong)


def operation_marks(operation: Operation, recording: Recording, line: Axis) -> Iterator[Mark]:
    """Its cancellation, its caller's callbacks, and an end after the first, which the bar shows."""
    ends = 0
    for place, event in _events(operation, recording):
        ends += event.what in ENDS
        if event.what in ("cancelled", "told") or (event.what == "ended" and ends > 1):
            at = line.of_event(place)
            yield Mark(at, _kind(event), event.subject, event.line, event.text, event.wrong)


def _events(operation: Operation, recording: Recording) -> Iterator[tuple[int, Event]]:
    about = ("started", "ended", "told", "cancelled")
    for place, event in enumerate(recording.events):
        if event.what in about and event.number == operation.number:
            yield place, event


def _at_once(operation: Operation, end: int, recording: Recording) -> bool:
    events = recording.events
    return events[min(operation.place, end)].at == events[end].at


def _outcome(end: Event) -> Outcome:
    if end.what == "ended" and end.text == "cancelled":
        return "cancelled"
    return "failed" if end.failed else "done"


def _kind(event: Event) -> MarkKind:
    if event.what == "cancelled":
        return "cancelled"
    if event.failed:
        return "failed"
    return "told" if event.what == "told" else "ended"
