"""Hints: which check is meant, and how many levels are open."""

import pytest

from grader import language
from grader.advice import Shelf, first_failing, next_hint, opened, shelf
from grader.progress import Failure, Progress
from grader.results import Kind
from grader.submissions import choose_stages

PAYS, STOPS = "s09_x::test_pays", "s09_x::test_stops"
SHELF = Shelf(
    titles={PAYS: "Pays.", STOPS: "Stops."},
    topics={PAYS: "chain", STOPS: "cancel"},
    levels={
        "s09_x": {
            "chain": ("who?", "look", "code"),
            "cancel": ("when?", "there", "code too"),
            "blocking": ("what waits?", "it", "that"),
        }
    },
)


def test_only_the_question_before_it_has_failed():
    """A check that never failed gives its question, however often it is asked for."""
    known, levels = next_hint(SHELF, Progress(), PAYS)

    assert levels == ("who?",)
    assert next_hint(SHELF, known, PAYS) == (known, levels)


def test_one_level_more_each_time():
    """Of a failed check each hint opens one level more, up to the last."""
    known = Progress(failures={PAYS: Failure(Kind.BEHAVIOUR)})
    seen = []

    for _ in range(4):
        known, levels = next_hint(SHELF, known, PAYS)
        seen.append(len(levels))

    assert seen == [1, 2, 3, 3]
    assert opened(SHELF, known, PAYS) == ("who?", "look", "code")


def test_blocked_loop_has_hints_of_its_own():
    """The kind of a failure that has a topic goes before the check's own."""
    known = Progress(failures={PAYS: Failure(Kind.BLOCKING)})

    assert next_hint(SHELF, known, PAYS)[1] == ("what waits?",)


def test_cause_comes_before_echo():
    """The first failing check is the one whose kind is nearest to a cause, then the first in the exercise."""
    failures = {STOPS: Failure(Kind.BEHAVIOUR), PAYS: Failure(Kind.BEHAVIOUR)}

    assert first_failing(SHELF, Progress(failures=failures), "s09_x") == PAYS
    failures[STOPS] = Failure(Kind.STUCK)
    assert first_failing(SHELF, Progress(failures=failures), "s09_x") == STOPS
    failures |= dict.fromkeys(failures, Failure(Kind.STUCK, over=True))
    assert first_failing(SHELF, Progress(failures=failures), "s09_x") is None


@pytest.mark.parametrize("code", language.CODES)
def test_every_check_has_three_levels(code):
    """Each check of each stage leads to a question, a pointer, and nearly the code."""
    with language.speaking(language.language(code)):
        real = shelf(choose_stages((), bonus=True))

    assert {check: len(real.of(check)) for check in real.titles} == dict.fromkeys(real.titles, 3)
