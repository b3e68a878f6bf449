"""What was told, drawn: overlapping and sequential calls look as different as they are."""

from hypothesis import given
from hypothesis import strategies as st

from grader.playing.picture import Picture, Told, after, lanes, line
from grader.playing.scene import STEPS


def drawn(*events, users=(1, 2), now=4.0, width=21):
    """The lanes of a play, by their labels; five characters are a second."""
    picture = Picture("mine", users)
    for event in events:
        picture = after(picture, event)
    return dict(lanes(picture, now, width, span=4.0))


def call(number, user, begin, end, step="get_user_data"):
    return [
        Told("called", begin, step, user, number),
        Told("answered", end, step, user, number),
    ]


def test_overlapping_calls_stand_one_above_the_other():
    """Two calls of the same second fill the same columns."""
    lanes = drawn(*call(1, 1, 0.0, 1.0), *call(2, 2, 0.0, 1.0))

    assert lanes["user 1"] == lanes["user 2"] == "uuuuu" + " " * 16


def test_sequential_calls_are_a_staircase():
    """A call after another begins where that one ends."""
    lanes = drawn(*call(1, 1, 0.0, 1.0), *call(2, 2, 1.0, 2.0))

    assert lanes["user 2"] == " " * 5 + "uuuuu" + " " * 11


def test_call_grows_while_it_lasts():
    """A call without an answer reaches to the present."""
    assert drawn(Told("called", 1.0, "get_orders", 1, 1), now=3.0)["user 1"].count("o") == 10


def test_ends_are_marked():
    """A payment and a failure are told apart."""
    lanes = drawn(Told("done", 2.0, user=1), Told("lost", 2.0, user=2))

    assert lanes["user 1"].strip() == "#"
    assert lanes["user 2"].strip() == "x"


def test_stalled_loop_has_its_own_lane():
    """Where the loop stood still, its lane says so, for as long as it did."""
    lanes = drawn(Told("stalled", 3.0, seconds=1.0, text="1000 ms"))

    assert lanes["loop"] == " " * 10 + "!!!!!" + " " * 6


def test_what_a_program_prints_is_kept():
    """A printed line and a broken program are words, not bars."""
    picture = after(Picture("mine", (1,)), Told("broke", 0.5, text="ValueError: no"))

    assert picture.spoken == ("  0.50 s  the program broke off: ValueError: no",)


def test_line_names_who_and_what():
    """In a pipe each event is a sentence."""
    told = Told("failed", 1.25, "process_payment", 4, 9, text="PaymentDeclined(41)")

    assert line(told) == "  1.25 s  user 4  process_payment fails: PaymentDeclined(41)"


EVENTS = st.builds(
    Told,
    what=st.sampled_from(["called", "answered", "cancelled", "done", "stalled", "curtain", "??"]),
    at=st.floats(0, 1e6),
    step=st.sampled_from([*STEPS, "other"]),
    user=st.integers(-1, 3),
    call=st.integers(0, 4),
    seconds=st.floats(0, 1e6),
    text=st.text(max_size=5),
)


@given(st.lists(EVENTS, max_size=20), st.integers(1, 200), st.floats(0.1, 1e6))
def test_lanes_are_as_wide_as_they_are_wanted(events, width, span):
    """Whatever is told, in whatever order, every lane has its width."""
    picture = Picture("mine", (1, 2))
    for event in events:
        picture = after(picture, event)

    assert {len(lane) for _, lane in lanes(picture, 3.0, width, span=span)} == {width}
