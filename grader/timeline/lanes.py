"""From a recording to its picture: one lane per batch, checkout and worker thread, and the loop's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.timeline.calls import call_bars, call_marks
from grader.timeline.clock import Axis, axis
from grader.timeline.holding import Held, held
from grader.timeline.operations import operation_bar, operation_marks
from grader.timeline.packing import packed
from grader.timeline.picture import Bar, Lane, Outcome, Timeline

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from grader.results import Event, Finding
    from grader.timeline.recording import Recording, Step


def timeline(recording: Recording, findings: Sequence[Finding] = ()) -> Timeline:
    """Lay a check's history out.

    Args:
        recording: What was kept of it.
        findings: Of the check; one about blocking says what held the loop where the detector did not see it.
    """
    steps = recording.steps
    blamed = held(steps, recording.stalls, findings)
    line = axis(recording.events, steps, held=bool(blamed))
    ends = [line.of_event(place) for place in range(len(recording.events))]
    if not line.clock:
        ends.append(float(len(ends)))  # where what never ended goes on to
    loop = [_step(line, number, step, blamed.get(number)) for number, step in enumerate(steps)]
    length = max([*ends, *(bar.end for bar in loop)], default=0.0)
    calls = call_bars(recording, line, length)
    lanes = (
        *_batches(recording, line, length),
        *_checkouts(recording, line, length, calls),
        *_threads(recording, calls),
        *([Lane("loop", 0, "", (tuple(loop),))] if loop else []),
    )
    return Timeline(length, lanes, recording.file, recording.left, line.clock)


def _batches(recording: Recording, line: Axis, length: float) -> Iterator[Lane]:
    """A lane for each operation that is not one checkout's."""
    for operation in recording.operations:
        if operation.customers == 1:
            continue
        if bar := operation_bar(operation, recording, line, length):
            marks = tuple(operation_marks(operation, recording, line))
            yield Lane("batch", operation.number, operation.what, ((bar,),), marks)


def _checkouts(
    recording: Recording, line: Axis, length: float, calls: Mapping[int, tuple[Event, Bar]]
) -> Iterator[Lane]:
    """A lane for each customer, in the order of their first events."""
    own = [o for o in recording.operations if o.customers == 1 and o.users]
    callers = [call.user for call, _ in calls.values() if call.user is not None]
    for user in dict.fromkeys([*(operation.users[0] for operation in own), *callers]):
        mine = [operation for operation in own if operation.users[0] == user]
        frames = [operation_bar(operation, recording, line, length) for operation in mine]
        services = [bar for call, bar in calls.values() if call.user == user]
        marks = [mark for o in mine for mark in operation_marks(o, recording, line)]
        rows = (*packed(filter(None, frames)), *packed(services))
        yield Lane("checkout", user, "", rows, (*marks, *call_marks(recording, line, user)))


def _threads(recording: Recording, calls: Mapping[int, tuple[Event, Bar]]) -> Iterator[Lane]:
    """A lane for each worker thread."""
    workers = recording.threads
    for worker in sorted(set(workers.values())):
        bars = [bar for number, (_, bar) in calls.items() if workers.get(number) == worker]
        if bars:
            yield Lane("thread", worker, "", packed(bars))


def _step(line: Axis, number: int, step: Step, held: Held | None) -> Bar:
    """A step of the loop, or what held it."""
    begin = line.of_step(number, step)
    end = begin + step.seconds if line.clock else begin
    outcome: Outcome = "open" if step.open else "done"
    if held is None:
        return Bar(begin, end, "step", "", outcome, real=step.seconds)
    return Bar(begin, end, "hold", held.call, outcome, held.line, held.why, step.seconds)
