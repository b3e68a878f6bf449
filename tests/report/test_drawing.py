"""The order of events, drawn. UNBLOCKED_GOLDEN=1 rewrites the golden pages; review the diff."""

from __future__ import annotations

import os
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.report import Report, as_terminal
from grader.report.drawing import LANES, PLAIN, drawing, helps
from grader.results import (
    CheckResult,
    Event,
    Finding,
    Kind,
    Verdict,
    What,
    stage_result,
    whole_result,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

GOLDEN = Path(__file__).with_name("drawings")
REWRITE = bool(os.environ.get("UNBLOCKED_GOLDEN"))
STEPS = ("get_user_data", "get_orders", "get_order_details", "process_payment")


def event(what: What, at: float, subject: str, user: int | None = None, **more: object) -> Event:
    """Make an event; a call has the line of its step."""
    line = 14 + STEPS.index(subject) if what == "called" and subject in STEPS else None
    return msgspec.structs.replace(Event(what, at, subject, user, line=line), **more)


def answered_twice() -> list[Event]:
    """Step 1 answers twice, and one checkout goes two ways."""
    return [
        event("started", 0.0, "checkout", 812),
        event("called", 0.0, "get_user_data", 812),
        event("answered", 0.2, "get_user_data", 812),
        event("called", 0.2, "get_orders", 812),
        event("answered", 0.27, "get_user_data", 812),
        event("called", 0.27, "get_orders", 812, wrong=True),
        event("raised", 0.27, "get_orders", 812, failed=True, text="OrdersUnavailable('no. 3')"),
        event("told", 0.27, "on_error", 812, line=9, text="OrdersUnavailable('no. 3')"),
    ]


def batch_out_of_order() -> list[Event]:
    """A batch of two whose second checkout is through first."""
    first, second = ([event(w, 0.0, s, u) for s in STEPS for w in PAIR] for u in (812, 377))
    end = event("ended", 0.0, "checkout_many", text="[the payment of order 12, …]", wrong=True)
    return [*first[:2], *second, *first[2:], end]


PAIR: tuple[What, What] = ("called", "answered")


def cancelled_inside_the_sdk() -> list[Event]:
    """A cancelled checkout gives its turn away while its charge is inside."""
    return [
        event("called", 0.41, "charge", 4524073, line=41),
        event("cancelled", 0.59, "checkout", 4524073),
        event("ended", 0.59, "checkout", 4524073, text="cancelled"),
        event("called", 0.59, "charge", 5186491, line=41, wrong=True),
        event("answered", 0.72, "charge", 4524073),
        event("answered", 0.9, "charge", 5186491, failed=True, text="PaymentDeclined('no. 7')"),
        event("ended", 0.9, "checkout", 5186491, failed=True, text="PaymentDeclined('no. 7')"),
    ]


def too_many_for_lanes() -> list[Event]:
    """Seven callers are inside an SDK that takes six."""
    calls = [event("called", n / 10, "charge", 9 * 10**n, line=30) for n in range(7)]
    return [*calls[:-1], msgspec.structs.replace(calls[-1], wrong=True)]


def long_and_cut() -> list[Event]:
    """A result that holds a part of the history, of which a part is drawn."""
    calls = [event("called", n / 4, STEPS[n % 4], 812) for n in range(50)]
    calls[20] = msgspec.structs.replace(calls[20], wrong=True)
    calls[8] = msgspec.structs.replace(calls[8], left_out=100)
    return calls


DRAWINGS: dict[str, Callable[[], list[Event]]] = {
    made.__name__: made
    for made in (
        answered_twice,
        batch_out_of_order,
        cancelled_inside_the_sdk,
        too_many_for_lanes,
        long_and_cut,
    )
}


def page(events: Sequence[Event], width: int, encoding: str, kind: Kind = Kind.BEHAVIOUR) -> str:
    """Report one failed check on a stream of this encoding."""
    check = CheckResult(
        id="s02_futures::test_pays_once",
        title="Pays once",
        points=1,
        earned=0,
        verdict=Verdict.FAILED,
        seconds=0,
        findings=(Finding(kind=kind, message="order 11 was paid 2 times"),),
        events=tuple(events),
    )
    report = Report(whole_result("exercises", 1, "linux", (stage_result("s02_futures", (check,)),)))
    written = BytesIO()
    stream = TextIOWrapper(written, encoding=encoding, newline="\n")
    as_terminal.show(report, as_terminal.plain_console(stream, width))
    stream.flush()
    return written.getvalue().decode(encoding)


@pytest.mark.parametrize("name", DRAWINGS)
@pytest.mark.parametrize(("width", "encoding"), [(80, "utf-8"), (60, "utf-8"), (60, "ascii")])
def test_drawing_is_the_golden_one(name: str, width: int, encoding: str) -> None:
    """Any terminal gets a drawing that it can show."""
    golden = GOLDEN / f"{name}_{width}_{encoding}.txt"
    # Typographic signs in texts are escaped where they cannot be written.
    drawn = page(DRAWINGS[name](), width, encoding)
    if REWRITE:
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(drawn, encoding="utf-8")

    assert drawn == golden.read_text(encoding="utf-8")


one_event = st.builds(
    Event,
    what=st.sampled_from(["called", "answered", "raised", "abandoned", "ended", "told"]),
    at=st.integers(0, 400).map(lambda quarters: quarters / 4),
    subject=st.sampled_from(STEPS),
    user=st.none() | st.integers(1, 7),
    failed=st.booleans(),
)


@st.composite
def events(draw: st.DrawFn) -> list[Event]:
    """Draw what a result may hold: one wrong event, or none, and two places where some are left out."""
    drawn = draw(st.lists(one_event, max_size=60))
    places = st.integers(0, max(0, len(drawn) - 1))
    changes = [{"left_out": draw(st.integers(0, 9))} for _ in range(2)] + [{"wrong": True}]
    for change in changes[: draw(st.integers(0, 3))] if drawn else []:
        place = draw(places)
        drawn[place] = msgspec.structs.replace(drawn[place], **change)
    return drawn


@given(events(), st.integers(20, 100))
def test_drawing_is_short_and_hides_no_number(drawn: list[Event], width: int) -> None:
    """Whatever is drawn fits beside the rest, and what is folded is counted."""
    lines = drawing(drawn, width)

    rows = [line.event for line in lines if line.event]
    assert len(lines) <= 16
    assert len(rows) + sum(row.left_out for row in rows) == len(drawn) + sum(
        event.left_out for event in drawn
    )


@given(events())
def test_the_wrong_event_is_drawn(drawn: list[Event]) -> None:
    """The fold never hides the point at which it went wrong."""
    lines = drawing(drawn, 80)

    assert any(line.wrong for line in lines) == any(event.wrong for event in drawn)
    assert all(line.text.startswith(">") == line.wrong for line in lines if line.event)


def test_each_checkout_has_its_lane() -> None:
    """A rail stands in a lane from the checkout's first event to its last."""
    order = (1, 2, 2, 1)
    lines = drawing([event("called", 0.0, "charge", user) for user in order], 80, PLAIN)

    assert [line.text for line in lines] == [
        "          1  2",
        "  0.00 s  >     charge",
        "          |  >  charge",
        "          |  >  charge",
        "          >     charge",
    ]


def test_more_checkouts_than_lanes_are_named_in_a_column() -> None:
    """So many rails would be no picture."""
    drawn = [event("called", 0.0, "charge", user) for user in range(1000, 1001 + LANES)]

    heading, first, *_ = drawing(drawn, 100, PLAIN)

    assert heading.text == "          user"
    assert first.text == "  0.00 s  1000  >  charge"


@pytest.mark.parametrize(
    ("kind", "drawn", "useful"),
    [
        (Kind.BEHAVIOUR, answered_twice(), True),
        (Kind.BLOCKING, answered_twice(), False),
        (Kind.LIMIT, answered_twice(), False),
        (Kind.STUCK, answered_twice()[:2], False),
        (
            Kind.BEHAVIOUR,
            [event("ended", 0.0, "checkout", 1), event("told", 0.0, "on_done")],
            False,
        ),
        (Kind.BEHAVIOUR, [], False),
    ],
)
def test_drawn_only_where_the_order_says_more(
    kind: Kind,
    drawn: list[Event],
    useful: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    """One call, or a loop that was held, needs no picture."""
    assert helps(kind, drawn) is useful
    assert ("→" in page(drawn, 80, "utf-8", kind)) is useful
