"""Medians, ratios and winners, of rounds that are made up."""

import msgspec
import pytest

from grader.shootout.plan import Cell
from grader.shootout.results import Held, Peak, Round, Shootout, computing, holding, rows_of


def made(server, turn, rate, work="computes"):
    """A round in which a server gave so many answers in a second."""
    cell = Cell(server, work, 50)
    return Round(cell, turn, rate, 0, 0, 1.0, 0.01, 0.05, 0.5, 10, 5, 0.2)


def shootout(rounds, held=()):
    """With these rounds and nothing else."""
    return Shootout("mine", "loop", 2, "3.11", tuple(rounds), rows_of(rounds, {}, "loop"), held)


def test_ratio_is_taken_round_by_round():
    """A machine that was slow for a whole round changes no ratio."""
    rounds = [
        *(made("loop", turn, rate) for turn, rate in ((1, 100), (2, 50), (3, 100))),
        *(made("threads", turn, rate) for turn, rate in ((1, 200), (2, 100), (3, 200))),
    ]

    rows = {row.cell.server: row for row in rows_of(rounds, {}, "loop")}

    assert rows["threads"].ratio == 2.0
    assert rows["threads"].rate == 200


def test_no_yardstick_no_ratio():
    """A server is shown without a ratio where the yardstick could not be measured."""
    (row,) = rows_of([made("threads", 1, 100)], {}, "loop")

    assert row.ratio is None


@pytest.mark.parametrize(("second", "winners"), [(90, {"loop", "threads"}), (70, {"loop"})])
def test_who_is_not_clearly_behind_wins_too(second, winners):
    """A winner is one by a fifth at least; nobody is told wrong for less."""
    found = shootout([made("loop", 1, 100), made("threads", 1, second)])

    assert computing(found) == winners


def test_fewest_threads_hold_most():
    """The server that needs the fewest processes and threads holds clients best."""
    needs = {"threads": Peak(1, 501, 1), "loop": Peak(1, 1, 1), "coroutines": Peak(1, 1, 1)}

    found = shootout([], tuple(Held(server, 500, need) for server, need in needs.items()))

    assert holding(found) == {"loop", "coroutines"}


def test_all_figures_are_data():
    """What is written as JSON is read back as it was."""
    found = shootout([made("loop", 1, 100)], (Held("loop", 500, Peak(1, 1, 1)),))

    assert msgspec.json.decode(msgspec.json.encode(found), type=Shootout) == found
