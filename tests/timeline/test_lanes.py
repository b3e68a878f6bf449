"""From a recording to its picture."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from grader.results import Event, Finding, Kind
from grader.timeline import Left, Operation, Recording, Stall, Step, timeline

STEPS = ("get_user_data", "get_orders", "get_order_details", "process_payment")


def calls(user, *spans, first=1):
    """The events of a user's calls: name, beginning, end; an end of None is never."""
    told = []
    for number, (name, begin, end) in enumerate(spans, first):
        told.append(Event("called", begin, name, user, number, line=10 + number))
        if end is not None:
            told.append(Event("answered", end, name, user, number))
    return told


def in_order(*events):
    """A recording of these events, by their times."""
    return Recording(tuple(sorted(events, key=lambda event: event.at)))


def lanes(picture, kind):
    return [lane for lane in picture.lanes if lane.kind == kind]


def spans(lane, kind="service"):
    return [(bar.label, bar.begin, bar.end) for bar in lane.bars if bar.kind == kind]


# ---- calls


def test_each_checkout_has_a_lane_and_each_call_a_bar():
    """The picture shows who was asked, from when to when."""
    recording = in_order(
        *calls(812, ("get_user_data", 0.0, 0.2), ("get_orders", 0.2, 0.5)),
        *calls(377, ("get_user_data", 0.1, 0.3), first=3),
    )

    picture = timeline(recording)

    assert picture.length == 0.5
    assert [(lane.number, spans(lane)) for lane in lanes(picture, "checkout")] == [
        (812, [("get_user_data", 0.0, 0.2), ("get_orders", 0.2, 0.5)]),
        (377, [("get_user_data", 0.1, 0.3)]),
    ]


def test_overlapping_and_sequential_work_differ():
    """How many calls are under way at once is a fact of the picture."""
    together = in_order(
        *(
            event
            for user in range(5)
            for event in calls(user, ("get_user_data", 0.0, 0.2), first=user)
        )
    )
    in_turn = in_order(
        *(
            event
            for user in range(5)
            for event in calls(user, ("get_user_data", user / 4, (user + 1) / 4), first=user)
        )
    )

    assert timeline(together).overlap == 5
    assert timeline(in_turn).overlap == 1


def test_call_without_an_answer_runs_on_to_the_end():
    """What nobody answered stays open."""
    recording = in_order(
        *calls(1, ("get_user_data", 0.0, 0.2), ("get_orders", 0.2, None)), Event("told", 3.0, "x")
    )

    (lane,) = lanes(timeline(recording), "checkout")

    assert [(bar.outcome, bar.end) for bar in lane.bars] == [("done", 0.2), ("open", 3.0)]


def test_end_of_a_call_is_told():
    """A failure and a cancellation end a bar, each in its way."""
    recording = in_order(
        Event("called", 0.0, "get_user_data", 1, 1),
        Event("answered", 0.1, "get_user_data", 1, 1, text="UserNotFound('no. 1')", failed=True),
        Event("called", 0.1, "get_orders", 1, 2),
        Event("abandoned", 0.2, "get_orders", 1, 2),
    )

    (lane,) = lanes(timeline(recording), "checkout")

    assert [(bar.outcome, bar.text) for bar in lane.bars] == [
        ("failed", "UserNotFound('no. 1')"),
        ("cancelled", ""),
    ]


def test_second_answer_is_a_mark():
    """The bar ends with the first answer, and the other one is not hidden."""
    recording = in_order(
        *calls(1, ("get_user_data", 0.0, 0.2)), Event("answered", 0.3, "get_user_data", 1, 1)
    )

    (lane,) = lanes(timeline(recording), "checkout")

    assert [(mark.kind, mark.at) for mark in lane.marks] == [("again", 0.3)]


def test_where_it_went_wrong_is_marked():
    """On the bar, whether its call or its answer was wrong."""
    called, answered = calls(1, ("get_user_data", 0.0, 0.2))
    wrong = [replace(called, wrong=True), replace(answered, wrong=True)]

    for events in ([wrong[0], answered], [called, wrong[1]]):
        (lane,) = lanes(timeline(in_order(*events)), "checkout")
        assert [bar.wrong for bar in lane.bars] == [True]


