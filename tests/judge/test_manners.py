"""A child says each thing in its turn, or nothing that it says counts."""

import pytest

from grader.judge.manners import MESSAGES, NOTES, Manners, Unmannerly
from grader.protocol.messages import (
    Abandoned,
    AskBlocked,
    Awake,
    Blocked,
    Call,
    CalledBack,
    Closed,
    Compiled,
    Deliver,
    Did,
    Ended,
    Entered,
    Finish,
    Idle,
    Loaded,
    Note,
    Ping,
    Pong,
    Problem,
    Reported,
    Started,
    Tasks,
)
from grader.protocol.values import Listed, Raised
from grader.world import SOURCE, STEPS

CALL = Call(1, "get_user_data", 4711, "-", 1)
LOADED = [Compiled(b""), Loaded(1)]


def hear(*said):
    """A talk so far: messages of the child's, and in between what the judge does."""
    manners = Manners(frozenset(STEPS))
    for word in said:
        if isinstance(word, Deliver):
            manners.asked(word.items)
            manners.delivered(word)
        else:
            manners.hear(word)


def test_whole_talk_is_in_order():
    """From the compiling to the end, with a void delivery in between."""
    hear(
        *LOADED,
        Idle(1, None, 0),
        Deliver(1, 1, 1.0),
        Awake(),
        CALL,
        Idle(2, 0.5, 0),
        Deliver(2, 2, 1.0, (Ping(),)),
        Started(1, "pending"),
        Pong(),
        Abandoned(1),
        Ended(1, "value"),
        Idle(3, None, 2),
        Deliver(3, 3, 1.0, (Finish(),)),
        Note("leak", "a task"),
        Blocked(),
        Closed(),
        Note("thread_died", "late"),
    )


@pytest.mark.parametrize(
    "said",
    {
        "compiled twice": [Compiled(b""), Compiled(b"")],
        "compiled after the submission ran": [Note("leak", "x"), Compiled(b"")],
        "loaded twice": [*LOADED, Loaded(1)],
        "a problem of no kind": [Loaded(problem=Problem("passed", "x"))],
        "idle before it is loaded": [Idle(1, None, 0)],
        "a call before it is loaded": [CALL],
        "loaded after a problem": [Loaded(problem=Problem("crash", "x")), Loaded(1)],
        "idle after a problem": [Loaded(problem=Problem("crash", "x")), Idle(1, None, 0)],
        "idle not counted": [*LOADED, Idle(2, None, 0)],
        "idle twice": [*LOADED, Idle(1, None, 0), Idle(1, None, 0)],
        "idle again, and nothing woke it": [*LOADED, Idle(1, None, 0), Idle(2, None, 0)],
        "a delivery taken that was never given": [*LOADED, Idle(1, None, 7)],
        "awake, and was not idle": [*LOADED, Awake()],
        "awake twice": [*LOADED, Idle(1, None, 0), Awake(), Awake()],
        "a call twice": [*LOADED, CALL, CALL],
        "a service that is not there": [*LOADED, Call(1, "charge", 1, "-", 1)],
        "abandoned, and never called": [*LOADED, Abandoned(9)],
        "abandoned twice": [*LOADED, CALL, Abandoned(1), Abandoned(1)],
        "started twice": [*LOADED, Started(1, "done"), Started(1, "done")],
        "ended twice": [*LOADED, Ended(1, "value", 1), Ended(1, "value", 2)],
        "a pong without a ping": [*LOADED, Pong()],
        "two pongs for a ping": [*LOADED, Deliver(1, 1, 0.0, (Ping(),)), Pong(), Pong()],
        "tasks that nobody asked for": [*LOADED, Tasks(())],
        "a clean bill that nobody asked for": [*LOADED, Blocked()],
        "two bills": [*LOADED, Deliver(1, 1, 0.0, (AskBlocked(),)), Blocked(), Blocked()],
        "closed by itself": [*LOADED, Closed()],
        "idle after it was closed": [
            *LOADED,
            Deliver(1, 1, 0.0, (Finish(),)),
            Closed(),
            Idle(1, None, 0),
        ],
    }.items(),
    ids=lambda case: case[0],
)
def test_word_out_of_turn_is_refused(said):
    with pytest.raises(Unmannerly):
        hear(*said[1])


def test_endless_talk_is_refused():
    """However harmless each word."""
    word = CalledBack(1, "on_done", None, 1)

    with pytest.raises(Unmannerly, match="more than"):
        hear(*LOADED, *[word] * MESSAGES)


def test_notes_without_end_are_refused():
    """They are kept word for word, so there may be fewer of them."""
    note = Note("leak", "x")

    hear(*[note] * NOTES)

    with pytest.raises(Unmannerly, match="notes"):
        hear(*[note] * (NOTES + 1))


@pytest.mark.parametrize("make", [Ended, CalledBack])
@pytest.mark.parametrize("wrap", [lambda v: Listed((v,)), lambda v: Raised("E", members=(v,))])
def test_value_that_is_too_deep_is_refused(make, wrap):
    """Deeper than what a child's own code makes of any value."""
    value = Raised("E")
    for _ in range(20):
        value = wrap(value)
    word = Ended(1, "value", value) if make is Ended else CalledBack(1, "on_done", value, 1)

    with pytest.raises(ValueError, match="too deeply"):
        hear(*LOADED, word)


def test_a_source_is_read_only_where_there_is_a_stream():
    """A service that the check does not have is none."""
    manners = Manners(frozenset(STEPS))
    manners.hear(Loaded(1))
    read = Call(1, SOURCE, 0, "-", 1)

    with pytest.raises(Unmannerly):
        manners.hear(read)
    manners.allow(SOURCE)
    manners.hear(read)


def test_program_in_its_own_threads_says_what_is_called():
    """It begins a call, calls back, tells what came of it, and may end when the loop is closed already."""
    manners = Manners(frozenset(STEPS), sockets=True)
    for word in (*LOADED, Entered(1, 7), Reported(1, 2, 7), Did(1, Listed(()))):
        manners.hear(word)
    manners.asked((Finish(),))
    manners.hear(Closed())

    manners.hear(Ended(1, "value"))


@pytest.mark.parametrize(
    "words",
    [
        [Entered(1, 7), Entered(1, 7)],
        [Reported(1, 2, 7), Reported(1, 2, 7)],
        [Did(1, Listed(()))],
        [Reported(1, 2, 7), Did(1, Listed(())), Did(1, Listed(()))],
    ],
)
def test_program_says_each_thing_once(words):
    """No second beginning, no second call of the same number, no outcome of a call that was not told."""
    manners = Manners(frozenset(STEPS), sockets=True)
    for word in (*LOADED, *words[:-1]):
        manners.hear(word)

    with pytest.raises(Unmannerly):
        manners.hear(words[-1])


def test_nothing_of_it_where_no_program_is_called():
    """A stage without sockets hears nothing of the kind."""
    with pytest.raises(Unmannerly):
        hear(*LOADED, Entered(1, 7))
