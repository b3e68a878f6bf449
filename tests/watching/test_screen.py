"""What a learner sees: everything fits, and the keys are always there."""

from dataclasses import replace
from io import StringIO

import pytest
from rich.cells import cell_len

from grader.language import language, speaking
from grader.report.console import plain_console
from grader.watching.screen import screen, verdict
from grader.watching.session import Graded, Key, Saved, begin, step

FIRST = "s01_callbacks"


def seen(state, width=80, height=40):
    """The screen as text."""
    return "\n".join(line.plain for line in screen(state, plain_console(StringIO(), width), height))


@pytest.fixture
def failed(state, reply):
    """A watch whose first stage fails a check."""
    return step(begin(state)[0], Graded(reply(FIRST, passes=False)))[0]


def test_failure_has_its_source_line(failed):
    """The first failure is shown with the line that it is about."""
    assert "Failed: Pays once." in seen(failed)
    assert "> 2 │" in seen(failed)
    assert "pay(); pay()" in seen(failed)


def test_starter_is_started_with_until_it_is_saved(state, reply):
    """A stage that nobody has begun says what to read; once it was saved, what fails."""
    state, _ = begin(state)
    state, _ = step(state, Graded(reply(FIRST, passes=False, untouched=True)))
    assert "Start with s01_callbacks" in seen(state)

    state, _ = step(state, Saved(FIRST))

    assert "Failed: Pays once." in seen(state)


def test_hint_shows_its_latest_level(failed):
    """Each level is shown alone, and what the key does next."""
    for level in ("who?", "look there", "the code"):
        failed, _ = step(failed, Key("h"))
        assert level in seen(failed)
    assert "that was the last level" in seen(failed)


@pytest.mark.parametrize("width", [40, 60, 80])
def test_korean_screen_fits(failed, width):
    """In letters that are two columns wide everything fits, too, and the keys are there."""
    with speaking(language("ko")):
        lines = seen(failed, width).splitlines()

    assert max(map(cell_len, lines)) <= width
    assert lines[-1].startswith("h ")
    assert "힌트" in lines[-1]


def test_bonus_stage_has_its_row(state, reply):
    """A stage of the bonus ladder that is watched stands below the core, a row like the others."""
    state = replace(state, stages=(*state.stages, "s05_zalgo"))
    for stage in state.stages:
        state, _ = step(state, Graded(reply(stage, passes=True, bonus=stage == "s05_zalgo")))

    rows = seen(state).splitlines()[: len(state.stages)]

    assert [row[2:].split()[0] for row in rows] == list(state.stages)


def test_list_has_every_check(failed):
    """`l` lists the checks with their verdicts."""
    lines = seen(step(failed, Key("l"))[0]).splitlines()

    assert lines[lines.index("Checks of s01_callbacks") + 1].endswith("    2  Pays once.")


def test_timeline_draws_the_events(failed):
    """`t` draws what led to the failure."""
    shown = seen(step(failed, Key("t"))[0])

    assert "What happened: Pays once." in shown
    assert "user 7" in shown


def test_done_stage_says_something_worth_reading(state, reply):
    """A finished stage says what it was about, and where to go; the last one what all were about."""
    state, _ = step(begin(state)[0], Graded(reply(FIRST, passes=True)))
    assert "every failure has a way out" in seen(state)
    assert "n goes on to s02_futures" in seen(state)

    for stage in state.stages[1:]:
        state, _ = step(state, Graded(reply(stage, passes=True)))

    assert "somebody else waits, so that you need not" in seen(state).replace("\n", " ")


@pytest.mark.parametrize("width", [20, 60, 80, 100])
@pytest.mark.parametrize("height", [1, 8, 24, 60])
@pytest.mark.parametrize("keys", ["", "h", "hhh", "t", "l", "n"])
def test_every_screen_fits(failed, width, height, keys):
    """No line is longer and no screen higher than the terminal."""
    for key in keys:
        failed, _ = step(failed, Key(key))

    lines = screen(failed, plain_console(StringIO(), width), height)

    assert len(lines) <= height
    assert max(line.cell_len for line in lines) <= width
    if height >= 24 and width >= 60:
        assert "quit" in lines[-1].plain


def test_verdict_is_appended_where_there_is_no_terminal(failed):
    """Without a terminal the whole report of the stage is printed."""
    lines = [line.plain for line in verdict(failed, plain_console(StringIO()))]

    assert any("Failed: Pays once." in line for line in lines)
    assert lines[-1].startswith("0 of 2 points")


def test_strangers_text_moves_no_cursor(failed, reply):
    """What a program is written in is made harmless before it is drawn."""
    evil = replace(failed, replies={FIRST: _with_source(reply(FIRST, passes=False))})

    assert "\x1b" not in seen(evil)


def _with_source(reply):
    from msgspec.structs import replace as changed

    return changed(reply, source="a\n\x1b[2Jpay()\n")