def test_calls_at_once_stand_in_rows_of_their_own():
    """Bars that share a row do not overlap."""
    recording = in_order(
        *calls(
            1,
            ("get_user_data", 0.0, 0.2),
            ("get_orders", 0.1, 0.3),
            ("get_order_details", 0.2, 0.4),
        )
    )

    (lane,) = lanes(timeline(recording), "checkout")

    assert [[bar.label for bar in row] for row in lane.rows] == [
        ["get_user_data", "get_order_details"],
        ["get_orders"],
    ]


# ---- operations


def test_operation_frames_the_calls_of_its_checkout():
    """Cancellation and callback are marks on it."""
    recording = Recording(
        (
            Event("started", 0.0, "checkout", 1, 1, line=5),
            *calls(1, ("get_user_data", 0.0, 0.2)),
            Event("cancelled", 0.3, "checkout", 1, 1),
            Event("told", 0.4, "on_error", 1, 1, text="CancelledError()", failed=True),
        ),
        (Operation(1, "checkout", 0, (1,), 1),),
    )

    (lane,) = lanes(timeline(recording), "checkout")

    assert spans(lane, "operation") == [("checkout", 0.0, 0.4)]
    assert [(mark.kind, mark.at) for mark in lane.marks] == [("cancelled", 0.3), ("failed", 0.4)]


def test_batch_has_a_lane_of_its_own():
    """It stands over the checkouts that it does."""
    recording = Recording(
        (
            *calls(1, ("get_user_data", 0.0, 0.2)),
            Event("ended", 0.2, "checkout_many", None, 1, text="cancelled"),
        ),
        (Operation(1, "checkout_many", 0, (1,), 3),),
    )

    batch, checkout = timeline(recording).lanes

    assert (batch.name, checkout.number) == ("checkout_many", 1)
    assert [bar.outcome for bar in batch.bars] == ["cancelled"]


def test_what_is_over_at_once_and_for_nobody_is_not_drawn():
    """To read a constant, or to open a desk, is no work."""
    recording = Recording(
        (Event("ended", 0.0, "PREDICTION", None, 1),), (Operation(1, "PREDICTION", 0),)
    )

    assert timeline(recording).lanes == ()


def test_each_thread_has_a_lane():
    """What is inside the SDK is drawn where its caller waits, too."""
    recording = Recording(
        tuple(
            sorted(
                [*calls(1, ("charge", 0.0, 0.2)), *calls(2, ("charge", 0.1, 0.3), first=2)],
                key=lambda event: event.at,
            )
        ),
        threads={1: 1, 2: 2},
    )

    threads = lanes(timeline(recording), "thread")

    assert [(lane.number, spans(lane)) for lane in threads] == [
        (1, [("charge", 0.0, 0.2)]),
        (2, [("charge", 0.1, 0.3)]),
    ]


# ---- the loop


BLOCKED = Recording(
    tuple(calls(1, ("get_user_data", 0.0, 0.2), ("get_orders", 0.2, 0.4))),
    steps=(Step(0.0, 0, 0.001), Step(0.2, 2, 0.05), Step(0.4, 4, 0.001)),
    stalls=(Stall(26, "waits", "time.sleep", 0.0499),),
)


def test_what_blocks_the_loop_pushes_the_rest_away():
    """Real time is let in where the shop's clock stands still: the next call begins after the block."""
    picture = timeline(BLOCKED)

    (loop,) = lanes(picture, "loop")
    (hold,) = picture.holds
    (lane,) = lanes(picture, "checkout")
    assert [bar.kind for bar in loop.bars] == ["step", "hold", "step"]
    assert (hold.label, hold.line, round(hold.begin, 4), round(hold.end, 4)) == (
        "time.sleep",
        26,
        0.201,
        0.251,
    )
    assert round(lane.bars[1].begin, 4) == 0.251
    assert round(picture.length, 4) == 0.452


def test_loop_that_nothing_blocked_has_no_hold():
    """A right program's steps hardly show."""
    picture = timeline(Recording(BLOCKED.events, steps=(Step(0.0, 0, 0.001), Step(0.2, 2, 0.002))))

    assert picture.holds == ()
    assert picture.length < 0.41


