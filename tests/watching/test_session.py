"""What a watch decides: no terminal, no file, no process."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.watching.messages import Reply
from grader.watching.session import (
    KEYS,
    Grade,
    Graded,
    Key,
    OpenPage,
    Quit,
    Remember,
    Saved,
    Stopped,
    Told,
    View,
    begin,
    goodbye,
    step,
)

FIRST, SECOND, LAST = "s01_callbacks", "s02_futures", "s03_async_await"


def after(state, *events):
    """The state after some events, and all commands that they gave."""
    commands = []
    for event in events:
        state, more = step(state, event)
        commands += more
    return state, commands


def graded(commands):
    return [command.stage for command in commands if isinstance(command, Grade)]


def test_stage_at_hand_is_graded_first_and_the_others_after_it(state, reply):
    """The ladder is whole as soon as nobody waits for anything else."""
    state, commands = begin(state)
    assert commands == (Grade(FIRST),)

    events = [Graded(reply(stage, passes=False)) for stage in (FIRST, SECOND, LAST)]
    state, commands = after(state, *events)

    assert graded(commands) == [SECOND, LAST]
    assert not state.running


def test_save_goes_before_stages_that_nobody_waits_for(state, reply):
    """What a learner saves is graded next."""
    state, _ = begin(state)

    state, commands = after(state, Saved(LAST), Graded(reply(FIRST, passes=True)))

    assert graded(commands) == [LAST]
    assert state.stage == LAST


def test_many_saves_while_grading_are_one_grading(state, reply):
    """A second grading follows the one that runs, and no third."""
    state, _ = begin(state)

    state, commands = after(state, *[Saved(FIRST)] * 5, Graded(reply(FIRST, passes=True)))

    assert graded(commands) == [FIRST]


def test_deleted_file_is_one_sentence(state):
    """A file that has gone is named, and nothing is graded."""
    state, commands = after(state, Saved(FIRST, there=False))

    assert (
        state.said == "exercises/s01_callbacks/pipeline.py is gone; save it again, and it is graded"
    )
    assert not commands


def test_failed_check_is_remembered(state, reply):
    """What failed is written down, and its hints open level by level."""
    state, commands = after(begin(state)[0], Graded(reply(FIRST, passes=False)))
    assert any(isinstance(command, Remember) for command in commands)

    state, commands = after(state, Key("h"), Key("h"))

    assert state.view is View.HINT
    assert [c.progress.hints_of(f"{FIRST}::test_pays") for c in commands] == [1, 2]


def test_no_hint_where_nothing_fails(state, reply):
    """A stage that is done has nothing to hint at."""
    state, commands = after(begin(state)[0], Graded(reply(FIRST, passes=True)), Key("h"))

    assert "nothing to hint at" in state.said
    assert state.view is View.FAILURE
    assert not [c for c in commands if isinstance(c, Remember)]


def test_stages_are_walked_and_remembered(state, reply):
    """`n` and `p` go along the path, remember the place, and grade what is not known."""
    state, commands = after(state, Key("n"), Key("n"), Key("n"))
    assert state.stage == LAST
    assert state.said == "that is the last stage"
    assert [c.progress.stage for c in commands if isinstance(c, Remember)] == [SECOND, LAST]

    state, _ = after(state, Key("p"), Key("p"), Key("p"))

    assert state.stage == FIRST
    assert state.said == "that is the first stage"


def test_known_stage_is_not_graded_again(state, reply):
    """To look at a stage costs nothing, once it was graded."""
    everything = [Graded(reply(stage, passes=True)) for stage in (FIRST, SECOND, LAST)]
    state, _ = after(begin(state)[0], *everything)

    _, commands = after(state, Key("n"), Key("p"))

    assert not graded(commands)


def test_views_are_switched_on_and_off(state, reply):
    """The same key shows a view and leaves it."""
    for key, view in (("t", View.TIMELINE), ("l", View.LIST)):
        state, _ = after(state, Key(key))
        assert state.view is view
        state, _ = after(state, Key(key))
        assert state.view is View.FAILURE


def test_rerun_and_page_are_for_the_stage_at_hand(state):
    """`r` grades and `o` opens the stage that is shown."""
    _, commands = after(state, Key("r"), Key("o"))

    assert commands == [Grade(FIRST), OpenPage(FIRST)]


def test_grader_that_fails_is_a_sentence(state):
    """What went wrong with us is said, and stages that nobody asked for are left alone."""
    state, commands = after(begin(state)[0], Graded(Reply(FIRST, error="no process")))

    assert state.said == "no process"
    assert not graded(commands)


@pytest.mark.parametrize("event", [Key("q"), Key("\x03"), Key("\x04"), Stopped()])
def test_every_way_out(state, event):
    """`q`, Ctrl-C, Ctrl-D and a signal end the watch."""
    assert after(state, event)[1] == [Quit()]


def test_last_word_says_where_the_learner_stands(state, reply):
    """On leaving, the stage and what it lacks are named."""
    assert "not graded" in goodbye(state)
    state, _ = after(begin(state)[0], Graded(reply(FIRST, passes=False)))
    assert goodbye(state) == "s01_callbacks: 1 check to go. See you."


@given(
    st.lists(
        st.sampled_from(
            [*map(Key, [*KEYS, "x"]), Saved(FIRST), Saved(LAST), Saved(LAST, there=False), "reply"]
        )
    )
)
def test_at_most_one_grading_runs_whatever_happens(first_state, reply, events):
    """However saves, keys and verdicts meet, gradings are given one at a time, and each verdict is asked for."""
    state, commands = begin(first_state)
    under_way = graded(commands)
    for event in [*events, *["reply"] * 5]:
        happened = event
        if event == "reply":
            if not under_way:
                continue
            happened = Graded(reply(under_way.pop(), passes=False))
        state, more = step(state, happened)
        under_way += graded(more)

        assert len(under_way) <= 1
        assert bool(state.running) == bool(under_way)
    assert not state.waiting


def test_told_is_shown_until_the_next_thing_happens(state):
    """A sentence stands until there is something newer."""
    state, _ = after(state, Told("nothing is remembered"))
    assert state.said == "nothing is remembered"

    assert after(state, Key("x"))[0].said == ""