def test_finding_speaks_where_no_detector_does():
    """A step that never ended is to blame, by the line of the finding."""
    charged = Finding(kind=Kind.BLOCKING, message="charge was called on the loop's thread", line=46)
    recording = Recording(BLOCKED.events, steps=(Step(0.0, 0, 0.1), Step(0.2, 2, 0.02, open=True)))

    (hold,) = timeline(recording, [charged]).holds

    assert (hold.line, hold.outcome, hold.text) == (46, "open", charged.message)


def test_several_stalls_lie_on_steps_as_long_as_they():
    """The longest on the longest; a stall that came often lies on as many steps."""
    steps = tuple(Step(at / 10, 0, seconds) for at, seconds in enumerate([0.001, 0.03, 0.2, 0.031]))
    stalls = (Stall(5, "waits", "time.sleep", 0.03, times=2), Stall(9, "computes", "", 0.2))

    holds = timeline(Recording(BLOCKED.events, steps=steps, stalls=stalls)).holds

    assert [hold.line for hold in holds] == [5, 9, 5]


def test_one_instant_is_drawn_in_the_order_of_events():
    """Where no time passes there is still an order."""
    recording = in_order(*calls(1, ("get_user_data", 0.0, 0.0), ("get_orders", 0.0, 0.0)))

    picture = timeline(recording)

    assert not picture.clock
    assert spans(picture.lanes[0]) == [("get_user_data", 0.0, 1.0), ("get_orders", 2.0, 3.0)]


def test_nothing_happened():
    """An empty history is an empty picture."""
    assert timeline(Recording(left=Left(events=3))).lanes == ()


# ---- any recording

times = st.integers(0, 60).map(lambda twentieths: twentieths / 20)


@st.composite
def recordings(draw):
    """Draw any history, in time, with steps, stalls and operations that may not fit it."""
    events = []
    for number, at in enumerate(sorted(draw(st.lists(times, max_size=30)))):
        what = draw(
            st.sampled_from(
                ["called", "answered", "raised", "abandoned", "misused", "started", "ended", "told"]
            )
        )
        user, failed = draw(st.none() | st.integers(1, 4)), draw(st.booleans())
        about = number if what == "called" else draw(st.integers(0, number))
        events.append(Event(what, at, draw(st.sampled_from(STEPS)), user, about, failed=failed))
    places = st.integers(0, len(events))
    steps = [
        Step(at, 0, draw(st.floats(0, 0.2))) for at in sorted(draw(st.lists(times, max_size=8)))
    ]
    stalls = draw(
        st.lists(
            st.builds(Stall, st.integers(1, 99), st.just("waits"), st.just("x"), st.floats(0, 1))
        )
    )
    operations = draw(
        st.lists(
            st.builds(
                Operation,
                st.integers(0, 9),
                st.just("checkout"),
                places,
                st.just((1,)),
                st.integers(0, 2),
            ),
            max_size=4,
        )
    )
    threads = draw(st.dictionaries(st.integers(0, 9), st.integers(1, 3)))
    return Recording(tuple(events), tuple(operations), tuple(steps), tuple(stalls), threads)


@given(recordings())
def test_any_history_fits_its_axis(recording):
    """No bar leaves the axis or ends before it begins, and none overlaps another of its row."""
    picture = timeline(recording)

    for lane in picture.lanes:
        assert all(0 <= bar.begin <= bar.end <= picture.length for bar in lane.bars)
        assert all(0 <= mark.at <= picture.length for mark in lane.marks)
        if lane.kind != "loop":
            rows = [pair for row in lane.rows for pair in pairwise(row)]
            assert all(one.end <= other.begin for one, other in rows)


@given(recordings())
def test_every_call_is_drawn_once_in_its_checkout(recording):
    """Nothing that was recorded is lost on the way."""
    made = [
        event for event in recording.events if event.what == "called" and event.user is not None
    ]

    picture = timeline(recording)

    drawn = [
        bar for lane in lanes(picture, "checkout") for bar in lane.bars if bar.kind == "service"
    ]
    assert sorted(bar.label for bar in drawn) == sorted(event.subject for event in made)
